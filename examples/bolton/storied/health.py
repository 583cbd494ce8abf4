"""What community health holds about the storied children."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from examples.bolton.population.people import Child
from examples.bolton.storied.children import by_name
from examples.bolton.systems.caution import Caution
from examples.bolton.systems.health.records import Care, HealthRecord, RecordFlag
from examples.bolton.systems.leaving import By, Consent, Said


def records() -> tuple[HealthRecord, ...]:
    """List them: everyone but Jordan, who never registered here, and Teodor, whom nobody knows."""
    children = by_name()
    return (
        _kayden(children["kayden"]),
        *_twins(children["zara"], children["sara"]),
        _ifrah(children["ifrah"]),
        _hannah(children["hannah"]),
        _chloe(children["chloe"]),
        *(_plain(children[word]) for word in ("yusuf", "hussain-june", "hussain-may", "isla")),
        replace(_plain(children["leon"]), address_protected=True),
    )


def _kayden(child: Child) -> HealthRecord:
    """Hold the name and the address of before the move."""
    return HealthRecord(
        child=child.key,
        patient_id="BCH600011",
        nhs_number=child.nhs_number,
        given="Kayden",
        middle="James",
        family="Marsh",
        gender=child.gender,
        born=child.born,
        addresses=((child.former_address, child.born),),
        phone=child.phone,
        practice="Lever Park Practice",
        consent=Consent(said=Said.GIVEN, by=By.PARENT, on=date(2025, 6, 23), review=date(2025, 12, 23)),
        care=(Care(team="School nursing", worker="Sajida Hanif", status="active", since=date(2022, 9, 12)),),
        seen=(date(2024, 11, 4), date(2025, 6, 23)),
        missed=(date(2026, 2, 11), date(2026, 5, 6), date(2026, 9, 30)),
        immunisations="overdue",
        flags=(RecordFlag(code="domestic-abuse", since=date(2025, 12, 3), active=True),),
        # Nobody has confirmed it for longer than three years.
        caution=Caution(kind="dog", since=date(2021, 5, 4), confirmed=date(2022, 6, 1), advice="telephone_first"),
        updated=date(2025, 12, 3),
    )


def _twins(*twins: Child) -> Iterator[HealthRecord]:
    for number, (child, seen) in enumerate(zip(twins, (date(2026, 8, 19), date(2025, 10, 7)), strict=True)):
        yield HealthRecord(
            child=child.key,
            patient_id=f"BCH6000{21 + number}",
            nhs_number=child.nhs_number,
            given=child.given,
            family=child.family,
            gender=child.gender,
            born=child.born,
            addresses=((child.address, child.born),),
            phone=child.phone,
            practice=child.practice,
            seen=(seen,),
            immunisations="complete",
            updated=seen,
            care=(
                Care(
                    team="Community paediatrics", worker="Dr Piers Langdale", status="active", since=date(2023, 1, 16)
                ),
            )
            if child.given == "Zara"
            else (),
        )


def _ifrah(child: Child) -> HealthRecord:
    return HealthRecord(
        child=child.key,
        patient_id="BCH600051",
        nhs_number=child.nhs_number,
        given="Ifrah",
        middle="Abdi",
        family="Warsame",
        gender=child.gender,
        born=child.born,
        addresses=((child.address, date(2025, 2, 1)),),
        phone=child.phone,
        practice=child.practice,
        consent=Consent(said=Said.ASKED, by=By.PARENT, on=date(2026, 8, 27)),
        care=(Care(team="Health visiting", worker="Bushra Anwar", status="active", since=date(2025, 2, 10)),),
        seen=(date(2025, 2, 10), date(2025, 8, 26)),
        missed=(date(2026, 3, 18), date(2026, 8, 27)),
        immunisations="overdue",
        updated=date(2026, 8, 27),
    )


def _hannah(child: Child) -> HealthRecord:
    return HealthRecord(
        child=child.key,
        patient_id="BCH600071",
        nhs_number=child.nhs_number,
        given="Hannah",
        family="Okafor",
        gender=child.gender,
        born=child.born,
        addresses=((child.address, date(2026, 3, 2)),),
        practice=child.practice,
        restricted=True,
        care=(Care(team="School nursing", worker="Colette Devine", status="active", since=date(2026, 3, 9)),),
        seen=(date(2026, 10, 14),),
        immunisations="complete",
        flags=(RecordFlag(code="domestic-abuse", since=date(2026, 3, 2), active=True),),
        updated=date(2026, 10, 14),
    )


def _chloe(child: Child) -> HealthRecord:
    return HealthRecord(
        child=child.key,
        patient_id="BCH600081",
        nhs_number=child.nhs_number,
        given="Chloe",
        middle="Louise",
        family="Entwistle",
        gender=child.gender,
        born=child.born,
        addresses=((child.address, date(2019, 4, 8)),),
        practice=child.practice,
        # Chloe decides for herself, and has set an end to it.
        consent=Consent(
            said=Said.GIVEN, by=By.PERSON, on=date(2026, 7, 2), until=date(2026, 12, 31), covers=("health",)
        ),
        care=(
            Care(
                team="Child and adolescent mental health",
                worker="Simon Ackroyd",
                status="active",
                since=date(2024, 10, 1),
            ),
        ),
        seen=(date(2026, 7, 2),),
        missed=(date(2026, 8, 6), date(2026, 10, 1)),
        immunisations="complete",
        flags=(RecordFlag(code="mental-health", since=date(2024, 10, 1), active=True),),
        updated=date(2026, 10, 1),
    )


def _plain(child: Child) -> HealthRecord:
    return HealthRecord(
        child=child.key,
        patient_id=f"BCH6{child.phone[-3:]:0>5}",
        nhs_number=child.nhs_number,
        given=child.given,
        family=child.family,
        gender=child.gender,
        born=child.born,
        addresses=((child.address, child.born),),
        phone=child.phone,
        practice=child.practice,
        seen=(date(2026, 1, 22),),
        immunisations="complete",
        updated=date(2026, 1, 22),
    )
