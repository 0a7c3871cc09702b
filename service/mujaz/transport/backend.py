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
from mujaz.engine.cache import SegmentCache
from mujaz.engine.language import LanguageDetector
from mujaz.engine.registry import ModelRegistry
from mujaz.engine.scheduler import Scheduler, SchedulerLimits
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

    async def reload_glossaries(self, settings: Settings) -> None:
        """Read the glossaries again; raises GlossaryInvalid, and then nothing has changed."""
        self.glossaries.replace(await asyncio.to_thread(_read_glossaries, settings))

    async def stop(self) -> None:
        """End the engine, then free the models."""
        await self.scheduler.drain(DRAIN_SECONDS)
        await self.scheduler.stop()
        self.registry.replace(())


# Raises ModelLoading before the models are there, ShuttingDown after.
BackendProvider = Callable[[], Backend]


async def load_backend(settings: Settings) -> Backend:
    """Load and self-test the models in a thread, and start the engine in the running event loop.

    Raises ModelDamaged where a model is not fit to serve, GlossaryInvalid for a glossary.
    """
    names = await asyncio.to_thread(read_names, settings.models)
    held = await asyncio.to_thread(_read_glossaries, settings)
    consistent = settings.names == "consistent" and len(names) > 0
    glossaries = GlossaryStore(held, last=Glossary(names.entries()) if consistent else None)
    core_count = settings.engine_threads or available_core_count()
    registry = await asyncio.to_thread(ModelRegistry.load, settings.models, thread_count=core_count)
    detector = LanguageDetector()
    scheduler = Scheduler(
        worker_count=thread_policy(core_count).worker_count,
        limits=SchedulerLimits(
            queue_token_limit=settings.queue_token_limit,
            batch_token_budget=settings.batch_token_budget,
        ),
    )
    scheduler.start()
    translator = DocumentTranslator(
        registry=registry,
        scheduler=scheduler,
        cache=SegmentCache(settings.cache_bytes),
        detector=detector,
        glossaries=glossaries,
        retry=settings.retry,
    )
    writer = BriefWriter(
        registry=registry,
        scheduler=scheduler,
        translator=translator,
        detector=detector,
        mentions=MentionFinder(names, glossaries),
    )
    return Backend(registry, scheduler, detector, translator, writer, glossaries)


def _read_glossaries(settings: Settings) -> dict[str, Glossary]:
    return read_glossaries(settings.models, settings.glossary)
