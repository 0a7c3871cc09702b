"""Outputs are scored alike, whoever wrote them."""

from __future__ import annotations

import sys

import pytest

from mujaz.domain.checks import QualityFlag
from mujaz.domain.gazetteer import Gazetteer
from mujaz.errors import EvaluationInvalid
from mujaz.evaluation.decoding import TranslatedLines
from mujaz.evaluation.results import Retention, RowKind, Speed, TranslationRow
from mujaz.evaluation.test_data import ParallelTestSet, SystemOutput
from mujaz.evaluation.translation import ModelOutput, TranslationScorer, flag_rates

SOURCES = (
    "قتل 12 شخصا في مدينة الرقة يوم الأحد الماضي بحسب بيان رسمي.",
    "أعلنت الوزارة عن خطة جديدة لدعم التعليم في البلاد.",
)
REFERENCES = (
    "An official statement said 12 people were killed in Raqqa last Sunday.",
    "The ministry announced a new plan to support education in the country.",
)
FAULTY = ("Kills kills kills kills kills kills kills kills in الرقة now.", REFERENCES[1])
SPEED = Speed(1.0, 10.0, 2, 384)


def rows(*systems: SystemOutput) -> dict[str, TranslationRow]:
    test_set = ParallelTestSet("news", SOURCES, REFERENCES, systems)
    scorer = TranslationScorer(test_set, Gazetteer([("الرقة", "Raqqa")]))
    return {row.name: row for row in scorer.result([]).rows}


def test_the_reference_itself_scores_100() -> None:
    row = rows(SystemOutput("copy", REFERENCES))["copy"]
    assert (row.bleu, row.chrf) == (pytest.approx(100), pytest.approx(100))
    assert (row.numbers, row.names) == (Retention(1, 1), Retention(1, 1))
    assert set(row.flag_rates.values()) == {0.0}


def test_an_output_that_shares_nothing_scores_0() -> None:
    row = rows(SystemOutput("other", ("ξ ψ ω", "φ χ")))["other"]
    assert (row.bleu, row.chrf) == (0.0, 0.0)
    assert (row.numbers, row.names) == (Retention(1, 0), Retention(1, 0))


def test_an_empty_output_scores_0_and_is_flagged() -> None:
    row = rows(SystemOutput("silent", ("", "")))["silent"]
    assert (row.bleu, row.chrf) == (0.0, 0.0)
    assert row.flag_rates["length_ratio"] == 1.0


def test_the_faults_of_lines_are_counted() -> None:
    row = rows(SystemOutput("faulty", FAULTY))["faulty"]
    assert row.flag_rates == {
        "repetition": 0.5,
        "length_ratio": 0.0,
        "untranslated": 0.5,
        "number_mismatch": 0.5,
        "any": 0.5,
    }


def test_the_row_of_the_reference_shows_the_limits_of_the_counts() -> None:
    row = rows(SystemOutput("other", FAULTY))["reference"]
    assert (row.kind, row.bleu, row.chrf) == (RowKind.REFERENCE, None, None)
    assert row.numbers.share == 1.0


def test_models_come_first_then_systems_by_bleu_then_the_reference() -> None:
    good, bad = SystemOutput("a-good", REFERENCES), SystemOutput("b-bad", FAULTY)
    test_set = ParallelTestSet("news", SOURCES, REFERENCES, (good, bad))
    flags = ((QualityFlag.RETRIED,), ())
    output = ModelOutput("ours", 13, TranslatedLines(REFERENCES, flags, SPEED))
    result = TranslationScorer(test_set, None).result([output])
    assert [row.name for row in result.rows] == ["ours", "b-bad", "a-good", "reference"]
    ours = result.rows[0]
    assert ours.reported_rates is not None
    assert (ours.reported_rates["retried"], ours.reported_rates["any"]) == (0.5, 0.5)
    assert (ours.speed, ours.size_bytes, ours.names) == (SPEED, 13, None)
    assert (result.line_count, result.source_word_count) == (2, 21)
    assert "tok:13a" in result.signatures["bleu"]
    assert "nc:6" in result.signatures["chrf"]


def test_a_line_with_several_flags_counts_once_among_any() -> None:
    flags = [(QualityFlag.REPETITION, QualityFlag.TRUNCATED), (), (QualityFlag.RETRIED,), ()]
    rates = flag_rates(flags, (QualityFlag.REPETITION, QualityFlag.TRUNCATED))
    assert rates == {"repetition": 0.25, "truncated": 0.25, "any": 0.25}


def test_without_sacrebleu_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("sacrebleu", "sacrebleu.metrics", "sacrebleu.metrics.bleu"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(EvaluationInvalid, match=r"mujaz\[evaluate\]"):
        TranslationScorer(ParallelTestSet("news", SOURCES, REFERENCES), None)
