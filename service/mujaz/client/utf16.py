"""Offsets in code points, as the contract counts, and in UTF-16 units, as other languages do."""

from __future__ import annotations

from bisect import bisect_left


class Utf16Offsets:
    """Converts offsets into one text between code points and UTF-16 units.

    JavaScript, Java and C# index strings by UTF-16 units, where a character beyond U+FFFF counts
    twice. Offsets of spans in answers are code points (AIP-210).
    """

    def __init__(self, text: str) -> None:
        self._length = len(text)
        self._wide = [position for position, character in enumerate(text) if character > "\uffff"]
        self._wide_units = [position + before for before, position in enumerate(self._wide)]

    def to_utf16(self, offset: int) -> int:
        """The UTF-16 offset of a code point offset. Raises ValueError outside the text."""
        if not 0 <= offset <= self._length:
            raise ValueError(f"offset {offset} is not in a text of {self._length} code points")
        return offset + bisect_left(self._wide, offset)

    def from_utf16(self, unit_offset: int) -> int:
        """The code point offset of a UTF-16 offset.

        Raises ValueError outside the text and in the middle of a surrogate pair.
        """
        before = bisect_left(self._wide_units, unit_offset)
        offset = unit_offset - before
        inside_pair = before > 0 and self._wide_units[before - 1] == unit_offset - 1
        if inside_pair or not 0 <= offset <= self._length:
            raise ValueError(f"UTF-16 offset {unit_offset} is not at a character of this text")
        return offset
