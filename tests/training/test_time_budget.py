from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mujaz_training.experiment import Optimization
from mujaz_training.time_budget import TimeBudget, learning_rate_factor

CHOICES = Optimization(warmup_end=0.1, decay_start=0.5)


@pytest.mark.parametrize(
    ("fraction", "factor"), [(0.05, 0.5), (0.1, 1.0), (0.3, 1.0), (0.75, 0.5), (1.0, 0.0)]
)
def test_the_rate_rises_stays_and_falls_to_nothing(fraction: float, factor: float) -> None:
    assert learning_rate_factor(fraction, CHOICES) == pytest.approx(factor)


@given(st.floats(0, 1))
def test_the_rate_is_never_over_the_plateau(fraction: float) -> None:
    assert 0 <= learning_rate_factor(fraction, CHOICES) <= 1


def test_time_spent_before_a_stop_counts_and_the_stop_does_not() -> None:
    ticks = itertools.count(500.0)
    budget = TimeBudget(100.0, 40.0, 500.0, lambda: next(ticks))
    assert budget.spent() == 40.0
    assert budget.fraction() == pytest.approx(0.41)


def test_a_budget_is_never_more_than_spent() -> None:
    assert TimeBudget(10.0, 0.0, 0.0, lambda: 99.0).fraction() == 1.0
