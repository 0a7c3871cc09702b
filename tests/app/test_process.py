"""Many articles over one stream."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from time import monotonic

import pytest
import pytest_asyncio

from mujaz.app.brief import Brief, BriefWriter
from mujaz.app.brief_request import Article, BriefConfig, BriefMethod
from mujaz.app.process import process_articles
from mujaz.app.translate import DocumentTranslator, TranslationConfig
from mujaz.engine.admission import SchedulerLimits
from mujaz.engine.batch import Priority
from mujaz.engine.cache import SegmentCache
from mujaz.engine.language import LanguageDetector
from mujaz.engine.registry import ModelRegistry
from mujaz.engine.scheduler import Scheduler
from mujaz.errors import ContentEmpty, FieldInvalid, MujazError, QueueFull

BODY = "أعلنت الوزارة فتح باب التسجيل يوم الأحد. وقال الوزير إن الجامعات مستعدة."
CONFIG = BriefConfig(TranslationConfig(beam_size=1), method=BriefMethod.EXTRACTIVE)


@pytest_asyncio.fixture
async def writer(
    registry: ModelRegistry,
    scheduler: Scheduler,
    translator: DocumentTranslator,
    detector: LanguageDetector,
) -> BriefWriter:
    return BriefWriter(
        registry=registry, scheduler=scheduler, translator=translator, detector=detector
    )


class Source:
    """Articles, and how many of them were taken."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self.articles = articles
        self.taken = 0

    async def __aiter__(self) -> AsyncIterator[Article]:
        for article in self.articles:
            self.taken += 1
            yield article


def numbered(count: int) -> list[Article]:
    return [Article(BODY, article_id=f"a-{number}") for number in range(count)]


async def test_each_article_is_answered_once(writer: BriefWriter) -> None:
    source = aiter(Source(numbered(12)))
    outcomes = [o async for o in process_articles(writer, source, CONFIG, window=4)]
    assert sorted(o.article_id for o in outcomes) == sorted(a.article_id for a in numbered(12))
    assert all(isinstance(outcome.result, Brief) for outcome in outcomes)


async def test_a_bad_article_costs_the_others_nothing(writer: BriefWriter) -> None:
    articles = [
        Article(BODY, article_id="x"),
        Article(" ", article_id="y"),
        Article(BODY, article_id="ز"),
    ]
    source = aiter(Source(articles))
    outcomes = {
        o.article_id: o.result async for o in process_articles(writer, source, CONFIG, window=2)
    }
    assert isinstance(outcomes["x"], Brief)
    assert isinstance(outcomes["y"], ContentEmpty)
    assert isinstance(outcomes["ز"], FieldInvalid)


async def test_the_same_article_may_come_again(writer: BriefWriter) -> None:
    source = aiter(Source([Article(BODY, article_id="same")] * 3))
    outcomes = [o async for o in process_articles(writer, source, CONFIG, window=2)]
    assert [o.article_id for o in outcomes] == ["same"] * 3
    assert len({repr(o.result.points) for o in outcomes if isinstance(o.result, Brief)}) == 1


@pytest.mark.parametrize("window", [1, 3])
async def test_no_more_than_the_window_is_read_ahead(writer: BriefWriter, window: int) -> None:
    source = Source(numbered(10))
    answered = 0
    async for _ in process_articles(writer, aiter(source), CONFIG, window=window):
        assert source.taken - answered <= window
        answered += 1
    assert answered == 10


async def test_leaving_early_leaves_nothing_behind(
    writer: BriefWriter, scheduler: Scheduler
) -> None:
    outcomes = process_articles(writer, aiter(Source(numbered(10))), CONFIG, window=3)
    async with aclosing(outcomes):
        await anext(outcomes)
    assert scheduler.state.open_tickets == 0
    assert len(asyncio.all_tasks()) == 1


async def test_a_source_that_fails_ends_the_stream_behind_the_answers_that_are_due(
    writer: BriefWriter, scheduler: Scheduler
) -> None:
    async def failing() -> AsyncIterator[Article]:
        yield Article(BODY, article_id="first")
        raise ConnectionError("gone")

    async with aclosing(process_articles(writer, failing(), CONFIG, window=4)) as outcomes:
        assert (await anext(outcomes)).article_id == "first"
        with pytest.raises(ConnectionError):
            await anext(outcomes)
    assert scheduler.state.open_tickets == 0
    assert len(asyncio.all_tasks()) == 1


async def test_an_article_waits_for_room_at_the_engine(
    registry: ModelRegistry, detector: LanguageDetector
) -> None:
    scheduler = Scheduler(worker_count=1, limits=SchedulerLimits(request_limit=1))
    scheduler.start()
    translator = DocumentTranslator(
        registry=registry, scheduler=scheduler, cache=SegmentCache(), detector=detector
    )
    writer = BriefWriter(
        registry=registry, scheduler=scheduler, translator=translator, detector=detector
    )
    source = aiter(Source(numbered(3)))
    outcomes = [o async for o in process_articles(writer, source, CONFIG, window=3)]
    assert all(isinstance(outcome.result, Brief) for outcome in outcomes)
    (late,) = [
        o
        async for o in process_articles(
            writer, aiter(Source(numbered(1))), CONFIG, window=1, deadline=monotonic() - 1
        )
    ]
    assert isinstance(late.result, MujazError)
    with scheduler.open(token_count=0, priority=Priority.BULK):
        (refused,) = [
            o
            async for o in process_articles(
                writer, aiter(Source(numbered(1))), CONFIG, window=1, deadline=monotonic()
            )
        ]
    assert isinstance(refused.result, QueueFull)
    await scheduler.stop()


async def test_an_empty_source_gives_an_empty_stream(writer: BriefWriter) -> None:
    assert [o async for o in process_articles(writer, aiter(Source([])), CONFIG, window=2)] == []
