"""Sets up an adapter's logs: JSON lines on standard error, in words of our own; what libraries say is not repeated."""

import asyncio
import logging
import sys

import orjson
import structlog
from structlog.typing import FilteringBoundLogger


class _WithoutWords(logging.Handler):
    """Tells that a library logged something, never what: its words may hold an address with an identifier in it."""

    def __init__(self, log: FilteringBoundLogger) -> None:
        super().__init__(logging.WARNING)
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        self._log.warning("library_warned", library=record.name, level=record.levelname)


def set_up_logs(agency: str) -> FilteringBoundLogger:
    """Configure structlog and the standard library's logging, once for the process, and give the log."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(serializer=lambda entry, **_: orjson.dumps(entry).decode()),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    log: FilteringBoundLogger = structlog.get_logger().bind(agency=agency)
    root = logging.getLogger()
    root.handlers = [_WithoutWords(log)]
    root.setLevel(logging.WARNING)
    return log


def quiet_loop(log: FilteringBoundLogger) -> None:
    """Keep the event loop from printing exceptions, whose words may hold case data."""

    def tell(_loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        log.error("loop_fault", type=type(context.get("exception")).__name__)

    asyncio.get_running_loop().set_exception_handler(tell)
