"""Numbers written as words, in Arabic and in English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mujaz.domain.number_vocabulary import (
    MONTH_NUMBERS,
    OTHER_VALUES,
    SHORT_SCALES,
    UNCERTAIN,
    VALUES,
)
from mujaz.domain.stems import fold

_KNOWN = VALUES.keys() | MONTH_NUMBERS.keys() | OTHER_VALUES.keys()
# Alone they are the construct of a dual, `ألفا جندي`; after a number they are one, `عشرون ألفا`.
_DUALS = {"الفا": 2 * 10.0**3, "مليونا": 2 * 10.0**6, "مليارا": 2 * 10.0**9}

_TOKEN = re.compile(r"\d+(?:\.\d+)?|[^\W\d_]+|[^\w\s-]|[½¼]")
_PREFIXES = frozenset(
    joining + rest
    for joining in ("", "و", "ف")
    for rest in ("", "ال", "ب", "بال", "ل", "لل", "ك", "كال")
)
_PREFIX_LETTERS = "وفابكل"
_LONGEST_PREFIX = 4
_LINKS = frozenset({"و", "and", "a"})
_SMALLEST_SCALE = 1000
# `two hundred`, `three dozen`
_MULTIPLIERS = (100, 12)
_LONGEST_DIGITS = 15
_FRACTIONS = frozenset({"0.25", "0.5"})
# No number is said in more words; what goes on is a list.
_MOST_WORDS = 40
# Monday, `لست` for I am not, and Stone: so these mostly count nothing.
_NO_NUMBER = re.compile("[وفبكل]*الا?ثنين|[وف]?ا?لست|وستون")
_PERCENT = re.compile(r"(?:في |ب)(?:ال)?(?:مئه|مائه|ميه)(?!\w)")


@dataclass(frozen=True, slots=True)
class SpelledNumber:
    """A number in words: the ways to read it, each the canonical values that must all be there.

    `three quarters` is 0.75, or 75 (per cent), or 3 and 0.25.
    """

    readings: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class SpelledNumbers:
    """What the words of a text say: the numbers stated, and every value that may be meant.

    Of `خمسة وعشرين ألفا` the possible values are 5, 20, 25, 1000 and 25000: each word and each sum
    on the way. Digits take part next to a scale word, as in `5.3 million`; month names count too.
    """

    stated: tuple[SpelledNumber, ...]
    possible: frozenset[str]


def spelled_numbers(text: str) -> frozenset[str]:
    """The values that the number words of `text` may stand for, as canonical numbers."""
    return read_number_words(fold(text)).possible


def read_number_words(text: str) -> SpelledNumbers:
    """What the number words of a folded text say."""
    possible: set[str] = set()
    stated: list[SpelledNumber] = []
    run = _Run()
    for token in _TOKEN.findall(_PERCENT.sub("%", text)):
        word, value = _value(token)
        possible.update(OTHER_VALUES.get(word, ()))
        if value is None or (run.is_empty and word in SHORT_SCALES):
            possible.update(MONTH_NUMBERS.get(word, ()))
            if token not in _LINKS and not run.is_empty:
                stated += run.stated()
                run = _Run()
            continue
        if token[0].isdecimal() and not (run.ends_in_scale and value < _SMALLEST_SCALE):
            stated += run.stated()
            run = _Run(value)
            continue
        if run.is_empty and word in _DUALS:
            possible.add(canonical(value))
            value = _DUALS[word]
        possible.add(canonical(value))
        if run.is_overlong:
            stated += run.stated()
            run = _Run()
        if not run.continues(value, is_arabic=not word.isascii()):
            stated += run.stated()
            run.begin()
        certain = word not in UNCERTAIN and not _NO_NUMBER.fullmatch(token)
        others = OTHER_VALUES.get(word, ())
        possible.update(map(canonical, run.extend(value, certain=certain, others=others)))
    stated += run.stated()
    return SpelledNumbers(tuple(stated), frozenset(possible))


def canonical(value: float) -> str:
    """The one way a value is written: no separators, no empty fraction."""
    return str(int(value)) if value == int(value) else repr(value)


def _value(token: str) -> tuple[str, float | None]:
    """The token without its Arabic prefixes, and its value if it is a number."""
    if token[0].isdecimal():
        return token, float(token) if len(token) <= _LONGEST_DIGITS else None
    if token in _KNOWN or token[0] not in _PREFIX_LETTERS:
        return token, VALUES.get(token)
    for length in range(1, min(_LONGEST_PREFIX, len(token)) + 1):
        if token[:length] in _PREFIXES and token[length:] in _KNOWN:
            return token[length:], VALUES.get(token[length:])
    return token, None


class _Run:
    """Consecutive number words, added and multiplied as either language reads them."""

    __slots__ = ("_certain", "_digits", "_group", "_others", "_scale", "_total", "_words")

    def __init__(self, digits: float | None = None) -> None:
        self._total = 0.0
        self._group = digits or 0.0
        self._scale = 1.0
        self._digits = digits is not None
        self._words: tuple[str, ...] = ()
        self._others: tuple[tuple[str, ...], ...] = ()
        self._certain = False

    @property
    def is_empty(self) -> bool:
        """Whether no word and no digits have been read."""
        return not self._words and not self._digits

    @property
    def ends_in_scale(self) -> bool:
        """Whether the last word was a thousand, a million, and so on."""
        return self._scale > 1 and self._group == 0

    @property
    def is_overlong(self) -> bool:
        """Whether it has more words than any one number."""
        return len(self._words) >= _MOST_WORDS

    def begin(self) -> None:
        """Start another number in the same run, as in `two or three thousand`."""
        self._words, self._others = (), ()
        self._certain = self._digits = False

    def stated(self) -> Iterator[SpelledNumber]:
        """The number of the run, unless it is in digits or its only word may count nothing."""
        if self._words and not self._digits and (self._certain or len(self._words) > 1):
            value = canonical(self._total + self._group)
            yield SpelledNumber(((value,), self._words, *self._others))

    def continues(self, value: float, *, is_arabic: bool) -> bool:
        """Whether `value` makes the number that is being read longer.

        Arabic has units before tens: `عشرين ثانية` is 20 seconds.
        """
        if self.is_empty or value >= _SMALLEST_SCALE or value in _MULTIPLIERS:
            return True
        if is_arabic and 1 <= value < 10 and self._group % 100 >= 20:
            return False
        return value < 1 or self._adds(value)

    def extend(self, value: float, *, certain: bool, others: tuple[str, ...]) -> tuple[float, ...]:
        """The values the run may stand for once `value` is read; `others` are those of its word."""
        is_repeated = value == self._scale and bool(self._words) and self._words[-1] in _FRACTIONS
        self._others = tuple((*self._words, other) for other in others)
        self._words = (*self._words, canonical(value))
        self._certain |= certain
        if is_repeated:  # `a million and half the million`
            return (self._total,)
        if value >= _SMALLEST_SCALE:
            scaled = (self._group or 1.0) * value
            self._total += scaled
            self._group, self._scale = 0.0, value
            return scaled, self._total
        if value < 1 and self.ends_in_scale:
            self._total += value * self._scale
        elif 0 < value < 1 and self._group >= 1:
            share = value * self._group
            self._others += ((canonical(share),), (canonical(100 * share),))
            self._group += value
        elif value in _MULTIPLIERS and 1 <= self._group < 20:
            self._group *= value
        elif self._adds(value):
            self._group += value
        else:
            self._group = value
        return self._group, self._total + self._group

    def _adds(self, value: float) -> bool:
        """Whether `value` adds to the group: `three ten`, `twenty five`, but not `ten three`."""
        below_hundred = self._group % 100
        if value < 10:
            return below_hundred == 0 or (below_hundred >= 20 and below_hundred % 10 == 0)
        return below_hundred < 10 if value < 100 else self._group == 0
