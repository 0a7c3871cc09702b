"""Translated sentences, and the document they join to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from mujaz.domain.checks import QualityFlag
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
