"""Names with their English renderings, and how many of them a translation keeps."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from mujaz.domain.stems import is_content_word, words

# Longer entries are titles of works and lists, not names.
LONGEST_NAME_WORDS: Final = 6

_WORD = re.compile(r"\w+")
_SHORTEST_LETTERS = 3
_CONJUNCTIONS, _PREPOSITIONS = ("و", "ف"), ("ب", "ل", "ك")


class Gazetteer:
    """Finds in Arabic the names it knows, one-letter words before a name set aside.

    Entries are (Arabic, English) pairs; a name may have several renderings. What could as well be
    a common word is left out: English without a capital, Arabic of one function word or of fewer
    than three letters.
    """

    def __init__(self, entries: Iterable[tuple[str, str]]) -> None:
        renderings: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
        for arabic, english in entries:
            name = tuple(words(arabic))
            rendering = _spaced(english)
            if _is_name(name) and rendering != rendering.lower():
                renderings[name].add(rendering)
        self._renderings = dict(renderings)
        self._longest = max(map(len, self._renderings), default=0)

    def __len__(self) -> int:
        return len(self._renderings)

    def retention(self, source: str, reference: str, output: str) -> tuple[int, int]:
        """How many names of `source` the `reference` renders as known, and how many `output` does.

        Of overlapping names the longest counts, and each name once. The case of letters decides in
        the reference only, where it tells a name from a word; its first word, which has a capital
        in any case, is no name there.
        """
        first, _, rest = reference.partition(" ")
        in_reference = _spaced(f"{first.lower()} {rest}")
        in_output = _spaced(output).casefold()
        found = set(self._find(words(source), in_reference))
        kept = sum(
            any(rendering.casefold() in in_output for rendering in self._renderings[name])
            for name in found
        )
        return len(found), kept

    def _find(self, source: Sequence[str], reference: str) -> Iterator[tuple[str, ...]]:
        position = 0
        while position < len(source):
            name = self._longest_at(source, position, reference)
            if name is not None:
                yield name
            position += len(name or "_")

    def _longest_at(
        self, source: Sequence[str], position: int, reference: str
    ) -> tuple[str, ...] | None:
        """The longest known name that begins at `position` and that the reference renders."""
        longest = min(self._longest, len(source) - position)
        for length in range(longest, 0, -1):
            rest = tuple(source[position + 1 : position + length])
            for first in _bare(source[position]):
                name = (first, *rest)
                if any(rendering in reference for rendering in self._renderings.get(name, ())):
                    return name
        return None


def _is_name(name: tuple[str, ...]) -> bool:
    if not 0 < len(name) <= LONGEST_NAME_WORDS or sum(map(len, name)) < _SHORTEST_LETTERS:
        return False
    return len(name) > 1 or is_content_word(name[0])


def _spaced(text: str) -> str:
    """The words of English between single spaces, so that whole ones can be searched for."""
    return f" {' '.join(_WORD.findall(text))} "


def _bare(word: str) -> Iterator[str]:
    """The word as it is, and without what may be "and", "in", "to" or "as" in front of it."""
    yield word
    if word.startswith(_CONJUNCTIONS):
        word = word[1:]
        yield word
    if word.startswith("لل"):  # "to the": the article lost its first letter
        yield f"ال{word[2:]}"
    elif word.startswith(_PREPOSITIONS):
        yield word[1:]
