"""Writes the bilingual brief of an article."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import AbstractContextManager, ExitStack, aclosing, nullcontext
from dataclasses import dataclass, field, replace
from typing import Final

from mujaz.app.brief_request import Article, BriefConfig, BriefMethod, check_request
from mujaz.app.lines import TranslatedLine, translate_lines
from mujaz.app.mentions import MentionFinder
from mujaz.app.relay import Emit, relay
from mujaz.app.story import Story, read_story
from mujaz.app.summarize import write_points
from mujaz.app.translate import (
    CHARACTERS_PER_TOKEN,
    DETECTION_CHARACTERS,
    DocumentTranslator,
    TranslationFinished,
    TranslationStats,
)
from mujaz.app.usage import Usage
from mujaz.domain.assemble import TranslatedSentence
from mujaz.domain.bilingual_text import BilingualText
from mujaz.domain.checks import QualityFlag
from mujaz.domain.clauses import headline
from mujaz.domain.drafts import (
    PointDraft,
    WrittenPoint,
    compose_points,
    headline_draft,
    wants_written,
)
from mujaz.domain.glossary_rendering import GlossaryMatch
from mujaz.domain.language import UNDETERMINED
from mujaz.domain.mentions import Mention
from mujaz.domain.points import point_limit
from mujaz.domain.spans import Span
from mujaz.engine.language import LanguageDetector
from mujaz.engine.manifest import ModelTask
from mujaz.engine.registry import Lease, ModelRegistry
from mujaz.engine.scheduler import Scheduler, Ticket
from mujaz.errors import (
    EngineFailed,
    LanguageUnsupported,
    ModelNotFound,
)

# Events a slow reader may leave unread before the work waits for it.
EVENTS_AHEAD: Final = 16


@dataclass(frozen=True, slots=True)
class BriefHeadline:
    """The headline and the body spans it rests on (none where it is the given title)."""

    text: BilingualText
    evidence_spans: tuple[Span, ...] = ()
    quality_flags: tuple[QualityFlag, ...] = ()
    glossary_matches: tuple[GlossaryMatch, ...] = ()


@dataclass(frozen=True, slots=True)
class BriefPoint:
    """One point and what in the article backs it; `method` is EXTRACTIVE or ABSTRACTIVE.

    The spans of `glossary_matches` count in its source text, as in the headline.
    """

    text: BilingualText
    evidence_spans: tuple[Span, ...]
    evidence_sentence_indices: tuple[int, ...]
    method: BriefMethod
    quality_flags: tuple[QualityFlag, ...] = ()
    glossary_matches: tuple[GlossaryMatch, ...] = ()


@dataclass(frozen=True, slots=True)
class BriefFinished:
    """The last event of a stream. `publication_date` is `YYYY-MM-DD` or empty."""

    stats: TranslationStats
    publication_date: str
    residue_spans: tuple[Span, ...]
    mentions: tuple[Mention, ...] = ()


BriefEvent = BriefHeadline | BriefPoint | TranslatedSentence | BriefFinished


@dataclass(frozen=True, slots=True)
class Brief:
    """A whole brief; `sentences` only with `include_translation`."""

    headline: BriefHeadline
    points: tuple[BriefPoint, ...]
    sentences: tuple[TranslatedSentence, ...]
    finished: BriefFinished


class BriefWriter:
    """The use case behind BriefService. `deadline` is a `time.monotonic` instant or None.

    `caller` is a name, as there. An article is admitted before any work on it.

    Raises as DocumentTranslator does; an article that holds page residue only is ContentEmpty.
    """

    def __init__(
        self,
        *,
        registry: ModelRegistry,
        scheduler: Scheduler,
        translator: DocumentTranslator,
        detector: LanguageDetector,
        mentions: MentionFinder | None = None,
    ) -> None:
        self._registry = registry
        self._scheduler = scheduler
        self._translator = translator
        self._detector = detector
        self._mentions = mentions or MentionFinder()

    async def write(
        self,
        article: Article,
        config: BriefConfig,
        *,
        deadline: float | None = None,
        caller: str = "",
    ) -> Brief:
        """The whole brief, all or nothing."""
        points: list[BriefPoint] = []
        sentences: list[TranslatedSentence] = []
        headlines: list[BriefHeadline] = []
        finished: list[BriefFinished] = []
        stream = self.stream(article, config, deadline=deadline, caller=caller)
        async with aclosing(stream) as events:
            async for event in events:
                match event:
                    case BriefHeadline():
                        headlines.append(event)
                    case BriefPoint():
                        points.append(event)
                    case TranslatedSentence():
                        sentences.append(event)
                    case BriefFinished():
                        finished.append(event)
        return Brief(headlines[0], tuple(points), tuple(sentences), finished[0])

    async def stream(
        self,
        article: Article,
        config: BriefConfig,
        *,
        deadline: float | None = None,
        caller: str = "",
    ) -> AsyncGenerator[BriefEvent, None]:
        """The headline, then each point once final, most important first, and between them the
        sentences where asked for; then BriefFinished."""
        check_request(article, config)
        with ExitStack() as admissions:
            # Beside the brief, the whole translation is a request of its own.
            tickets = [
                admissions.enter_context(self._admit(article, config, deadline, caller=caller))
                for _ in range(1 + config.include_translation)
            ]
            async with aclosing(self._stream(article, config, tickets)) as events:
                async for event in events:
                    yield event

    async def _stream(
        self, article: Article, config: BriefConfig, tickets: Sequence[Ticket]
    ) -> AsyncGenerator[BriefEvent, None]:
        story = await asyncio.to_thread(read_story, article.body, article.title)
        source_language = config.translation.source_language or await self._language(article)
        translation = replace(config.translation, source_language=source_language)
        job = _Job(article, story, replace(config, translation=translation), tickets)

        async def produce(emit: Emit[BriefEvent]) -> None:
            await self._produce(job, emit)

        async with aclosing(relay(produce, ahead=EVENTS_AHEAD)) as events:
            async for event in events:
                yield event

    async def _language(self, article: Article) -> str:
        """The language the article is in; empty where nothing tells."""
        sample = article.body[:DETECTION_CHARACTERS]
        guess = (await asyncio.to_thread(self._detector.detect, sample))[0]
        return "" if guess.code == UNDETERMINED else guess.code

    async def _produce(self, job: _Job, emit: Emit[BriefEvent]) -> None:
        """Everything of one brief, in the order of the contract."""
        with self._summarizer(job.config) as summarizer:
            try:
                async with asyncio.TaskGroup() as group:
                    drafting = group.create_task(_draft(job, summarizer))
                    group.create_task(self._write(job, drafting, emit))
                    if job.config.include_translation:
                        group.create_task(self._translate_body(job, emit))
            except ExceptionGroup as errors:
                raise errors.exceptions[0] from None
        await emit(
            BriefFinished(
                stats=job.usage.stats(len(job.article.title) + len(job.article.body)),
                publication_date=job.story.structure.publication_date,
                residue_spans=job.story.structure.residue_spans,
                mentions=await self._mentions.find(job.article.body, job.config.translation),
            )
        )

    async def _write(
        self,
        job: _Job,
        drafting: asyncio.Task[list[PointDraft]],
        emit: Emit[BriefEvent],
    ) -> None:
        """The headline as soon as there is one, then the points."""
        story = job.story
        title = _title(job) if story.title else _new_title(await drafting, story)
        async with aclosing(self._translate([title.text], job)) as lines:
            async for line in lines:
                text = BilingualText(title.text, line.text)
                flags = (*title.quality_flags, *line.quality_flags)
                await emit(BriefHeadline(text, title.spans, flags, line.glossary_matches))
        job.headline_sent.set()
        drafts = await drafting
        remaining = iter(drafts)
        texts = [draft.text for draft in drafts]
        async with aclosing(self._translate(texts, job)) as lines:
            async for line in lines:
                await emit(_point(next(remaining), line, story))

    async def _translate(
        self, lines: Sequence[str], job: _Job
    ) -> AsyncGenerator[TranslatedLine, None]:
        results = translate_lines(
            self._translator, lines, job.config.translation, ticket=job.tickets[0]
        )
        async with aclosing(results):
            async for result in results:
                if isinstance(result, TranslatedLine):
                    yield result
                else:
                    job.usage.add(result)

    async def _translate_body(self, job: _Job, emit: Emit[BriefEvent]) -> None:
        """The full translation, held back until the headline is out."""
        events = self._translator.stream(
            job.article.body, job.config.translation, ticket=job.tickets[1]
        )
        async with aclosing(events):
            async for event, _ in events:
                match event:
                    case TranslatedSentence():
                        await job.headline_sent.wait()
                        await emit(event)
                    case TranslationFinished(stats):
                        job.usage.add(stats)

    def _summarizer(self, config: BriefConfig) -> AbstractContextManager[Lease | None]:
        """The model that writes in the language of the article; None for source sentences only."""
        if config.method is BriefMethod.EXTRACTIVE:
            return nullcontext()
        language = config.translation.source_language
        try:
            return self._registry.lease(
                ModelTask.SUMMARIZATION,
                name=config.summarization_model,
                source_language=language,
                target_language=language,
            )
        except (ModelNotFound, LanguageUnsupported):
            # A model that was asked for must be there; AUTO does without one otherwise.
            if config.summarization_model or config.method is BriefMethod.ABSTRACTIVE:
                raise
            return nullcontext()

    def _admit(
        self, article: Article, config: BriefConfig, deadline: float | None, *, caller: str
    ) -> Ticket:
        return self._scheduler.open(
            token_count=len(article.body) // CHARACTERS_PER_TOKEN,
            priority=config.translation.priority,
            deadline=deadline,
            caller=caller,
        )


@dataclass(frozen=True, slots=True)
class _Job:
    """One brief on its way; the first of the tickets is its own, the second its translation's."""

    article: Article
    story: Story
    config: BriefConfig
    tickets: Sequence[Ticket]
    usage: Usage = field(default_factory=Usage)
    headline_sent: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(frozen=True, slots=True)
