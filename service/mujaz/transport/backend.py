"""What the servicers call, which exists only while models are loaded."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from mujaz.app.brief import BriefWriter
from mujaz.app.glossaries import GlossaryStore, read_glossaries
from mujaz.app.mentions import MentionFinder, read_names
from mujaz.app.translate import DocumentTranslator
from mujaz.domain.glossary import Glossary
from mujaz.domain.name_table import NameTable
from mujaz.engine.admission import SchedulerLimits
from mujaz.engine.cache import SegmentCache
from mujaz.engine.language import LanguageDetector
from mujaz.engine.observer import EngineObserver
from mujaz.engine.registry import ModelRegistry
from mujaz.engine.scheduler import Scheduler
from mujaz.engine.threads import available_core_count, thread_policy
from mujaz.settings import Settings

# Once no call is left, all there is to wait for is the batches that already run.
DRAIN_SECONDS: Final = 10.0


@dataclass(frozen=True, slots=True)
class Backend:
    """Loaded models, the engine that runs them, and the use cases on top."""

    registry: ModelRegistry
    scheduler: Scheduler
    detector: LanguageDetector
    translator: DocumentTranslator
    writer: BriefWriter
    glossaries: GlossaryStore
    mentions: MentionFinder
    cache: SegmentCache

    async def reload(self, settings: Settings) -> None:
        """Read models, names and glossaries again, and put all of them into service together.

        Calls in progress go on with what they began with, and old models are freed when the last
        of them ends. Raises as `load_backend` does, and then nothing has changed.
        """
        names, glossaries = await asyncio.to_thread(_read_tables, settings)
        models = await asyncio.to_thread(
            self.registry.load_again, settings.models, thread_count=_core_count(settings)
        )
        self.registry.replace(models)
        self.glossaries.replace(glossaries, last=_consistent_names(names, settings))
        self.mentions.replace(names)

    async def stop(self) -> None:
        """End the engine, then free the models."""
        await self.scheduler.drain(DRAIN_SECONDS)
        await self.scheduler.stop()
        self.registry.replace(())


# Raises ModelLoading before the models are there, ShuttingDown after.
BackendProvider = Callable[[], Backend]


async def load_backend(settings: Settings, observer: EngineObserver | None = None) -> Backend:
    """Load and self-test the models in a thread, and start the engine in the running event loop.

    Raises ModelDamaged where a model is not fit to serve, GlossaryInvalid for a glossary or the
    table of names, SettingInvalid where a default model is not there.
    """
    names, held = await asyncio.to_thread(_read_tables, settings)
    glossaries = GlossaryStore(held, last=_consistent_names(names, settings))
    core_count = _core_count(settings)
    registry = await asyncio.to_thread(
        ModelRegistry.load,
        settings.models,
        thread_count=core_count,
        defaults=settings.default_model,
    )
    detector = LanguageDetector()
    scheduler = Scheduler(
        worker_count=thread_policy(core_count).worker_count,
        limits=SchedulerLimits(
            queue_token_limit=settings.queue_token_limit,
            batch_token_budget=settings.batch_token_budget,
            request_limit=settings.request_limit,
            text_token_limit=settings.text_token_limit,
        ),
        observer=observer,
    )
    scheduler.start()
    cache = SegmentCache(settings.cache_bytes)
    translator = DocumentTranslator(
        registry=registry,
        scheduler=scheduler,
        cache=cache,
        detector=detector,
        glossaries=glossaries,
        retry=settings.retry,
        idle_seconds=settings.stream_idle_seconds,
    )
    mentions = MentionFinder(names, glossaries)
    writer = BriefWriter(
        registry=registry,
        scheduler=scheduler,
        translator=translator,
        detector=detector,
        mentions=mentions,
    )
    return Backend(registry, scheduler, detector, translator, writer, glossaries, mentions, cache)


def _core_count(settings: Settings) -> int:
    return settings.engine_threads or available_core_count()


def _read_tables(settings: Settings) -> tuple[NameTable, dict[str, Glossary]]:
    return read_names(settings.models), read_glossaries(settings.models, settings.glossary)


def _consistent_names(names: NameTable, settings: Settings) -> Glossary | None:
    """The names as the last of the glossaries of every request, where that is asked for."""
    if settings.names != "consistent" or not len(names):
        return None
    return Glossary(names.entries())
