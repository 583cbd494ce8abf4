"""Logs: one JSON line an event on standard error, with names and numbers of the hub's own and nothing of a case."""

import logging
import sys

import structlog


def configure(level: int = logging.INFO) -> None:
    """Set up logging for the process; call it once, from the outside."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            # No processor formats exceptions: their text may hold anything.
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
