"""Structured logs as JSON lines on standard output. No personal data: codes, positions and counts only.

A process that is no service says nothing there but its answer: what it logs goes to its standard error.
"""

from __future__ import annotations

import logging
import sys
from typing import Any, cast

import structlog

__all__ = ["configure_logging", "get_logger"]

# Before a service says otherwise; looked up at each line, since who runs a command may have changed it.
structlog.configure(logger_factory=lambda *_: structlog.PrintLogger(sys.stderr))

_LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40}


class _Seldom(logging.Filter):
    """Lets each message text of a library through once in a number of seconds.

    A Kafka client whose broker is away says so 30 times a second, and 3,000 times while it holds unsent batches.
    """

    def __init__(self, library: str, seconds: float) -> None:
        super().__init__()
        self._library = library
        self._seconds = seconds
        self._said: dict[object, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is logged."""
        if not record.name.startswith(self._library):
            return True
        if abs(record.created - self._said.get(record.msg, -self._seconds)) < self._seconds:
            return False
        if len(self._said) > 1_000:
            self._said.clear()
        self._said[record.msg] = record.created
        return True


def configure_logging(service: str, level: str = "info") -> None:
    """Send structlog's and the standard library's records as JSON lines to standard output, each naming its service."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    handler.addFilter(_Seldom("aiokafka", 30.0))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(_LEVELS[level])
    # The client repeats one warning per partition and second while a broker is away; our own loops say it once.
    logging.getLogger("aiokafka").setLevel(logging.ERROR)
    logging.getLogger("pymongo").setLevel(logging.WARNING)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    logging.getLogger("uvicorn.access").setLevel(logging.WARNING)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[level]),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(service=service)


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """A logger whose records carry the module's name."""
    return cast("structlog.stdlib.BoundLogger", structlog.get_logger(module=name))
