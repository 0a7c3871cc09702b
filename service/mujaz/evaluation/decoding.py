"""Has models translate lines and summarize articles, by the code that serves requests."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import Final

from mujaz.app.lines import TranslatedLine, translate_lines
from mujaz.app.story import Story, read_story
from mujaz.app.summarize import write_points
from mujaz.app.translate import DocumentTranslator, TranslationConfig
from mujaz.domain.checks import QualityFlag
from mujaz.domain.drafts import WrittenPoint
from mujaz.engine.admission import SchedulerLimits
from mujaz.engine.batch import Priority
from mujaz.engine.cache import SegmentCache
from mujaz.engine.language import LanguageDetector
from mujaz.engine.manifest import ModelTask
from mujaz.engine.model import LoadedModel
from mujaz.engine.registry import ModelRegistry
from mujaz.engine.scheduler import Scheduler, Ticket
from mujaz.engine.threads import available_core_count, thread_policy
from mujaz.evaluation.results import ModelFacts, Speed
from mujaz.evaluation.test_data import SummarizedArticle

# Articles in work at a time: enough for full batches.
ARTICLES_IN_WORK: Final = 16

Report = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class DecodingChoice:
    """How to decode: as the model's manifest says, or without a part of that.

    Without `split`, sentences go to the model whole, up to what its weights can represent.
    """

    beam_size: int | None = None
    split: bool = True
    retry: bool = True
    core_count: int = 0


@dataclass(frozen=True, slots=True)
class TranslatedLines:
    """The output for each line, the flags the service gave it, and how long all took."""

    lines: Sequence[str]
    flags: Sequence[tuple[QualityFlag, ...]]
    speed: Speed


@dataclass(frozen=True, slots=True)
class Summary:
    """What a model wrote of one article, and the part that rests on its beginning.

    A model reads a long article in parts; the first is as much as it takes at once.
    """

    story: Story
    points: tuple[WrittenPoint, ...]
    first_part: str


@dataclass(frozen=True, slots=True)
class Summaries:
    """The summary of each article, and how long all took."""

    summaries: Sequence[Summary]
    speed: Speed


class Decoder:
    """A loaded model and an engine to run it; made by `open_decoder`."""

    def __init__(self, model: LoadedModel, scheduler: Scheduler, choice: DecodingChoice) -> None:
        self._model = model
        self._scheduler = scheduler
        self._choice = choice
        self._core_count = choice.core_count or available_core_count()
        self._translator = DocumentTranslator(
            registry=ModelRegistry([model]),
            scheduler=scheduler,
            cache=SegmentCache(0),
            detector=LanguageDetector(),
            retry=choice.retry,
        )

    @property
    def task(self) -> ModelTask:
        """What the model does."""
        return self._model.manifest.task

    def facts(self, label: str) -> ModelFacts:
        """The model, called `label`, or by its version where that is empty."""
        manifest = self._model.manifest
        return ModelFacts(
            label=label or manifest.version,
            name=manifest.name,
            version=manifest.version,
            revision=self._model.revision_id,
            quantization=manifest.quantization.value,
            compute_type=self._model.compute_type,
            size_bytes=sum(digest.size_bytes for digest in manifest.files.values()),
            decoding=manifest.decoding,
            max_source_token_count=manifest.max_source_token_count,
            retry=self._choice.retry,
        )

    async def translate(self, lines: Sequence[str], report: Report) -> TranslatedLines:
        """Each line as a paragraph of one long text; an empty line gives an empty one."""
        manifest = self._model.manifest
        config = TranslationConfig(
            source_language=manifest.source_language, target_language=manifest.target_language
        )
        filled = [index for index, line in enumerate(lines) if line]
        translated = [TranslatedLine("", ())] * len(lines)
        began = perf_counter()
        with self._ticket() as ticket:
            results = translate_lines(
                self._translator, [lines[index] for index in filled], config, ticket=ticket
            )
            async with aclosing(results):
                remaining = iter(filled)
                async for result in results:
                    if isinstance(result, TranslatedLine):
                        index = next(remaining)
                        translated[index] = result
                        report(f"{index + 1}/{len(lines)} lines")
        speed = self._speed(perf_counter() - began, lines)
        return TranslatedLines(
            [line.text for line in translated], [line.quality_flags for line in translated], speed
        )

    async def summarize(self, articles: Sequence[SummarizedArticle], report: Report) -> Summaries:
        """The candidate points that the model writes of each article."""
        room = asyncio.Semaphore(ARTICLES_IN_WORK)
        done_count = 0

        async def summarize_one(article: SummarizedArticle) -> Summary:
            nonlocal done_count
            async with room:
                summary = await self._summarize(article, ticket)
            done_count += 1
            report(f"{done_count}/{len(articles)} articles")
            return summary

        began = perf_counter()
        with self._ticket() as ticket:
            try:
                async with asyncio.TaskGroup() as group:
                    tasks = [group.create_task(summarize_one(article)) for article in articles]
            except ExceptionGroup as errors:
                raise errors.exceptions[0] from None
        speed = self._speed(perf_counter() - began, [article.text for article in articles])
        return Summaries([task.result() for task in tasks], speed)

    async def _summarize(self, article: SummarizedArticle, ticket: Ticket) -> Summary:
        story = await asyncio.to_thread(read_story, article.text, article.title)
        written = await write_points(self._model, ticket, story.texts)
        points = written.points
        first = [point.text for point in points if point.positions == points[0].positions]
        return Summary(story, points, " ".join(first))

    def _ticket(self) -> Ticket:
        return self._scheduler.open(token_count=0, priority=Priority.INTERACTIVE)

    def _speed(self, seconds: float, texts: Sequence[str]) -> Speed:
        word_count = sum(len(text.split()) for text in texts)
        return Speed(
            seconds=round(seconds, 2),
            source_words_per_second=round(word_count / seconds, 1),
            worker_count=thread_policy(self._core_count).worker_count,
            batch_token_budget=SchedulerLimits().batch_token_budget,
        )


@asynccontextmanager
async def open_decoder(directory: Path, choice: DecodingChoice) -> AsyncIterator[Decoder]:
    """The model of a directory with an engine of its own, for as long as the block runs.

    Raises ModelDamaged.
    """
    threads = thread_policy(choice.core_count or available_core_count())
    model = await asyncio.to_thread(LoadedModel.load, directory, threads)
    _configure(model, choice)
    scheduler = Scheduler(worker_count=threads.worker_count)
    scheduler.start()
    try:
        yield Decoder(model, scheduler, choice)
    finally:
        await scheduler.stop()
        model.unload()


def _configure(model: LoadedModel, choice: DecodingChoice) -> None:
    """Puts the choice in place of what the manifest says."""
    manifest = model.manifest
    if choice.beam_size is not None:
        decoding = replace(manifest.decoding, beam_size=choice.beam_size)
        manifest = replace(manifest, decoding=decoding)
    if not choice.split:
        # One less than the positions: CTranslate2 may add the end token itself.
        manifest = replace(manifest, max_source_token_count=manifest.max_position_count - 1)
    model.manifest = manifest
