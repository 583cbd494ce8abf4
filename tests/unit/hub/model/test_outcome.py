from sharing.v1 import records_pb2

from hub.model.outcome import Outcome, Reason
from hub.model.policy import Refusal


def test_there_are_six_outcomes_and_the_contract_has_the_same() -> None:
    contract = {name.removeprefix("OUTCOME_") for name in records_pb2.Outcome.keys()}  # noqa: SIM118  (not a mapping)
    assert {outcome.name for outcome in Outcome} == contract - {"UNSPECIFIED"}
    assert len(Outcome) == 6


def test_the_contract_has_the_same_reasons() -> None:
    contract = {name.removeprefix("OUTCOME_REASON_") for name in records_pb2.OutcomeReason.keys()}  # noqa: SIM118
    assert {reason.name for reason in Reason} == contract - {"UNSPECIFIED"}


def test_silence_and_refusal_are_no_answer_and_the_rest_is() -> None:
    assert [outcome for outcome in Outcome if not outcome.answered] == [Outcome.NOT_PERMITTED, Outcome.NO_ANSWER]


def test_every_refusal_is_a_reason() -> None:
    assert {Reason(refusal.value) for refusal in Refusal} == {Reason.ACCESS_LEVEL, Reason.NO_AGREEMENT}
