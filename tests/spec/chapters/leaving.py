"""What a source says of a record, and what the requester relies on: whether it may leave."""

from tests.spec.scenario import Chapter, Question, Refusals, Scenario

HEALTH = {
    "level": "social_worker",
    "question": "child_health",
    "purpose": "safeguarding",
    "about": "nhs:A",
    "condition": "A9_H",
    "more": "yes",
}
AT_RISK = {"ground": "G4_DEATH_OR_SERIOUS_HARM", "why": "CHILD_RISK", "informed": "no_unsafe"}
BY_LAW = {"ground": "G1_REQUIRED_BY_LAW", "why": "STATUTORY_DUTY", "informed": "yes"}
ATTENDANCE = {
    "level": "connexions_adviser",
    "question": "child_attendance",
    "purpose": "transition",
    "about": "upn:A",
}
SERVICES = {"level": "health_visitor", "question": "child_services", "purpose": "safeguarding", "about": "nhs:A"}
MANAGER = {**SERVICES, "level": "safeguarding_unit_manager"}


def _health(title: str, sent: str, outcome: str, *, because: str = "", people: str = "", **asked: str) -> Scenario:
    """Ask about a child's health, of which one record is held on some terms."""
    return Scenario(
        title=title,
        because=because,
        question=Question(**{**HEALTH, **asked}),
        sources=f"""
        agency | answers  | nhs_number | last_seen  | consent   | until
        health | a record | nhs:A      | 2026-10-02 | {sent}
        """,
        outcomes=f"""
        agency | outcome  | why | kept back
        health | {outcome}
        """,
        people=f"""
        person | certain | agency | nhs_number | last_seen
        {people}
        """
        if people
        else "",
        complete=True,
    )


SEEN = "1 | yes | health | nhs:A | 2026-10-02"


def _attendance(title: str, sent: str, kept: str, people: str, *, because: str = "", **asked: str) -> Scenario:
    """Ask how a pupil attends, to which somebody may have objected."""
    return Scenario(
        title=title,
        because=because,
        question=Question(**{**ATTENDANCE, **asked}),
        sources=f"""
        agency  | answers  | upn   | date_of_birth | school       | attendance_percent | objects
        schools | a record | upn:A | {sent}
        """,
        outcomes=f"""
        agency  | outcome | why | kept back
        schools | held    |     | {kept}
        """,
        people=f"""
        person | certain | agency  | upn   | date_of_birth | school       | attendance_percent
        1      | yes     | schools | upn:A | {people}
        """,
        complete=True,
    )


def _services(title: str, asked: dict[str, str], sent: str, seen: str, people: str, *, because: str = "") -> Scenario:
    """Ask which services work with a child whom social care protects, or who belongs elsewhere."""
    return Scenario(
        title=title,
        because=because,
        question=Question(**asked),
        sources=f"""
        agency          | answers  | nhs_number | service         | address   | protects | area
        social_care     | a record | nhs:A      | Assessment team | 1 High St | {sent}
        health          | nothing
        schools         | nothing
        youth_offending | nothing
        connexions      | nothing
        """,
        outcomes=f"""
        agency          | outcome
        social_care     | {seen}
        health          | nothing held
        schools         | nothing held
        youth_offending | nothing held
        connexions      | nothing held
        """,
        people=f"""
        person | certain | agency      | nhs_number | service         | address
        {people}
        """
        if people
        else "",
        complete=True,
    )


TOLD = "1 | yes | social_care | nhs:A | Assessment team | 1 High St"
WITHOUT_PLACE = "1 | yes | social_care | nhs:A | Assessment team"

