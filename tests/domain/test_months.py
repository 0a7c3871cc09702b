"""Months are known by every name they have, and by nothing else that sounds like one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mujaz.domain.months import (
    ENGLISH_MONTHS,
    GREGORIAN_MONTHS,
    HIJRI_MONTHS,
    arabic_months,
    english_months,
)

DAYS = st.integers(1, 30)


@given(
    st.integers(0, 11).flatmap(
        lambda n: st.tuples(st.just(n), st.sampled_from(GREGORIAN_MONTHS[n]))
    ),
    DAYS,
)
def test_a_day_with_any_arabic_name_is_of_that_month(named: tuple[int, str], day: int) -> None:
    number, name = named
    assert arabic_months(f"يوم {day} {name} الماضي").certain == {f"month {number + 1}"}


@given(
    st.integers(0, 11).flatmap(lambda n: st.tuples(st.just(n), st.sampled_from(HIJRI_MONTHS[n]))),
    DAYS,
)
def test_hijri_months_are_known(named: tuple[int, str], day: int) -> None:
    number, name = named
    assert arabic_months(f"في {day} {name} 1439").certain == {f"hijri month {number + 1}"}


@given(
    st.integers(0, 11).flatmap(lambda n: st.tuples(st.just(n), st.sampled_from(ENGLISH_MONTHS[n]))),
    DAYS,
)
def test_english_months_are_known(named: tuple[int, str], day: int) -> None:
    number, name = named
    for text in (f"on {name} {day}", f"on {day} {name} 2017"):
        assert english_months(text).certain == {f"month {number + 1}"}


@pytest.mark.parametrize(
    "text",
    [
        "مارس الرئيس ضغوطا",
        "رجب طيب أردوغان",
        "سيارة نيسان جديدة",
        "هذا أمر محرم",
        "تيريزا ماي",
        "القانون الأول",
        "الربيع العربي",
        "من أب وأم",
    ],
)
def test_other_words_and_names_are_no_months(text: str) -> None:
    assert arabic_months(text).certain == frozenset()


@pytest.mark.parametrize(
    "text", ["He may return", "Theresa May", "They march", "an august feeling"]
)
def test_english_words_and_names_are_no_months(text: str) -> None:
    assert english_months(text).certain == frozenset()


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("10 Muharram", 1),
        ("20 Safar", 2),
        ("Rabi' al-Awwal", 3),
        ("Rabi al-Thani", 4),
        ("Jumada al-Ula", 5),
        ("Jumada al-Akhirah", 6),
        ("27 Rajab", 7),
        ("mid-Sha'ban", 8),
        ("month of Ramadan", 9),
        ("1 Shawwal", 10),
        ("Dhu al-Qi'dah", 11),
        ("Dhul Hijja", 12),
    ],
)
def test_english_spellings_of_hijri_months_are_known(text: str, number: int) -> None:
    assert english_months(text).certain == {f"hijri month {number}"}


@given(st.text(max_size=80))
def test_what_is_certain_is_possible(text: str) -> None:
    for months in (arabic_months(text), english_months(text)):
        assert months.certain <= months.possible


def test_a_numeric_date_may_be_of_each_month_it_has_a_number_of() -> None:
    assert {"month 10", "month 5"} <= arabic_months("5/10/2017").possible
    assert arabic_months("5/10/2017").certain == frozenset()
