"""A request is let in, on behalf of its caller, before anything is done for it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from mujaz.app.brief import BriefWriter
from mujaz.app.brief_request import Article, BriefConfig
from mujaz.app.translate import DocumentTranslator, TranslationConfig
from mujaz.engine.language import LanguageDetector
from mujaz.engine.registry import ModelRegistry
from mujaz.engine.scheduler import Scheduler
from mujaz.errors import QueueFull

TEXT = "وصل الوزير إلى القاهرة يوم الأحد."
Use = Callable[[DocumentTranslator, BriefWriter], Awaitable[Any]]


async def chunks() -> AsyncIterator[str]:
    yield TEXT


async def drained(events: AsyncIterator[Any]) -> None:
    async for _ in events:
        pass


USES: dict[str, Use] = {
    "translate": lambda t, w: t.translate(TEXT, TranslationConfig(), caller="desk"),
    "stream": lambda t, w: drained(t.stream(TEXT, TranslationConfig(), caller="desk")),
    "chunks": lambda t, w: drained(t.stream_chunks(chunks(), TranslationConfig(), caller="desk")),
    "brief": lambda t, w: w.write(Article(TEXT), BriefConfig(), caller="desk"),
}


@pytest.mark.parametrize("use", USES.values(), ids=USES)
async def test_a_refused_request_is_neither_segmented_nor_looked_at(
    *,
    translator: DocumentTranslator,
    registry: ModelRegistry,
    detector: LanguageDetector,
    scheduler: Scheduler,
    monkeypatch: pytest.MonkeyPatch,
    use: Use,
) -> None:
    callers = []
    writer = BriefWriter(
        registry=registry, scheduler=scheduler, translator=translator, detector=detector
    )

    def refuse(*, caller: str, **_: Any) -> None:
        callers.append(caller)
        raise QueueFull("The queue is full.", retry_after_seconds=1)

    def work(*_: Any) -> None:
        raise AssertionError("work was done before admission")

    monkeypatch.setattr(scheduler, "open", refuse)
    for name in (
        "mujaz.app.translate.segment_text",
        "mujaz.domain.segment.IncrementalSegmenter.feed",
        "mujaz.app.brief.read_story",
        "mujaz.engine.language.LanguageDetector.detect",
    ):
        monkeypatch.setattr(name, work)
    with pytest.raises(QueueFull):
        await use(translator, writer)
    assert callers == ["desk"]
