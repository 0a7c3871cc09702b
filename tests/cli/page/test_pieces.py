"""Text from outside as a page may show it."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mujaz.cli.page.pieces import Piece, TermSpan, pieces, plain, term_spans

ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=40)
TERMS = st.lists(
    st.builds(TermSpan, st.integers(-5, 45), st.integers(-5, 45), st.booleans()), max_size=4
)


@given(ANY_TEXT, TERMS)
def test_pieces_give_the_text_back(text: str, terms: list[TermSpan]) -> None:
    assert "".join(piece.plain for piece in pieces(text, terms)) == text


@given(ANY_TEXT, TERMS)
def test_what_is_shown_is_utf8_without_controls(text: str, terms: list[TermSpan]) -> None:
    shown = "".join(piece.text for piece in pieces(text, terms)) + plain(text)
    shown.encode("utf-8")
    controls = {char for char in shown if unicodedata.category(char) in ("Cc", "Cs")}
    assert controls <= {"\t", "\n"}
    assert not controls & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def test_a_hidden_character_is_shown_by_its_code_and_name() -> None:
    assert pieces("a\u202eb\x00") == (
        Piece("a"),
        Piece("U+202E", name="right-to-left override"),
        Piece("b"),
        Piece("U+0000", name="control character"),
    )


@pytest.mark.parametrize(
    "text", ["می\u200cخواهم", "\u200fخبر\u200e", "👩\u200d👧", "سـلام", "a\tb"]
)
def test_what_good_text_needs_stays(text: str) -> None:
    assert pieces(text) == (Piece(text),)
    assert plain(text) == text


def test_terms_are_told_apart() -> None:
    assert pieces("من داعش في الرقة", [TermSpan(11, 16, False), TermSpan(3, 7, True)]) == (
        Piece("من "),
        Piece("داعش", applied=True),
        Piece(" في "),
        Piece("الرقة", applied=False),
    )


def test_of_terms_that_overlap_the_first_and_longest_counts() -> None:
    terms = [TermSpan(0, 2, True), TermSpan(0, 3, False), TermSpan(2, 4, True)]
    assert pieces("abcdef", terms) == (Piece("abc", applied=False), Piece("def"))


def test_a_rendering_is_found_as_whole_words_in_any_case() -> None:
    spans = list(term_spans("Raqqa, RAQQA and Raqqawi", "Raqqa"))
    assert [(span.start, span.end) for span in spans] == [(0, 5), (7, 12)]
    assert list(term_spans("a.b axb", "a.b")) == [TermSpan(0, 3, True)]
    assert list(term_spans("text", " ")) == []
