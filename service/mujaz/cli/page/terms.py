"""Glossary terms of a text: where they stand in both languages, and how they were rendered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from mujaz.cli.page.pieces import TermSpan, term_spans
from mujaz.cli.page.texts import ENGLISH, UNKNOWN, text_view
from mujaz.cli.page.views import PairView, TermView
from mujaz.client import BilingualText, GlossaryMatch


def marked_pair(
    text: BilingualText,
    language: str,
    matches: Sequence[GlossaryMatch],
    *,
    start_offset: int = 0,
    passed_through: bool = False,
) -> PairView:
    """The view of a text whose source begins at `start_offset`, with its terms marked."""
    source_spans = [
        TermSpan(
            match.source_span.start_offset - start_offset,
            match.source_span.end_offset - start_offset,
            match.applied,
        )
        for match in matches
    ]
    target_spans = [
        span
        for term in {match.target_term for match in matches if match.applied}
        for span in term_spans(text.translated_text, term)
    ]
    return PairView(
        source=text_view(text.source_text, UNKNOWN if passed_through else language, source_spans),
        translation=text_view(
            text.translated_text, UNKNOWN if passed_through else ENGLISH, target_spans
        ),
    )


def term_views(matches: Iterable[GlossaryMatch], language: str) -> Iterator[TermView]:
    """Each term once, as it stands in the source."""
    seen = set()
    for match in matches:
        key = (match.source_text, match.target_term, match.applied)
        if key not in seen:
            seen.add(key)
            yield TermView(
                source=text_view(match.source_text, language),
                target=text_view(match.target_term, ENGLISH),
                applied=match.applied,
            )
