"""Positions in text: half-open ranges of code points, and the map back to the text as sent."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range [start, end) of code points (AIP-210)."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"span [{self.start}, {self.end}) is not ordered")

    def __len__(self) -> int:
        return self.end - self.start

    def of(self, text: str) -> str:
        """The part of `text` this span covers."""
        return text[self.start : self.end]

    def shifted(self, distance: int) -> Span:
        """The same range, `distance` code points further on."""
        return Span(self.start + distance, self.end + distance)


def gaps(spans: Iterable[Span], length: int) -> Iterator[Span]:
    """The ranges of [0, length) that ordered, disjoint `spans` leave uncovered, empty ones too.

    One gap before each span and one after the last, so that gap, span, gap, … gives the text back.
    """
    position = 0
    for span in spans:
        yield Span(position, span.start)
        position = span.end
    yield Span(position, length)


class OffsetMap:
    """Maps ranges of a derived text back to ranges of the text it was derived from.

    `starts[i]` is where in the source the character behind derived character `i` begins, and
    `ends[i]` where it ends; both never decrease.
    """

    __slots__ = ("_ends", "_source_length", "_starts")

    def __init__(self, starts: Iterable[int], ends: Iterable[int], source_length: int) -> None:
        self._starts = array("q", starts)
        self._ends = array("q", ends)
        self._source_length = source_length

    def __len__(self) -> int:
        return len(self._starts)

    @classmethod
    def identity(cls, length: int) -> OffsetMap:
        """The map of a text derived without a change."""
        return cls(range(length), range(1, length + 1), length)

    def to_source(self, span: Span) -> Span:
        """The smallest source range that holds every character behind `span`.

        An empty span maps to an empty range at the place where it stands.
        """
        if span.start == span.end:
            position = (
                self._starts[span.start] if span.start < len(self._starts) else self._source_length
            )
            return Span(position, position)
        return Span(self._starts[span.start], self._ends[span.end - 1])
