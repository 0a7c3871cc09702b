"""Numbers written as words are read in both languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mujaz.domain.number_words import canonical, spelled_numbers

ENGLISH_UNITS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen"
)
ENGLISH_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
ARABIC_UNITS = "واحد اثنان ثلاثة أربعة خمسة ستة سبعة ثمانية تسعة عشرة"
ARABIC_TENS = "عشرون ثلاثون أربعون خمسون ستون سبعون ثمانون تسعون"


def english(value: int) -> str:
    if value >= 1000:
        rest = f" {english(value % 1000)}" if value % 1000 else ""
        return f"{english(value // 1000)} thousand{rest}"
    if value >= 100:
        rest = f" and {english(value % 100)}" if value % 100 else ""
        return f"{english(value // 100)} hundred{rest}"
    if value < 20:
        return ENGLISH_UNITS.split()[value - 1]
    unit = f"-{english(value % 10)}" if value % 10 else ""
    return ENGLISH_TENS.split()[value // 10 - 2] + unit


def arabic(value: int) -> str:
    if value <= 10:
        return ARABIC_UNITS.split()[value - 1]
    tens, unit = divmod(value, 10)
    if tens == 1:
        return f"{arabic(unit)} عشر"
    return (
        f"{arabic(unit)} و{ARABIC_TENS.split()[tens - 2]}"
        if unit
        else ARABIC_TENS.split()[tens - 2]
    )


@given(st.integers(1, 999_999))
def test_english_words_are_read(value: int) -> None:
    assert str(value) in spelled_numbers(f"There were {english(value)} people")


@given(st.integers(1, 99))
def test_arabic_words_are_read(value: int) -> None:
    assert str(value) in spelled_numbers(f"قتل {arabic(value)} شخصا")


@given(st.text(alphabet="xyz جحخ 0123456789", max_size=40))
def test_a_text_without_number_words_has_none(text: str) -> None:
    assert spelled_numbers(text) == set()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("خمسة وعشرين", "25"),
        ("للألف نقطة", "1000"),
        ("مئتين وثلاثة", "203"),
        ("ألفين وثمانية عشر", "2018"),
        ("twenty-five", "25"),
        ("two hundred and three thousand", "203000"),
        ("three dozen", "36"),
        ("a million and a half", "1500000"),
        ("5.3 million", "5300000"),
        ("شباط", "2"),
        ("المركز الثامن عشر", "18"),
        ("one hundred and two", "102"),
        ("7 آلاف و367", "7367"),
    ],
)
def test_number_words_are_read(text: str, expected: str) -> None:
    assert expected in spelled_numbers(text)


@pytest.mark.parametrize(("value", "expected"), [(5.0, "5"), (3.5, "3.5"), (1e12, "1000000000000")])
def test_a_value_is_written_in_one_way(value: float, expected: str) -> None:
    assert canonical(value) == expected
