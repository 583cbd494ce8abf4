"""What social care holds about the storied children."""

from datetime import date

from examples.bolton.storied.children import (
    BOBBIN_COURT,
    DYER_STREET,
    HEDDLE_GROVE,
    LARKFIELD,
    LEVER_VALE,
    LOOM_STREET,
    MILL_TERRACE,
    ROWAN_AVENUE,
    SELVEDGE_WAY,
    ST_WINIFRED,
    TWILL_ROAD,
    by_name,
)
from examples.bolton.systems.caution import Caution
from examples.bolton.systems.leaving import By, Consent, Said
from examples.bolton.systems.social_care.records import CareRecord, Concern, Involvement

MALE, FEMALE = 1, 2


def records() -> tuple[CareRecord, ...]:
    """List them."""
    return (_kayden(), _zara(), _hannah(), _chloe(), _mohammed(), _leon(), _isla())


def _kayden() -> CareRecord:
    child = by_name()["kayden"]
    return CareRecord(
        child=child.key,
        person_id=40_011,
        first_name="Kayden",
        last_name="Whitworth",
        former_last_name="Marsh",
        born=child.born,
        gender_code=MALE,
        nhs_no=_spaced(child.nhs_number),
        upn=child.upn,
        school=ST_WINIFRED.name,
        addresses=((LOOM_STREET, child.born), (ROWAN_AVENUE, date(2026, 1, 9))),
        consent=Consent(
            said=Said.GIVEN, by=By.PARENT, on=date(2026, 2, 4), until=date(2027, 2, 4), review=date(2026, 8, 4)
        ),
        caution=Caution(kind="threats", since=date(2025, 11, 24), confirmed=date(2026, 9, 17), advice="visit_in_pairs"),
        plan="CIN",
        involvements=(
            Involvement(
                team="Referral and Assessment Team",
                worker="Joanne Tickle",
                status="CLS",
                start=date(2025, 11, 24),
                end=date(2026, 1, 30),
            ),
            Involvement(team="Family Support South", worker="Ruksana Jiva", status="OPN", start=date(2026, 1, 30)),
        ),
        concerns=(
            Concern(category="DVA", raised=date(2025, 11, 24)),
            Concern(category="NEG", raised=date(2026, 9, 17)),
        ),
        updated=date(2026, 11, 12),
    )


def _zara() -> CareRecord:
    """Hold one twin of the two, without any identifier that another agency has."""
    child = by_name()["zara"]
    return CareRecord(
        child=child.key,
        person_id=40_021,
        first_name="Zara",
        last_name="Malik",
        born=child.born,
        gender_code=FEMALE,
        surgery=child.practice,
        addresses=((TWILL_ROAD, child.born),),
        consent=Consent(said=Said.REFUSED, by=By.PARENT, on=date(2026, 9, 21)),
        involvements=(
            Involvement(
                team="Disability Social Work Team", worker="Fiona Catterall", status="OPN", start=date(2024, 5, 20)
            ),
        ),
        updated=date(2026, 10, 2),
    )


def _hannah() -> CareRecord:
    child = by_name()["hannah"]
    return CareRecord(
        child=child.key,
        person_id=40_071,
        first_name="Hannah",
        last_name="Okafor",
        born=child.born,
        gender_code=FEMALE,
        nhs_no=_spaced(child.nhs_number),
        upn=child.upn,
        surgery=child.practice,
        school=LEVER_VALE.name,
        addresses=((HEDDLE_GROVE, date(2026, 3, 2)),),
        restricted=True,
        plan="CP",
        involvements=(
            Involvement(team="Child Protection Team", worker="Angela Prescott", status="OPN", start=date(2026, 2, 27)),
        ),
        concerns=(Concern(category="DVA", raised=date(2026, 2, 27)),),
        updated=date(2026, 11, 18),
    )


def _chloe() -> CareRecord:
    child = by_name()["chloe"]
    return CareRecord(
        child=child.key,
        person_id=40_081,
        first_name="Chloe",
        last_name="Entwistle",
        born=child.born,
        gender_code=FEMALE,
        nhs_no=_spaced(child.nhs_number),
        upn=child.upn,
        surgery=child.practice,
        addresses=((MILL_TERRACE, date(2026, 6, 15)),),
        consent=Consent(said=Said.WITHDRAWN, by=By.PERSON, on=date(2026, 10, 12)),
        plan="PATH",
        involvements=(
            Involvement(
                team="Looked After Children Team",
                worker="Sandra Whiteside",
                status="CLS",
                start=date(2019, 4, 8),
                end=date(2026, 6, 15),
            ),
            Involvement(team="Leaving Care Team", worker="Lorraine Aldred", status="OPN", start=date(2026, 6, 15)),
        ),
        concerns=(
            Concern(category="MEN", raised=date(2024, 10, 1)),
            Concern(category="NEG", raised=date(2019, 4, 8), closed=date(2020, 4, 8)),
        ),
        updated=date(2026, 10, 29),
    )


def _mohammed() -> CareRecord:
    """Hold the cousin born in May, with the spelling of the other and no identifier."""
    child = by_name()["hussain-may"]
    return CareRecord(
        child=child.key,
        person_id=40_111,
        first_name="Muhammad",
        last_name="Hussain",
        born=child.born,
        gender_code=MALE,
        addresses=((DYER_STREET, date(2021, 8, 1)),),
        involvements=(
            Involvement(
                team="Referral and Assessment Team", worker="Imtiaz Sarwar", status="REF", start=date(2026, 11, 16)
            ),
        ),
        concerns=(Concern(category="EMO", raised=date(2026, 11, 16)),),
        updated=date(2026, 11, 16),
    )


def _leon() -> CareRecord:
    """Hold a child in hiding with his mother: that he is known may be told, where he lives may not."""
    child = by_name()["leon"]
    return CareRecord(
        child=child.key,
        person_id=40_121,
        first_name="Leon",
        last_name="Grady",
        born=child.born,
        gender_code=MALE,
        nhs_no=_spaced(child.nhs_number),
        upn=child.upn,
        school=LARKFIELD.name,
        addresses=((BOBBIN_COURT, date(2026, 6, 8)),),
        address_withheld=True,
        consent=Consent(said=Said.GIVEN, by=By.PARENT, on=date(2026, 6, 15), covers=("involvement",)),
        plan="CIN",
        involvements=(
            Involvement(team="Family Support North", worker="Denise Hallam", status="OPN", start=date(2026, 6, 10)),
        ),
        concerns=(Concern(category="DVA", raised=date(2026, 6, 8)),),
        updated=date(2026, 11, 4),
    )


def _isla() -> CareRecord:
    """Hold the sealed record of before an adoption, which nobody opens from outside."""
    child = by_name()["isla"]
    return CareRecord(
        child=child.key,
        person_id=40_131,
        first_name="Isla",
        last_name="Fielding",
        born=child.born,
        gender_code=FEMALE,
        nhs_no=_spaced(child.nhs_number),
        addresses=((SELVEDGE_WAY, date(2021, 4, 19)),),
        adopted=True,
        involvements=(
            Involvement(
                team="Looked After Children Team",
                worker="Gareth Probert",
                status="CLS",
                start=date(2018, 8, 2),
                end=date(2021, 4, 19),
            ),
        ),
        concerns=(Concern(category="NEG", raised=date(2018, 8, 2), closed=date(2021, 4, 19)),),
        updated=date(2021, 4, 19),
    )


def _spaced(number: str) -> str:
    return f"{number[:3]} {number[3:6]} {number[6:]}"
