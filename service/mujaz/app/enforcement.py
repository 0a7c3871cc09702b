"""Gets required renderings into the pieces of one sentence, in one way after another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from mujaz.domain.checks import is_repetitive
from mujaz.domain.glossary_rendering import (
    GlossaryMatch,
    MarkedText,
    TermWay,
    placeholders_for,
    settle_terms,
)
from mujaz.engine.protocols import Decoded


@dataclass(frozen=True, slots=True)
class Attempt:
    """One way to write the terms of a piece that have no rendering yet, or all of them.

    RENDERING puts the required rendering in their place, any other token itself and a number. Terms
    that have their rendering stay as they were written for it. `second` decodes as a retry does.
    """

    token: str
    for_all: bool = False
    second: bool = False


RENDERING: Final = ""
# What is tried where the translation of the text as it is lacks a rendering. Of 17 tokens tried on
# 110 parts of news sentences that needed one, the starter model copied XQ and MX most often (86 and
# 90 %), B where there are several, and XA and Zorvan (read as a name) where it copied none of them.
# A token comes once, so that what is kept from an attempt is told apart from what is new.
ATTEMPTS: Final = (
    Attempt(RENDERING),
    Attempt("XQ"),
    Attempt("B", for_all=True),
    Attempt("MX", for_all=True),
    Attempt("XA", second=True),
    Attempt("Zorvan", second=True),
    Attempt(RENDERING, for_all=True, second=True),
)


@dataclass(frozen=True, slots=True)
class _Settled:
    """What one attempt gave: the output with its placeholders resolved, and how terms got there."""

    decoded: Decoded
    ways: Mapping[str, TermWay]
    source: str
    replacements: Mapping[str, str]
    usable: bool


class _PieceTerms:
    """The terms of one piece, what was tried, and the best of what came back."""

    def __init__(self, marked: MarkedText, part: str) -> None:
        marks = dict.fromkeys(marked.marks_in(part))
        self.terms = {mark: marked.matches[mark].target_term for mark in marks}
        self.best: _Settled | None = None
        self._marked = marked
        self._part = part
        self._switched = marked.switched(part)
        self._source = marked.filled(part, {})
        self._replacements: Mapping[str, str] = {}
        self._tried = {(self._source, False)}

    @property
    def held(self) -> bool:
        """Whether the best output has all renderings and nothing that speaks against it."""
        best = self.best
        return best is not None and best.usable and len(best.ways) == len(self.terms)

    def settle(self, decoded: Decoded) -> None:
        """Take in the output of the newest attempt; the first of equals stays the best."""
        placeholders = {
            mark: token for mark, token in self._replacements.items() if token != self.terms[mark]
        }
        output = settle_terms(decoded.text, self.terms, placeholders, source=self._switched)
        settled = _Settled(
            replace(decoded, text=output.text),
            {mark: self._way(mark, placeholders) for mark in self.terms if mark in output.held},
            self._source,
            self._replacements,
            usable=output.clean and not (decoded.hit_limit or is_repetitive(output.text)),
        )
        if self.best is None or _rank(settled) > _rank(self.best):
            self.best = settled

    def next_source(self, attempt: Attempt, fits: Callable[[str], bool]) -> str | None:
        """What the model should read for an attempt; None where that was tried or does not fit."""
        chosen, kept = list(self.terms), {}
        if self.best is not None and not attempt.for_all:
            chosen = [mark for mark in self.terms if mark not in self.best.ways]
            kept = {m: token for m, token in self.best.replacements.items() if m not in chosen}
        if attempt.token == RENDERING:
            replacements = kept | {mark: self.terms[mark] for mark in chosen}
        else:
            replacements = kept | placeholders_for(chosen, attempt.token, self._switched)
        source = self._marked.filled(self._part, replacements)
        if (source, attempt.second) in self._tried or not fits(source):
            return None
        self._tried.add((source, attempt.second))
        self._source, self._replacements = source, replacements
        return source

    def restart(self) -> str:
        """Forget the best output; what the model read for it."""
        if self.best is not None:
            self._source, self._replacements = self.best.source, self.best.replacements
            self.best = None
        return self._source

    def _way(self, mark: str, placeholders: Mapping[str, str]) -> TermWay:
        if mark in placeholders:
            return TermWay.PLACEHOLDER
        return TermWay.SWITCHED if mark in self._replacements else TermWay.TRANSLATED


class TermEnforcement:
    """The terms of one sentence, piece by piece; pieces without terms are not its business.

    At first the model reads the text as it is: most terms come out right, and what is left alone
    reads best.
    """

    def __init__(self, marked: MarkedText, parts: Mapping[int, str]) -> None:
        self._marked = marked
        self._pieces = {
            number: _PieceTerms(marked, part)
            for number, part in parts.items()
            if marked.marks_in(part)
        }
        self._attempts = iter(ATTEMPTS)

    def settle(self, outputs: Mapping[int, Decoded]) -> None:
        """Take in what the model wrote for the newest sources."""
        for number, piece in self._pieces.items():
            if not piece.held and number in outputs:
                piece.settle(outputs[number])

    def next_sources(
        self, fits: Callable[[str], bool], *, may_retry: bool
    ) -> tuple[dict[int, str], bool]:
        """What to decode once more by piece, and whether as a retry; empty where nothing is left.

        `fits` says whether the model can read a source, `may_retry` whether there is a second way
        to decode.
        """
        missing = {number: piece for number, piece in self._pieces.items() if not piece.held}
        for attempt in self._attempts if missing else ():
            if attempt.second and not may_retry:
                continue
            sources = {
                number: source
                for number, piece in missing.items()
                if (source := piece.next_source(attempt, fits)) is not None
            }
            if sources:
                return sources, attempt.second
        return {}, False

    def restart(self) -> dict[int, str]:
        """Forget all outputs; what the model read for the best of them, by piece."""
        self._attempts = iter(())
        return {number: piece.restart() for number, piece in self._pieces.items()}

    def output(self, number: int, decoded: Decoded) -> Decoded:
        """The best output for a piece; the one given where it has no terms."""
        piece = self._pieces.get(number)
        return decoded if piece is None or piece.best is None else piece.best.decoded

    def matches(self) -> tuple[GlossaryMatch, ...]:
        """The terms in order, and how each came to be rendered. Spans count in the sentence."""
        ways = dict(self._ways())
        return tuple(
            GlossaryMatch(match.span, match.source_text, match.target_term, ways.get(mark))
            for mark, match in self._marked.matches.items()
        )

    def _ways(self) -> Iterator[tuple[str, TermWay]]:
        in_pieces: set[str] = set()
        for piece in self._pieces.values():
            in_pieces.update(piece.terms)
            if piece.best is not None:
                yield from piece.best.ways.items()
        for mark in self._marked.matches:
            if mark not in in_pieces:
                yield mark, TermWay.COPIED


def _rank(settled: _Settled) -> tuple[bool, int]:
    return settled.usable, len(settled.ways)
