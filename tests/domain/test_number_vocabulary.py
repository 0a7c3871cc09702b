"""The tables of number words agree with each other."""

from __future__ import annotations

from mujaz.domain.number_vocabulary import MONTH_NUMBERS, OTHER_VALUES, UNCERTAIN, VALUES
from mujaz.domain.stems import fold


def test_every_word_is_folded() -> None:
    for table in (VALUES, OTHER_VALUES, MONTH_NUMBERS, UNCERTAIN):
        assert all(word == fold(word) for word in table)


def test_what_is_uncertain_is_a_number_word() -> None:
    assert VALUES.keys() >= UNCERTAIN


def test_the_levant_has_two_months_of_two_names() -> None:
    assert MONTH_NUMBERS["تشرين"] == ("10", "11")
    assert MONTH_NUMBERS["كانون"] == ("1", "12")
