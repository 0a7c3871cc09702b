"""Names and words in both languages, and where a pair of sentences uses them on both sides."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .text_pair import TextPair

LONGEST_TERM_WORDS = 4

_WORD = re.compile(r"\w+")
_PROCLITICS = ("و", "ف", "ب", "ل", "ك")
_LEAST_ARABIC_LETTERS = 3
_LEAST_ENGLISH_LETTERS = 3


@dataclass(frozen=True, slots=True)
class TermUse:
    """A term in a pair: half-open character ranges in source and target.

    `proclitic` is the one-letter word (and, in, for ...) written together with the Arabic term;
    the source range begins after it. `is_name` says that it is a name of one word on both sides.
    """

    source_start: int
    source_end: int
    target_start: int
    target_end: int
    proclitic: str = ""
    is_name: bool = False


class TermTable:
    """English renderings by Arabic term: names, and words of a dictionary."""

    __slots__ = ("_names_of", "_renderings", "names")

    def __init__(self, names: Iterable[TextPair], words: Iterable[TextPair] = ()) -> None:
        self._renderings: dict[str, set[str]] = {}
        self.names: list[TextPair] = []
        for entry in names:
            if self._add(entry) and _is_single_name(entry):
                self.names.append(entry)
        self._names_of = {(entry.source, entry.target.lower()) for entry in self.names}
        for entry in words:
            self._add(entry)

    def _add(self, entry: TextPair) -> bool:
        if len(entry.source) < _LEAST_ARABIC_LETTERS or len(entry.target) < _LEAST_ENGLISH_LETTERS:
            return False
        self._renderings.setdefault(entry.source, set()).add(entry.target.lower())
        return True

    def find(self, pair: TextPair) -> list[TermUse]:
        """The terms of `pair` whose rendering its target holds once, longest first, none nested."""
        words = list(_WORD.finditer(pair.source))
        target = pair.target.lower()
        found: list[TermUse] = []
        position = 0
        while position < len(words):
            use, taken = self._longest(pair.source, target, words[position:])
            if use is not None and not any(_overlap(use, other) for other in found):
                found.append(use)
            position += taken
        return found

    def _longest(
        self, source: str, target: str, words: list[re.Match[str]]
    ) -> tuple[TermUse | None, int]:
        for count in range(min(LONGEST_TERM_WORDS, len(words)), 0, -1):
            start, end = words[0].start(), words[count - 1].end()
            for prefix, term in _readings(source[start:end]):
                for rendering in sorted(self._renderings.get(term, ())):
                    at = _only_place(rendering, target)
                    if at >= 0:
                        is_name = (term, rendering) in self._names_of
                        return (
                            TermUse(
                                start + len(prefix),
                                end,
                                at,
                                at + len(rendering),
                                proclitic=prefix,
                                is_name=is_name,
                            ),
                            count,
                        )
        return None, 1


def _readings(text: str) -> Iterator[tuple[str, str]]:
    yield "", text
    if text.startswith(_PROCLITICS):
        yield text[0], text[1:]


def _only_place(term: str, text: str) -> int:
    """Where `term` stands in `text` as whole words; -1 where nowhere or more than once."""
    places = [match.start() for match in re.finditer(rf"(?<!\w){re.escape(term)}(?!\w)", text)]
    return places[0] if len(places) == 1 else -1


def _overlap(one: TermUse, other: TermUse) -> bool:
    return one.target_start < other.target_end and other.target_start < one.target_end


def _is_single_name(entry: TextPair) -> bool:
    return (
        " " not in entry.source
        and entry.target.isalpha()
        and entry.target[0].isupper()
        and entry.target[1:].islower()
    )
