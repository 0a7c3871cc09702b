"""BriefService: convert, call the use case, write."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AbstractContextManager, aclosing
from functools import partial
from typing import Any

import grpc

from mujaz.app.brief import BriefHeadline
from mujaz.app.brief_request import Article
from mujaz.app.process import process_articles
from mujaz.transport.backend import BackendProvider
from mujaz.transport.convert import requests, responses
from mujaz.transport.interceptors.wrap import (
    CURRENT_CALL,
    current_caller,
    current_deadline,
    current_meter,
)
from mujaz.transport.quota import Meter
from mujaz.transport.request_stream import read_config, read_work
from mujaz.v1 import brief_service_pb2 as pb
from mujaz.v1 import brief_service_pb2_grpc as pb_grpc

Context = grpc.aio.ServicerContext[Any, Any]


class BriefServicer(pb_grpc.BriefServiceServicer):
    """Answers the calls of BriefService; errors are left to the interceptors."""

    def __init__(
        self, backend: BackendProvider, *, article_window: int, idle_seconds: float
    ) -> None:
        self._backend = backend
        self._idle_seconds = idle_seconds
        self._article_window = article_window

    async def GenerateBrief(
        self, request: pb.GenerateBriefRequest, context: Context
    ) -> pb.GenerateBriefResponse:
        writer = self._backend().writer
        article = requests.article(request.article)
        config = requests.brief_config(request.config)
        with _charged(current_meter(), article):
            brief = await writer.write(
                article, config, deadline=current_deadline(), caller=current_caller()
            )
        return responses.brief(brief)

    async def StreamGenerateBrief(
        self, request: pb.StreamGenerateBriefRequest, context: Context
    ) -> AsyncGenerator[pb.StreamGenerateBriefResponse, None]:
        writer = self._backend().writer
        article = requests.article(request.article)
        config = requests.brief_config(request.config)
        events = writer.stream(
            article, config, deadline=current_deadline(), caller=current_caller()
        )
        headline: BriefHeadline | None = None
        with _charged(current_meter(), article):
            async with aclosing(events):
                async for event in events:
                    if isinstance(event, BriefHeadline):
                        headline = event
                    yield responses.brief_event(event, headline)

    async def ProcessArticles(
        self, request_iterator: AsyncIterator[pb.ProcessArticlesRequest], context: Context
    ) -> AsyncGenerator[pb.ProcessArticlesResponse, None]:
        writer = self._backend().writer
        first = await read_config(request_iterator, idle_seconds=self._idle_seconds)
        config = requests.brief_config(first.config)
        call = CURRENT_CALL.get()
        outcomes = process_articles(
            writer,
            _articles(request_iterator),
            config,
            window=self._article_window,
            deadline=call.deadline,
            caller=call.caller,
            idle_seconds=self._idle_seconds,
            charged=partial(_charged, call.meter),
        )
        async with aclosing(outcomes):
            async for outcome in outcomes:
                yield responses.article_outcome(outcome, call.request_id)


def _charged(meter: Meter, article: Article) -> AbstractContextManager[None]:
    return meter.charged(len(article.title) + len(article.body))


async def _articles(
    request_iterator: AsyncIterator[pb.ProcessArticlesRequest],
) -> AsyncIterator[Article]:
    async for request in read_work(request_iterator):
        yield requests.article(request.article)
