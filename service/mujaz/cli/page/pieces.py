"""Text from outside as a page may show it: nothing invisible, glossary terms told apart."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

# What shows nothing and may change what the reader sees or copies: control characters but tab and
# line feed, embeddings, overrides and isolates (UAX 9), deprecated format characters, byte order
# marks, interlinear annotations, noncharacters, language tags, and halves of surrogate pairs.
# Joiners and direction marks (U+200B to U+200F, U+061C) stay: good Persian and Arabic have them.
_HIDDEN: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u180e\u202a-\u202e\u2060-\u206f\ufdd0-\ufdef\ufeff\ufff0-\ufffb"
    "\ufffe\uffff\U000e0000-\U000e0fff\ud800-\udfff]"
)
_UNKNOWN: Final = "\N{REPLACEMENT CHARACTER}"


@dataclass(frozen=True, slots=True)
class TermSpan:
    """A glossary term in a text, [start, end) in code points, and whether it was rendered."""

    start: int
    end: int
    applied: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text, inside a glossary term where `applied` is set.

    For a hidden character `text` is its code, such as `U+202E`, and `name` its name in Unicode.
    """

    text: str
    applied: bool | None = None
    name: str = ""

    @property
    def plain(self) -> str:
        """The text that this piece stands for."""
        return chr(int(self.text.removeprefix("U+"), 16)) if self.name else self.text


def pieces(text: str, terms: Iterable[TermSpan] = ()) -> tuple[Piece, ...]:
    """The whole of `text` in order; of terms that overlap the first, and then the longest, counts.

    What a term covers outside the text is left out.
    """
    result: list[Piece] = []
    position = 0
    for term in sorted(terms, key=lambda term: (term.start, -term.end)):
        end = min(term.end, len(text))
        if position <= term.start < end:
            result += _visible(text[position : term.start], None)
            result += _visible(text[term.start : end], term.applied)
            position = end
    result += _visible(text[position:], None)
    return tuple(result)


def plain(text: str) -> str:
    """The text for a place that holds characters only: what is hidden becomes U+FFFD."""
    return _HIDDEN.sub(_UNKNOWN, text)


def term_spans(text: str, term: str) -> Iterator[TermSpan]:
    """Where `term` stands in `text` as whole words, in any case."""
    if term.strip():
        pattern = rf"(?<!\w){re.escape(term.strip())}(?!\w)"
        for match in re.finditer(pattern, text, re.IGNORECASE):
            yield TermSpan(match.start(), match.end(), applied=True)


def _visible(text: str, applied: bool | None) -> Iterator[Piece]:
    position = 0
    for match in _HIDDEN.finditer(text):
        if match.start() > position:
            yield Piece(text[position : match.start()], applied)
        code = f"U+{ord(match[0]):04X}"
        yield Piece(code, applied, unicodedata.name(match[0], "control character").lower())
        position = match.end()
    if position < len(text):
        yield Piece(text[position:], applied)