CHAPTER = Chapter(
    title="What may leave",
    words=(
        "A source says with each record on what terms it may leave, and the hub decides again by them, on what came back. "
        "Health needs consent or a ground, and a special condition besides; to what schools hold, parents and pupils may "
        "object. Whoever is protected, or belongs elsewhere, is to everybody else somebody of whom nothing is held."
    ),
    cases=(
        _health("Consent covers what is asked", "explicit", "held", people=SEEN),
        _health("A statute stands in the place of consent", "implied by statute | 2026-11-23", "held", people=SEEN),
        _health(
            "Consent has ended the day before",
            "explicit | 2026-11-22",
            "withheld | no consent | health: no consent",
            because="A consent covers its last day and no more; the clock of the hub decides.",
        ),
        _health("Nobody has asked for consent", "not sought", "withheld | no consent | health: no consent"),
        _health(
            "The source says nothing of consent",
            "",
            "withheld | no consent | health: no consent",
            because="Silence is no consent.",
        ),
        _health("Consent was refused", "refused", "withheld | consent refused | health: consent refused"),
        _health(
            "A life is at risk, and nobody has refused",
            "not sought",
            "held",
            because="On this ground nobody need be waited for, as long as nobody has said no.",
            people=SEEN,
            **AT_RISK,
        ),
        _health(
            "A life is at risk, and consent was refused",
            "refused",
            "withheld | not confirmed | health: not confirmed",
            because="Against somebody's word, the source's designated officer must confirm the ground.",
            **AT_RISK,
        ),
        _health(
            "The source's officer has confirmed that",
            "refused",
            "held",
            people=SEEN,
            officers="health",
            **AT_RISK,
        ),
        _health(
            "Another agency's officer has",
            "refused",
            "withheld | not confirmed | health: not confirmed",
            because="An officer decides for the records of one agency.",
            officers="social_care",
            **AT_RISK,
        ),
        _health(
            "The law requires it, and no officer has confirmed that",
            "not sought",
            "withheld | not confirmed | health: not confirmed",
            **BY_LAW,
        ),
        _health(
            "Under break-glass access",
            "withdrawn",
            "held",
            because="Who may open it is said by the level. It is reviewed afterwards, always.",
            people=SEEN,
            level="social_care_duty",
            glass="yes",
        ),
        _health(
            "An agency's own records need no consent",
            "refused",
            "held",
            people=SEEN,
            level="health_visitor",
            purpose="health_care",
        ),
        _attendance(
            "Parents have objected",
            "2012-04-01 | Moor End High | 91 | parents",
            "education: consent refused",
            "2012-04-01 | Moor End High",
            because="Basic details are not covered by it (Learning and Skills Act 2000, section 117(2)).",
        ),
        _attendance(
            "A pupil of 16 has objected",
            "2010-11-23 | Moor End High | 91 | pupil",
            "education: consent refused",
            "2010-11-23 | Moor End High",
        ),
        _attendance(
            "A pupil who is not yet 16 has objected",
            "2010-11-24 | Moor End High | 91 | pupil",
            "",
            "2010-11-24 | Moor End High | 91",
            because="The answer goes when the pupil turns 16, if it is still held.",
        ),
        _attendance(
            "The age of a pupil who has objected is not known",
            " | Moor End High | 91 | pupil",
            "education: consent refused",
            " | Moor End High",
        ),
        _services("A person is protected", SERVICES, "person", "nothing held", ""),
        _services("A protected person, and the one level that is shown them", MANAGER, "person", "held", TOLD),
        _services(
            "A protected person, under break-glass access",
            {**SERVICES, "level": "social_care_duty", "glass": "yes"},
            "person",
            "held",
            TOLD,
        ),
        _services(
            "A person is protected absolutely",
            {**MANAGER, "glass": "yes"},
            "absolute",
            "nothing held",
            "",
            because="Nobody opens that through the hub.",
        ),
        Scenario(
            title="A source's own veto, and the one level that is told of it",
            question=Question(**MANAGER),
            sources="""
            agency          | answers
            social_care     | withholds
            health          | nothing
            schools         | nothing
            youth_offending | nothing
            connexions      | nothing
            """,
            outcomes="""
            agency          | outcome
            social_care     | withheld
            health          | nothing held
            schools         | nothing held
            youth_offending | nothing held
            connexions      | nothing held
            """,
            complete=True,
        ),
        _services("An address is protected", SERVICES, "address", "held", WITHOUT_PLACE),
        _services("A record belongs to another area", SERVICES, " | elsewhere", "nothing held", ""),
        _services("A record belongs to this area, too", SERVICES, " | elsewhere bolton", "held", TOLD),
        Refusals(
            title="What the law sets apart needs a special condition, and it must be one that counts",
            rows="""
            level         | question     | purpose     | more | condition | refused with
            social_worker | child_health |             | yes  |           | SPECIAL_CONDITION_MISSING
            social_worker | child_health |             | yes  | A9_F      | SPECIAL_CONDITION_NOT_ACCEPTED
            social_worker | youth_order  |             |      | A9_H      | SPECIAL_CONDITION_NOT_ACCEPTED
            social_worker | youth_order  |             |      | nonsense  | SPECIAL_CONDITION_NOT_ACCEPTED
                          | child_health | health_care |      |           | SPECIAL_CONDITION_MISSING
            """,
        ),
        Refusals(
            title="A ground must be one that counts, and goes with a reason and with who has been told",
            rows="""
            level         | question       | condition | more | ground                   | why            | informed | by         | refused with
            social_worker | child_health   | A9_H      | yes  | G2_SERIOUS_CRIME         | SERIOUS_CRIME  | yes      |            | GROUND_NOT_ACCEPTED
                          | child_services |           |      | G4_DEATH_OR_SERIOUS_HARM | CHILD_RISK     | yes      |            | GROUND_NOT_ACCEPTED
            social_worker | child_health   | A9_H      | yes  | G4_DEATH_OR_SERIOUS_HARM |                | yes      |            | OVERRIDE_REASON_MISSING
            social_worker | child_health   | A9_H      | yes  | G4_DEATH_OR_SERIOUS_HARM | COURT_ORDER    | yes      |            | OVERRIDE_REASON_NOT_ACCEPTED
            social_worker | child_health   | A9_H      | yes  | G4_DEATH_OR_SERIOUS_HARM | CONSENT_UNSAFE |          |            | INFORMED_MISSING
            social_worker | child_health   | A9_H      | yes  | G4_DEATH_OR_SERIOUS_HARM | CONSENT_UNSAFE | later    |            | INFORMED_BY_INVALID
            social_worker | child_health   | A9_H      | yes  | G4_DEATH_OR_SERIOUS_HARM | CONSENT_UNSAFE | later    | 2026-11-22 | INFORMED_BY_INVALID
            social_worker | child_health   | A9_H      | yes  |                          | CHILD_RISK     |          |            | GROUND_MISSING
            """,
        ),
        Refusals(
            title="The question that asks for less comes first",
            because="Who says that it would not do is believed, and that is recorded.",
            rows="""
            level            | question     | condition | glass | refused with
            social_worker    | child_health | A9_H      |       | LESS_WOULD_DO
            social_worker    | child_health | A9_H      | yes   | BREAK_GLASS_NOT_ALLOWED
            """,
        ),
    ),
)
