"""Views of sentences: the two texts, what to check in them, and their glossary terms."""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Iterable, Iterator, Sequence

from mujaz.cli.page.terms import marked_pair, term_views
from mujaz.cli.page.texts import checks
from mujaz.cli.page.views import SentenceView
from mujaz.client import BilingualText, FinishReason, QualityFlag, TextSpan, TranslatedSentence


def sentence_view(
    sentence: TranslatedSentence, language: str, *, residue: str, points: tuple[int, ...]
) -> SentenceView:
    """The view of a sentence. `residue` says what it is on its page if it is not of the article,
    `points` which rest on it."""
    passed_through = (
        QualityFlag.QUALITY_FLAG_OTHER_LANGUAGE in sentence.quality_flags
        or sentence.finish_reason == FinishReason.FINISH_REASON_COPIED
    )
    return SentenceView(
        number=sentence.sentence_index + 1,
        start_offset=sentence.source_span.start_offset,
        end_offset=sentence.source_span.end_offset,
        text=marked_pair(
            BilingualText(
                source_text=sentence.source_text, translated_text=sentence.translated_text
            ),
            language,
            sentence.glossary_matches,
            start_offset=sentence.source_span.start_offset,
            passed_through=passed_through,
        ),
        residue=residue,
        checks=checks(sentence.quality_flags),
        remarks=tuple(_remarks(sentence)),
        terms=tuple(term_views(sentence.glossary_matches, language)),
        points=points,
    )


def numbers_in(
    spans: Iterable[TextSpan], sentences: Sequence[TranslatedSentence]
) -> tuple[int, ...]:
    """The numbers of the sentences that any of the spans touches; both are in source order."""
    numbers = set()
    for span in spans:
        first = bisect.bisect_right(sentences, span.start_offset, key=_end_offset)
        for sentence in itertools.islice(sentences, first, None):
            if sentence.source_span.start_offset >= span.end_offset:
                break
            numbers.add(sentence.sentence_index + 1)
    return tuple(sorted(numbers))


def _end_offset(sentence: TranslatedSentence) -> int:
    return sentence.source_span.end_offset


def _remarks(sentence: TranslatedSentence) -> Iterator[str]:
    """What is worth knowing and nothing to check."""
    if QualityFlag.QUALITY_FLAG_RETRIED in sentence.quality_flags:
        yield "second attempt, as the first failed a check"
    if sentence.finish_reason == FinishReason.FINISH_REASON_COPIED:
        yield "copied from the source"
