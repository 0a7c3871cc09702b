"""Views of a translation and of a brief, from the messages of the service."""

from __future__ import annotations

import datetime
import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from mujaz.cli.input_texts import STANDARD_INPUT
from mujaz.cli.page.pieces import plain
from mujaz.cli.page.sentences import numbers_in, sentence_view
from mujaz.cli.page.terms import marked_pair, term_views
from mujaz.cli.page.texts import UNKNOWN, checks, pair_view, source_language, text_view
from mujaz.cli.page.views import ArticleView, NameView, PointView, SentenceView
from mujaz.client import (
    BilingualText,
    BriefFinished,
    BriefMethod,
    BriefPoint,
    DetectedLanguage,
    Mention,
    MentionKind,
    TranslatedSentence,
    TranslationStats,
)
from mujaz.domain.dates import read_date_stamp

_METHODS: Final[Mapping[int, str]] = {
    BriefMethod.BRIEF_METHOD_EXTRACTIVE: "taken from the article",
    BriefMethod.BRIEF_METHOD_ABSTRACTIVE: "written by the model",
}
_KINDS: Final[Mapping[int, str]] = {
    MentionKind.MENTION_KIND_PERSON: "person",
    MentionKind.MENTION_KIND_PLACE: "place",
    MentionKind.MENTION_KIND_ORGANIZATION: "organization",
}


# A name that is all over an article would bury the others under its numbers.
_LINKS_PER_NAME: Final = 12


@dataclass(slots=True)
class ArticleParts:
    """What arrived of one input; a translation has no headline."""

    name: str
    language: DetectedLanguage | None = None
    sentences: list[TranslatedSentence] = field(default_factory=list)
    headline: BilingualText | None = None
    points: list[BriefPoint] = field(default_factory=list)
    brief: BriefFinished = field(default_factory=BriefFinished)
    stats: TranslationStats = field(default_factory=TranslationStats)


def article_view(parts: ArticleParts, licenses: Mapping[str, str]) -> ArticleView:
    """The view of one input; `licenses` are those of the models by resource name."""
    language = source_language(parts.language)
    headline = _headline(parts, language)
    points = tuple(
        _point(number, point, parts.sentences, language=language)
        for number, point in enumerate(parts.points, start=1)
    )
    label = "standard input" if parts.name == STANDARD_INPUT else parts.name
    title = parts.headline.translated_text if parts.headline else ""
    model = parts.stats.model_revision
    day = _day(parts.brief.publication_date)
    rests_on = (headline, *points) if headline else points
    return ArticleView(
        name=parts.name,
        label=text_view(label, UNKNOWN),
        title=plain(title or label),
        headline=headline,
        points=points,
        paragraphs=tuple(_paragraphs(parts, language, rests_on)),
        names=tuple(
            _name(mention, parts.sentences, language=language) for mention in parts.brief.mentions
        ),
        publication_date=day.isoformat() if day else "",
        publication_day=f"{day.day} {day:%B %Y}" if day else plain(parts.brief.publication_date),
        language=_language_in_words(parts.language),
        model_revision=plain(model),
        license=plain(licenses.get(model.partition("@")[0], "")),
    )


def _headline(parts: ArticleParts, language: str) -> PointView | None:
    if parts.headline is None:
        return None
    return PointView(
        number=0,
        text=marked_pair(parts.headline, language, parts.brief.headline_glossary_matches),
        evidence=numbers_in(parts.brief.headline_evidence_spans, parts.sentences),
        method="",
        checks=checks(parts.brief.headline_quality_flags),
        terms=tuple(term_views(parts.brief.headline_glossary_matches, language)),
    )


def _point(
    number: int, point: BriefPoint, sentences: Sequence[TranslatedSentence], *, language: str
) -> PointView:
    known = {sentence.sentence_index for sentence in sentences}
    return PointView(
        number=number,
        text=marked_pair(point.text, language, point.glossary_matches),
        evidence=tuple(index + 1 for index in point.evidence_sentence_indices if index in known),
        method=_METHODS.get(point.method, ""),
        checks=checks(point.quality_flags),
        terms=tuple(term_views(point.glossary_matches, language)),
    )


def _paragraphs(
    parts: ArticleParts, language: str, points: Iterable[PointView]
) -> Iterator[tuple[SentenceView, ...]]:
    backed = defaultdict(list)
    for point in points:
        for number in point.evidence:
            backed[number].append(point.number)
    date = parts.brief.publication_date
    residue = set(numbers_in(parts.brief.residue_spans, parts.sentences))
    groups = itertools.groupby(parts.sentences, key=lambda sentence: sentence.paragraph_index)
    for _, group in groups:
        yield tuple(
            sentence_view(
                sentence,
                language,
                residue=_residue(sentence.source_text, date) if number in residue else "",
                points=tuple(backed[number]),
            )
            for sentence in group
            for number in [sentence.sentence_index + 1]
        )


def _residue(text: str, publication_date: str) -> str:
    """What a line that is left out of the brief is: the one that gives the date, or another."""
    stamp = read_date_stamp(text)
    dates = stamp is not None and publication_date and stamp.publication_date == publication_date
    return "date line" if dates else "page residue"


def _name(mention: Mention, sentences: Sequence[TranslatedSentence], *, language: str) -> NameView:
    numbers = numbers_in(mention.source_spans, sentences)
    return NameView(
        text=pair_view(mention.name, language),
        kind=_KINDS.get(mention.kind, ""),
        sentences=numbers[:_LINKS_PER_NAME],
        more_count=len(numbers[_LINKS_PER_NAME:]),
    )


def _language_in_words(language: DetectedLanguage | None) -> str:
    """The code and how sure the detector is, for example `ar (98 %)`."""
    if language is None:
        return ""
    return f"{plain(language.language_code)} ({100 * language.confidence:.0f} %)"


def _day(date: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(date)
    except ValueError:
        return None
