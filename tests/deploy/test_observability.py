"""The dashboard and the alerts name metrics that exist, and each alert has its runbook entry."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from scripts.render_operations import PAGE, metric_families

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "deploy" / "observability"
ALERTS = FOLDER / "alerts.yaml"
RULES: list[dict[str, Any]] = [
    rule
    for group in yaml.safe_load(ALERTS.read_text(encoding="utf-8"))["groups"]
    for rule in group["rules"]
]
DASHBOARD: dict[str, Any] = json.loads(
    (FOLDER / "grafana-dashboard.json").read_text(encoding="utf-8")
)
# What Prometheus makes itself.
OF_PROMETHEUS = {"up"}
FAMILIES = {family.name: family for family in metric_families()}
SERIES = {
    f"{family.name}{suffix}": family
    for family in FAMILIES.values()
    for suffix in (("_bucket", "_sum", "_count") if family.type == "histogram" else ("",))
}
WORDS = re.compile(r"(?<![\w$\"])(?:up|(?:mujaz|process)_\w+)")
SELECTOR = re.compile(r"(mujaz_\w+|process_\w+|up)\{([^}]*)\}")
OF_SCRAPE = {"job", "instance", "le"}


def expressions() -> Iterator[tuple[str, str]]:
    for rule in RULES:
        yield rule["alert"], rule["expr"]
    for panel in DASHBOARD["panels"]:
        for target in panel.get("targets", ()):
            yield panel["title"], target["expr"]


EXPRESSIONS = list(expressions())


@pytest.mark.parametrize(("title", "expression"), EXPRESSIONS, ids=lambda each: str(each)[:40])
def test_every_expression_names_metrics_and_labels_that_exist(title: str, expression: str) -> None:
    found = set(WORDS.findall(re.sub(r'"[^"]*"', '""', expression)))
    assert found, f"{title}: no metric in {expression}"
    assert found <= set(SERIES) | OF_PROMETHEUS, (
        f"{title}: {found - set(SERIES)} is no series of the service"
    )
    for name, selector in SELECTOR.findall(expression):
        labels = {part.strip() for part in re.findall(r"(\w+)\s*(?:=~|!~|!=|=)", selector)}
        known = OF_SCRAPE | (set(SERIES[name].labels) if name in SERIES else set())
        assert labels <= known, f"{title}: {name} has no label {labels - known}"
    assert expression.count("(") == expression.count(")")


def test_every_metric_of_the_service_is_on_the_dashboard() -> None:
    shown = " ".join(expression for _, expression in EXPRESSIONS)
    ours = [name for name in FAMILIES if name.startswith("mujaz_")]
    missing = [name for name in ours if not re.search(rf"\b{name}(_bucket|_sum)?\b", shown)]
    assert not missing, f"add a panel for {missing} to {FOLDER.name}/grafana-dashboard.json"


def test_panels_do_not_overlap_and_have_a_title_of_their_own() -> None:
    panels = DASHBOARD["panels"]
    cells: set[tuple[int, int]] = set()
    for panel in panels:
        at = panel["gridPos"]
        taken = {
            (x, y)
            for x in range(at["x"], at["x"] + at["w"])
            for y in range(at["y"], at["y"] + at["h"])
        }
        assert not cells & taken, panel["title"]
        assert at["x"] + at["w"] <= 24
        cells |= taken
    for key in ("title", "id"):
        assert len({panel[key] for panel in panels}) == len(panels)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_every_alert_has_a_summary_a_severity_and_a_runbook_entry(rule: dict[str, Any]) -> None:
    assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}
    assert rule["labels"]["severity"] in {"page", "ticket"}
    assert rule["annotations"]["summary"].endswith(".")
    path, _, anchor = rule["annotations"]["runbook_url"].partition("#")
    assert ROOT / path == PAGE
    assert anchor == rule["alert"].lower()
    runbook = PAGE.read_text(encoding="utf-8").partition("\n## Runbook\n")[2]
    assert f"\n### {rule['alert']}\n" in runbook, (
        f"add an entry '### {rule['alert']}' under Runbook in docs/operations.md"
    )


def test_every_runbook_entry_is_of_an_alert() -> None:
    runbook = PAGE.read_text(encoding="utf-8").partition("\n## Runbook\n")[2]
    entries = re.findall(r"^### (\w+)$", runbook, re.MULTILINE)
    assert entries == list(dict.fromkeys(entries))
    assert set(entries) == {rule["alert"] for rule in RULES}


@pytest.mark.promtool
def test_prometheus_takes_the_rules() -> None:
    promtool = shutil.which("promtool")
    assert promtool is not None
    result = subprocess.run(
        [promtool, "check", "rules", str(ALERTS)], capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr
