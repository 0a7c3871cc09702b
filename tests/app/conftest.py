"""The use cases on the starter models: loaded once, with a fresh engine and cache for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from mujaz.app.translate import DocumentTranslator
from mujaz.engine.cache import SegmentCache
from mujaz.engine.language import LanguageDetector
from mujaz.engine.registry import ModelRegistry
from mujaz.engine.scheduler import Scheduler

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def registry() -> ModelRegistry:
    return ModelRegistry.load(ROOT / "models", thread_count=2)


@pytest.fixture(scope="session")
def detector() -> LanguageDetector:
    return LanguageDetector()


@pytest.fixture(scope="session")
def article() -> str:
    """The first paragraphs of the sample article."""
    text = (ROOT / "samples" / "raqqa.txt").read_text(encoding="utf-8")
    return "\n".join(text.splitlines()[:6])


@pytest_asyncio.fixture
async def scheduler() -> AsyncIterator[Scheduler]:
    running = Scheduler(worker_count=2)
    running.start()
    yield running
    await running.stop()


@pytest_asyncio.fixture
async def translator(
    registry: ModelRegistry, scheduler: Scheduler, detector: LanguageDetector
) -> DocumentTranslator:
    return DocumentTranslator(
        registry=registry, scheduler=scheduler, cache=SegmentCache(), detector=detector
    )
