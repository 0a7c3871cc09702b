"""Renders the tables of docs/operations.md from the code: settings, metrics, reasons of errors.

    .venv/bin/python scripts/render_operations.py          prints nothing, rewrites the file
    .venv/bin/python scripts/render_operations.py --check  exits with 1 where a table is stale

Each table stands between `<!-- NAME: begin -->` and `<!-- NAME: end -->`.
"""

from __future__ import annotations

import dataclasses
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import grpc
from prometheus_client.metrics import MetricWrapperBase

from mujaz import errors
from mujaz.cli.configuration import flag_of
from mujaz.engine.cache import SegmentCache
from mujaz.engine.registry import ModelRegistry
from mujaz.engine.scheduler import Scheduler
from mujaz.settings import Settings, declaration_of
from mujaz.transport.metrics import ServiceMetrics
from mujaz.transport.metrics_state import StateCollector
from mujaz.transport.status import STATUS_CODES

PAGE = Path(__file__).resolve().parents[1] / "docs" / "operations.md"


def settings_table() -> str:
    """Every setting: flag, variable, key, default, range and help."""
    rows = []
    for field in dataclasses.fields(Settings):
        declaration = declaration_of(field)
        default = "" if field.name == "models" else _shown(field)
        rows.append(
            [
                f"`{flag_of(field)}`",
                f"`MUJAZ_{field.name.upper()}`",
                f"`{field.name}`",
                f"`{default}`" if default else "",
                declaration.range,
                declaration.help,
            ]
        )
    return _table(["flag", "variable", "key", "default", "allowed", "what it does"], rows)


def metrics_table() -> str:
    """Every metric: name, type, labels and meaning."""
    rows = []
    for metric in sorted(metric_families(), key=lambda each: (each.name[:5] != "mujaz", each.name)):
        labels = ", ".join(f"`{name}`" for name in metric.labels)
        rows.append([f"`{metric.name}`", metric.type, labels, metric.help])
    return _table(["metric", "type", "labels", "what it says"], rows)


def reasons_table() -> str:
    """Every reason of an error: the code it comes with, and what it means."""
    rows: dict[str, list[str]] = {}
    for kind in _error_classes(errors.MujazError):
        code = next(STATUS_CODES[each] for each in kind.__mro__ if each in STATUS_CODES)
        assert isinstance(code, grpc.StatusCode)
        meaning = " ".join((kind.__doc__ or "").split("\n\n")[0].split())
        # A base class has the reason of its usual subclass, which comes later and says it better.
        rows[kind.reason] = [f"`{kind.reason}`", code.name, meaning]
    rows["INTERNAL"][2] = "A defect of the server; the log line request_failed has the place."
    return _table(["reason", "code", "meaning"], [rows[reason] for reason in sorted(rows)])


@dataclasses.dataclass(frozen=True)
class Family:
    """One metric as a scrape names it."""

    name: str
    type: str
    labels: tuple[str, ...]
    help: str


def metric_families() -> list[Family]:
    """Everything a scrape of a ready server with TLS can hold."""
    metrics = ServiceMetrics()
    backend: Any = SimpleNamespace(
        scheduler=Scheduler(worker_count=1), cache=SegmentCache(), registry=ModelRegistry([])
    )
    metrics.registry.register(
        StateCollector(
            backend=lambda: backend,
            is_ready=lambda: True,
            is_draining=lambda: False,
            certificate_ends_at=lambda: 0.0,
        )
    )
    wrappers = [each for each in vars(metrics).values() if isinstance(each, MetricWrapperBase)]
    labels = {each._name: tuple(each._labelnames) for each in wrappers}
    families = []
    for family in metrics.registry.collect():
        known = labels.get(family.name, tuple(getattr(family, "_labelnames", ())))
        suffix = "_total" if family.type == "counter" else ""
        families.append(Family(family.name + suffix, family.type, known, family.documentation))
    return families


TABLES = {"settings": settings_table, "metrics": metrics_table, "reasons": reasons_table}


def rendered(page: str) -> str:
    """The page with every table as the code has it."""
    for name, render in TABLES.items():
        begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
        pattern = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
        if len(pattern.findall(page)) != 1:
            raise SystemExit(f"{PAGE.name} needs one pair of the marks {begin} and {end}")
        table = f"{begin}\n{render()}\n{end}"
        page = pattern.sub(lambda _, table=table: table, page)
    return page


def _shown(field: dataclasses.Field[Any]) -> str:
    value = getattr(Settings(), field.name)
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None or value == ():
        return ""
    return str(value)


def _error_classes(base: type[errors.MujazError]) -> Iterator[type[errors.MujazError]]:
    yield base
    for kind in base.__subclasses__():
        if kind.__module__ == errors.__name__:
            yield from _error_classes(kind)


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines
    )


def main() -> int:
    page = PAGE.read_text(encoding="utf-8")
    new = rendered(page)
    if "--check" in sys.argv[1:]:
        return int(new != page)
    PAGE.write_text(new, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
