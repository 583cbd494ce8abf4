"""Stands in a check for a source that cannot even be begun with: its driver is missing, or its address names none."""

from collections.abc import Sequence

from adapters.kit.errors import SourceFault, SourceFaultKind
from adapters.kit.findings import CONNECTION
from adapters.kit.reader import Finding, Found, Match

EXTRAS = {"asyncpg": "postgresql", "asyncmy": "mariadb", "oracledb": "oracle", "mssql_python": "sqlserver"}


class Unmade:
    """Is a reader that only says why there is none."""

    def __init__(self, fault: Exception) -> None:
        """Take what went wrong when the reader was made; of its words, which may hold an address, none is kept."""
        self._driver = (fault.name or "") if isinstance(fault, ImportError) else ""

    async def open(self) -> None:
        """Do nothing."""

    async def find(self, records: str, match: Match, fields: tuple[str, ...], deadline: float) -> Found:  # noqa: ARG002  the reader's interface
        """Find nobody; raises SourceFault."""
        raise SourceFault(SourceFaultKind.UNREACHABLE)

    async def check(self) -> Sequence[Finding]:
        """Say what is missing."""
        if not self._driver:
            mend = "Check `url`: it begins with the kind of database and its driver, as in postgresql+asyncpg://."
            return [CONNECTION.fault("there is no driver for what `url` names", mend)]
        extra = EXTRAS.get(self._driver.partition(".")[0])
        mend = f"Install the extra: pip install 'sharing-hub[{extra}]'" if extra else "Install it beside the adapter."
        return [CONNECTION.fault(f"the driver `{self._driver}` is not installed", mend)]

    async def close(self) -> None:
        """Do nothing."""
