"""Cheap quality gates on one translated sentence."""

from __future__ import annotations

import re
from enum import StrEnum
from itertools import pairwise
from operator import eq

from mujaz.domain.echoes import has_echo
from mujaz.domain.numbers import number_mismatch
from mujaz.domain.passthrough import passthrough_spans
from mujaz.domain.spans import gaps
from mujaz.domain.weekdays import weekday_mismatch


class QualityFlag(StrEnum):
    """A reason to check a sentence or a point before trusting it; named as in the contract."""

    REPETITION = "repetition"
    LENGTH_RATIO = "length_ratio"
    UNTRANSLATED = "untranslated"
    NUMBER_MISMATCH = "number_mismatch"
    TRUNCATED = "truncated"
    LOW_SCORE = "low_score"
    GLOSSARY_MISSED = "glossary_missed"
    RETRIED = "retried"
    OTHER_LANGUAGE = "other_language"
    UNSUPPORTED = "unsupported"


RETRY_FLAGS = frozenset(
    {
        QualityFlag.REPETITION,
        QualityFlag.LENGTH_RATIO,
        QualityFlag.UNTRANSLATED,
        QualityFlag.NUMBER_MISMATCH,
        QualityFlag.TRUNCATED,
    }
)
"""The flags that decoding once more with other settings may clear."""

_ARABIC_LETTER = re.compile("[\u0620-\u063f\u0641-\u064a\u066e-\u06d3\ufb50-\ufdfb\ufe70-\ufefc]")
_MARKS = re.compile("[\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed]")

# English characters for Arabic ones; 2 of 43,863 translations by people lie outside.
_SHORTEST_RATIO, _SHORTEST_OFFSET = 0.5, -6
_LONGEST_RATIO, _LONGEST_OFFSET = 2.0, 30

# How many words in a row must equal those so many words before: at 1, three words the same; at 2
# and 3, about three rounds; from 4 on, two rounds. A pattern is how `map(eq)` shows such a run.
_LOOPS = tuple(
    (lag, b"\1" * run)
    for lag, run in ((1, 2), (2, 4), (3, 4), (4, 4), (5, 5), (6, 6), (7, 7), (8, 8))
)
_STUTTER = re.compile(
    r"([^\W\d_])\1{4}|([^\W\d_]{2,3}|[.,]\d|\d[.,])\2{3}|([^\W\d_]{4,8})\3{2}", re.IGNORECASE
)
_STUTTER_LETTERS, _STUTTER_REPEATS = 7, 4
# Long outputs that turn round in circles: too few different words.
_VARIETY_WORDS, _LEAST_VARIETY = 24, 0.45


def check_translation(
    source: str, target: str, *, score: float, hit_limit: bool, score_floor: float | None
) -> tuple[QualityFlag, ...]:
    """The flags that one Arabic sentence and its English earn, in the order of the enumeration.

    `score` is the average log probability per token; without a `score_floor` it is not judged.
    """
    flags = []
    if (is_repetitive(target) and not is_repetitive(source)) or has_echo(source, target):
        flags.append(QualityFlag.REPETITION)
    if _is_out_of_proportion(source, target):
        flags.append(QualityFlag.LENGTH_RATIO)
    if _has_arabic(target):
        flags.append(QualityFlag.UNTRANSLATED)
    if number_mismatch(source, target) or weekday_mismatch(source, target):
        flags.append(QualityFlag.NUMBER_MISMATCH)
    if hit_limit:
        flags.append(QualityFlag.TRUNCATED)
    if score_floor is not None and score < score_floor:
        flags.append(QualityFlag.LOW_SCORE)
    return tuple(flags)


def is_repetitive(text: str) -> bool:
    """Whether a text repeats itself as decoders do: words in a loop, letters in a stutter."""
    words = text.split()
    return _has_loop(words) or _has_stutter(words)


def _has_loop(words: list[str]) -> bool:
    """Whether words come again and again, in a row or all over a long text."""
    if len(words) < 2 or len(set(pairwise(words))) == len(words) - 1:
        return False
    if len(words) >= _VARIETY_WORDS and len(set(words)) < _LEAST_VARIETY * len(words):
        return True
    return any(run in bytes(map(eq, words, words[lag:])) for lag, run in _LOOPS)


def _has_stutter(words: list[str]) -> bool:
    """Whether letters do so within a word: `ISISISIS`."""
    return any(
        _STUTTER.search(word)
        for word in words
        if len(word) >= _STUTTER_LETTERS and len(word) - len(set(word)) >= _STUTTER_REPEATS
    )


def _is_out_of_proportion(source: str, target: str) -> bool:
    length = len(_MARKS.sub("", source))
    shortest = max(1, _SHORTEST_RATIO * length + _SHORTEST_OFFSET)
    longest = _LONGEST_RATIO * length + _LONGEST_OFFSET
    return not shortest <= len(target.strip()) <= longest


def _has_arabic(target: str) -> bool:
    """Whether Arabic is left outside what is meant to stay, such as a handle or an address."""
    if target.isascii() or not _ARABIC_LETTER.search(target):
        return False
    return any(
        _ARABIC_LETTER.search(target, gap.start, gap.end)
        for gap in gaps(passthrough_spans(target), len(target))
    )
