"""What joins translated sentences, found again from the source."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mujaz.cli.source_tail import SourceTail
from mujaz.client import TextSpan, TranslatedSentence
from mujaz.domain.assemble import Assembler

gaps = st.text(" \n\t", max_size=3)
sentences = st.lists(st.tuples(gaps, st.text("اب", min_size=1), st.text("ab", min_size=1)))


@given(sentences, st.lists(st.integers(0, 100)))
def test_joints_and_translations_make_the_text_that_the_service_joins(
    parts: list[tuple[str, str, str]], cuts: list[int]
) -> None:
    source = "".join(gap + text for gap, text, _ in parts)
    assembler, tail, written = Assembler(keep_text=True), SourceTail(), ""
    ends = [*sorted(min(cut, len(source)) for cut in cuts), len(source)]
    position = sent = 0
    for gap, text, translated in parts:
        start = position + len(gap)
        position = start + len(text)
        while sent < position:  # the service has seen a sentence only once it was sent
            end = ends.pop(0)
            tail.extend(source[sent:end])
            sent = end
        span = assembler.add(gap, translated)
        sentence = TranslatedSentence(
            source_span=TextSpan(start_offset=start, end_offset=position),
            translated_text=translated,
            translated_span=TextSpan(start_offset=span.start, end_offset=span.end),
        )
        written += tail.joint_before(sentence) + translated
    assert written == assembler.text
