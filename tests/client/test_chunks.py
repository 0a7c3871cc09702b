"""A text of any length: cut as the contract allows, and never faster than it is taken."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import grpc
import pytest

from mujaz.client import MujazClient, RpcFailed, TranslationConfig
from mujaz.v1 import translation_service_pb2_grpc
from mujaz.v1.text_pb2 import TranslatedSentence
from mujaz.v1.translation_service_pb2 import (
    TranslateTextChunksRequest,
    TranslateTextChunksResponse,
    TranslationFinished,
)
from tests.client.scripted_server import abort, scripted_server

FINISHED = TranslateTextChunksResponse(finished=TranslationFinished())


class Echo(translation_service_pb2_grpc.TranslationServiceServicer):
    """Gives each chunk back as a sentence."""

    def __init__(self) -> None:
        self.requests: list[TranslateTextChunksRequest] = []
        self.cancelled = False

    async def TranslateTextChunks(
        self, requests: AsyncIterator[TranslateTextChunksRequest], context: Any
    ) -> AsyncIterator[TranslateTextChunksResponse]:
        async for request in requests:
            self.requests.append(request)
            if request.HasField("chunk"):
                sentence = TranslatedSentence(source_text=request.chunk)
                yield TranslateTextChunksResponse(sentence=sentence)
        yield FINISHED


async def sources(client: MujazClient, chunks: Any) -> list[str]:
    return [event.sentence.source_text async for event in client.translate_chunks(chunks)]


async def test_long_chunks_are_cut_to_what_one_request_may_hold() -> None:
    text = "كلمة " * 30_000
    servicer = Echo()
    async with scripted_server(translation=servicer) as target, MujazClient(target) as client:
        received = await sources(client, [text[:10], text[10:]])
    assert "".join(received) == text
    assert max(map(len, received)) == 64_000


async def test_the_configuration_goes_first_and_only_once() -> None:
    servicer = Echo()
    config = TranslationConfig(beam_size=2)
    async with scripted_server(translation=servicer) as target, MujazClient(target) as client:
        events = [event async for event in client.translate_chunks(["نص"], config)]
    assert events[-1] == FINISHED
    assert [request.WhichOneof("payload") for request in servicer.requests] == ["config", "chunk"]
    assert servicer.requests[0].config == config


async def test_an_error_of_the_source_ends_the_call_and_is_raised() -> None:
    async def broken() -> AsyncIterator[str]:
        yield "نص"
        raise OSError("the disk is gone")

    servicer = Echo()
    async with scripted_server(translation=servicer) as target, MujazClient(target) as client:
        with pytest.raises(OSError, match="the disk is gone"):
            await sources(client, broken())


async def test_a_failure_of_the_server_is_raised_while_text_still_comes() -> None:
    class Refusing(translation_service_pb2_grpc.TranslationServiceServicer):
        async def TranslateTextChunks(
            self, requests: AsyncIterator[TranslateTextChunksRequest], context: Any
        ) -> None:
            await anext(requests)
            await abort(context, grpc.StatusCode.RESOURCE_EXHAUSTED, "QUEUE_FULL")

    async def endless() -> AsyncIterator[str]:
        while True:
            yield "نص " * 1000

    async with scripted_server(translation=Refusing()) as target, MujazClient(target) as client:
        with pytest.raises(RpcFailed) as caught:
            await sources(client, endless())
    assert caught.value.reason == "QUEUE_FULL"


async def test_a_stream_without_its_last_event_is_incomplete() -> None:
    class Forgetful(translation_service_pb2_grpc.TranslationServiceServicer):
        async def TranslateTextChunks(
            self, requests: AsyncIterator[TranslateTextChunksRequest], context: Any
        ) -> AsyncIterator[TranslateTextChunksResponse]:
            async for _ in requests:
                pass
            yield TranslateTextChunksResponse(sentence=TranslatedSentence())

    async with scripted_server(translation=Forgetful()) as target, MujazClient(target) as client:
        with pytest.raises(RpcFailed, match="before its end"):
            await sources(client, ["نص"])
