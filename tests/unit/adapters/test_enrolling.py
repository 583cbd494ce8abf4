from dataclasses import replace
from pathlib import Path

import pytest

from adapters.kit.credential_files import CredentialFiles
from adapters.kit.enrolling import Enrolment, Token
from adapters.kit.errors import NoCertificate
from adapters.kit.proxying import Proxy


@pytest.mark.parametrize(
    "text", ["", "enrol1.schools.x.y", "enrol2.schools.AA.b.AA", "enrol1.schools.AA.secret.AA", "enrol1.a.!.b.c"]
)
def test_what_is_no_token_is_said_to_be_none(text: str) -> None:
    with pytest.raises(NoCertificate, match="copy it whole"):
        Token.read(text)


def enrolment(folder: Path, address: str, agency: str = "schools") -> Enrolment:
    files = CredentialFiles(ca=folder / "ca.pem", certificate=folder / "own.pem", key=folder / "own.key")
    token = Token(agency=agency, fingerprint=bytes(32), secret="nobody's", address="hub.example.org:7443")
    return Enrolment(token=token, agency="schools", files=files, address=address)


@pytest.mark.parametrize("address", ["hub", "hub:", "hub:x", "a:1\r\nProxy-Authorization: x", "127.0.0.1:99999"])
async def test_what_is_no_address_is_said_to_be_none(tmp_path: Path, address: str) -> None:
    with pytest.raises(NoCertificate, match=r"is no address|cannot be reached"):
        await enrolment(tmp_path, address).run()


async def test_what_a_token_says_reaches_a_terminal_harmless(tmp_path: Path) -> None:
    with pytest.raises(NoCertificate) as refused:
        await enrolment(tmp_path, "hub.example.org:7443", agency="\x1b[2J").run()
    assert str(refused.value).isprintable()


def test_no_secret_of_an_enrolment_is_in_what_is_printed_of_it(tmp_path: Path) -> None:
    proxy = Proxy(address="proxy.internal:3128", user="adapter", password="in the way")
    printed = repr(replace(enrolment(tmp_path, "hub.example.org:7443"), proxy=proxy))
    assert "nobody's" not in printed
    assert "in the way" not in printed
