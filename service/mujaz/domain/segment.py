"""Paragraphs and sentences of a text, with their spans."""

from __future__ import annotations

from dataclasses import dataclass

from mujaz.domain.spans import Span


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: where it lies in the text as sent, and in which paragraph (from 0)."""

    span: Span
    paragraph_index: int
