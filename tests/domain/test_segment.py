"""Sentences of a text: nothing lost, the same in pieces, bounded, and right."""

from __future__ import annotations

import importlib.util
import re
import sys
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mujaz.domain import segment as module
from mujaz.domain.boundaries import LOOKAHEAD
from mujaz.domain.segment import (
    MAXIMUM_SENTENCE_LENGTH,
    IncrementalSegmenter,
    SegmentedSentence,
    segment,
    segment_text,
)
from mujaz.domain.spans import Span, gaps
from mujaz.errors import ContentTooLong

ROOT = Path(__file__).resolve().parents[2]
LINE_END = re.compile("[\n\r\v\f\x85\u2028\u2029]")

FRAGMENTS = [
    *"\n\r\v\f\x85\u2028\u2029 \t\xa0\u3000.!?؟۔…،؛:\"'«»“”()[]{}-–/@#%",
    *(
        "\r\n",
        "\n\n",
        "..",
        "...",
        "؟!",
        '".',
        "».",
        ". ",
        "؟ ",
        ".. ",
        "! ",
        '" ',
        ' "',
        ") ",
        " (",
    ),
    *("د. ", "أ.د. ", "ق.م. ", "هـ. ", "سي.إن.إن", "U.S. ", "Inc. ", "a", "Yahoo! ", "v2.0 "),
    *("3.5", "٣٫٥", "15.10.2017", "1. ", "المادة 5. ", "2016 م. ", "www.bbc.com", "a@b.org"),
    *(
        "قال",
        " ثم ",
        " وأضاف ",
        " في ",
        " مضيفا ",
        "كلمة ",
        "الكردية",
        " أم ",
        " يسأل ",
        " (وام) ",
        "[1]",
    ),
    *(
        "\u064b",
        "\u0651",
        "\u200d",
        "\u200f",
        "\ufe0f",
        "👨‍👩‍👧",
        "🇵🇸",
        "👍🏽",
        " 🎉",
        "🔴 ",
        "\ud83d",
        "\ude00",
    ),
    *("كلمة " * 70, "ك" * 650, "ك\u0651" * 350, " " * 320, "." * 310, "كلمة، " * 90, "د. " * 110),
]
texts = st.one_of(
    st.text(max_size=60),
    st.text(st.characters(exclude_categories=()), max_size=40),
    st.lists(st.sampled_from(FRAGMENTS), max_size=40).map("".join),
)


def spans(text: str) -> list[Span]:
    return [sentence.span for sentence in segment(text)]


def sentences(text: str) -> list[str]:
    return [span.of(text) for span in spans(text)]


def fed(pieces: list[str]) -> tuple[list[SegmentedSentence], str]:
    """All sentences of a text fed in pieces, and the white space at its end."""
    segmenter = IncrementalSegmenter()
    found = [sentence for piece in pieces for sentence in segmenter.feed(piece)]
    found += segmenter.finish()
    return found, segmenter.trailing_gap


@given(texts)
@example("")
@example(" \n ")
def test_only_white_space_lies_outside_sentences(text: str) -> None:
    found = spans(text)
    assert all(first.end <= second.start for first, second in pairwise(found))
    assert not any(gap.of(text).strip() for gap in gaps(found, len(text)))
    for span in found:
        assert 0 < len(span) <= MAXIMUM_SENTENCE_LENGTH
        assert span.of(text) == span.of(text).strip()


@given(texts)
def test_line_ends_end_sentences_and_lines_that_are_not_blank_are_paragraphs(text: str) -> None:
    found = segment(text)
    assert not any(LINE_END.search(sentence.span.of(text)) for sentence in found)
    lines = [
        match for match in re.finditer(f"[^{LINE_END.pattern[1:-1]}]+", text) if match[0].strip()
    ]
    for sentence in found:
        line = lines[sentence.paragraph_index]
        assert line.start() <= sentence.span.start < sentence.span.end <= line.end()
    assert [index for index, _ in enumerate(lines)] == sorted(
        {sentence.paragraph_index for sentence in found}
    )


@given(texts, st.data())
def test_pieces_cut_anywhere_give_the_sentences_of_the_whole(
    text: str, data: st.DataObject
) -> None:
    places = st.integers(min_value=0, max_value=len(text))
    cuts = sorted(data.draw(st.lists(places, max_size=12)))
    pieces = [text[start:end] for start, end in pairwise([0, *cuts, len(text)])]
    found, trailing_gap = fed(pieces)
    assert tuple(piece.sentence for piece in found) == segment(text)
    assert "".join(piece.gap_before + piece.text for piece in found) + trailing_gap == text


@given(texts)
def test_single_characters_give_the_sentences_of_the_whole(text: str) -> None:
    found, trailing_gap = fed(list(text))
    assert found == segment_text(text)
    assert "".join(piece.gap_before + piece.text for piece in found) + trailing_gap == text


