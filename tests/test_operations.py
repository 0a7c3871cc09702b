"""docs/operations.md says everything there is to set, to count and to read in the log."""

from __future__ import annotations

import ast
import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from mujaz.settings import Settings
from mujaz.transport.status import STATUS_CODES
from scripts.render_operations import PAGE, TABLES, metric_families, rendered

ROOT = Path(__file__).resolve().parents[1]
PAGE_TEXT = PAGE.read_text(encoding="utf-8")
LEVELS = {"debug", "info", "warning", "error", "critical", "exception"}
LOGGERS = {"log", "_log", "logger", "_logger"}


@pytest.mark.parametrize("name", TABLES)
def test_the_tables_are_what_the_code_says(name: str) -> None:
    written = {line for line in PAGE_TEXT.splitlines() if line.startswith("| `")}
    wanted = {line for line in TABLES[name]().splitlines() if line.startswith("| `")}
    missing = "\n".join(sorted(wanted - written))
    assert not missing, (
        f"docs/operations.md lacks these lines of the table of {name}; run "
        f".venv/bin/python scripts/render_operations.py\n{missing}"
    )
    assert rendered(PAGE_TEXT) == PAGE_TEXT, (
        "docs/operations.md has lines the code no longer knows; run "
        ".venv/bin/python scripts/render_operations.py"
    )


def test_every_setting_metric_and_reason_is_there_by_name() -> None:
    settings = [field.name for field in dataclasses.fields(Settings)]
    reasons = [kind.reason for kind in STATUS_CODES]
    metrics = [family.name for family in metric_families()]
    assert len(metrics) > 30
    for name in (*settings, *reasons, *metrics):
        assert f"`{name}`" in PAGE_TEXT, f"docs/operations.md does not say what `{name}` is"


def is_logger_method(node: ast.AST) -> bool:
    if not isinstance(node, ast.Attribute) or node.attr not in LEVELS:
        return False
    owner = node.value
    return (owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")) in LOGGERS


def logger_names(tree: ast.AST) -> set[str]:
    """Local names that hold a method of a logger."""
    return {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and any(map(is_logger_method, ast.walk(node.value)))
        for target in node.targets
        if isinstance(target, ast.Name) and not isinstance(node.value, ast.Call)
    }


def events_of(argument: ast.expr) -> list[object]:
    if isinstance(argument, ast.IfExp):
        return events_of(argument.body) + events_of(argument.orelse)
    return [argument.value if isinstance(argument, ast.Constant) else None]


def logged_events() -> Iterator[tuple[str, str]]:
    """Event and place of every log line in the source."""
    for path in sorted((ROOT / "service" / "mujaz").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = logger_names(tree)
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            if not is_logger_method(node.func) and getattr(node.func, "id", "") not in names:
                continue
            place = f"{path.relative_to(ROOT)}:{node.lineno}"
            for event in events_of(node.args[0]):
                assert isinstance(event, str), f"{place}: the event must be a literal name"
                assert re.fullmatch(r"[a-z]+(_[a-z]+)*", event), f"{place}: {event!r}"
                yield event, place


def test_every_log_event_is_explained_and_none_is_that_does_not_exist() -> None:
    section = PAGE_TEXT.partition("\n## Logs\n")[2].partition("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("| `")]
    explained = {line.split("`")[1] for line in rows}
    events = dict(logged_events())
    assert "request_finished" in events
    for event, place in events.items():
        assert event in explained, (
            f"add to the table under Logs in docs/operations.md, for {place}:\n"
            f"| `{event}` | level | when | fields |"
        )
    assert explained <= set(events), (
        f"take out of the table under Logs in docs/operations.md: {explained - set(events)}"
    )
