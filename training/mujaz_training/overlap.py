"""Keeps test sentences out of the training text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import StrEnum

NGRAM_WORDS = 8
"""So many words in a row, shared with a test set, make an overlap."""

_WORD = re.compile(r"\w+")


class Overlap(StrEnum):
    """How a text meets a test set."""

    LINE = "line"
    NGRAM = "ngram"


class TestSetGuard:
    """Knows every line and every run of eight words of the test sets.

    Compared are words in lower case, so that punctuation and spacing hide nothing. Hashes stand
    for the n-grams: two that collide would remove a pair too many, never one too few.
    """

    __slots__ = ("_lines", "_ngrams")
    __test__ = False  # the name begins with Test, and pytest would collect it

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines: set[tuple[str, ...]] = set()
        self._ngrams: set[int] = set()
        for line in lines:
            words = _words(line)
            if words:
                self._lines.add(words)
                self._ngrams.update(_ngrams(words))

    def find(self, text: str) -> Overlap | None:
        """How `text` overlaps with a test set, the whole line first."""
        words = _words(text)
        if words in self._lines:
            return Overlap.LINE
        if any(ngram in self._ngrams for ngram in _ngrams(words)):
            return Overlap.NGRAM
        return None


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text.lower()))


def _ngrams(words: tuple[str, ...]) -> Iterator[int]:
    for start in range(len(words) - NGRAM_WORDS + 1):
        yield hash(words[start : start + NGRAM_WORDS])
