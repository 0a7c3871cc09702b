"""The checks find the faults of labelled outputs of the starter model, and pass good ones."""

from __future__ import annotations

import importlib.util
import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent.parent
ROWS = [
    json.loads(line)
    for line in (ROOT / "tests/golden/outputs.jsonl").read_text(encoding="utf-8").splitlines()
]
FAULTS = {"looped", "cut", "untranslated", "hallucinated", "wrong_number", "wrong_meaning"}


@pytest.fixture(scope="module")
def checks() -> Iterator[Any]:
    """benchmarks/checks.py, loaded from its file."""
    name, directory = "benchmarks_checks", ROOT / "benchmarks"
    specification = importlib.util.spec_from_file_location(name, directory / "checks.py")
    assert specification is not None
    assert specification.loader is not None
    loaded: ModuleType = importlib.util.module_from_spec(specification)
    sys.modules[name] = loaded
    sys.path.insert(0, str(directory))
    try:
        specification.loader.exec_module(loaded)
        yield loaded
    finally:
        sys.path.remove(str(directory))
        del sys.modules[name]


@pytest.fixture(scope="module")
def measured(checks: Any) -> Any:
    # The floor that the rows were measured with: another model may have another.
    return checks.measure(checks.read_outputs(score_floor=-1.05))


def test_every_row_is_labelled_once_good_or_by_its_faults() -> None:
    assert len({row["id"] for row in ROWS}) == len(ROWS) >= 200
    for row in ROWS:
        labels = set(row["labels"])
        assert labels == {"good"} or (labels and labels <= FAULTS), row["id"]
        assert len(labels) == len(row["labels"])
        assert row["score"] <= 0


def test_there_are_enough_rows_of_every_label() -> None:
    counts = Counter(label for row in ROWS for label in row["labels"])
    assert counts["good"] >= 60
    assert min(counts[fault] for fault in FAULTS) >= 20
    assert sum(row["decoding"] == "manifest" for row in ROWS) >= 100


# Measured: 17 of 17 and 17 of 18, 21 of 21 and 21 of 24, 45 of 45 and 45 of 103.
@pytest.mark.parametrize(
    ("name", "least_precision", "least_recall"),
    [("repetition", 0.9, 0.85), ("number_mismatch", 0.9, 0.8), ("low_score", 0.9, 0.2)],
)
def test_what_is_served_is_flagged_rightly(
    measured: Any, name: str, least_precision: float, least_recall: float
) -> None:
    figures = measured["now"]["manifest"]["flags"][name]
    assert figures["precision"]["share"] >= least_precision
    assert figures["recall"]["share"] >= least_recall


@pytest.mark.parametrize(
    ("name", "least_precision", "least_recall"),
    [
        ("repetition", 0.9, 0.85),
        ("number_mismatch", 0.8, 0.8),
        ("untranslated", 0.95, 0.55),
        ("truncated", 0.95, 0.85),
        ("low_score", 0.9, 0.7),
    ],
)
def test_other_decodings_are_flagged_rightly(
    measured: Any, name: str, least_precision: float, least_recall: float
) -> None:
    figures = measured["now"]["other"]["flags"][name]
    assert figures["precision"]["share"] >= least_precision
    assert figures["recall"]["share"] >= least_recall


def test_good_outputs_are_left_alone_and_faults_found_in_the_half_no_rule_was_tuned_on(
    measured: Any,
) -> None:
    for group in ("manifest", "manifest_held_out"):
        any_flag = measured["now"][group]["any"]
        assert any_flag["precision"]["share"] >= 0.95
        assert any_flag["recall"]["share"] >= 0.4


def test_an_interval_holds_its_share(checks: Any) -> None:
    assert checks.share(0, 0)["share"] is None
    for part in range(11):
        figure = checks.share(part, 10)
        low, high = figure["interval"]
        assert 0 <= low <= figure["share"] <= high <= 1
    assert checks.share(5, 10)["interval"] == [0.237, 0.763]


def test_the_page_and_the_result_say_what_is_measured(checks: Any, measured: Any) -> None:
    kept = json.loads((ROOT / "benchmarks/results/checks.json").read_text(encoding="utf-8"))
    assert kept["figures"]["now"] == measured["now"]
    assert checks.table(kept["figures"]) in (ROOT / "docs/quality-checks.md").read_text(
        encoding="utf-8"
    )
