"""The part of a text that was sent and whose translation has not come back."""

from __future__ import annotations

from mujaz.client import TextSpan


class SourceTail:
    """Keeps sent text until the sentences in it arrive, so that a text of any length fits."""

    def __init__(self) -> None:
        self._text = ""
        self._start = 0

    def extend(self, piece: str) -> None:
        """Adds text that was sent."""
        self._text += piece

    def gap_before(self, span: TextSpan) -> str:
        """What lies between the sentence asked for last and the one at `span`; forgets both."""
        gap = self._text[: span.start_offset - self._start]
        self._text = self._text[span.end_offset - self._start :]
        self._start = span.end_offset
        return gap
