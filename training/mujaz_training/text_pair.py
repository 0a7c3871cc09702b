"""One training example as text."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TextPair:
    """A source and the target the model learns to write for it, both normalized."""

    source: str
    target: str
