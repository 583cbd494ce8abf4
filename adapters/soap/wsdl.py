"""Reads a WSDL, once, and lets the library reach nothing: what it asks for is read here, or refused."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from zeep import AsyncClient, Settings
from zeep.exceptions import ExternalReferenceForbidden
from zeep.transports import Transport
from zeep.wsse.username import UsernameToken as Token

from adapters.kit.errors import SourceFault, SourceFaultKind
from adapters.kit.soap_mapping import SoapSource
from adapters.soap.faults import SoapBecause
from adapters.soap.port import HTTP

MOST_DOCUMENTS = 100
LARGEST_DOCUMENT = 4 * 1024 * 1024

Fetch = Callable[[str], bytes]


class Prepared:
    """An envelope that the library has written and that is still to be sent. Case data, so it has no repr."""

    __slots__ = ("address", "envelope", "headers")

    def __init__(self, address: str, envelope: Any, headers: dict[str, str]) -> None:  # noqa: ANN401  an element of lxml's
        """Take what the library would send."""
        self.address = address
        self.envelope = envelope
        self.headers = headers

    def __repr__(self) -> str:
        """Say nothing."""
        return "Prepared()"


class Reading(Transport):
    """Stands where the library would open connections: gives it the documents of one folder or one host only."""

    # The parent's own would open a session.
    def __init__(self, fetch: Fetch, folder: Path | None) -> None:
        """Take what fetches from the WSDL's host, and the folder within which a WSDL that is a file may refer."""
        self.cache = None
        self.session = None
        self._close_session = False
        self._fetch = fetch
        self._folder = folder
        self._documents = 0

    def load(self, url: str) -> bytes:
        """Give a document; raises SourceFault where it is not one that a WSDL may bring."""
        self._documents += 1
        if self._documents > MOST_DOCUMENTS:
            raise SourceFault(SourceFaultKind.TOO_MUCH)
        if url.startswith(HTTP):
            return self._fetch(url)
        file = Path(unquote(urlsplit(url).path) if url.startswith("file:") else url).resolve()
        if self._folder is None or not file.is_relative_to(self._folder):
            raise SourceFault(SourceFaultKind.ELSEWHERE, SoapBecause.FOREIGN)
        with file.open("rb") as opened:
            content = opened.read(LARGEST_DOCUMENT + 1)
        if len(content) > LARGEST_DOCUMENT:
            raise SourceFault(SourceFaultKind.TOO_MUCH)
        return content

    async def post_xml(self, address: str, envelope: Any, headers: dict[str, str]) -> Prepared:  # noqa: ANN401  as above
        """Give back what would be sent: it is sent elsewhere, within its time."""
        return Prepared(address, envelope, headers)


def read_wsdl(source: SoapSource, fetch: Fetch) -> AsyncClient:
    """Read a WSDL with all that belongs to it; blocks, so it runs in a thread. Raises SourceFault."""
    is_file = not source.wsdl.startswith(HTTP)
    location = str(Path(source.wsdl).resolve()) if is_file else source.wsdl
    # `raw_response`: the library is to give back what its transport gives, which is the envelope.
    settings = Settings(
        strict=True,
        raw_response=True,
        forbid_dtd=True,
        forbid_entities=True,
        forbid_external=is_file,
        xml_huge_tree=False,
    )
    try:
        transport = Reading(fetch, Path(location).parent if is_file else None)
        wsse = _token(source)
        return AsyncClient(location, wsse, transport, settings=settings)  # type: ignore[no-untyped-call]  # it has no types
    except SourceFault:
        raise
    except OSError:
        raise SourceFault(SourceFaultKind.UNREACHABLE, SoapBecause.NO_WSDL) from None
    except ExternalReferenceForbidden:
        raise SourceFault(SourceFaultKind.ELSEWHERE, SoapBecause.FOREIGN) from None
    except Exception:  # noqa: BLE001  whatever a stranger's WSDL makes the library do, its words are not repeated
        raise SourceFault(SourceFaultKind.GARBAGE, SoapBecause.UNUSABLE) from None


def _token(source: SoapSource) -> Token | None:
    held = source.username_token
    if held is None:
        return None
    password = held.password.get_secret_value()
    return Token(held.username, password, use_digest=held.digest)  # type: ignore[no-untyped-call]  # it has no types
