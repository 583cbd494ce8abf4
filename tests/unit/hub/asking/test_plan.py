from hub.asking.plan import make_plan
from hub.model.outcome import Outcome, Reason
from hub.model.policy import Permit, Refusal

PERMITS = (
    Permit(agency="health", fields=("nhs_number", "service"), refusal=None),
    Permit(agency="schools", fields=(), refusal=Refusal.NO_AGREEMENT),
    Permit(agency="social_care", fields=("nhs_number", "address"), refusal=None),
    Permit(agency="connexions", fields=(), refusal=Refusal.ACCESS_LEVEL),
)


def test_every_agency_of_the_question_is_planned_whether_it_may_be_asked_or_not() -> None:
    plan = make_plan(PERMITS)
    assert plan.planned == ("health", "schools", "social_care", "connexions")
    assert {*dict(plan.asked), *(answer.agency for answer in plan.not_permitted)} == set(plan.planned)


def test_each_agency_is_asked_for_its_own_fields_and_no_others() -> None:
    assert dict(make_plan(PERMITS).asked) == {
        "health": ("nhs_number", "service"),
        "social_care": ("nhs_number", "address"),
    }


def test_who_may_not_be_asked_has_its_outcome_and_its_reason_already() -> None:
    assert [(answer.agency, answer.outcome, answer.reason) for answer in make_plan(PERMITS).not_permitted] == [
        ("schools", Outcome.NOT_PERMITTED, Reason.NO_AGREEMENT),
        ("connexions", Outcome.NOT_PERMITTED, Reason.ACCESS_LEVEL),
    ]


def test_fields_are_listed_once_in_the_order_in_which_they_first_appear() -> None:
    assert make_plan(PERMITS).fields() == ("nhs_number", "service", "address")


def test_a_question_that_may_be_put_to_nobody_is_a_plan_too() -> None:
    plan = make_plan([PERMITS[1]])
    assert (plan.asked, plan.fields(), plan.planned) == ((), (), ("schools",))
