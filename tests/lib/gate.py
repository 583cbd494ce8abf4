"""A gate before one method of a store: the work is done, and whoever waits for it is kept until the gate opens."""

import threading
from typing import Any

PATIENCE_SECONDS = 20.0


class Gate:
    """Stands for a store; all methods but one pass through."""

    def __init__(self, store: object, method: str) -> None:
        """Take the store and the method whose callers are kept."""
        self.reached = threading.Event()
        self._store = store
        self._method = method
        self._opened = threading.Event()

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._store, name)
        return self._kept(found) if name == self._method else found

    def open(self) -> None:
        """Let those pass who are kept, and all who come after them."""
        self._opened.set()

    def _kept(self, work: Any) -> Any:
        def kept(*arguments: object, **named: object) -> object:
            result = work(*arguments, **named)
            self.reached.set()
            if not self._opened.wait(PATIENCE_SECONDS):
                raise TimeoutError(f"nobody opened the gate of {self._method}")
            return result

        return kept
