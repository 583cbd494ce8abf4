"""Why parameters cannot be trained, with what to do about it."""

from hub.errors import HubError


class CannotTrain(HubError):
    """The records do not suffice, or cannot be read; `mend` says what to do."""

    def __init__(self, message: str, *, mend: str) -> None:
        """Take what is wrong, in words that hold nothing of a record, and the mend."""
        super().__init__(message)
        self.mend = mend
