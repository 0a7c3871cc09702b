"""Finds names and numbers in a text that its article does not have.

It judges briefs, so it shares no code with what writes them: its own letters, its own words, and
names from open lists, where the service has none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

LONGEST_NAME_WORDS = 5
SHORTEST_NAME_LETTERS = 4
_DIGITS = re.compile(r"\d+")
_WORD = re.compile(r"[^\W\d_]+")
_LETTERS = str.maketrans("أإآٱىة", "اااايه")
_PROCLITICS = ("", "و", "ف", "ب", "ل", "ك", "ال", "وال", "بال", "لل", "فال", "كال", "ول", "وب")
_ENDINGS = ("", "ا")


@dataclass(frozen=True, slots=True)
class Facts:
    """The names or the numbers of a point, and those of them that its article lacks."""

    stated: Sequence[str]
    unsupported: Sequence[str]


@dataclass(slots=True)
class FactCount:
    """How many there were in many points."""

    stated: int = 0
    unsupported: int = 0

    def add(self, facts: Facts) -> None:
        """Counts those of one point."""
        self.stated += len(facts.stated)
        self.unsupported += len(facts.unsupported)


class ArticleFacts:
    """The numbers and the words of an article."""

    def __init__(self, text: str) -> None:
        self.numbers = frozenset(_numbers(text))
        self._words = _words(text)
        self._places: dict[str, list[int]] = {}
        for place, word in enumerate(self._words):
            self._places.setdefault(word, []).append(place)

    def has_name(self, name: Sequence[str]) -> bool:
        """Whether it stands there, whatever is written together with its first word."""
        first, *rest = name
        return any(
            self._words[place + 1 : place + len(name)] == rest
            for proclitic in _PROCLITICS
            for ending in _ENDINGS
            for place in self._places.get(proclitic + first + ending, ())
        )


class FactChecker:
    """Knows the names of a list."""

    def __init__(self, names: Iterable[str]) -> None:
        known = {tuple(_words(name)) for name in names}
        self._names = {name for name in known if _is_telling(name)}

    def __len__(self) -> int:
        return len(self._names)

    def numbers(self, point: str, article: ArticleFacts) -> Facts:
        """The numbers in digits."""
        stated = _numbers(point)
        return Facts(stated, [number for number in stated if number not in article.numbers])

    def names(self, point: str, article: ArticleFacts) -> Facts:
        """The names of the list."""
        stated = list(self._find(_words(point)))
        missing = [name for name in stated if not article.has_name(name)]
        return Facts([" ".join(name) for name in stated], [" ".join(name) for name in missing])

    def _find(self, words: Sequence[str]) -> Iterable[tuple[str, ...]]:
        """The longest names in order, a proclitic before the first word set aside."""
        position = 0
        while position < len(words):
            found = self._at(words, position)
            if found:
                yield found
            position += len(found) or 1

    def _at(self, words: Sequence[str], position: int) -> tuple[str, ...]:
        for length in range(LONGEST_NAME_WORDS, 0, -1):
            rest = tuple(words[position + 1 : position + length])
            if len(rest) < length - 1:
                continue
            for proclitic in _PROCLITICS:
                first = words[position].removeprefix(proclitic)
                if words[position].startswith(proclitic) and (first, *rest) in self._names:
                    return (first, *rest)
        return ()


def _is_telling(name: Sequence[str]) -> bool:
    return 1 <= len(name) <= LONGEST_NAME_WORDS and len("".join(name)) >= SHORTEST_NAME_LETTERS


def _numbers(text: str) -> list[str]:
    """Runs of digits, without leading zeros, whatever stands between them."""
    runs = ("".join(str(unicodedata.decimal(digit)) for digit in r) for r in _DIGITS.findall(text))
    return [run.lstrip("0") or "0" for run in runs]


def _words(text: str) -> list[str]:
    decomposed = unicodedata.normalize("NFKC", text)
    bare = "".join(c for c in decomposed if unicodedata.category(c) != "Mn" and c != "ـ")
    return [word.translate(_LETTERS) for word in _WORD.findall(bare)]
