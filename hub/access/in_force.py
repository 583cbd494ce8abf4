"""The policy in force: one reference, swapped when another version is published."""

from collections.abc import Callable

from hub.access.policy import Policy

Listener = Callable[[Policy], None]


class PolicyInForce:
    """Holds the version that decides now; whoever decides reads it afresh each time."""

    __slots__ = ("_listeners", "_policy")

    def __init__(self, policy: Policy) -> None:
        """Put a first version in force."""
        self._policy = policy
        self._listeners: list[Listener] = []

    @property
    def policy(self) -> Policy:
        """Return the version in force."""
        return self._policy

    def listen(self, listener: Listener) -> None:
        """Have a function told of every version that is put in force from now on, after those that listen already."""
        self._listeners.append(listener)

    def put(self, policy: Policy) -> None:
        """Let another version decide from this moment, then tell all listeners, in their order.

        Every listener is told, since each withdraws something; those that failed are raised together afterwards.
        """
        self._policy = policy
        failures: list[Exception] = []
        for listener in self._listeners:
            try:
                listener(policy)
            except Exception as failure:  # noqa: BLE001  (one that fails must not keep the next from withdrawing)
                failures.append(failure)
        if failures:
            raise ExceptionGroup("not everything that listens has taken the new policy", failures)
