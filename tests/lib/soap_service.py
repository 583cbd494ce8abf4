"""A real SOAP service, in spyne on a WSGI server, started as a program; prints its port and serves until it is ended.

`/open` takes everybody, `/basic` wants a name and a password in HTTP, `/token` and `/digest` a WS-Security token. It
says on standard output, one line each, which operation was called with how many conditions.
"""

import base64
import hashlib
import sys
import threading
import time
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from lxml import etree
from spyne import Application, Array, Boolean, ComplexModel, Date, DateTime, Fault, ServiceBase, Unicode, rpc
from spyne import Decimal as Number
from spyne.protocol.soap import Soap11
from spyne.server.wsgi import WsgiApplication

NAMESPACE = "urn:cases"
USER, PASSWORD = "hub", "s3cret"
WSSE = "{http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd}"
WSU = "{http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd}"
ended = threading.Event()


class Person(ComplexModel):
    __namespace__ = NAMESPACE
    personId = Unicode(min_occurs=1)  # noqa: N815  as its WSDL has it
    nhsNumber = Unicode  # noqa: N815  as its WSDL has it
    surname = Unicode
    forename = Unicode
    dateOfBirth = Date  # noqa: N815  as its WSDL has it
    lastChanged = DateTime  # noqa: N815  as its WSDL has it
    restricted = Boolean
    debt = Number


class Order(ComplexModel):
    __namespace__ = NAMESPACE
    state = Unicode
    officer = Unicode


class Criteria(ComplexModel):
    __namespace__ = NAMESPACE
    nhsNumber = Unicode  # noqa: N815  as its WSDL has it
    surname = Unicode
    forename = Unicode
    dateOfBirth = Date  # noqa: N815  as its WSDL has it


KHAN = Person(
    personId="P/1",
    nhsNumber="9434765919",
    surname="Khan",
    forename="Amina",
    dateOfBirth=date(2012, 3, 7),
    lastChanged=datetime(2026, 2, 3, 4, 5, 6),  # noqa: DTZ001  the service says no zone
    restricted=False,
    debt=Decimal("12.50"),
)
SMITH = Person(personId="P/2", nhsNumber="9434765870", surname="Smith", forename="Bo", restricted=True)
ORDERS = {"P/1": [Order(state="A", officer="J. Ward"), Order(state="C", officer="K. Lee")]}


class Cases(ServiceBase):
    @rpc(Criteria, Boolean, _returns=Array(Person))
    def FindPeople(ctx: Any, criteria: Any, includeClosed: Any) -> Any:  # noqa: N803, N805  as its WSDL has it
        del ctx, includeClosed
        given = [name for name in ("nhsNumber", "surname", "forename", "dateOfBirth") if getattr(criteria, name)]
        print("FindPeople", *given, flush=True)  # noqa: T201  the test reads it
        match criteria.nhsNumber:
            case "0000000000":
                raise Fault(faultcode="Client", faultstring="Amina Khan is not for you")
            case "1111111111":
                ended.wait(20)
            case "2222222222":
                return [KHAN, SMITH]
        return [one for one in (KHAN, SMITH) if all(getattr(one, name) == getattr(criteria, name) for name in given)]

    @rpc(Unicode, _returns=Array(Order))
    def ListOrders(ctx: Any, personId: Any) -> Any:  # noqa: N803, N805  as its WSDL has it
        del ctx
        print("ListOrders", flush=True)  # noqa: T201  the test reads it
        return ORDERS.get(personId, [])


Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def guarded(application: Wsgi) -> Wsgi:
    """Let in whoever proves who it is in the way that the path says."""

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "POST":
            content = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            environ["wsgi.input"] = _Once(content)
            if not _is_let_in(environ, content):
                start("401 Unauthorized", [("Content-Type", "text/plain")])
                return [b"Amina Khan is not for you"]
        return application(environ, start)

    return answer


class _Once:
    """A request's content that was read once already."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def read(self, size: int = -1) -> bytes:
        size = len(self._content) if size < 0 else size
        piece, self._content = self._content[:size], self._content[size:]
        return piece


def _is_let_in(environ: dict[str, Any], content: bytes) -> bool:
    path = environ["PATH_INFO"].strip("/")
    if path == "basic":
        pair = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        return bool(environ.get("HTTP_AUTHORIZATION") == f"Basic {pair}")
    if path not in {"token", "digest"}:
        return True
    token = etree.fromstring(content).find(f".//{WSSE}UsernameToken")
    if token is None or token.findtext(f"{WSSE}Username") != USER:
        return False
    said = token.findtext(f"{WSSE}Password")
    if path == "token":
        return bool(said == PASSWORD)
    nonce, created = token.findtext(f"{WSSE}Nonce"), token.findtext(f"{WSU}Created")
    digest = hashlib.sha1(base64.b64decode(nonce) + created.encode() + PASSWORD.encode())  # noqa: S324  the standard's
    return bool(said == base64.b64encode(digest.digest()).decode())


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  as its parent has it
        del format, args


def main() -> None:
    """Serve until standard input is closed."""
    application = Application([Cases], tns=NAMESPACE, in_protocol=Soap11(validator="lxml"), out_protocol=Soap11())
    server = make_server("127.0.0.1", 0, guarded(WsgiApplication(application)), _Server, _Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_port, flush=True)  # noqa: T201  the test reads it
    sys.stdin.read()
    ended.set()
    server.shutdown()
    time.sleep(0)


if __name__ == "__main__":
    main()
