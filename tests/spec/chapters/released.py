"""What leaves: only the fields that were asked for, only about the person who was asked for."""

from datetime import UTC, datetime

from tests.spec.scenario import Chapter, Plan, Question, Scenario

ATTENDANCE = Question(level="school_nurse", question="child_attendance", purpose="safeguarding", about="nhs:A")

CHAPTER = Chapter(
    title="Only what was asked for leaves",
    words=(
        "Each agency is asked for exactly the fields that may be released. What an agency sends beyond that is "
        "dropped, counted, and shown as that agency's fault; it never reaches the requester."
    ),
    cases=(
        Plan(
            title="What a health visitor's question about concerns asks of whom",
            because="Youth offending is not asked at all.",
            question=Question(level="health_visitor", question="child_concerns", purpose="safeguarding", about="nhs:A"),
            asked="""
            agency      | identity | further fields
            social_care | all      | concern_kind concern_since concern_status service worker_name worker_phone
            health      | all      | concern_kind concern_since concern_status service worker_name worker_phone
            schools     | all      | concern_kind concern_since concern_status service worker_name worker_phone
            """,
        ),
        Plan(
            title="What a youth offending worker's question about services asks of whom",
            because="Two agreements together cover all five agencies: one among relevant authorities, one with schools "
            "and Connexions.",
            question=Question(
                level="youth_offending_worker", question="child_services", purpose="youth_justice", about="nhs:A"
            ),
            asked="""
            agency          | identity | further fields
            social_care     | all      | gender address postcode gp_practice school service involvement_status involved_since worker_name worker_phone
            health          | all      | gender address postcode gp_practice school service involvement_status involved_since worker_name worker_phone
            schools         | all      | gender address postcode gp_practice school service involvement_status involved_since worker_name worker_phone
            youth_offending | all      | gender address postcode gp_practice school service involvement_status involved_since worker_name worker_phone
            connexions      | all      | gender address postcode gp_practice school service involvement_status involved_since worker_name worker_phone
            """,
        ),
        Plan(
            title="After the last agreement has ended only the requester's own agency is asked",
            question=Question(
                level="health_visitor",
                question="child_services",
                purpose="safeguarding",
                about="nhs:A",
                at=datetime(2031, 6, 1, tzinfo=UTC),
            ),
            asked="""
            agency | identity | further fields
            health | all      | gender address postcode gp_practice school service involvement_status involved_since worker_name worker_phone
            """,
        ),
        Scenario(
            title="Fields that were not asked for",
            question=ATTENDANCE,
            sources="""
            agency  | answers  | nhs_number | attendance_percent | address    | worker_name | no_such_field
            schools | a record | nhs:A      | 61.5               | 1 High St  | P Walsh     | surprise
            """,
            outcomes="""
            agency  | outcome | values not asked for
            schools | held    | 3
            """,
            people="""
            person | certain | agency  | nhs_number | attendance_percent
            1      | yes     | schools | nhs:A      | 61.5
            """,
            complete=True,
        ),
        Scenario(
            title="People who were not asked for",
            question=ATTENDANCE,
            sources="""
            agency  | answers  | nhs_number | attendance_percent
            schools | a record | nhs:A      | 61.5
            schools | a record | nhs:B      | 99
            schools | a record |            | 12
            """,
            outcomes="""
            agency  | outcome | rows of others
            schools | held    | 2
            """,
            people="""
            person | certain | agency  | nhs_number | attendance_percent
            1      | yes     | schools | nhs:A      | 61.5
            """,
            complete=True,
        ),
        Scenario(
            title="Nobody but people who were not asked for",
            because="An agency that told only of others has not said that it holds nothing.",
            question=ATTENDANCE,
            sources="""
            agency  | answers  | nhs_number | attendance_percent
            schools | a record | nhs:B      | 99
            """,
            outcomes="""
            agency  | outcome   | why       | rows of others
            schools | no answer | malformed | 1
            """,
            complete=False,
        ),
        Scenario(
            title="Values that are not of their field's kind",
            because="A day that does not exist, a word that is no choice, a number with a unit: dropped and counted.",
            question=Question(
                level="health_visitor", question="child_health", purpose="health_care", about="nhs:A", condition="A9_H"
            ),
            sources="""
            agency | answers  | nhs_number | last_seen  | missed_appointments | immunisations | health_visitor
            health | a record | nhs:A      | 2026-02-30 | 3 times             | all of them   | N Okafor
            """,
            outcomes="""
            agency | outcome | unfit values
            health | held    | 3
            """,
            people="""
            person | certain | agency | nhs_number | health_visitor
            1      | yes     | health | nhs:A      | N Okafor
            """,
            complete=True,
        ),
        Scenario(
            title="Asked by name, a child is found under another spelling",
            question=Question(
                level="school_nurse",
                question="child_attendance",
                purpose="safeguarding",
                about="Zoë O'Neill-Brown, born 2016-03-09",
            ),
            sources="""
            agency  | answers  | given_name | family_name  | date_of_birth | attendance_percent
            schools | a record | ZOE        | ONEILL BROWN | 2016-03-09    | 61.5
            """,
            outcomes="""
            agency  | outcome
            schools | held
            """,
            people="""
            person | certain | agency  | given_name | family_name  | date_of_birth | attendance_percent
            1      | yes     | schools | ZOE        | ONEILL BROWN | 2016-03-09    | 61.5
            """,
            complete=True,
        ),
        Scenario(
            title="Asked by name, a twin is possibly the child, and so is a namesake born a day later",
            because="No list has all names of a child, so a twin is shown apart and never joined; a day is easily mistaken for the next, and a cousin may have it.",
            question=Question(
                level="school_nurse",
                question="child_attendance",
                purpose="safeguarding",
                about="Zoe Brown, born 2016-03-09",
            ),
            sources="""
            agency  | answers  | given_name | family_name | date_of_birth | attendance_percent
            schools | a record | Zoe        | Brown       | 2016-03-09    | 61.5
            schools | a record | Max        | Brown       | 2016-03-09    | 97
            schools | a record | Zoe        | Brown       | 2016-03-10    | 88
            """,
            outcomes="""
            agency  | outcome
            schools | held
            """,
            people="""
            person | certain  | agency  | given_name | family_name | date_of_birth | attendance_percent
            1      | yes      | schools | Zoe        | Brown       | 2016-03-09    | 61.5
            2      | possibly | schools | Max        | Brown       | 2016-03-09    |
            3      | possibly | schools | Zoe        | Brown       | 2016-03-10    |
            """,
            complete=True,
        ),
    ),
)
