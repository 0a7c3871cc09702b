"""Which of two decodings of a sentence is kept."""

from __future__ import annotations

import pytest

from mujaz.app.pipeline import better
from mujaz.app.sentence import SentenceOutcome
from mujaz.domain.assemble import FinishReason
from mujaz.domain.checks import RETRY_FLAGS, QualityFlag

NUMBER, ECHO = QualityFlag.NUMBER_MISMATCH, QualityFlag.REPETITION


def outcome(score: float, *flags: QualityFlag) -> SentenceOutcome:
    return SentenceOutcome("text", score, FinishReason.STOP, flags)


@pytest.mark.parametrize("other", sorted(RETRY_FLAGS - {NUMBER}))
def test_a_wrong_number_never_replaces_another_single_defect(other: QualityFlag) -> None:
    first = outcome(-2.0, other)
    assert better(first, outcome(-0.1, NUMBER)) is first
    kept = better(outcome(-0.1, NUMBER), outcome(-2.0, other))
    assert kept.flags == (other, QualityFlag.RETRIED)


def test_fewer_defects_come_before_right_numbers() -> None:
    kept = better(outcome(-1.0, ECHO, QualityFlag.LENGTH_RATIO), outcome(-1.0, NUMBER))
    assert kept.flags == (NUMBER, QualityFlag.RETRIED)


def test_the_higher_score_decides_between_equal_defects() -> None:
    first = outcome(-1.0, NUMBER)
    assert better(first, outcome(-1.5, NUMBER)) is first
    assert better(first, outcome(-0.5, NUMBER)).score == -0.5
