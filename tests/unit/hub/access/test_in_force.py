"""One reference, swapped, and those who are told."""

import pytest

from hub.access.in_force import PolicyInForce
from hub.access.policy import Policy, compile_policy, load_policy
from tests.lib.policies_of_size import SHIPPED_POLICIES, rulebook_with_rules


@pytest.fixture(scope="module")
def policies() -> tuple[Policy, Policy]:
    return load_policy(SHIPPED_POLICIES), compile_policy(rulebook_with_rules(100))


def test_listeners_are_told_in_their_order_and_find_the_new_version_in_force(policies: tuple[Policy, Policy]) -> None:
    first, second = policies
    in_force = PolicyInForce(first)
    told: list[tuple[str, str, str]] = []
    for name in ("one", "two"):
        in_force.listen(lambda policy, name=name: told.append((name, policy.version, in_force.policy.version)))
    assert told == []
    in_force.put(second)
    assert told == [("one", second.version, second.version), ("two", second.version, second.version)]
    assert in_force.policy is second


def test_a_listener_that_fails_keeps_no_other_from_being_told(policies: tuple[Policy, Policy]) -> None:
    first, second = policies
    in_force = PolicyInForce(first)
    told: list[Policy] = []

    def fail(policy: Policy) -> None:
        raise RuntimeError(policy.version)

    in_force.listen(fail)
    in_force.listen(told.append)
    with pytest.raises(ExceptionGroup) as raised:
        in_force.put(second)
    assert told == [second]
    assert [type(failure) for failure in raised.value.exceptions] == [RuntimeError]
    assert in_force.policy is second
