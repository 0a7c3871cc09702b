"""Sentences join to a document that keeps its paragraphs, and each knows where it lies."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mujaz.domain.assemble import Assembler

GAP = st.text(alphabet=" \n\t\u00a0\u2029", max_size=4)
DOCUMENT = st.lists(st.tuples(GAP, st.text(max_size=12)), max_size=12)


@given(DOCUMENT, GAP)
def test_each_span_holds_its_translation(document: list[tuple[str, str]], end: str) -> None:
    assembler = Assembler(keep_text=True)
    spans = [assembler.add(gap, translated) for gap, translated in document]
    assembler.finish(end)
    assert [span.of(assembler.text) for span in spans] == [text for _, text in document]
    assert assembler.offset == len(assembler.text)


@given(DOCUMENT, GAP)
def test_line_breaks_stay_as_they_are(document: list[tuple[str, str]], end: str) -> None:
    assembler = Assembler(keep_text=True)
    for gap, _ in document:
        assembler.add(gap, "x")
    assembler.finish(end)
    breaks = "".join(gap for gap, _ in document) + end
    assert assembler.text.count("\n") == breaks.count("\n")
    assert assembler.text.endswith(end)


@given(DOCUMENT, st.integers(0, 12))
def test_a_resumed_stream_goes_on_with_the_same_spans(
    document: list[tuple[str, str]], resumed_at: int
) -> None:
    whole = Assembler(keep_text=True)
    spans = [whole.add(gap, translated) for gap, translated in document]
    first = Assembler()
    for gap, translated in document[:resumed_at]:
        first.add(gap, translated)
    second = Assembler(offset=first.offset, keep_text=True)
    resumed = [second.add(gap, translated) for gap, translated in document[resumed_at:]]
    assert resumed == spans[resumed_at:]
    assert second.offset == whole.offset
    assert whole.text.endswith(second.text)


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ([("", "One."), ("", "Two.")], "One. Two."),
        ([("\n", "Title"), ("\n\n", "One."), (" ", "Two.")], "\nTitle\n\nOne. Two."),
        ([("", "One."), ("\u00a0\n", "Two.")], "One.\u00a0\nTwo."),
    ],
)
def test_gaps_are_kept_and_sentences_that_touched_are_not_glued(
    document: list[tuple[str, str]], expected: str
) -> None:
    assembler = Assembler(keep_text=True)
    for gap, translated in document:
        assembler.add(gap, translated)
    assert assembler.text == expected


def test_text_that_is_not_kept_is_empty() -> None:
    assembler = Assembler()
    assembler.add("", "One.")
    assert (assembler.text, assembler.offset) == ("", 4)
