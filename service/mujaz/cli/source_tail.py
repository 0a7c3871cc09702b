"""The part of a text that was sent and whose translation has not come back."""

from __future__ import annotations

from mujaz.client import TranslatedSentence


class SourceTail:
    """Keeps sent text until the sentences in it arrive, so that a text of any length fits."""

    def __init__(self) -> None:
        self._text = ""
        self._start = 0
        self._source_end = 0
        self._translated_end = 0

    def extend(self, piece: str) -> None:
        """Adds text that was sent."""
        self._text += piece

    def joint_before(self, sentence: TranslatedSentence) -> str:
        """What joins the next sentence to the one before in the translation; forgets its source.

        That is what stood before it in the source, or the space that keeps sentences apart which
        touched there.
        """
        source, translated = sentence.source_span, sentence.translated_span
        gap = self._text[self._source_end - self._start : source.start_offset - self._start]
        joint = gap.ljust(translated.start_offset - self._translated_end)
        if source.end_offset - self._start > len(self._text) // 2:
            # Copying what is left at every sentence would take the square of a long text.
            self._text = self._text[source.end_offset - self._start :]
            self._start = source.end_offset
        self._source_end = source.end_offset
        self._translated_end = translated.end_offset
        return joint
