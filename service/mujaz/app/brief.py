"""Writes the bilingual brief of an article."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from enum import StrEnum

from mujaz.app.translate import TranslationConfig, TranslationStats
from mujaz.domain.assemble import TranslatedSentence
from mujaz.domain.checks import QualityFlag
from mujaz.domain.spans import Span


class BriefMethod(StrEnum):
    """How the points of a brief are written; named as in the contract."""

    AUTO = "auto"
    EXTRACTIVE = "extractive"
    ABSTRACTIVE = "abstractive"


@dataclass(frozen=True, slots=True)
class Article:
    """An article as its publisher wrote it; `title` may be empty."""

    body: str
    title: str = ""
    article_id: str = ""


@dataclass(frozen=True, slots=True)
class BriefConfig:
    """What the brief should be. `point_count` is from 1 to 10."""

    translation: TranslationConfig = field(default_factory=TranslationConfig)
    summarization_model: str = ""
    point_count: int = 3
    include_translation: bool = False
    method: BriefMethod = BriefMethod.AUTO


@dataclass(frozen=True, slots=True)
class BilingualText:
    """One text in the language of the article and in the target language."""

    source_text: str
    translated_text: str


@dataclass(frozen=True, slots=True)
class BriefHeadline:
    """The headline and the body spans it rests on (none where it is the given title)."""

    text: BilingualText
    evidence_spans: tuple[Span, ...] = ()
    quality_flags: tuple[QualityFlag, ...] = ()


@dataclass(frozen=True, slots=True)
class BriefPoint:
    """One point and what in the article backs it; `method` is EXTRACTIVE or ABSTRACTIVE."""

    text: BilingualText
    evidence_spans: tuple[Span, ...]
    evidence_sentence_indices: tuple[int, ...]
    method: BriefMethod
    quality_flags: tuple[QualityFlag, ...] = ()


@dataclass(frozen=True, slots=True)
class BriefFinished:
    """The last event of a stream. `publication_date` is `YYYY-MM-DD` or empty."""

    stats: TranslationStats
    publication_date: str
    residue_spans: tuple[Span, ...]


BriefEvent = BriefHeadline | BriefPoint | TranslatedSentence | BriefFinished


@dataclass(frozen=True, slots=True)
class Brief:
    """A whole brief; `sentences` only with `include_translation`."""

    headline: BriefHeadline
    points: tuple[BriefPoint, ...]
    sentences: tuple[TranslatedSentence, ...]
    finished: BriefFinished


class BriefWriter:
    """The use case behind BriefService; raises as DocumentTranslator does."""

    async def write(
        self, article: Article, config: BriefConfig, *, deadline: float | None = None
    ) -> Brief:
        """The whole brief, all or nothing."""
        raise NotImplementedError

    def stream(
        self, article: Article, config: BriefConfig, *, deadline: float | None = None
    ) -> AsyncIterator[BriefEvent]:
        """The headline, each point once final, sentences where asked for, then BriefFinished."""
        raise NotImplementedError
