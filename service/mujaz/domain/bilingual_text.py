"""One text in two languages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BilingualText:
    """One text in the language of the article and in the target language."""

    source_text: str
    translated_text: str
