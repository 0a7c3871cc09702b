"""Many articles: each is answered once, whatever happens to the stream."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import grpc
import pytest

from mujaz.client import Article, BriefConfig, MujazClient, ProcessArticlesResponse, RpcFailed
from mujaz.v1 import brief_service_pb2_grpc
from mujaz.v1.brief_service_pb2 import GenerateBriefResponse, ProcessArticlesRequest
from tests.client.scripted_server import Waits, abort, scripted_server, status

UNAVAILABLE = grpc.StatusCode.UNAVAILABLE
FULL = status(grpc.StatusCode.RESOURCE_EXHAUSTED, "QUEUE_FULL", retry_after_seconds=2.0)

Answer = Callable[[str, int], ProcessArticlesResponse | None]


def brief(article_id: str) -> ProcessArticlesResponse:
    return ProcessArticlesResponse(article_id=article_id, brief=GenerateBriefResponse())


def articles(count: int) -> list[Article]:
    return [Article(article_id=f"a{number}", body="نص") for number in range(count)]


class Desk(brief_service_pb2_grpc.BriefServiceServicer):
    """Answers as `answer(article_id, nth time it was sent)` says; None cuts the stream."""

    def __init__(self, answer: Answer = lambda article_id, time: brief(article_id)) -> None:
        self.streams: list[list[str]] = []
        self.configs: list[BriefConfig] = []
        self._answer = answer

    async def ProcessArticles(
        self, requests: AsyncIterator[ProcessArticlesRequest], context: Any
    ) -> AsyncIterator[ProcessArticlesResponse]:
        sent: list[str] = []
        self.streams.append(sent)
        async for request in requests:
            if request.HasField("config"):
                self.configs.append(request.config)
                continue
            article_id = request.article.article_id
            sent.append(article_id)
            answer = self._answer(article_id, sum(each.count(article_id) for each in self.streams))
            if answer is None:
                await abort(context, UNAVAILABLE, "SHUTTING_DOWN")
            yield answer

    @property
    def sent(self) -> list[str]:
        return [article_id for stream in self.streams for article_id in stream]


async def ids(client: MujazClient, given: Any, **options: Any) -> list[str]:
    return [answer.article_id async for answer in client.process_articles(given, **options)]


async def test_every_article_gets_its_answer_and_the_config_goes_first() -> None:
    desk = Desk()
    async with scripted_server(brief=desk) as target, MujazClient(target) as client:
        received = await ids(client, articles(20), config=BriefConfig(point_count=2), window=3)
    assert sorted(received) == sorted(article.article_id for article in articles(20))
    assert [config.point_count for config in desk.configs] == [2]


async def test_no_articles_give_no_answers() -> None:
    desk = Desk()
    async with scripted_server(brief=desk) as target, MujazClient(target) as client:
        assert await ids(client, []) == []


async def test_no_more_than_the_window_is_unanswered() -> None:
    waiting: list[str] = []
    most = 0

    class Slow(brief_service_pb2_grpc.BriefServiceServicer):
        async def ProcessArticles(
            self, requests: AsyncIterator[ProcessArticlesRequest], context: Any
        ) -> AsyncIterator[ProcessArticlesResponse]:
            nonlocal most
            async for request in requests:
                if request.HasField("config"):
                    continue
                waiting.append(request.article.article_id)
                most = max(most, len(waiting))
                if len(waiting) == 4:
                    for article_id in [waiting.pop() for _ in range(4)]:
                        yield brief(article_id)

    async with scripted_server(brief=Slow()) as target, MujazClient(target) as client:
        received = await ids(client, articles(12), window=4)
    assert len(received) == 12
    assert most == 4


async def test_what_a_cut_stream_left_unanswered_is_sent_again() -> None:
    def answer(article_id: str, time: int) -> ProcessArticlesResponse | None:
        return None if article_id in ("a3", "a9") and time == 1 else brief(article_id)

    desk, waits = Desk(answer), Waits()
    async with (
        scripted_server(brief=desk) as target,
        MujazClient(target, retry_policy=waits.policy) as client,
    ):
        received = await ids(client, articles(12), window=5)
    assert sorted(received) == sorted(article.article_id for article in articles(12))
    assert len(desk.streams) == 3
    assert len(desk.configs) == 3
    assert len(waits.seconds) == 2


async def test_a_server_that_stays_away_fails_the_call_after_the_last_attempt() -> None:
    desk, waits = Desk(lambda article_id, time: None), Waits(attempts=2)
    async with (
        scripted_server(brief=desk) as target,
        MujazClient(target, retry_policy=waits.policy) as client,
    ):
        with pytest.raises(RpcFailed) as caught:
            await ids(client, articles(3))
    assert caught.value.code is UNAVAILABLE
    assert len(waits.seconds) == 2


async def test_an_article_without_room_is_sent_again_after_the_hint() -> None:
    def answer(article_id: str, time: int) -> ProcessArticlesResponse:
        if article_id == "a1" and time < 3:
            return ProcessArticlesResponse(article_id=article_id, error=FULL)
        return brief(article_id)

    desk, waits = Desk(answer), Waits()
    async with (
        scripted_server(brief=desk) as target,
        MujazClient(target, retry_policy=waits.policy) as client,
    ):
        answers = [answer async for answer in client.process_articles(articles(4))]
    assert sorted(answer.article_id for answer in answers) == ["a0", "a1", "a2", "a3"]
    assert all(answer.HasField("brief") for answer in answers)
    assert desk.sent.count("a1") == 3
    assert waits.seconds == [2.0, 2.0]


async def test_an_article_that_never_finds_room_gets_the_refusal_as_its_answer() -> None:
    def answer(article_id: str, time: int) -> ProcessArticlesResponse:
        return ProcessArticlesResponse(article_id=article_id, error=FULL)

    desk, waits = Desk(answer), Waits(attempts=2)
    async with (
        scripted_server(brief=desk) as target,
        MujazClient(target, retry_policy=waits.policy) as client,
    ):
        answers = [answer async for answer in client.process_articles(articles(1))]
    assert [answer.WhichOneof("result") for answer in answers] == ["error"]
    assert desk.sent == ["a0", "a0", "a0"]


async def test_an_error_without_a_hint_is_an_answer() -> None:
    error = status(grpc.StatusCode.INVALID_ARGUMENT, "CONTENT_EMPTY")

    def answer(article_id: str, time: int) -> ProcessArticlesResponse:
        return ProcessArticlesResponse(article_id=article_id, error=error)

    async with scripted_server(brief=Desk(answer)) as target, MujazClient(target) as client:
        assert await ids(client, articles(2)) == ["a0", "a1"]


@pytest.mark.parametrize("bad", [Article(body="نص"), Article(article_id="a0", body="نص")])
async def test_an_article_that_cannot_be_told_from_others_is_refused(bad: Article) -> None:
    held = asyncio.Event()

    async def given() -> AsyncIterator[Article]:
        yield articles(1)[0]
        yield bad
        held.set()

    def answer(article_id: str, time: int) -> ProcessArticlesResponse:
        return brief(article_id)

    class Late(Desk):
        """Answers only at the end of the requests, so that both articles are in work."""

        async def ProcessArticles(
            self, requests: AsyncIterator[ProcessArticlesRequest], context: Any
        ) -> AsyncIterator[ProcessArticlesResponse]:
            async for request in requests:
                if request.HasField("article"):
                    await asyncio.sleep(0.05)
                    yield brief(request.article.article_id)

    async with scripted_server(brief=Late(answer)) as target, MujazClient(target) as client:
        with pytest.raises(ValueError, match="article_id must be set"):
            await ids(client, given())
    assert not held.is_set()


async def test_an_error_of_the_source_comes_after_the_answers_to_what_was_sent() -> None:
    async def given() -> AsyncIterator[Article]:
        for article in articles(3):
            yield article
        raise OSError("the disk is gone")

    received: list[str] = []
    async with scripted_server(brief=Desk()) as target, MujazClient(target) as client:

        async def read() -> None:
            async for answer in client.process_articles(given()):
                received.append(answer.article_id)

        with pytest.raises(OSError, match="the disk is gone"):
            await read()
    assert sorted(received) == ["a0", "a1", "a2"]


async def test_an_answer_nobody_asked_for_is_a_fault_of_the_server() -> None:
    desk = Desk(lambda article_id, time: brief("other"))
    async with scripted_server(brief=desk) as target, MujazClient(target) as client:
        with pytest.raises(RpcFailed, match="was not sent"):
            await ids(client, articles(1))


async def test_a_stream_that_ends_too_early_is_a_fault_of_the_server() -> None:
    class Leaving(brief_service_pb2_grpc.BriefServiceServicer):
        async def ProcessArticles(
            self, requests: AsyncIterator[ProcessArticlesRequest], context: Any
        ) -> AsyncIterator[ProcessArticlesResponse]:
            async for request in requests:
                if request.HasField("article"):
                    yield brief(request.article.article_id)
                    return

    async with scripted_server(brief=Leaving()) as target, MujazClient(target) as client:
        with pytest.raises(RpcFailed, match="articles unanswered"):
            await ids(client, articles(5))


async def test_articles_over_the_rate_are_sent_again_as_long_as_the_stream_may_take() -> None:
    over = status(grpc.StatusCode.RESOURCE_EXHAUSTED, "QUOTA_EXCEEDED", retry_after_seconds=2.0)

    def answer(article_id: str, time: int) -> ProcessArticlesResponse:
        if time <= 20:
            return ProcessArticlesResponse(article_id=article_id, error=over)
        return brief(article_id)

    desk, waits = Desk(answer), Waits(attempts=3)
    async with (
        scripted_server(brief=desk) as target,
        MujazClient(target, retry_policy=waits.policy) as client,
    ):
        stream = client.process_articles(articles(2), timeout_seconds=100)
        answers = [each async for each in stream]
    assert [each.HasField("brief") for each in answers] == [True, True]
    assert len(waits.seconds) == 40


async def test_an_article_whose_turn_comes_too_late_gets_the_refusal() -> None:
    over = status(grpc.StatusCode.RESOURCE_EXHAUSTED, "QUOTA_EXCEEDED", retry_after_seconds=600.0)
    desk = Desk(lambda article_id, time: ProcessArticlesResponse(article_id=article_id, error=over))
    waits = Waits(attempts=0)
    async with (
        scripted_server(brief=desk) as target,
        MujazClient(target, retry_policy=waits.policy) as client,
    ):
        stream = client.process_articles(articles(1), timeout_seconds=100)
        [answer] = [each async for each in stream]
    assert answer.HasField("error")
    assert waits.seconds == []
