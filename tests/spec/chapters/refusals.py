"""What is refused before any agency is asked."""

from tests.spec.scenario import Chapter, Refusals

CHAPTER = Chapter(
    title="Refused before any agency is asked",
    words=(
        "Purpose, lawful basis and case reference are required with every question. A refusal says what is wrong and "
        "what to do about it, and never repeats a value. Cells left empty here stand for what is right: a health visitor "
        "asks child_services for safeguarding, basis A6_E, case 2026/17, about nhs:A."
    ),
    cases=(
        Refusals(
            title="A question that is not on the menu reads like one that does not exist",
            because="Menus cannot be probed: all of these are refused in the same words.",
            read_alike=True,
            rows="""
            level                | question        | purpose       | refused with
            health_visitor       | no_such_thing   |               | NOT_ON_MENU
            health_visitor       | youth_order     |               | NOT_ON_MENU
            health_visitor       | child_services; |               | NOT_ON_MENU
            connexions_adviser   | youth_order     | youth_justice | NOT_ON_MENU
            auditor              | child_basics    |               | NOT_ON_MENU
            policy_administrator | child_basics    |               | NOT_ON_MENU
            practitioner         | child_basics    |               | NOT_ON_MENU
            """,
        ),
        Refusals(
            title="The purpose is required, and must be one for which this level may ask",
            rows="""
            purpose          | refused with
            none             | PURPOSE_MISSING
            careers_guidance | PURPOSE_NOT_ALLOWED
            health_care      | PURPOSE_NOT_ALLOWED
            no_such_purpose  | PURPOSE_NOT_ALLOWED
            Safeguarding     | PURPOSE_NOT_ALLOWED
            """,
        ),
        Refusals(
            title="The lawful basis is required, and must be one that the question accepts",
            because="Consent is no ground for asking about concerns: asking for it may put the child in danger.",
            rows="""
            question       | basis | refused with
                           | none  | BASIS_MISSING
                           | A6_F  | BASIS_NOT_ACCEPTED
            child_concerns | A6_A  | BASIS_NOT_ACCEPTED
                           | a6_e  | BASIS_NOT_ACCEPTED
            """,
        ),
        Refusals(
            title="The case reference is required, and has no room for a sentence or a name",
            rows="""
            case                              | refused with
            none                              | CASE_MISSING
            A1                                | CASE_INVALID
            AnnSmith                          | CASE_INVALID
            Ann Smith 2016                    | CASE_INVALID
            worried about the child in flat 2 | CASE_INVALID
            """,
        ),
        Refusals(
            title="Somebody must be named, by what can be right",
            rows="""
            about                         | refused with
            none                          | PERSON_MISSING
            nhs:1234567890                | NHS_NUMBER_INVALID
            nhs:0000000000                | NHS_NUMBER_INVALID
            upn:B350000000001             | UPN_INVALID
            Zoe Brown, born 2016-02-30    | DATE_OF_BIRTH_INVALID
            Zoe Brown, born 9 March       | DATE_OF_BIRTH_INVALID
            Zoe Brown, born 1816-03-09    | DATE_OF_BIRTH_INVALID
            -- Brown, born 2016-03-09     | NAME_UNREADABLE
            """,
        ),
    ),
)
