"""The client against a server that fails in ways the real one seldom does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import grpc
import pytest

from mujaz.client import Article, MujazClient, RetryPolicy, RpcFailed
from mujaz.v1 import (
    brief_service_pb2,
    brief_service_pb2_grpc,
    model_service_pb2,
    model_service_pb2_grpc,
    translation_service_pb2,
    translation_service_pb2_grpc,
)
from mujaz.v1.text_pb2 import TranslatedSentence
from tests.client.scripted_server import Waits, abort, scripted_server

Request = translation_service_pb2.StreamTranslateTextRequest
Response = translation_service_pb2.StreamTranslateTextResponse
UNAVAILABLE = grpc.StatusCode.UNAVAILABLE


def events(count: int) -> list[Response]:
    """The events of a text of so many sentences; the token is the number of the next event."""
    started = translation_service_pb2.TranslationStarted(sentence_count=count)
    finished = translation_service_pb2.TranslationFinished()
    return [
        Response(started=started, resume_token="1"),
        *(
            Response(sentence=TranslatedSentence(sentence_index=n), resume_token=str(n + 2))
            for n in range(count)
        ),
        Response(finished=finished, resume_token=str(count + 2)),
    ]


class Interrupted(translation_service_pb2_grpc.TranslationServiceServicer):
    """Streams a text, and breaks off after so many events of each call."""

    def __init__(self, sentence_count: int, break_after: list[int]) -> None:
        self.requests: list[Request] = []
        self._events = events(sentence_count)
        self._break_after = iter(break_after)

    async def StreamTranslateText(self, request: Request, context: Any) -> AsyncIterator[Response]:
        self.requests.append(Request.FromString(request.SerializeToString()))
        left = next(self._break_after, len(self._events))
        for event in self._events[int(request.resume_token or 0) :]:
            if left == 0:
                await abort(context, UNAVAILABLE, "SHUTTING_DOWN", retry_after_seconds=1.0)
            left -= 1
            yield event


async def collect(stream: AsyncIterator[Any], received: list[Any]) -> None:
    async for event in stream:
        received.append(event)


async def all_events(client: MujazClient, **options: Any) -> list[Response]:
    return [event async for event in client.stream_translate("نص", **options)]


async def test_a_broken_stream_resumes_after_its_last_event() -> None:
    servicer, waits = Interrupted(5, break_after=[3, 0, 2]), Waits()
    async with (
        scripted_server(translation=servicer) as target,
        MujazClient(target, retry_policy=waits.policy) as client,
    ):
        assert await all_events(client) == events(5)
    assert [request.resume_token for request in servicer.requests] == ["", "3", "3", "5"]
    assert {request.content for request in servicer.requests} == {"نص"}
    # The server's hint of one second is longer than the first waits of the policy.
    assert waits.seconds == [1.0, 1.0, 1.0]


async def test_a_stream_that_makes_no_progress_fails_after_the_last_attempt() -> None:
    servicer, waits = Interrupted(5, break_after=[2, 0, 0, 0, 0, 0, 0]), Waits(attempts=3)
    async with (
        scripted_server(translation=servicer) as target,
        MujazClient(target, retry_policy=waits.policy) as client,
    ):
        received: list[Response] = []
        with pytest.raises(RpcFailed) as caught:
            await collect(client.stream_translate("نص"), received)
    assert received == events(5)[:2]
    assert caught.value.reason == "SHUTTING_DOWN"
    assert len(waits.seconds) == 3


async def test_a_stream_can_be_begun_with_a_token_from_before() -> None:
    servicer = Interrupted(5, break_after=[])
    async with (
        scripted_server(translation=servicer) as target,
        MujazClient(target) as client,
    ):
        assert await all_events(client, resume_token="4") == events(5)[4:]


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (grpc.StatusCode.FAILED_PRECONDITION, "RESUME_TOKEN_STALE"),
        (grpc.StatusCode.RESOURCE_EXHAUSTED, "QUEUE_FULL"),
        (grpc.StatusCode.RESOURCE_EXHAUSTED, "QUOTA_EXCEEDED"),
        (grpc.StatusCode.UNAUTHENTICATED, "TOKEN_MISSING"),
        (grpc.StatusCode.INTERNAL, "ENGINE_FAILED"),
    ],
)
async def test_other_failures_of_a_stream_are_final(code: grpc.StatusCode, reason: str) -> None:
    class Refusing(translation_service_pb2_grpc.TranslationServiceServicer):
        async def StreamTranslateText(self, request: Request, context: Any) -> None:
            await abort(context, code, reason)

    waits = Waits()
    async with (
        scripted_server(translation=Refusing()) as target,
        MujazClient(target, retry_policy=waits.policy) as client,
    ):
        with pytest.raises(RpcFailed) as caught:
            await all_events(client)
    assert (caught.value.code, caught.value.reason) == (code, reason)
    assert waits.seconds == []


async def test_a_stream_that_has_begun_waits_for_the_rate_of_its_token() -> None:
    class Metered(translation_service_pb2_grpc.TranslationServiceServicer):
        call_count = 0

        async def StreamTranslateText(
            self, request: Request, context: Any
        ) -> AsyncIterator[Response]:
            self.call_count += 1
            if self.call_count == 1:
                yield events(1)[0]
                await abort(context, UNAVAILABLE, "SHUTTING_DOWN")
            if self.call_count == 2:
                code = grpc.StatusCode.RESOURCE_EXHAUSTED
                await abort(context, code, "QUOTA_EXCEEDED", retry_after_seconds=7.0)
            for event in events(1)[1:]:
                yield event

    servicer, waits = Metered(), Waits()
    async with (
        scripted_server(translation=servicer) as target,
        MujazClient(target, retry_policy=waits.policy) as client,
    ):
        assert await all_events(client) == events(1)
    assert waits.seconds[1:] == [7.0]


async def test_a_stream_without_its_last_event_is_incomplete() -> None:
    class Forgetful(translation_service_pb2_grpc.TranslationServiceServicer):
        async def StreamTranslateText(
            self, request: Request, context: Any
        ) -> AsyncIterator[Response]:
            yield events(1)[0]

    async with (
        scripted_server(translation=Forgetful()) as target,
        MujazClient(target) as client,
    ):
        with pytest.raises(RpcFailed, match="before its end"):
            await all_events(client)


async def test_closing_a_stream_early_cancels_the_call() -> None:
    cancelled = asyncio.Event()

    class Endless(translation_service_pb2_grpc.TranslationServiceServicer):
        async def StreamTranslateText(
            self, request: Request, context: Any
        ) -> AsyncIterator[Response]:
            try:
                yield events(1)[0]
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                cancelled.set()
                raise

    async with (
        scripted_server(translation=Endless()) as target,
        MujazClient(target) as client,
    ):
        async with aclosing(client.stream_translate("نص")) as stream:
            await anext(stream)
        await asyncio.wait_for(cancelled.wait(), timeout=10)


async def test_a_unary_call_is_tried_again_by_the_channel() -> None:
    class Hesitant(translation_service_pb2_grpc.TranslationServiceServicer):
        call_count = 0

        async def DetectLanguage(
            self, request: translation_service_pb2.DetectLanguageRequest, context: Any
        ) -> translation_service_pb2.DetectLanguageResponse:
            self.call_count += 1
            if self.call_count < 3:
                await abort(context, UNAVAILABLE, "MODEL_LOADING")
            return translation_service_pb2.DetectLanguageResponse()

    servicer = Hesitant()
    async with scripted_server(translation=servicer) as target, MujazClient(target) as client:
        await client.detect_language("نص")
    assert servicer.call_count == 3


async def test_a_refused_connection_is_unavailable_and_shows_no_internals() -> None:
    policy = RetryPolicy(attempts=0)
    async with MujazClient("127.0.0.1:1", retry_policy=policy) as client:
        for call in (client.check_health(), client.detect_language("نص"), all_events(client)):
            with pytest.raises(RpcFailed) as caught:
                await call
            assert caught.value.code is UNAVAILABLE
            assert caught.value.__suppress_context__
            assert "debug_error_string" not in str(caught.value)


class Briefs(brief_service_pb2_grpc.BriefServiceServicer):
    """Breaks off the first two streams: before any event, then after the first."""

    call_count = 0

    async def StreamGenerateBrief(
        self, request: Any, context: Any
    ) -> AsyncIterator[brief_service_pb2.StreamGenerateBriefResponse]:
        self.call_count += 1
        if self.call_count == 1:
            await abort(context, UNAVAILABLE, "MODEL_LOADING")
        headline = brief_service_pb2.BilingualText(source_text="خبر", translated_text="News")
        yield brief_service_pb2.StreamGenerateBriefResponse(headline=headline)
        await abort(context, UNAVAILABLE, "SHUTTING_DOWN")


async def test_a_brief_starts_anew_only_while_nothing_of_it_was_sent() -> None:
    servicer, waits = Briefs(), Waits()
    async with (
        scripted_server(brief=servicer) as target,
        MujazClient(target, retry_policy=waits.policy) as client,
    ):
        received: list[Any] = []
        with pytest.raises(RpcFailed) as caught:
            await collect(client.stream_brief(Article(body="نص")), received)
    assert len(received) == 1
    assert caught.value.reason == "SHUTTING_DOWN"
    assert servicer.call_count == 2


async def test_all_pages_of_models_are_read() -> None:
    class Paged(model_service_pb2_grpc.ModelServiceServicer):
        async def ListModels(
            self, request: model_service_pb2.ListModelsRequest, context: Any
        ) -> model_service_pb2.ListModelsResponse:
            page = int(request.page_token or 0)
            return model_service_pb2.ListModelsResponse(
                models=[model_service_pb2.Model(name=f"models/{page}")],
                next_page_token=str(page + 1) if page < 2 else "",
            )

    async with scripted_server(models=Paged()) as target, MujazClient(target) as client:
        names = [model.name for model in await client.list_models()]
    assert names == ["models/0", "models/1", "models/2"]