class _Title:
    text: str
    spans: tuple[Span, ...]
    quality_flags: tuple[QualityFlag, ...] = ()


def _title(job: _Job) -> _Title:
    """The article's own title, which rests on nothing where it was given."""
    span = job.story.structure.title_span
    return _Title(job.story.title, () if span is None else (span,))


def _new_title(drafts: Sequence[PointDraft], story: Story) -> _Title:
    """A headline from what the model wrote, if it can be trusted, else from the first point."""
    draft = headline_draft(drafts)
    return _Title(headline(draft.text), story.spans(draft.evidence), draft.quality_flags)


async def _draft(job: _Job, summarizer: Lease | None) -> list[PointDraft]:
    """The points in the language of the article, most important first; at least one."""
    story = job.story
    limit = point_limit(len(story.texts), job.config.point_count)
    only_written = job.config.method is BriefMethod.ABSTRACTIVE
    written: tuple[WrittenPoint, ...] = ()
    if summarizer is not None and (
        only_written or await asyncio.to_thread(wants_written, story.texts, story.scores, limit)
    ):
        summary = await write_points(summarizer.model, job.tickets[0], story.texts)
        job.usage.add(summary)
        written = summary.points
    drafts = await asyncio.to_thread(
        compose_points,
        written,
        story.texts,
        story.scores,
        limit,
        only_written=only_written,
    )
    if not drafts:
        raise EngineFailed(
            "The summarization model wrote nothing for this article; use another method."
        )
    return drafts


def _point(draft: PointDraft, line: TranslatedLine, story: Story) -> BriefPoint:
    return BriefPoint(
        text=BilingualText(draft.text, line.text),
        evidence_spans=story.spans(draft.evidence),
        evidence_sentence_indices=story.indices(draft.evidence),
        method=BriefMethod.EXTRACTIVE if draft.extractive else BriefMethod.ABSTRACTIVE,
        quality_flags=tuple(dict.fromkeys((*draft.quality_flags, *line.quality_flags))),
        glossary_matches=line.glossary_matches,
    )
