"""Offsets between code points and UTF-16 units."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mujaz.client import Utf16Offsets

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=50)


@given(texts)
def test_every_offset_is_where_the_encoded_text_says(text: str) -> None:
    offsets = Utf16Offsets(text)
    for offset in range(len(text) + 1):
        unit_offset = len(text[:offset].encode("utf-16-le")) // 2
        assert offsets.to_utf16(offset) == unit_offset
        assert offsets.from_utf16(unit_offset) == offset


def test_the_middle_of_a_surrogate_pair_is_refused() -> None:
    offsets = Utf16Offsets("خبر 🗞 عاجل")
    assert offsets.from_utf16(4) == 4
    assert offsets.from_utf16(6) == 5
    with pytest.raises(ValueError, match="UTF-16 offset 5 is not at a character"):
        offsets.from_utf16(5)


@given(texts)
def test_offsets_outside_the_text_are_refused(text: str) -> None:
    offsets = Utf16Offsets(text)
    for offset in (-1, len(text) + 1):
        with pytest.raises(ValueError, match="is not in a text of"):
            offsets.to_utf16(offset)
    for unit_offset in (-1, len(text.encode("utf-16-le")) // 2 + 1):
        with pytest.raises(ValueError, match="is not at a character"):
            offsets.from_utf16(unit_offset)
