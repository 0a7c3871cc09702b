"""Results are kept as JSON that reads back the same, and another file is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mujaz.errors import EvaluationInvalid
from mujaz.evaluation.results import Evaluation, Retention, read_evaluation, to_json
from tests.evaluation.sample import evaluation


def test_what_was_kept_reads_back_the_same(tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    path.write_text(to_json(evaluation()), encoding="utf-8")
    assert read_evaluation(path) == evaluation()


def test_the_json_has_the_documented_shape() -> None:
    document = json.loads(to_json(evaluation()))
    assert list(document) == list(Evaluation.__dataclass_fields__)
    row = document["translations"][0]["rows"][0]
    assert row["numbers"] == {"count": 4, "kept": 3}
    assert row["flag_rates"] == {"repetition": 0.25, "any": 0.25}
    assert row["speed"]["worker_count"] == 2
    assert document["translations"][0]["signatures"] == {"bleu": "tok:13a", "chrf": "nc:6"}
    assert document["briefs"][0]["summaries"][0]["rouge_l"] == 20.0
    assert document["models"][0]["decoding"]["beam_size"] == 4


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"format_version": 2}, "another format_version"),
        ({"surprise": 1}, "surprise"),
        ({"models": None}, "models"),
    ],
)
def test_another_document_is_refused(
    tmp_path: Path, change: dict[str, object], problem: str
) -> None:
    path = tmp_path / "result.json"
    path.write_text(json.dumps(json.loads(to_json(evaluation())) | change))
    with pytest.raises(EvaluationInvalid, match=problem):
        read_evaluation(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(EvaluationInvalid, match="none: cannot be read"):
        read_evaluation(tmp_path / "none")


def test_nothing_to_keep_has_no_share() -> None:
    assert Retention(0, 0).share is None
    assert Retention(4, 3).share == 0.75
