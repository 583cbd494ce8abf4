"""The letter to a person: what it says, what it always says, and that nothing in it steers a terminal."""

from datetime import date

from sharing.v1 import audit_pb2

from hub.cli.audit.letter import letter
from hub.client.told import Source, Told

TODAY = date(2026, 11, 24)
LOOK = audit_pb2.Look(
    at_ms=1_795_000_000_000,
    agency="Community Health",
    office="Health visitor",
    kinds=["Basic details", "Involvement"],
    purpose="Early help",
    lawful_basis="Public task",
    sources=["Schools"],
)
ANSWERED = Source(id="schools", title="Schools", looks=1, reason=None, why="")
SILENT = Source(id="health", title="Community Health", looks=0, reason="down", why="there is no connection to it")


def written(*looks: audit_pb2.Look, agencies: tuple[Source, ...] = (ANSWERED,)) -> str:
    """Write a letter."""
    return "\n".join(letter(Told(request_id="0" * 18, agencies=agencies, looks=looks), "SAR/7", TODAY))


def test_a_letter_says_who_looked_when_at_what_and_why() -> None:
    text = written(LOOK)
    assert "Our reference: SAR/7\nDate: 24 November 2026" in text
    assert (
        "1. 2026-11-18\n"
        "   Who:          Health visitor, Community Health\n"
        "   What:         Basic details, Involvement\n"
        "   From:         Schools\n"
        "   What for:     Early help\n"
        "   Lawful basis: Public task\n"
    ) in text


def test_a_letter_in_which_nothing_is_left_out_says_that_something_may_be() -> None:
    general = "whether or not anything was left out."
    assert general in " ".join(written(LOOK).split())
    assert general in " ".join(written().split())


def test_a_letter_says_when_an_agency_has_not_answered() -> None:
    assert "not complete" not in written(LOOK)
    text = " ".join(written(LOOK, agencies=(ANSWERED, SILENT)).split())
    assert "This letter is not complete. We got no answer from: Community Health." in text


def test_no_line_of_a_letter_is_wider_than_paper() -> None:
    many = audit_pb2.Look(at_ms=1, agency="A" * 30, office="Office " * 30, kinds=["Kind"] * 40, sources=["S"] * 40)
    assert max(map(len, written(many).splitlines())) <= 78
