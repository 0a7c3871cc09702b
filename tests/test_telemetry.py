"""The shape of log lines."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from mujaz.telemetry import configure_logging


@pytest.fixture(autouse=True)
def unchanged_logging() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_json_lines_carry_level_time_and_fields_with_arabic_as_it_is() -> None:
    stream = io.StringIO()
    configure_logging("json", "info", stream=stream)
    structlog.get_logger().info("model_loaded", name="موجز")
    (line,) = lines(stream)
    assert line["event"] == "model_loaded"
    assert line["level"] == "info"
    assert str(line["timestamp"]).endswith("Z")
    assert "موجز" in stream.getvalue()


def test_lines_of_the_standard_module_have_the_same_shape() -> None:
    stream = io.StringIO()
    configure_logging("json", "info", stream=stream)
    logging.getLogger("grpc").warning("connection %s", "lost")
    (line,) = lines(stream)
    assert line["event"] == "connection lost"
    assert line["level"] == "warning"


@pytest.mark.parametrize(("level", "expected"), [("debug", 4), ("info", 3), ("error", 1)])
def test_less_serious_lines_are_left_out(level: str, expected: int) -> None:
    stream = io.StringIO()
    configure_logging("json", level, stream=stream)
    logger = structlog.get_logger()
    for name in ("debug", "info", "warning", "error"):
        getattr(logger, name)("event")
    assert len(lines(stream)) == expected


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_an_exception_is_logged_without_the_local_variables(log_format: str) -> None:
    stream = io.StringIO()
    configure_logging(log_format, "info", stream=stream)

    def fail(article: str) -> None:
        raise RuntimeError(f"failed on {len(article)} characters")

    secret = "نص " + "سري"
    try:
        fail(secret)
    except RuntimeError:
        structlog.get_logger().exception("request_failed")
    assert "failed on 6 characters" in stream.getvalue()
    assert secret not in stream.getvalue()
