"""Puts required renderings into the source a model reads, and checks for them in what it wrote.

A model that copies what is not Arabic renders a term as required when the rendering stands in its
source (code-switching: Song et al., 2019). One that does not may still copy a short token.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from mujaz.domain.glossary_match import TermMatch
from mujaz.domain.spans import Span

_DIGITS = "0123456789"
# What no translation invents: a word of letters and digits. It comes from a damaged placeholder.
_CODE = re.compile(r"[^\W\d]+\d\w*")
# Private-use characters, one a term, stand for terms while a sentence is cut into pieces.
_MARKS = range(0xF0000, 0xFFFFE)


class TermWay(StrEnum):
    """How a rendering came to stand in a translation.

    It was copied past the model, or the model read the term itself, its rendering or a placeholder.
    """

    COPIED = "copied"
    TRANSLATED = "translated"
    SWITCHED = "switched"
    PLACEHOLDER = "placeholder"


@dataclass(frozen=True, slots=True)
class GlossaryMatch:
    """A term found in a text, and how the translation got its rendering; None where it did not."""

    source_span: Span
    source_text: str
    target_term: str
    way: TermWay | None

    @property
    def applied(self) -> bool:
        """Whether the translation has the required rendering."""
        return self.way is not None


@dataclass(frozen=True, slots=True)
class MarkedText:
    """A text with one private-use character in the place of each term, and what they stand for."""

    text: str
    matches: Mapping[str, TermMatch]

    def marks_in(self, part: str) -> tuple[str, ...]:
        """The marks in a part of the text, in order."""
        return tuple(character for character in part if character in self.matches)

    def switched(self, part: str) -> str:
        """A part of the text with the required renderings in the place of the marks."""
        renderings = {mark: self.matches[mark].target_term for mark in self.marks_in(part)}
        return self.filled(part, renderings)

    def filled(self, part: str, replacements: Mapping[str, str]) -> str:
        """A part of the text with the terms themselves, or what replaces them, for the marks.

        A one-letter word written together with a term is kept apart from its replacement.
        """
        filled: list[str] = []
        for character in part:
            match = self.matches.get(character)
            replacement = replacements.get(character)
            if replacement is not None and filled and filled[-1][-1].isalpha():
                filled.append(" ")
            filled.append(replacement or (character if match is None else match.source_text))
        return "".join(filled)


def mark_terms(text: str, matches: Sequence[TermMatch]) -> MarkedText:
    """`text` with a mark in the place of each match; they are in order and disjoint."""
    free = (chr(code) for code in _MARKS if chr(code) not in text)
    marked: dict[str, TermMatch] = {}
    parts: list[str] = []
    end = 0
    for match in matches:
        mark = next(free)
        marked[mark] = match
        parts += (text[end : match.span.start], mark)
        end = match.span.end
    return MarkedText("".join((*parts, text[end:])), marked)


def placeholders_for(marks: Iterable[str], beginning: str, text: str) -> dict[str, str]:
    """A short token for each mark: `beginning` and a number, such as stand nowhere in `text`.

    Where what looks like one is in the text, there is none.
    """
    if re.search(_trace(beginning), text, re.IGNORECASE):
        return {}
    return {mark: f"{beginning}{number}" for number, mark in enumerate(marks, start=1)}


@dataclass(frozen=True, slots=True)
class SettledText:
    """An output with its placeholders resolved, and the marks whose rendering is in it.

    `clean` says that each placeholder was copied at most once and unchanged, as far as can be told.
    """

    text: str
    held: frozenset[str]
    clean: bool


def settle_terms(
    output: str, terms: Mapping[str, str], placeholders: Mapping[str, str], *, source: str
) -> SettledText:
    """What became of `terms`, the required renderings by mark; `placeholders` stood for some.

    A rendering counts as whole words in any case, an s of the plural allowed. `source` is what the
    model would have read without placeholders.
    """
    held: set[str] = set()
    clean = True
    for mark, placeholder in placeholders.items():
        parts = re.split(rf"(?<!\w){placeholder}(?!\w)", output, flags=re.IGNORECASE)
        output = terms[mark].join(parts)
        clean = clean and len(parts) <= 2
        if len(parts) > 1:
            held.add(mark)
    for beginning in {placeholder.rstrip(_DIGITS) for placeholder in placeholders.values()}:
        output, count = re.subn(rf"\s*(?<!\w){_trace(beginning)}\w*", "", output)
        clean = clean and not count
    if placeholders:
        clean = clean and all(word in source for word in _CODE.findall(output))
    for mark, rendering in terms.items():
        if mark in placeholders:
            continue
        output, count = _pattern(rendering).subn(_as_required(rendering), output)
        if count:
            held.add(mark)
    return SettledText(output, frozenset(held), clean)


def _trace(beginning: str) -> str:
    """What shows that a word comes from a placeholder; a single letter alone does not."""
    return beginning if len(beginning) > 1 else rf"{beginning}\d"


def _pattern(rendering: str) -> re.Pattern[str]:
    words = r"\s+".join(map(re.escape, rendering.split()))
    return re.compile(rf"(?<!\w){words}(?P<plural>s?)(?!\w)", re.IGNORECASE)


def _as_required(rendering: str) -> Callable[[re.Match[str]], str]:
    """Keeps the capitals of a rendering that has some; one without may get some from its place."""

    def replacement(match: re.Match[str]) -> str:
        return match[0] if rendering.islower() else rendering + match["plural"]

    return replacement
