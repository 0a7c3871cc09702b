"""Finds the terms of glossaries, and names, in Arabic text."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from mujaz.domain.glossary import (
    FoldedText,
    Glossary,
    end_with_marks,
    fold_final,
    fold_text,
    folded_words,
)
from mujaz.domain.passthrough import passthrough_spans
from mujaz.domain.spans import Span

_CONJUNCTIONS, _PREPOSITIONS = "وف", "بلك"

Words = Sequence[re.Match[str]]
Value = TypeVar("Value")
Found_co = TypeVar("Found_co", covariant=True)


class TermTable(Protocol[Found_co]):
    """Terms, and what each stands for: a glossary or a table of names."""

    def longest_at(self, words: Words, position: int, first: str) -> tuple[int, Found_co] | None:
        """How many of `words` from `position` on are the longest term there, and what it is.

        `first` is the folded word to take for the one at `position`.
        """
        ...


@dataclass(frozen=True, slots=True)
class TermMatch:
    """A term in a text; the one-letter words written together with it are not in its span."""

    span: Span
    source_text: str
    target_term: str


@dataclass(frozen=True, slots=True)
class _Candidate(Generic[Value]):
    word_count: int
    prefix_length: int
    value: Value

    @property
    def rank(self) -> tuple[int, int]:
        """More words go first, then fewer letters set aside."""
        return self.word_count, -self.prefix_length


def find_terms(text: str, glossaries: Sequence[Glossary]) -> tuple[TermMatch, ...]:
    """The terms in `text`, in order and disjoint: at each word the longest, of equals that of the
    first glossary.

    A term is whole words. Diacritics, tatweel and the forms of alef do not count, nor ى for ي and
    ة for ه at the end of words of four letters or more. Before it may stand و or ف, ب, ل or ك, and
    the article, in this order. Nothing is found in addresses, handles and the like.
    """
    return tuple(
        TermMatch(span, span.of(text), target_term)
        for span, target_term in find_spans(text, glossaries)
    )


def find_spans(text: str, tables: Sequence[TermTable[Value]]) -> list[tuple[Span, Value]]:
    """What `find_terms` finds, for any tables: where terms stand, and what each stands for."""
    folded = fold_text(text)
    words = folded_words(folded.text)
    found: list[tuple[Span, Value]] = []
    position = 0
    while position < len(words):
        best = _best_at(words, position, tables)
        if best is None:
            position += 1
            continue
        end = position + best.word_count
        start = words[position].start() + best.prefix_length
        span = _source_span(text, folded, Span(start, words[end - 1].end()))
        found.append((span, best.value))
        position = end
    if not found:
        return []
    untouched = passthrough_spans(text)
    return [each for each in found if not overlaps(each[0], untouched)]


def _best_at(
    words: Words, position: int, tables: Sequence[TermTable[Value]]
) -> _Candidate[Value] | None:
    best: _Candidate[Value] | None = None
    for prefix_length, reading in _readings(words[position][0]):
        first = fold_final(reading)
        for table in tables:
            found = table.longest_at(words, position, first)
            if found is not None:
                candidate = _Candidate(found[0], prefix_length, found[1])
                if best is None or candidate.rank > best.rank:
                    best = candidate
    return best


def _readings(word: str) -> Iterator[tuple[int, str]]:
    """What a word may be once the words written together with it are taken off, and their length.

    The article is part of the span even where the term has none, as it goes with the term.
    """
    yield 0, word
    if word.startswith("ال"):
        yield 0, word[2:]
    length = 0
    if word[0] in _CONJUNCTIONS:
        length = 1
        yield from _after(word, length)
    if word[length : length + 1] and word[length] in _PREPOSITIONS:
        yield from _after(word, length + 1)
        if word.startswith("لل", length):  # "to the": the article lost its first letter
            yield length + 1, f"ا{word[length + 1 :]}"
            yield length + 1, f"ال{word[length + 1 :]}"  # and a lam, before a word with one
            yield length + 1, word[length + 2 :]


def _after(word: str, length: int) -> Iterator[tuple[int, str]]:
    yield length, word[length:]
    if word.startswith("ال", length):
        yield length, word[length + 2 :]


def _source_span(text: str, folded: FoldedText, span: Span) -> Span:
    """Where a range of the folded text stands in `text`, marks on its last letter included."""
    end = folded.start(span.end - 1) + 1
    return Span(folded.start(span.start), end_with_marks(text, end))


def overlaps(span: Span, others: Sequence[Span]) -> bool:
    """Whether the span shares a position with one of the others, which are in order."""
    index = bisect_right(others, span.start, key=_end)
    return index < len(others) and others[index].start < span.end


def _end(span: Span) -> int:
    return span.end
