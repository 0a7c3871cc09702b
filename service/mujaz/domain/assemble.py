"""Translated sentences, and the document they join to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from mujaz.domain.checks import QualityFlag
from mujaz.domain.glossary_rendering import GlossaryMatch
from mujaz.domain.spans import Span


class FinishReason(StrEnum):
    """Why decoding of a sentence stopped; named as in the contract."""

    STOP = "stop"
    LENGTH = "length"
    COPIED = "copied"


@dataclass(frozen=True, slots=True)
class TranslatedSentence:
    """One source sentence and its translation.

    `source_span` counts in the text as sent, `translated_span` in the joined translation. `score`
    is the average log probability per target token; 0 for a copied sentence.
    """

    index: int
    paragraph_index: int
    source_span: Span
    source_text: str
    translated_text: str
    translated_span: Span
    score: float
    finish_reason: FinishReason
    quality_flags: tuple[QualityFlag, ...] = ()
    glossary_matches: tuple[GlossaryMatch, ...] = ()


class Assembler:
    """Joins translated sentences with the gaps of their source, and says where each one lies.

    Line breaks, and so paragraphs, stay as they are. A stream that goes on starts at the `offset`
    it had reached. The text is kept only on request: a stream of any length must not hold it.
    """

    def __init__(self, *, offset: int = 0, keep_text: bool = False) -> None:
        self._offset = offset
        self._parts: list[str] | None = [] if keep_text else None

    @property
    def offset(self) -> int:
        """Characters so far, the ones before the start included."""
        return self._offset

    @property
    def text(self) -> str:
        """The joined translation since the start; empty unless it is kept."""
        return "".join(self._parts or ())

    def add(self, gap: str, translated: str) -> Span:
        """Appends what stood before the sentence in the source, then its translation.

        Sentences that touched in the source are kept apart by a space. Returns where the
        translation lies in the whole text.
        """
        self._append(gap or (" " if self._offset else ""))
        start = self._offset
        self._append(translated)
        return Span(start, self._offset)

    def finish(self, gap: str) -> None:
        """Appends what stood after the last sentence."""
        self._append(gap)

    def _append(self, text: str) -> None:
        self._offset += len(text)
        if self._parts is not None:
            self._parts.append(text)
