"""Briefs many articles over one stream: a bounded number at a time, answered as they complete."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from time import monotonic

import structlog

from mujaz.app.brief import Brief, BriefWriter
from mujaz.app.brief_request import Article, BriefConfig
from mujaz.errors import MujazError, Overloaded, StreamIdle


@dataclass(frozen=True, slots=True)
class ArticleOutcome:
    """The brief of one article, or why there is none."""

    article_id: str
    result: Brief | MujazError


def _free_of_charge(article: Article) -> AbstractContextManager[None]:
    return nullcontext()


async def process_articles(
    writer: BriefWriter,
    articles: AsyncIterator[Article],
    config: BriefConfig,
    *,
    window: int,
    deadline: float | None = None,
    caller: str = "",
    idle_seconds: float | None = None,
    charged: Callable[[Article], AbstractContextManager[None]] = _free_of_charge,
) -> AsyncGenerator[ArticleOutcome, None]:
    """One outcome per article, in order of completion.

    At most `window` articles are read and not yet answered. An article that fails, or that
    `charged` refuses when it is entered before the work, does not end the stream. A failure of
    `articles` itself does, once those read before it are answered; so does StreamIdle, where no
    article comes for `idle_seconds` while none is in work. Closing it leaves nothing behind.
    """
    log = structlog.get_logger("mujaz.process")

    async def outcome(article: Article) -> ArticleOutcome:
        try:
            with charged(article):
                brief = await _write(writer, article, config, deadline=deadline, caller=caller)
            return ArticleOutcome(article.article_id, brief)
        except MujazError as error:
            return ArticleOutcome(article.article_id, error)
        except Exception as error:  # a defect of ours must not cost the other articles their answer
            log.error("article_failed", error=type(error).__name__)
            unknown = MujazError("The article could not be processed.")
            return ArticleOutcome(article.article_id, unknown)

    working: set[asyncio.Task[ArticleOutcome]] = set()
    reading: asyncio.Task[Article | None] | None = None
    broken: Exception | None = None
    has_more = True
    try:
        while working or has_more:
            if has_more and reading is None and len(working) < window:
                reading = asyncio.create_task(_next(articles))
            await _progress(working, reading, idle_seconds)
            if reading is not None and reading.done():
                try:
                    article = reading.result()
                except Exception as error:  # raised below, behind the answers that are due
                    article, broken = None, error
                reading = None
                if article is None:
                    has_more = False
                else:
                    working.add(asyncio.create_task(outcome(article)))
            for task in [task for task in working if task.done()]:
                yield task.result()
                working.discard(task)
        if broken is not None:
            raise broken
    finally:
        left: set[asyncio.Task[ArticleOutcome] | asyncio.Task[Article | None]] = {*working}
        if reading is not None:
            left.add(reading)
        for each in left:
            each.cancel()
        if left:
            await asyncio.wait(left)


async def _progress(
    working: set[asyncio.Task[ArticleOutcome]],
    reading: asyncio.Task[Article | None] | None,
    idle_seconds: float | None,
) -> None:
    """Wait until an article is done or the next has come; without work not for too long."""
    done, _ = await asyncio.wait(
        working if reading is None else {*working, reading},
        timeout=None if working else idle_seconds,
        return_when=asyncio.FIRST_COMPLETED,
    )
    if not done:
        raise StreamIdle(
            "The stream brought no article for too long; send the next, or end it, sooner."
        )


async def _next(articles: AsyncIterator[Article]) -> Article | None:
    return await anext(articles, None)


async def _write(
    writer: BriefWriter,
    article: Article,
    config: BriefConfig,
    *,
    deadline: float | None,
    caller: str,
) -> Brief:
    """The brief, once the engine has room for it.

    The window holds the sender back already, so an article waits for a full queue until `deadline`
    instead of being sent back.
    """
    while True:
        try:
            return await writer.write(article, config, deadline=deadline, caller=caller)
        except Overloaded as refusal:
            if deadline is not None and monotonic() + refusal.retry_after_seconds > deadline:
                raise
            await asyncio.sleep(refusal.retry_after_seconds)
