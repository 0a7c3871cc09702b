"""Translates documents: each sentence as soon as it and all before it are done, in source order."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable
from contextlib import AbstractContextManager, aclosing, nullcontext
from dataclasses import dataclass, replace
from typing import Final

from mujaz.app.chunks import ChunkedText
from mujaz.app.glossaries import GlossaryStore
from mujaz.app.pipeline import Decodings, PipelineUsage, SentencePipeline
from mujaz.app.resume import (
    ResumePoint,
    claimed_length,
    decode_token,
    encode_token,
    work_digest,
)
from mujaz.domain.assemble import Assembler, TranslatedSentence
from mujaz.domain.glossary import Glossary, GlossaryEntry
from mujaz.domain.language import UNDETERMINED
from mujaz.domain.segment import SegmentedSentence, segment_text
from mujaz.engine.batch import Priority
from mujaz.engine.cache import SegmentCache
from mujaz.engine.language import LanguageDetector
from mujaz.engine.manifest import ModelTask
from mujaz.engine.model import LoadedModel
from mujaz.engine.registry import Lease, ModelRegistry
from mujaz.engine.scheduler import Scheduler, Ticket
from mujaz.errors import ContentEmpty

DEFAULT_TARGET_LANGUAGE: Final = "en"
# How much of a text decides its language, and how long a text is segmented in a thread.
DETECTION_CHARACTERS: Final = 5_000
LONG_TEXT_CHARACTERS: Final = 20_000
# Arabic news runs at about this many characters per token of a 16,000-piece vocabulary; used only
# to estimate a wait before the text is tokenized.
CHARACTERS_PER_TOKEN: Final = 3


@dataclass(frozen=True, slots=True)
class TranslationConfig:
    """How to translate; empty and None fields take the model's published defaults.

    `model` is `models/{model}`. Language codes are BCP-47; an empty source is detected, an empty
    target means English. Terms of `glossary_entries` go before those of `glossaries`, the names of
    glossaries the server holds, and those before the next.
    """

    model: str = ""
    source_language: str = ""
    target_language: str = ""
    beam_size: int | None = None
    priority: Priority = Priority.INTERACTIVE
    glossary_entries: tuple[GlossaryEntry, ...] = ()
    glossaries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TranslationStats:
    """How the work was done. `model_revision` is `models/{model}@{revision}`."""

    model_revision: str
    source_character_count: int
    source_token_count: int
    queue_seconds: float
    inference_seconds: float


@dataclass(frozen=True, slots=True)
class DetectedLanguage:
    """A BCP-47 code and a confidence from 0 to 1."""

    language_code: str
    confidence: float


@dataclass(frozen=True, slots=True)
class TranslationStarted:
    """The first event of a stream; `detected_language` only where the source was left empty."""

    sentence_count: int
    detected_language: DetectedLanguage | None


@dataclass(frozen=True, slots=True)
class TranslationFinished:
    """The last event of a stream; without it the translation is incomplete."""

    stats: TranslationStats


TranslationEvent = TranslationStarted | TranslatedSentence | TranslationFinished


@dataclass(frozen=True, slots=True)
class Translation:
    """A whole translated text."""

    translated_text: str
    sentences: tuple[TranslatedSentence, ...]
    detected_language: DetectedLanguage | None
    stats: TranslationStats


class DocumentTranslator:
    """The use case behind TranslationService. `deadline` is a `time.monotonic` instant or None,
    `caller` a name; callers share the engine equally. A request is admitted before any work on it.

    Raises InvalidRequest, ModelNotFound, GlossaryNotFound, LanguageUnsupported, ResumeTokenStale,
    Overloaded, Unavailable, DeadlineExceeded and EngineFailed. Closing an iterator or cancelling
    the task takes what still waits out of the queue.
    """

    def __init__(
        self,
        *,
        registry: ModelRegistry,
        scheduler: Scheduler,
        cache: SegmentCache,
        detector: LanguageDetector,
        glossaries: GlossaryStore | None = None,
        retry: bool = True,
        idle_seconds: float | None = None,
    ) -> None:
        self._registry = registry
        self._scheduler = scheduler
        self._cache = cache
        self._detector = detector
        self._glossaries = glossaries or GlossaryStore()
        self._retry = retry
        self._idle_seconds = idle_seconds

    async def translate(
        self,
        text: str,
        config: TranslationConfig,
        *,
        deadline: float | None = None,
        caller: str = "",
    ) -> Translation:
        """The whole translation, all or nothing."""
        assembler = Assembler(keep_text=True)
        with self._admit(config, len(text), deadline, caller=caller) as ticket:
            glossaries = self._glossaries.chosen(config.glossary_entries, config.glossaries)
            sentences = await _segment(text)
            detected, source = await self._source_language(text, config)
            with self._lease(config, source) as lease:
                pipeline = self._pipeline(
                    lease.model, ticket, config, assembler, glossaries=glossaries, first_alone=False
                )
                translated = [s async for s in _in_order(pipeline, sentences)]
        assembler.finish(text[sentences[-1].sentence.span.end :])
        stats = _stats(lease.model, len(text), pipeline.usage)
        return Translation(assembler.text, tuple(translated), detected, stats)

    async def stream(
        self,
        text: str,
        config: TranslationConfig,
        *,
        resume_token: str = "",
        deadline: float | None = None,
        caller: str = "",
        ticket: Ticket | None = None,
        charge_rest: Callable[[int], None] | None = None,
    ) -> AsyncGenerator[tuple[TranslationEvent, str], None]:
        """Each event with the token that resumes just after it.

        The stats of a resumed stream count only what it did itself. With `ticket` the work belongs
        to a request that was admitted before, and is not admitted again. `charge_rest` is called
        where a stream resumes, with the characters that are left, and may refuse it.
        """
        length = max(0, len(text) - claimed_length(resume_token))
        admission: AbstractContextManager[Ticket] = (
            self._admit(config, length, deadline, caller=caller)
            if ticket is None
            else nullcontext(ticket)
        )
        with admission as admitted:
            events = self._stream(text, config, resume_token, admitted, charge_rest)
            async with aclosing(events):
                async for event in events:
                    yield event

    async def _stream(
        self,
        text: str,
        config: TranslationConfig,
        resume_token: str,
        ticket: Ticket,
        charge_rest: Callable[[int], None] | None,
    ) -> AsyncGenerator[tuple[TranslationEvent, str], None]:
        glossaries = self._glossaries.chosen(config.glossary_entries, config.glossaries)
        sentences = await _segment(text)
        detected, source = await self._source_language(text, config)
        with self._lease(config, source) as lease:
            digest = work_digest(text, _fingerprint(config, glossaries), lease.model.revision)
            count = len(sentences)
            point = decode_token(resume_token, digest, event_count=count + 2)
            if point.next_event > count + 1:
                return
            done = max(0, point.next_event - 1)
            if resume_token and charge_rest is not None:
                charge_rest(len(text) - sentences[done].sentence.span.start if done < count else 0)
            assembler = Assembler(offset=point.translated_length)
            if point.next_event == 0:
                yield TranslationStarted(count, detected), encode_token(ResumePoint(1), digest)
            pipeline = self._pipeline(
                lease.model, ticket, config, assembler, glossaries=glossaries, first_index=done
            )
            async for sentence in _in_order(pipeline, sentences[done:]):
                after = ResumePoint(sentence.index + 2, sentence.translated_span.end)
                yield sentence, encode_token(after, digest)
            stats = _stats(lease.model, len(text), pipeline.usage)
            after = ResumePoint(count + 2, assembler.offset)
            yield TranslationFinished(stats), encode_token(after, digest)

    async def stream_chunks(
        self,
        chunks: AsyncIterator[str],
        config: TranslationConfig,
        *,
        deadline: float | None = None,
        caller: str = "",
    ) -> AsyncGenerator[TranslatedSentence | TranslationFinished, None]:
        """Sentences of a text that arrives in pieces cut anywhere; reads on only as it sends."""
        with ChunkedText(chunks, idle_seconds=self._idle_seconds) as source_text:
            await source_text.arrival(deadline)
            with self._admit(config, 0, deadline, caller=caller) as ticket:
                glossaries = self._glossaries.chosen(config.glossary_entries, config.glossaries)
                await source_text.head(deadline)
                source = config.source_language
                if not source:
                    sample = await source_text.sample(DETECTION_CHARACTERS, deadline)
                    _, source = await self._source_language(sample, config)
                with self._lease(config, source) as lease:
                    pipeline = self._pipeline(
                        lease.model, ticket, config, Assembler(), glossaries=glossaries
                    )
                    async for sentence in _as_they_arrive(pipeline, source_text, deadline):
                        yield sentence
                    stats = _stats(lease.model, source_text.character_count, pipeline.usage)
                    yield TranslationFinished(stats)

    async def _source_language(
        self, text: str, config: TranslationConfig
    ) -> tuple[DetectedLanguage | None, str]:
        """What was detected, where the request leaves it open, and the language to serve.

        A text without letters has no language and goes to the default model, which copies it.
        """
        if config.source_language:
            return None, config.source_language
        # In a thread: text in Latin script makes the detector load its data the first time.
        head = text[:DETECTION_CHARACTERS]
        guess = (await asyncio.to_thread(self._detector.detect, head))[0]
        detected = DetectedLanguage(guess.code, guess.confidence)
        return detected, "" if guess.code == UNDETERMINED else guess.code

    def _lease(self, config: TranslationConfig, source_language: str) -> Lease:
        return self._registry.lease(
            ModelTask.TRANSLATION,
            name=config.model,
            source_language=source_language,
            target_language=config.target_language or DEFAULT_TARGET_LANGUAGE,
        )

    def _admit(
        self,
        config: TranslationConfig,
        character_count: int,
        deadline: float | None,
        *,
        caller: str,
    ) -> Ticket:
        return self._scheduler.open(
            token_count=character_count // CHARACTERS_PER_TOKEN,
            priority=config.priority,
            deadline=deadline,
            caller=caller,
        )

    def _pipeline(
        self,
        model: LoadedModel,
        ticket: Ticket,
        config: TranslationConfig,
        assembler: Assembler,
        *,
        glossaries: tuple[Glossary, ...],
        first_index: int = 0,
        first_alone: bool = True,
    ) -> SentencePipeline:
        first = model.manifest.decoding
        if config.beam_size is not None:
            first = replace(first, beam_size=config.beam_size)
        second = model.manifest.retry_decoding if self._retry else None
        return SentencePipeline(
            model=model,
            ticket=ticket,
            cache=self._cache,
            decodings=Decodings(first, second),
            assembler=assembler,
            first_index=first_index,
            first_alone=first_alone,
            glossaries=glossaries,
        )


async def _segment(text: str) -> list[SegmentedSentence]:
    """The sentences of a whole text; raises ContentEmpty where there is none."""
    if len(text) > LONG_TEXT_CHARACTERS:
        sentences = await asyncio.to_thread(segment_text, text)
    else:
        sentences = segment_text(text)
    if not sentences:
        raise ContentEmpty(
            "The text is empty or white space only; send some text.", field="content"
        )
    return sentences


async def _in_order(
    pipeline: SentencePipeline, sentences: Iterable[SegmentedSentence]
) -> AsyncIterator[TranslatedSentence]:
    """Keep the window full and give sentences back in order until both are empty."""
    ready = deque(sentences)
    while ready or pipeline:
        await _fill(pipeline, ready)
        yield await pipeline.pop()


async def _as_they_arrive(
    pipeline: SentencePipeline, source_text: ChunkedText, deadline: float | None
) -> AsyncIterator[TranslatedSentence]:
    """As `_in_order`, of a text that is read on only while its sentences are sent."""
    while True:
        await _fill(pipeline, source_text.ready)
        if pipeline:
            if not await source_text.read_before(pipeline.head_done, deadline):
                yield await pipeline.pop()
        elif not await source_text.read(deadline):
            return


async def _fill(pipeline: SentencePipeline, ready: deque[SegmentedSentence]) -> None:
    while ready and pipeline.has_room:
        pipeline.push_from(ready)
        await asyncio.sleep(0)


def _fingerprint(config: TranslationConfig, glossaries: tuple[Glossary, ...]) -> str:
    """Everything in a configuration that decides the output; of glossaries, what is in them."""
    rest = replace(config, priority=Priority.INTERACTIVE, glossary_entries=(), glossaries=())
    return repr((rest, [glossary.digest for glossary in glossaries]))


def _stats(model: LoadedModel, character_count: int, usage: PipelineUsage) -> TranslationStats:
    return TranslationStats(
        model_revision=model.revision,
        source_character_count=character_count,
        source_token_count=usage.source_token_count,
        queue_seconds=usage.queue_seconds,
        inference_seconds=usage.inference_seconds,
    )
