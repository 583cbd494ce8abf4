"""What Connexions holds about the storied children; none has a review due, so that no night changes them."""

from datetime import date

from examples.bolton.storied.children import MOOR_EDGE, SIXTH_FORM, by_name
from examples.bolton.systems.connexions.records import ClientRecord
from examples.bolton.systems.leaving import By, Consent, Said


def records() -> tuple[ClientRecord, ...]:
    """List them: Jordan at school, Chloe in nothing, and Yusuf, whose basic details alone may be passed on."""
    jordan, chloe, yusuf = (by_name()[word] for word in ("jordan", "chloe", "yusuf"))
    return (
        ClientRecord(
            child=jordan.key,
            client_ref="CX50041",
            first_name="Jordan",
            surname="Ashworth",
            born=jordan.born,
            sex="Male",
            upn=jordan.upn,
            address=jordan.address,
            school=MOOR_EDGE.name,
            adviser="Julie Rigby",
            live=True,
            activity="SCH",
            activity_since=date(2022, 9, 5),
            registered=date(2025, 1, 13),
            contacted=date(2026, 10, 20),
            consent=Consent(said=Said.GIVEN, by=By.PARENT, on=date(2026, 1, 12), until=date(2026, 7, 31)),
        ),
        ClientRecord(
            child=chloe.key,
            client_ref="CX50081",
            first_name="Chloe",
            surname="Entwistle",
            born=chloe.born,
            sex="Female",
            upn=chloe.upn,
            address=chloe.address,
            adviser="Kwame Asante",
            live=True,
            activity="NEE",
            activity_since=date(2026, 6, 26),
            registered=date(2022, 11, 7),
            contacted=date(2026, 9, 8),
            consent=Consent(
                said=Said.GIVEN, by=By.PERSON, on=date(2026, 9, 8), until=date(2027, 3, 8), covers=("involvement",)
            ),
        ),
        ClientRecord(
            child=yusuf.key,
            client_ref="CX50091",
            first_name="Yusuf",
            surname="Patel",
            born=yusuf.born,
            sex="Male",
            upn=yusuf.upn,
            address=yusuf.address,
            school=SIXTH_FORM.name,
            adviser="Hitesh Vora",
            live=True,
            opted_out=By.PERSON,
            activity="SFE",
            activity_since=date(2026, 9, 3),
            registered=date(2024, 2, 5),
            contacted=date(2026, 5, 14),
        ),
    )
