import pytest

from adapters.kit.enrolling import Token
from adapters.kit.errors import NoCertificate


@pytest.mark.parametrize(
    "text", ["", "enrol1.schools.x.y", "enrol2.schools.AA.b.AA", "enrol1.schools.AA.secret.AA", "enrol1.a.!.b.c"]
)
def test_what_is_no_token_is_said_to_be_none(text: str) -> None:
    with pytest.raises(NoCertificate, match="copy it whole"):
        Token.read(text)
