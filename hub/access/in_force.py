"""The policy in force: one reference, swapped when another version is published."""

from hub.access.policy import Policy


class PolicyInForce:
    """Holds the version that decides now; whoever decides reads it afresh each time."""

    __slots__ = ("_policy",)

    def __init__(self, policy: Policy) -> None:
        """Put a first version in force."""
        self._policy = policy

    @property
    def policy(self) -> Policy:
        """Return the version in force."""
        return self._policy
