"""What the youth offending team holds about the storied children."""

from datetime import date

from examples.bolton.storied.children import by_name
from examples.bolton.systems.caution import Caution
from examples.bolton.systems.youth_offending.records import CaseRecord, Order


def records() -> tuple[CaseRecord, ...]:
    """List them: Kayden through the prevention panel, which takes children from eight, and Jordan on an order."""
    kayden, jordan = by_name()["kayden"], by_name()["jordan"]
    return (
        CaseRecord(
            child=kayden.key,
            case_ref="YOT/2026/0011",
            forename="Kayden",
            surname="Whitworth",
            born=kayden.born,
            sex="M",
            address=kayden.address,
            school="St Winifreds",
            officer="M. RAZAQ",
            status="A",
            opened=date(2026, 7, 6),
            concerns=(("ASB", date(2026, 7, 6)),),
            orders=(Order(kind="YISP", start=date(2026, 7, 20), end=date(2027, 1, 20)),),
            amended=date(2026, 11, 3),
        ),
        CaseRecord(
            child=jordan.key,
            case_ref="YOT/2026/0041",
            forename="Jordan",
            forename_2="Lee",
            surname="Ashworth",
            born=jordan.born,
            sex="M",
            address=jordan.address,
            school="Moor Edge",
            officer="C. DUNNE",
            status="A",
            opened=date(2026, 4, 27),
            caution=Caution(
                kind="dog", since=date(2026, 5, 11), confirmed=date(2026, 11, 17), advice="telephone_first"
            ),
            concerns=(("OFF", date(2026, 4, 27)), ("SUB", date(2026, 6, 8))),
            orders=(Order(kind="RO", start=date(2026, 5, 11), end=date(2027, 2, 11)),),
            amended=date(2026, 11, 17),
        ),
    )
