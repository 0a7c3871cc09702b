"""Names of people, places and organizations with their English renderings, looked up by word."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Final

from mujaz.domain.glossary import GlossaryEntry, step
from mujaz.domain.glossary_match import Words

SEPARATOR: Final = "\t"
_SEPARATOR_COUNT = 2


class NameKind(StrEnum):
    """What a name names. A given name is a part of a person's name and names nobody alone."""

    PERSON = "person"
    PLACE = "place"
    ORGANIZATION = "organization"
    GIVEN = "given"


@dataclass(frozen=True, slots=True)
class Name:
    """A name by its `term_key`, its one English rendering, and its kind."""

    key: str
    english: str
    kind: NameKind


class TableInvalid(ValueError):
    """Lines are not a table of names; the message says which and why."""


class NameTable:
    """Names in sorted lines of key, English and kind with tabs between.

    The lines are searched as they are: to build a tree of tens of thousands of names would take
    seconds, and many times the memory. Raises TableInvalid.
    """

    __slots__ = ("_lines",)

    def __init__(self, lines: Sequence[str] = ()) -> None:
        kinds = set(NameKind)
        for number, (line, following) in enumerate(pairwise(lines), start=1):
            if line >= following:
                raise TableInvalid(f"line {number + 1} is not behind line {number} in order")
        for number, line in enumerate(lines, start=1):
            if (
                line.rpartition(SEPARATOR)[2] not in kinds
                or line.count(SEPARATOR) != _SEPARATOR_COUNT
            ):
                raise TableInvalid(f"line {number} is not a key, a rendering and a kind")
        self._lines = lines

    def __len__(self) -> int:
        return len(self._lines)

    def entries(self) -> Iterator[GlossaryEntry]:
        """Each name that names something alone, and its rendering, as a glossary takes them."""
        for name in map(_name, self._lines):
            if name.kind is not NameKind.GIVEN:
                yield GlossaryEntry(name.key, name.english)

    def longest_at(self, words: Words, position: int, first: str) -> tuple[int, Name] | None:
        """How many of `words` from `position` on are the longest name there, and the name.

        `first` is the folded word to take for the one at `position`.
        """
        found: tuple[int, Name] | None = None
        lines = self._lines
        key = first
        end = position + 1
        index = 0
        while True:
            # A tab sorts before the space that a longer name goes on with.
            index = bisect_left(lines, key + SEPARATOR, index)
            if index == len(lines):
                break
            if lines[index].startswith(key + SEPARATOR):
                found = end - position, _name(lines[index])
                index += 1
            if end == len(words) or index == len(lines):
                break
            if not lines[index].startswith(key + " "):
                break
            key = f"{key} {step(words, end)}"
            end += 1
        return found


def _name(line: str) -> Name:
    key, english, kind = line.split(SEPARATOR)
    return Name(key, english, NameKind(kind))


def table_lines(names: Iterable[Name]) -> list[str]:
    """The lines of a table of names with different keys."""
    return sorted(SEPARATOR.join((name.key, name.english, name.kind)) for name in names)