@pytest.mark.parametrize(
    "piece", ["كلمة ", "ك", "د. ", ". ", "\u0651", '"', "(", "كلمة، ", ".. قال "]
)
@pytest.mark.parametrize("chunk_length", [1, 997, 64_000])
def test_held_text_is_bounded(piece: str, chunk_length: int) -> None:
    segmenter = IncrementalSegmenter()
    text = piece * (50_000 // len(piece) if chunk_length > 1 else 3_000)
    for start in range(0, len(text), chunk_length):
        segmenter.feed(text[start : start + chunk_length])
        assert segmenter.pending_length <= MAXIMUM_SENTENCE_LENGTH + LOOKAHEAD + 1


@pytest.mark.parametrize("text", ["كلمة ", "د. ", '"قال. ', "(قال.. ", "كلمة كلمة. وقال: نعم؟ "])
@pytest.mark.parametrize("chunk_length", [1, 1_000_000])
def test_work_grows_linearly_with_the_text(text: str, chunk_length: int) -> None:
    short, long = (
        calls(lambda repeat=repeat: fed(chunks(text * repeat, chunk_length)))
        for repeat in (500, 2_000)
    )
    assert long < 4.4 * short


def chunks(text: str, length: int) -> list[str]:
    return [text[start : start + length] for start in range(0, len(text), length)]


def calls(work: Callable[[], object]) -> int:
    """How many functions `work` calls."""
    count = 0

    def on_event(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    previous = sys.getprofile()
    sys.setprofile(on_event)
    try:
        work()
    finally:
        sys.setprofile(previous)
    return count


def test_the_longest_sentence_is_kept_whole() -> None:
    text = "ك" * MAXIMUM_SENTENCE_LENGTH
    assert sentences(text) == [text]
    assert sentences(text + "\nثم") == [text, "ثم"]


def test_an_overlong_run_is_cut_at_the_last_clause_mark() -> None:
    text = "كلمة، " + "كلمة " * 300 + "كلمة، " + "كلمة " * 300
    first, second = sentences(text)
    assert first.endswith("كلمة،")
    assert len(first) > MAXIMUM_SENTENCE_LENGTH // 2
    assert f"{first} {second}" == text.strip()


def test_an_overlong_run_without_marks_is_cut_at_white_space() -> None:
    found = sentences("كلمة " * 1_000)
    assert all(set(sentence.split()) == {"كلمة"} for sentence in found)
    assert len(found) == 3


@pytest.mark.parametrize(
    "character", ["ك\u0651\u064e", "👨‍👩‍👧‍👦", "👍🏽", "\ud83d\ude00", "❤️", "🇵🇸"]
)
def test_an_overlong_word_is_not_cut_inside_a_character(character: str) -> None:
    text = "a" + character * 1_500
    found = sentences(text)
    assert "".join(found) == text
    assert all(len(part.removeprefix("a")) % len(character) == 0 for part in found)


def test_too_much_white_space_in_a_row_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAXIMUM_GAP_LENGTH", 100)
    segmenter = IncrementalSegmenter()
    segmenter.feed("أول." + " " * 60)
    with pytest.raises(ContentTooLong) as raised:
        segmenter.feed("\n" * 60)
    assert raised.value.field == "content"


@pytest.mark.parametrize(
    "marked",
    [
        "قال د. سامي إن العمل بدأ.|وأضاف أنه مستمر.",
        "بلغ 3.5 في المئة.|وكان ٢٫٩ في المئة.",
        'قال: "نعم! سنذهب." ثم غادر.',
        'قوات "الأمن" المحلية" على مشارف البلدة.|وقال شهود إن القصف توقف.',
        "انظر www.bbc.com أو a.b@c.org.|ثم اتصل.",
        "المادة 12. لكل مواطن الحق في التعليم.|وتكفله الدولة.",
        "انتهى العمل في الموعد.وقال الوزير ذلك.".replace(".و", ".|و"),
        "أعلنت سي.إن.إن الخبر.|ونقلته العربية.نت عنها.",
        "فاز الفريق! 🎉|مبروك.",
        "عنوان.. في سطر قصير\n|نص الخبر.",
        "(حدث هذا عام 1950. ثم انتهى) ولم يتكرر.",
        "سكت قليلا... ثم أجاب.",
    ],
)
def test_sentences_end_where_a_translator_ends_them(marked: str) -> None:
    expected = [part.strip() for part in marked.split("|")]
    assert sentences(marked.replace("|", "" if ".|و" in marked else " ")) == expected


@pytest.fixture(scope="module")
def scoring() -> Iterator[Any]:
    """benchmarks/segmentation.py, loaded from its file."""
    name = "benchmarks_segmentation"
    specification = importlib.util.spec_from_file_location(
        name, ROOT / "benchmarks" / "segmentation.py"
    )
    assert specification is not None
    assert specification.loader is not None
    loaded: ModuleType = importlib.util.module_from_spec(specification)
    sys.modules[name] = loaded
    try:
        specification.loader.exec_module(loaded)
        yield loaded
    finally:
        del sys.modules[name]


def test_golden_sentences_are_found_better_than_by_others(scoring: Any) -> None:
    golden = scoring.golden_samples()
    ours = scoring.score(scoring.ours, golden).f1
    assert ours >= 0.99
    others = [name for name in scoring.SEGMENTERS if name != "ours"]
    assert all(scoring.score(scoring.SEGMENTERS[name], golden).f1 < ours for name in others)


def test_held_out_golden_sentences_are_found(scoring: Any) -> None:
    held_out = [sample for sample in scoring.golden_samples() if sample.is_held_out]
    assert len(held_out) >= 60
    assert scoring.score(scoring.ours, held_out).f1 >= 0.98


def test_golden_sentences_cover_their_texts(scoring: Any) -> None:
    for sample in scoring.golden_samples():
        ends = [0, *sorted(sample.ends), len(sample.text)]
        assert all(sample.text[start:end].strip() for start, end in pairwise(ends)), sample.name


def test_the_same_text_always_gets_the_same_sentences(scoring: Any) -> None:
    for sample in scoring.golden_samples():
        assert segment(sample.text) == segment(sample.text)
