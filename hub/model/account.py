"""An account: a unique user name with its allocated access level."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Who may sign in, as what, for which agency."""

    user_name: str
    display_name: str
    access_level: str
    agency: str
    password_hash: str = field(repr=False)
    disabled: bool = False
