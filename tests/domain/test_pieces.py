"""The model gets the Arabic, the rest is copied, and the sentence comes together again."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mujaz.domain.passthrough import passthrough_spans
from mujaz.domain.pieces import Piece, join_pieces, plan_pieces
from mujaz.domain.spans import Span, gaps

COPIED = ["https://x.org/a", "a@b.co", "@user", "#Syria", "<p>", "&nbsp;", "😂", "2017", "٢٠١٧"]
WORDS = ["قال", "و", "الرئيس", "#الرقة", "Apple", " ", " ", " ", "، ", ".", "(", ")", '"', "\n"]
FRAGMENTS = st.sampled_from([*COPIED, *WORDS, "\x00"])
TEXT = st.one_of(st.lists(FRAGMENTS, max_size=14).map("".join), st.text(max_size=60))


def words(text: str) -> int:
    return len(text.split())


def plan(text: str, limit: int = 100) -> tuple[Piece, ...]:
    return plan_pieces(text, count_tokens=words, token_limit=limit)


def to_model(text: str, limit: int = 100) -> list[str]:
    return [piece.span.of(text) for piece in plan(text, limit) if not piece.copied]


def translated(text: str, limit: int = 100) -> str:
    """The sentence with each translated piece put in square brackets."""
    return join_pieces(text, plan(text, limit), [f"[{part}]" for part in to_model(text, limit)])


@settings(deadline=None)
@given(TEXT, st.integers(1, 5))
def test_pieces_cover_all_but_white_space_in_order(text: str, limit: int) -> None:
    spans = [piece.span for piece in plan(text, limit)]
    assert all(len(span) for span in spans)
    assert all(not gap.of(text).strip() for gap in gaps(spans, len(text)))


@settings(deadline=None)
@given(TEXT)
def test_passthrough_never_reaches_the_model(text: str) -> None:
    copied = {piece.span for piece in plan(text) if piece.copied}
    assert copied.issuperset(passthrough_spans(text))


@settings(deadline=None)
@given(TEXT)
def test_what_the_model_gets_has_a_letter_in_it(text: str) -> None:
    assert all(any(character.isalpha() for character in part) for part in to_model(text))


@settings(deadline=None)
@given(TEXT, st.integers(1, 5))
def test_the_joined_sentence_holds_every_output_and_every_copied_span(
    text: str, limit: int
) -> None:
    pieces = plan(text, limit)
    outputs = [f"T{index}" for index, piece in enumerate(pieces) if not piece.copied]
    joined = join_pieces(text, pieces, outputs)
    position = 0
    for expected in outputs:
        position = joined.index(expected, position) + len(expected)
    assert all(span.of(text) in joined for span in passthrough_spans(text))


@given(st.text(alphabet="ابتث ،.", min_size=1, max_size=40), st.text(min_size=1, max_size=20))
def test_a_plain_sentence_is_one_piece_and_its_output_is_the_sentence(
    text: str, output: str
) -> None:
    if any(character.isalpha() for character in text):
        assert plan(text) == (Piece(Span(*_edges(text)), copied=False),)
        assert join_pieces(text, plan(text), [output]) == output


def _edges(text: str) -> tuple[int, int]:
    start = len(text) - len(text.lstrip())
    return start, start + len(text.strip())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("انظر (https://x.com/a). ثم عد", "[انظر] (https://x.com/a). [ثم عد]"),
        ("https://x.com، https://y.com", "https://x.com, https://y.com"),
        ("رأي @user: جيد", "[رأي] @user: [جيد]"),
        ("الموقعhttp://x.com", "[الموقع]http://x.com"),
        ("قال <b>نعم</b>، ثم مضى", "[قال] <b>[نعم]</b>, [ثم مضى]"),
        ("😂😂 جميل جدا ❤️!", "😂😂 [جميل جدا] ❤️!"),
        ('"http://x.com" قال', '"http://x.com" [قال]'),
        ("أعلن #ترامب و@user أمس", "[أعلن #ترامب و]@user [أمس]"),
        ("سطر\nhttp://x.com\nسطر", "[سطر]\nhttp://x.com\n[سطر]"),
        ("", ""),
    ],
)
def test_a_sentence_comes_together_as_it_was_laid_out(text: str, expected: str) -> None:
    assert translated(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Apple iPhone 15", "Apple iPhone 15"),
        ("٢٠١٧/١٠/١٥ - ٩:٥٦؟", "2017/10/15 - 9:56?"),
        ("۳٫۵٪", "3.5%"),
        ("😂😂", "😂😂"),
        ("...", "..."),
        ("Привет، ٥", "Привет، ٥"),
    ],
)
def test_a_sentence_without_arabic_letters_is_copied(text: str, expected: str) -> None:
    assert plan(text) == (Piece(Span(0, len(text)), copied=True),)
    assert translated(text) == expected


def test_parts_of_a_long_sentence_are_joined_by_the_white_space_of_the_source() -> None:
    text = "قال الرئيس أمس في دمشق،\nإن الحكومة ستجتمع غدا"
    assert translated(text, 6) == "[قال الرئيس أمس في دمشق،]\n[إن الحكومة ستجتمع غدا]"


def test_parts_without_white_space_between_them_are_kept_apart() -> None:
    text = "اب"
    pieces = (Piece(Span(0, 1), copied=False), Piece(Span(1, 2), copied=False))
    assert join_pieces(text, pieces, ["one", "two"]) == "one two"


def test_an_empty_output_leaves_no_double_space() -> None:
    text = "نعم http://x.com لا"
    assert join_pieces(text, plan(text), ["", "no"]) == "http://x.com no"


def test_the_limit_holds_around_what_is_copied() -> None:
    text = "واحد اثنان ثلاثة أربعة http://x.com خمسة ستة سبعة ثمانية"
    parts = to_model(text, 2)
    assert all(words(part) <= 2 for part in parts)
    assert " ".join(parts) == text.replace("http://x.com ", "")
