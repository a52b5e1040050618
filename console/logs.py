"""Log lines: structured, with personal data masked before anything is written."""

import logging
from collections.abc import MutableMapping
from typing import Any

import structlog

from core import masking

_OWN = frozenset({"event", "level", "logger", "timestamp", "code", "exc_info", "stack_info"})


def mask(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: phones, openids, names and secrets never reach a log."""
    for key in list(event):
        if key.startswith("_"):
            continue
        event[key] = masking.tree(event[key]) if key in _OWN else masking.value(key, event[key])
    return event


class MaskedFormatter(structlog.stdlib.ProcessorFormatter):
    """Formats every record of every library; the finished line is masked once more."""

    def format(self, record: logging.LogRecord) -> str:
        return masking.text(super().format(record))


SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
    mask,
]


def configure(*, json: bool, level: str) -> dict[str, Any]:
    """Set structlog up; answers the dictionary for Django's `LOGGING`."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.PositionalArgumentsFormatter(),
            *SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    renderer = (
        structlog.processors.JSONRenderer()
        if json
        else structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"])
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "masked": {"()": MaskedFormatter, "processor": renderer, "foreign_pre_chain": SHARED},
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "masked"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {"django.request": {"level": "ERROR"}, "axes": {"level": "ERROR"}},
    }
