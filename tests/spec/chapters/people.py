"""Who is who: a valid strong identifier that agrees, or names and date of birth, and nothing that contradicts."""

from tests.spec.scenario import Chapter, Question, Scenario

BASICS = Question(
    level="education_welfare_officer", question="child_basics", purpose="education_welfare", about="nhs:A"
)
BY_NAME = Question(
    level="education_welfare_officer",
    question="child_basics",
    purpose="education_welfare",
    about="Zoe Brown, born 2016-03-09",
)
ALL_HOLD = """
agency          | outcome       | why
social_care     | held
health          | held
schools         | held
youth_offending | not permitted | access level
connexions      | not permitted | access level
"""

CHAPTER = Chapter(
    title="Records become people",
    words=(
        "Showing one child's life as another's is worse than showing two records side by side. Records are one person's "
        "where a valid number agrees and none contradicts, or where names and date of birth agree and nothing is against "
        "it; whatever else could be is shown apart, marked as only possibly the same person. (Youth offending and Connexions are "
        "not permitted in these examples, so none is complete.)"
    ),
    cases=(
        Scenario(
            title="Three agencies with one NHS number tell of one child, and differ about the address",
            because="Spelling and punctuation make no difference; having no value contradicts nobody.",
            question=BASICS,
            sources="""
            agency      | answers  | nhs_number | given_name | address      | school
            social_care | a record | nhs:A      | Zoe        | 1 High St    |
            health      | a record | nhs:A      | Zoë        | 1, High St.  | Hill Primary
            schools     | a record | nhs:A      | Zoe        | 2 Low Street | Hill Primary
            """,
            outcomes=ALL_HOLD,
            people="""
            person | certain | agency      | nhs_number | given_name | address      | school
            1      | yes     | social_care | nhs:A      | Zoe        | 1 High St    |
            1      | yes     | health      | nhs:A      | Zoë        | 1, High St.  | Hill Primary
            1      | yes     | schools     | nhs:A      | Zoe        | 2 Low Street | Hill Primary
            """,
            disagreements="1: address",
            complete=False,
        ),
        Scenario(
            title="A record with both numbers joins those that have one",
            question=Question(
                level="education_welfare_officer",
                question="child_basics",
                purpose="education_welfare",
                about="nhs:A and upn:A",
            ),
            sources="""
            agency      | answers  | nhs_number | upn   | given_name
            social_care | a record | nhs:A      | upn:A | Zoe
            health      | a record | nhs:A      |       | Zoe
            schools     | a record |            | upn:A | Zoe
            """,
            outcomes=ALL_HOLD,
            people="""
            person | certain | agency      | nhs_number | upn   | given_name
            1      | yes     | social_care | nhs:A      | upn:A | Zoe
            1      | yes     | health      | nhs:A      |       | Zoe
            1      | yes     | schools     |            | upn:A | Zoe
            """,
            complete=False,
        ),
        Scenario(
            title="Names and a date of birth join where nothing is against it",
            because="A child moves house; nobody has two names and two dates of birth.",
            question=BY_NAME,
            sources="""
            agency      | answers  | given_name | family_name | date_of_birth | address
            social_care | a record | Zoe        | Brown       | 2016-03-09    | 1 High St
            health      | a record | Zoe        | Brown       | 2016-03-09    | 1 High St
            schools     | a record | Zoe        | Brown       | 2016-03-09    | 9 Hill Rise
            """,
            outcomes=ALL_HOLD,
            people="""
            person | certain | agency      | given_name | family_name | date_of_birth | address
            1      | yes     | social_care | Zoe        | Brown       | 2016-03-09    | 1 High St
            1      | yes     | health      | Zoe        | Brown       | 2016-03-09    | 1 High St
            1      | yes     | schools     | Zoe        | Brown       | 2016-03-09    | 9 Hill Rise
            """,
            disagreements="1: address",
            complete=False,
        ),
        Scenario(
            title="Asked by name, two namesakes are told apart by their numbers",
            because="Which of them is meant, nobody but the requester can tell.",
            question=BY_NAME,
            sources="""
            agency      | answers  | nhs_number | given_name | family_name | date_of_birth | address
            social_care | a record | nhs:A      | Zoe        | Brown       | 2016-03-09    | 1 High St
            health      | a record | nhs:A      | Zoe        | Brown       | 2016-03-09    | 1 High St
            schools     | a record | nhs:B      | Zoe        | Brown       | 2016-03-09    | 9 Hill Rise
            """,
            outcomes=ALL_HOLD,
            people="""
            person | certain  | agency      | given_name | family_name | date_of_birth
            1      | possibly | social_care | Zoe        | Brown       | 2016-03-09
            1      | possibly | health      | Zoe        | Brown       | 2016-03-09
            2      | possibly | schools     | Zoe        | Brown       | 2016-03-09
            """,
            complete=False,
        ),
        Scenario(
            title="Of somebody who is only possibly the child, no more is shown than tells one child from another",
            because="The rest stays behind until the requester says that it is needed; of the postcode, half is shown.",
            question=BY_NAME,
            sources="""
            agency      | answers  | nhs_number | given_name | family_name | date_of_birth | postcode | address
            social_care | a record |            | Zoe        | Brown       | 2016-03-09    | BL1 4QQ  | 1 High St
            schools     | a record | nhs:B      | Zoe        | Browne      | 2016-03-19    | BL9 7ZX  | 9 Hill Rise
            """,
            outcomes="""
            agency          | outcome       | why
            social_care     | held
            health          | no answer     | down
            schools         | held
            youth_offending | not permitted | access level
            connexions      | not permitted | access level
            """,
            people="""
            person | certain  | agency      | given_name | family_name | date_of_birth | postcode | address
            1      | yes      | social_care | Zoe        | Brown       | 2016-03-09    | BL1 4QQ  | 1 High St
            2      | possibly | schools     | Zoe        | Browne      | 2016-03-19    | BL9      |
            """,
            complete=False,
        ),
        Scenario(
            title="A record that contradicts what was asked is nobody's for certain",
            because="Its pupil number says that it is the child; its NHS number says that it is not.",
            question=Question(
                level="education_welfare_officer",
                question="child_basics",
                purpose="education_welfare",
                about="nhs:A and upn:A",
            ),
            sources="""
            agency      | answers  | nhs_number | upn   | given_name
            social_care | a record | nhs:A      | upn:A | Zoe
            health      | a record | nhs:A      |       | Zoe
            schools     | a record | nhs:B      | upn:A | Max
            """,
            outcomes=ALL_HOLD,
            people="""
            person | certain  | agency      | nhs_number | upn   | given_name
            1      | yes      | social_care | nhs:A      | upn:A | Zoe
            1      | yes      | health      | nhs:A      |       | Zoe
            2      | possibly | schools     |            |       | Max
            """,
            complete=False,
        ),
        Scenario(
            title="Numbers that nobody can have join nobody and contradict nobody",
            because="What joins these records are their names and dates of birth.",
            question=BY_NAME,
            sources="""
            agency      | answers  | nhs_number | given_name | family_name | date_of_birth
            social_care | a record | 0000000000 | Zoe        | Brown       | 2016-03-09
            health      | a record | 0000000000 | Zoe        | Brown       | 2016-03-09
            schools     | a record | 9990000000 | Zoe        | Brown       | 2016-03-09
            """,
            outcomes=ALL_HOLD,
            people="""
            person | certain | agency      | nhs_number | given_name | family_name | date_of_birth
            1      | yes     | social_care | 0000000000 | Zoe        | Brown       | 2016-03-09
            1      | yes     | health      | 0000000000 | Zoe        | Brown       | 2016-03-09
            1      | yes     | schools     | 9990000000 | Zoe        | Brown       | 2016-03-09
            """,
            disagreements="1: nhs_number",
            complete=False,
        ),
    ),
)
