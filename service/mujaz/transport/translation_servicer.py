"""TranslationService: convert, call the use case, write."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Any

import grpc

from mujaz.transport.backend import BackendProvider
from mujaz.transport.convert import requests, responses
from mujaz.transport.interceptors.wrap import current_deadline
from mujaz.transport.request_stream import read_config, read_work
from mujaz.v1 import translation_service_pb2 as pb
from mujaz.v1 import translation_service_pb2_grpc as pb_grpc

Context = grpc.aio.ServicerContext[Any, Any]


class TranslationServicer(pb_grpc.TranslationServiceServicer):
    """Answers the calls of TranslationService; errors are left to the interceptors."""

    def __init__(self, backend: BackendProvider) -> None:
        self._backend = backend

    async def TranslateText(
        self, request: pb.TranslateTextRequest, context: Context
    ) -> pb.TranslateTextResponse:
        translator = self._backend().translator
        text = requests.text_to_translate(request.content)
        config = requests.translation_config(request.config)
        translation = await translator.translate(text, config, deadline=current_deadline())
        return responses.translation(translation)

    async def StreamTranslateText(
        self, request: pb.StreamTranslateTextRequest, context: Context
    ) -> AsyncGenerator[pb.StreamTranslateTextResponse, None]:
        translator = self._backend().translator
        text = requests.text_to_stream(request.content)
        config = requests.translation_config(request.config)
        events = translator.stream(
            text, config, resume_token=request.resume_token, deadline=current_deadline()
        )
        async with aclosing(events):
            async for event, resume_token in events:
                yield responses.translation_event(event, resume_token)

    async def TranslateTextChunks(
        self, request_iterator: AsyncIterator[pb.TranslateTextChunksRequest], context: Context
    ) -> AsyncGenerator[pb.TranslateTextChunksResponse, None]:
        translator = self._backend().translator
        config = requests.translation_config((await read_config(request_iterator)).config)
        chunks = _chunks(request_iterator)
        events = translator.stream_chunks(chunks, config, deadline=current_deadline())
        async with aclosing(events):
            async for event in events:
                yield responses.chunks_event(event)

    async def DetectLanguage(
        self, request: pb.DetectLanguageRequest, context: Context
    ) -> pb.DetectLanguageResponse:
        detector = self._backend().detector
        text = requests.text_to_detect(request.content)
        guesses = await asyncio.to_thread(detector.detect, text)
        return responses.detected_languages(guesses)


async def _chunks(
    request_iterator: AsyncIterator[pb.TranslateTextChunksRequest],
) -> AsyncIterator[str]:
    async for request in read_work(request_iterator):
        yield requests.chunk(request.chunk)
