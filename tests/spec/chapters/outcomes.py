"""Every planned agency has exactly one outcome, and silence never looks like “nothing known”."""

from tests.spec.scenario import Chapter, Question, Scenario

SERVICES = Question(level="health_visitor", question="child_services", purpose="safeguarding", about="nhs:A")
ONLY_SOCIAL_CARE = """
agency          | answers
social_care     | {answers}
health          | nothing
schools         | nothing
youth_offending | nothing
connexions      | nothing
"""
OUTCOMES = """
agency          | outcome      | why
social_care     | {outcome}
health          | nothing held
schools         | nothing held
youth_offending | nothing held
connexions      | nothing held
"""


def _one(title: str, answers: str, outcome: str, *, complete: bool, because: str = "") -> Scenario:
    return Scenario(
        title=title,
        because=because,
        question=SERVICES,
        sources=ONLY_SOCIAL_CARE.format(answers=answers),
        outcomes=OUTCOMES.format(outcome=outcome),
        complete=complete,
    )


CHAPTER = Chapter(
    title="Every agency has one outcome",
    words=(
        "The answer is built from the list of agencies that were planned, never from the list that answered. "
        "It is complete only if every planned agency looked and said what it found. "
        "Figures that are kept back by disclosure control (*suppressed*) come with questions about numbers; "
        "no question about a person has them."
    ),
    cases=(
        Scenario(
            title="All five agencies hold something",
            question=SERVICES,
            sources="""
            agency          | answers  | nhs_number | service             | involvement_status | worker_name
            social_care     | a record | nhs:A      | Assessment team     | open               | R Begum
            health          | a record | nhs:A      | Health visiting     | open               | N Okafor
            schools         | a record | nhs:A      | Attendance          | referred           | P Walsh
            youth_offending | a record | nhs:A      | Prevention          | closed             | A Brown
            connexions      | a record | nhs:A      | Personal adviser    | open               | J Doyle
            """,
            outcomes="""
            agency          | outcome
            social_care     | held
            health          | held
            schools         | held
            youth_offending | held
            connexions      | held
            """,
            people="""
            person | certain | agency          | nhs_number | service          | involvement_status | worker_name
            1      | yes     | social_care     | nhs:A      | Assessment team  | open               | R Begum
            1      | yes     | health          | nhs:A      | Health visiting  | open               | N Okafor
            1      | yes     | schools         | nhs:A      | Attendance       | referred           | P Walsh
            1      | yes     | youth_offending | nhs:A      | Prevention       | closed             | A Brown
            1      | yes     | connexions      | nhs:A      | Personal adviser | open               | J Doyle
            """,
            complete=True,
        ),
        _one("Nobody holds anything", "nothing", "nothing held", complete=True),
        _one(
            "An agency holds something that may not leave, by its own veto",
            "withholds",
            "nothing held",
            complete=True,
            because="To whoever may not see whom agencies protect, a veto reads as nothing held: that somebody is known at "
            "all could be what is protected.",
        ),
        _one("An agency does not answer in time", "says nothing", "no answer | late", complete=False),
        _one("An agency has no link", "is not connected", "no answer | down", complete=False),
        _one("An agency's link breaks before it answers", "breaks off", "no answer | down", complete=False),
        _one("An agency's own rules refuse the question", "refuses", "no answer | refused", complete=False),
        _one(
            "An agency cannot look by what was given",
            "is unable",
            "no answer | unable",
            complete=False,
            because="That it found nothing by a key that it does not have would be no finding.",
        ),
        _one(
            "An agency's adapter does not know the question",
            "does not know the question",
            "no answer | unable",
            complete=False,
        ),
        _one("An agency's back-office system is down", "its system is down", "no answer | source down", complete=False),
        _one("An agency sends what is no message", "sends garbage", "no answer | malformed", complete=False),
        _one(
            "An agency's reply says nothing of what became of it", "no status", "no answer | malformed", complete=False
        ),
        Scenario(
            title="An agency's reply is for another question",
            because="The number that ties a reply to its question and its person is not the one that was sent.",
            question=SERVICES,
            sources="""
            agency          | answers         | nhs_number | service
            social_care     | another's nonce | nhs:A      | Assessment team
            health          | a record        | nhs:A      | Health visiting
            schools         | nothing
            youth_offending | nothing
            connexions      | nothing
            """,
            outcomes="""
            agency          | outcome      | why
            social_care     | no answer    | malformed
            health          | held
            schools         | nothing held
            youth_offending | nothing held
            connexions      | nothing held
            """,
            people="""
            person | certain | agency | nhs_number | service
            1      | yes     | health | nhs:A      | Health visiting
            """,
            complete=False,
        ),
        Scenario(
            title="An agency's table has a hole",
            because="Of a table whose cells do not fill its rows, nobody can say which value belongs to whom.",
            question=SERVICES,
            sources="""
            agency          | answers       | nhs_number | service
            social_care     | cells too few | nhs:A      | Assessment team
            health          | nothing
            schools         | nothing
            youth_offending | nothing
            connexions      | nothing
            """,
            outcomes=OUTCOMES.format(outcome="no answer | malformed"),
            complete=False,
        ),
        Scenario(
            title="The access level does not reach an agency",
            because="A health visitor never learns from youth offending that a child offends, and is told so.",
            question=Question(level="health_visitor", question="child_concerns", purpose="safeguarding", about="nhs:A"),
            sources="""
            agency          | answers  | nhs_number | concern_kind
            social_care     | a record | nhs:A      | neglect
            health          | nothing
            schools         | nothing
            youth_offending | a record | nhs:A      | offending
            """,
            outcomes="""
            agency          | outcome       | why
            social_care     | held
            health          | nothing held
            schools         | nothing held
            youth_offending | not permitted | access level
            """,
            people="""
            person | certain | agency      | nhs_number | concern_kind
            1      | yes     | social_care | nhs:A      | neglect
            """,
            complete=False,
        ),
        Scenario(
            title="No agreement covers an agency",
            because="The level would allow it; but what no agreement in force covers does not flow.",
            question=Question(level="health_visitor", question="child_basics", purpose="health_care", about="nhs:A"),
            sources="""
            agency          | answers  | nhs_number | address
            social_care     | a record | nhs:A      | 1 High St
            health          | a record | nhs:A      | 1 High St
            schools         | nothing
            youth_offending | a record | nhs:A      | 2 Low St
            connexions      | a record | nhs:A      | 2 Low St
            """,
            outcomes="""
            agency          | outcome       | why
            social_care     | held
            health          | held
            schools         | nothing held
            youth_offending | not permitted | no agreement
            connexions      | not permitted | no agreement
            """,
            people="""
            person | certain | agency      | nhs_number | address
            1      | yes     | social_care | nhs:A      | 1 High St
            1      | yes     | health      | nhs:A      | 1 High St
            """,
            complete=False,
        ),
    ),
)
