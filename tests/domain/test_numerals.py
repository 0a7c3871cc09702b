"""Numbers in digits are read in every way they may be meant."""

from __future__ import annotations

import time
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mujaz.domain.numerals import numbers, numeral_mentions, roman_mentions, with_ascii_digits


@given(st.text(alphabet="0123456789٠١٢٣٤٥٦٧٨٩۰۱۲.,٫٬،:/- %", max_size=40))
def test_numbers_are_written_in_ascii_without_leading_zeros(text: str) -> None:
    for number in numbers(text):
        assert number.isascii()
        assert number == number.lstrip("0") or number.startswith("0.") or number == "0"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("في ١٥/١٠/٢٠١٧ - ٠٩:٥٦ م", ["15", "10", "2017", "9", "56"]),
        ("بلغ ٣٫٥٪ و5,3 و1,250,000 و۱۲", ["3.5", "5.3", "1250000", "12"]),
        ("between 2011-2017, up 0.50%", ["2011", "2017", "0.5"]),
        ("3 and 3", ["3", "3"]),
        ("100.000 شخص", ["100000"]),
        ("خمسة", []),
    ],
)
def test_numbers_are_canonical(text: str, expected: list[str]) -> None:
    assert numbers(text) == Counter(expected)


@pytest.mark.parametrize("unit", ["1", "1 ", "1 000 ", "1,", "12:30 ", "12-", "9" * 400 + " "])
def test_the_cost_grows_with_the_length_only(unit: str) -> None:
    text = unit * (100_000 // len(unit))
    started = time.process_time()
    numbers(text)
    numeral_mentions(text)
    assert time.process_time() - started < 5


@given(st.text(alphabet="٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹ab", max_size=20))
def test_digits_of_every_script_become_ascii(text: str) -> None:
    plain = with_ascii_digits(text)
    assert plain.isascii()
    assert len(plain) == len(text)


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("+963 11 222 3344", ("963112223344",)),
        ("050-123-4567", ("501234567",)),
        ("1 250 000", ("1250000",)),
        ("in the 1600s", ("17",)),
        ("(162) مليون", ("162000000",)),
        ("8 آلاف و500", ("8500",)),
    ],
)
def test_groups_of_digits_are_read_as_one_number_too(text: str, reading: tuple[str]) -> None:
    assert reading in numeral_mentions(text)[0].readings


@given(st.integers(2, 39))
def test_roman_numerals_after_a_name_are_read(value: int) -> None:
    units = ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"]
    numeral = "X" * (value // 10) + units[value % 10]
    found = [mention.values for mention in roman_mentions(f"Pope John {numeral} said")]
    assert found == ([(str(value),)] if len(numeral) > 1 else [])
