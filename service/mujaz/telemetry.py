"""Log lines: structured, on standard error, never with article text."""

from __future__ import annotations

import logging
import sys
from typing import TextIO

import structlog

_PREPARE: tuple[structlog.typing.Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)


def configure_logging(log_format: str, log_level: str, *, stream: TextIO | None = None) -> None:
    """Sends the lines of structlog and of the standard logging module to one stream.

    `log_format` is `console` or `json`, `log_level` a level's name in lower case; the stream is
    standard error unless given. gRPC and asyncio log through the standard module, and their lines
    must not break a reader of JSON.
    """
    stream = sys.stderr if stream is None else stream
    level = logging.getLevelNamesMapping()[log_level.upper()]
    renderers = _renderers(log_format, colors=stream.isatty())
    structlog.configure(
        processors=[*_PREPARE, *renderers],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_PREPARE,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderers],
        )
    )
    logging.basicConfig(level=max(level, logging.WARNING), handlers=[handler], force=True)


def _renderers(log_format: str, *, colors: bool) -> list[structlog.typing.Processor]:
    # Local variables, which both renderers would show by default, hold article text.
    if log_format == "json":
        transformer = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
        return [
            structlog.processors.ExceptionRenderer(transformer),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    return [
        structlog.dev.ConsoleRenderer(
            colors=colors, exception_formatter=structlog.dev.plain_traceback
        )
    ]
