"""Many articles over ProcessArticles: what a broken stream left unanswered is sent again."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Callable
from contextlib import aclosing
from typing import Any

import grpc

from mujaz.client.delivered_status import DeliveredStatus
from mujaz.client.failure import QUOTA_EXCEEDED, RpcFailed, failure_of_status
from mujaz.client.patience import Patience
from mujaz.v1.brief_service_pb2 import Article, ProcessArticlesRequest, ProcessArticlesResponse

OpenCall = Callable[[AsyncIterator[ProcessArticlesRequest], float], Any]


class ArticleStream:
    """Sends articles, at most `window` of them unanswered, and gives each one's answer once.

    The work has no side effects, so a repeated article does no harm. An article that the server
    had no room for is sent again too, as often as the retry policy allows, before its refusal is
    given as its answer; one over the rate of the token, as long as the stream may take.
    """

    def __init__(
        self,
        open_call: OpenCall,
        articles: AsyncIterable[Article],
        *,
        first: ProcessArticlesRequest,
        window: int,
        patience: Patience,
    ) -> None:
        self._open_call = open_call
        self._articles = articles
        self._first = first
        self._patience = patience
        self._slots = asyncio.Semaphore(window)
        self._unanswered: dict[str, Article] = {}
        self._refusals: Counter[str] = Counter()
        self._postponed: dict[str, asyncio.Task[None]] = {}
        self._exhausted = False
        # What the current stream has still to send; None ends it.
        self._outbox: asyncio.Queue[Article | None] = asyncio.Queue()

    async def answers(self) -> AsyncGenerator[ProcessArticlesResponse, None]:
        """Answers in order of completion. Raises RpcFailed, and whatever the articles raise."""
        feeder = asyncio.create_task(self._feed())
        try:
            while not self._done:
                async with aclosing(self._one_stream()) as answers:
                    async for answer in answers:
                        yield answer
            await feeder
        finally:
            tasks = [feeder, *self._postponed.values()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _one_stream(self) -> AsyncGenerator[ProcessArticlesResponse, None]:
        """The answers of one stream, which may break before all are there."""
        call = self._open_call(self._requests(), self._patience.remaining_seconds)
        status = DeliveredStatus(call)
        try:
            async for answer in call:
                self._patience.renew()
                self._expect_unanswered(answer.article_id)
                if not self._postpone(answer):
                    self._settle(answer.article_id)
                    yield answer
            self._expect_done()
        except grpc.aio.AioRpcError as error:
            failure = status.failure_of(error)
            if failure is None:
                self._expect_done()
            elif not self._done:
                await self._patience.wait(failure)
        finally:
            call.cancel()

    @property
    def _done(self) -> bool:
        return self._exhausted and not self._unanswered

    async def _feed(self) -> None:
        """Takes the articles in as answers make room; cut streams never interrupt it."""
        try:
            async for article in self._articles:
                await self._slots.acquire()
                if not article.article_id or article.article_id in self._unanswered:
                    raise ValueError("article_id must be set, and unlike those in work")
                self._unanswered[article.article_id] = article
                self._outbox.put_nowait(article)
        finally:
            self._exhausted = True
            self._end_when_done()

    async def _requests(self) -> AsyncIterator[ProcessArticlesRequest]:
        """The requests of one stream: first everything still unanswered."""
        outbox: asyncio.Queue[Article | None] = asyncio.Queue()
        self._outbox = outbox
        for article_id, article in self._unanswered.items():
            if article_id not in self._postponed:
                outbox.put_nowait(article)
        self._end_when_done()
        yield self._first
        while (article_or_end := await outbox.get()) is not None:
            yield ProcessArticlesRequest(article=article_or_end)

    def _postpone(self, answer: ProcessArticlesResponse) -> bool:
        """Whether the answer is a refusal for want of room; if so the article is sent later."""
        failure = failure_of_status(answer.error)
        refusals = self._refusals[answer.article_id]
        policy = self._patience.policy
        if failure.retry_after_seconds is None:
            return False
        delay = policy.delay_seconds(refusals, failure)
        # A rate that is used up sets the pace of the whole batch; each wait lets some through.
        is_paced = failure.reason == QUOTA_EXCEEDED and delay < self._patience.remaining_seconds
        if refusals >= policy.attempts and not is_paced:
            return False
        self._refusals[answer.article_id] += 1
        self._postponed[answer.article_id] = asyncio.create_task(
            self._send_after(delay, answer.article_id)
        )
        return True

    async def _send_after(self, delay_seconds: float, article_id: str) -> None:
        await self._patience.policy.sleep(delay_seconds)
        del self._postponed[article_id]
        self._outbox.put_nowait(self._unanswered[article_id])

    def _settle(self, article_id: str) -> None:
        del self._unanswered[article_id]
        self._refusals.pop(article_id, None)
        self._slots.release()
        self._end_when_done()

    def _end_when_done(self) -> None:
        if self._done:
            self._outbox.put_nowait(None)

    def _expect_unanswered(self, article_id: str) -> None:
        if article_id not in self._unanswered or article_id in self._postponed:
            raise RpcFailed(
                grpc.StatusCode.INTERNAL, "the server answered an article it was not sent"
            )

    def _expect_done(self) -> None:
        if not self._done:
            raise RpcFailed(
                grpc.StatusCode.INTERNAL,
                f"the server ended the stream with {len(self._unanswered)} articles unanswered",
            )
