"""An hour of the morning does not become one of the evening."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mujaz.domain.clock_times import hour_conflict
from mujaz.domain.stems import fold

HOURS = st.integers(1, 12)
MINUTES = st.integers(0, 59)


@given(
    HOURS, MINUTES, st.sampled_from([("ص", "a.m."), ("م", "pm"), ("صباحا", "AM"), ("مساءً", "PM")])
)
def test_the_same_half_of_the_day_is_no_conflict(
    hour: int, minute: int, halves: tuple[str, str]
) -> None:
    source, target = f"الساعة {hour}:{minute:02} {halves[0]}", f"at {hour}:{minute:02} {halves[1]}"
    assert not hour_conflict(fold(source), fold(target))


@given(
    HOURS, MINUTES, st.sampled_from([("ص", "p.m."), ("م", "am"), ("صباحا", "PM"), ("مساءً", "AM")])
)
def test_the_other_half_of_the_day_is_a_conflict(
    hour: int, minute: int, halves: tuple[str, str]
) -> None:
    source, target = f"الساعة {hour}:{minute:02} {halves[0]}", f"at {hour}:{minute:02} {halves[1]}"
    assert hour_conflict(fold(source), fold(target))


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("الساعة 20:00", "at 8 p.m."),
        ("الساعة الثامنة مساء", "at eight in the evening"),
        ("الثامنة والنصف صباحا", "at 8:30 a.m."),
        ("الساعة 12 ظهرا", "at noon"),
        ("الساعة 12 ليلا", "at midnight"),
        ("الساعة 3 فجرا", "at 3 in the morning"),
        ("الساعة 11 ليلا", "at 11 at night"),
        ("الساعة 9 مساء", "at 9"),
        ("الساعة 9", "at 9 pm"),
        ("طوله 2م", "2 am"),
    ],
)
def test_one_time_written_in_two_ways_is_no_conflict(source: str, target: str) -> None:
    assert not hour_conflict(fold(source), fold(target))


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("الساعة 20:00", "at 8 a.m."),
        ("الساعة الثامنة مساء", "at eight in the morning"),
        ("الساعة 12 ظهرا", "at midnight"),
        ("الخامسة فجرا", "at 5 p.m."),
        ("الساعة 5 م", "at 5 am"),
    ],
)
def test_a_time_in_the_wrong_half_is_a_conflict(source: str, target: str) -> None:
    assert hour_conflict(fold(source), fold(target))


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_is_answered(source: str, target: str) -> None:
    assert hour_conflict(fold(source), fold(target)) in (True, False)
