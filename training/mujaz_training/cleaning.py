"""Tells pairs worth training on from garbage."""

from __future__ import annotations

import re
from enum import StrEnum

from .text_pair import TextPair

_ARABIC = re.compile(r"[\u0620-\u064a\u066e-\u06d3]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_WORD = re.compile(r"\w")

_RATIO_LIMIT = 3.5
_RATIO_SLACK = 25
_FOREIGN_LIMIT = 0.1
_ARABIC_FLOOR = 0.5
_WORD_CHARACTER_FLOOR = 0.6


class Fault(StrEnum):
    """Why a pair was left out."""

    EMPTY = "empty"
    WRONG_SCRIPT = "wrong_script"
    MARKUP = "markup"
    RATIO = "ratio"
    COPY = "copy"
    DUPLICATE = "duplicate"
    TEST_LINE = "test_line"
    TEST_NGRAM = "test_ngram"


def find_fault(pair: TextPair, *, is_prose: bool, target_language: str) -> Fault | None:
    """The first fault of a pair, or None.

    Names and dictionary entries, which are no prose, need the right scripts only.
    """
    if not pair.source or not pair.target:
        return Fault.EMPTY
    if pair.source == pair.target:
        return Fault.COPY
    if not _is_arabic(pair.source) or not _is_in(target_language, pair.target):
        return Fault.WRONG_SCRIPT
    return _fault_of_prose(pair, target_language) if is_prose else None


def _fault_of_prose(pair: TextPair, target_language: str) -> Fault | None:
    if _is_markup(pair.source) or _is_markup(pair.target):
        return Fault.MARKUP
    # A summary may be any length shorter than its article.
    if target_language != "ar" and _is_lopsided(pair):
        return Fault.RATIO
    return None


def _is_arabic(text: str) -> bool:
    arabic, latin = len(_ARABIC.findall(text)), len(_LATIN.findall(text))
    return arabic > 0 and arabic >= _ARABIC_FLOOR * (arabic + latin)


def _is_in(language: str, text: str) -> bool:
    if language == "ar":
        return _is_arabic(text)
    arabic, latin = len(_ARABIC.findall(text)), len(_LATIN.findall(text))
    return latin > 0 and arabic <= _FOREIGN_LIMIT * (arabic + latin)


def _is_markup(text: str) -> bool:
    visible = len(text) - text.count(" ")
    return len(_WORD.findall(text)) < _WORD_CHARACTER_FLOOR * visible


def _is_lopsided(pair: TextPair) -> bool:
    shorter, longer = sorted((len(pair.source), len(pair.target)))
    return longer > _RATIO_LIMIT * shorter + _RATIO_SLACK
