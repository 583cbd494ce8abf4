"""Who takes part in the agreed process, and what each kind of level lets its holder do there."""

from collections.abc import Collection
from dataclasses import dataclass

from hub.errors import NotAllowed
from hub.model.policy import LevelKind

# Those whose work the process is; auditors look on.
SETTING = frozenset({LevelKind.ADMINISTRATOR, LevelKind.GUARDIAN})
SEEING = SETTING | {LevelKind.AUDITOR}


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Somebody who acts in the process: an account, what its level is for, and whether a second factor is fresh."""

    user_name: str
    agency: str
    kind: LevelKind
    is_stepped_up: bool

    @property
    def guards(self) -> str:
        """Return the agency for which the actor speaks; empty for everybody but guardians."""
        return self.agency if self.kind is LevelKind.GUARDIAN else ""

    def require(self, *kinds: LevelKind) -> None:
        """Raise NotAllowed unless the actor's level is of one of these kinds."""
        _require_kind(self.kind, kinds)

    def require_to_change(self, *kinds: LevelKind) -> None:
        """Raise NotAllowed unless the actor's level is of one of these kinds and a second factor is fresh."""
        _require_kind(self.kind, kinds)
        if not self.is_stepped_up:
            raise NotAllowed(
                "STEP_UP_NEEDED",
                "Whoever changes the rules first shows anew who they are.",
                mend="Give a code of your second factor with: hub stepup. If you have none yet: hub factor add.",
            )


def _require_kind(kind: LevelKind, kinds: Collection[LevelKind]) -> None:
    if kind not in kinds:
        raise NotAllowed(
            "NOT_YOUR_OFFICE",
            "Your access level does not let you do this.",
            mend=f"It is for: {', '.join(sorted(kinds))}.",
        )
