"""Whether a translation states the numbers, months, hours and units of its source, no others."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mujaz.domain.clock_times import hour_conflict
from mujaz.domain.months import arabic_months, english_months
from mujaz.domain.number_words import SpelledNumbers, read_number_words
from mujaz.domain.numerals import Mention, numeral_mentions, roman_mentions, with_ascii_digits
from mujaz.domain.stems import fold
from mujaz.domain.units import unit_mismatch

# Digits of a name that the other language may spell as letters: `T-4`, `G20`, `COVID-19`.
_NAME = re.compile(r"\b(?:[A-Z]|COVID)-?[0-9]+|(?<=[A-Za-z])[0-9]+(?=[A-Za-z])|\bk?m[23]\b")
_DUAL = re.compile(r"\w{2}(?:ان|ين|تا|تي|هما)\b")
_ROUNDING = 0.05
_SMALLEST_ROUNDED = 10_000
_ROUNDED_DIGITS, _ROUGH_DIGITS = 3, 2


@dataclass(frozen=True, slots=True)
class _Side:
    """What one text states: numbers in digits, numbers in words, and all it may mean."""

    digits: Sequence[Mention]
    words: SpelledNumbers
    available: frozenset[str]


def number_mismatch(source: str, target: str) -> bool:
    """Whether an Arabic text and its English differ in a number, month, unit or hour.

    Both ways: what either states must be on the other side. Digits may answer words and words
    digits, scales and rounding count, order and formatting are free, and decimals printed in
    reverse (`5,3` for 3.5, as some Arabic pages have them) count as the same. Which number belongs
    to which noun is not looked at.
    """
    if source == target:
        return False
    source, target = with_ascii_digits(source), with_ascii_digits(target)
    folded_source, folded_target = fold(source), fold(target)
    arabic = _read(source, folded_source)
    english = _read(target, folded_target)
    if _missing([*arabic.digits, *_spelled(arabic.words)], english.available):
        return True
    named = _NAME.search(target)
    digits = numeral_mentions(_NAME.sub("", target)) if named else english.digits
    available = arabic.available | _implied(folded_source)
    if _missing([*digits, *roman_mentions(target), *_spelled(english.words)], available):
        return True
    return (
        _months_differ(source, target)
        or unit_mismatch(folded_source, folded_target)
        or hour_conflict(folded_source, folded_target)
    )


def number_retention(source: str, target: str) -> tuple[int, int]:
    """How many numbers in digits `source` has, and how many of them `target` states.

    Met as in `number_mismatch`: by digits of either kind, number words, scales or rounding.
    """
    source, target = with_ascii_digits(source), with_ascii_digits(target)
    in_source = numeral_mentions(source)
    lost = _missing(in_source, _read(target, fold(target)).available)
    return len(in_source), len(in_source) - len(lost)


def _read(text: str, folded: str) -> _Side:
    digits = numeral_mentions(text)
    words = read_number_words(folded)
    roman = (value for mention in roman_mentions(text) for value in mention.values)
    values = (value for mention in digits for value in mention.values)
    return _Side(digits, words, words.possible.union(values, roman))


def _spelled(words: SpelledNumbers) -> list[Mention]:
    return [Mention(readings=number.readings, values=()) for number in words.stated]


def _months_differ(source: str, target: str) -> bool:
    arabic, english = arabic_months(source), english_months(target)
    return not (arabic.certain <= english.possible and english.certain <= arabic.possible)


def _implied(source: str) -> set[str]:
    """What Arabic says without a number: none and one, and two where a word may be a dual."""
    return {"0", "1", "2"} if _DUAL.search(source) else {"0", "1"}


def _missing(mentions: Iterable[Mention], available: frozenset[str]) -> list[Mention]:
    """The mentions that nothing available answers for."""
    unmet = [mention for mention in mentions if not _is_met(mention, available)]
    if not unmet:
        return []
    large = _LargeValues.of(available)
    return [mention for mention in unmet if not large.round_or_detail(mention)]


def _is_met(mention: Mention, available: frozenset[str]) -> bool:
    return any(available.issuperset(reading) for reading in mention.readings)


@dataclass(frozen=True, slots=True)
class _LargeValues:
    """Values large enough to be rounded: all in order, the roughest, and each to three digits."""

    exact: Sequence[float]
    rough: Sequence[float]
    rounded: frozenset[float]

    @classmethod
    def of(cls, available: frozenset[str]) -> _LargeValues:
        """The large ones of canonical numbers."""
        exact = sorted(value for value in map(float, available) if value >= _SMALLEST_ROUNDED)
        rough = [value for value in exact if value == _to_digits(value, _ROUGH_DIGITS)]
        rounded = frozenset(_to_digits(value, _ROUNDED_DIGITS) for value in exact)
        return cls(exact, rough, rounded)

    def round_or_detail(self, mention: Mention) -> bool:
        """Whether one side rounds what the other states in full, as `5 million` for 5,012,345.

        To three digits the rounding must be right; to one or two, as after `about`, near.
        """
        values = [float(reading[0]) for reading in mention.readings if len(reading) == 1]
        return any(self._rounds(value) for value in values if value >= _SMALLEST_ROUNDED)

    def _rounds(self, value: float) -> bool:
        short = _to_digits(value, _ROUNDED_DIGITS)
        if value == short and short in self.rounded:
            return True
        is_rough = value == _to_digits(value, _ROUGH_DIGITS)
        return _is_near(value, self.exact if is_rough else self.rough) or _is_in(short, self.exact)


def _is_near(value: float, others: Sequence[float]) -> bool:
    index = bisect_left(others, value * (1 - _ROUNDING))
    return index < len(others) and others[index] <= value * (1 + _ROUNDING)


def _is_in(value: float, others: Sequence[float]) -> bool:
    index = bisect_left(others, value)
    return index < len(others) and others[index] == value


def _to_digits(value: float, digit_count: int) -> float:
    return float(f"{value:.{digit_count}g}")
