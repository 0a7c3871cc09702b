"""TranslationService: convert, call the use case, write."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from time import monotonic
from typing import Any

import grpc

from mujaz.transport.backend import BackendProvider
from mujaz.transport.convert import requests, responses
from mujaz.transport.interceptors.wrap import current_caller, current_deadline, current_meter
from mujaz.transport.quota import Meter
from mujaz.transport.request_stream import read_config, read_work
from mujaz.v1 import translation_service_pb2 as pb
from mujaz.v1 import translation_service_pb2_grpc as pb_grpc

Context = grpc.aio.ServicerContext[Any, Any]


class TranslationServicer(pb_grpc.TranslationServiceServicer):
    """Answers the calls of TranslationService; errors are left to the interceptors."""

    def __init__(self, backend: BackendProvider, *, idle_seconds: float) -> None:
        self._backend = backend
        self._idle_seconds = idle_seconds

    async def TranslateText(
        self, request: pb.TranslateTextRequest, context: Context
    ) -> pb.TranslateTextResponse:
        translator = self._backend().translator
        text = requests.text_to_translate(request.content)
        config = requests.translation_config(request.config)
        with current_meter().charged(len(text)):
            translation = await translator.translate(
                text, config, deadline=current_deadline(), caller=current_caller()
            )
        return responses.translation(translation)

    async def StreamTranslateText(
        self, request: pb.StreamTranslateTextRequest, context: Context
    ) -> AsyncGenerator[pb.StreamTranslateTextResponse, None]:
        translator = self._backend().translator
        text = requests.text_to_stream(request.content)
        config = requests.translation_config(request.config)
        events = translator.stream(
            text,
            config,
            resume_token=request.resume_token,
            deadline=current_deadline(),
            caller=current_caller(),
            charge_rest=current_meter().charge,
        )
        # A resumed stream is charged for what is left of the text, once that is known.
        with current_meter().charged(0 if request.resume_token else len(text)):
            async with aclosing(events):
                async for event, resume_token in events:
                    yield responses.translation_event(event, resume_token)

    async def TranslateTextChunks(
        self, request_iterator: AsyncIterator[pb.TranslateTextChunksRequest], context: Context
    ) -> AsyncGenerator[pb.TranslateTextChunksResponse, None]:
        translator = self._backend().translator
        first = await read_config(request_iterator, idle_seconds=self._idle_seconds)
        config = requests.translation_config(first.config)
        chunks = _chunks(request_iterator, current_meter(), patience_seconds=self._idle_seconds)
        events = translator.stream_chunks(
            chunks, config, deadline=current_deadline(), caller=current_caller()
        )
        async with aclosing(events):
            async for event in events:
                yield responses.chunks_event(event)

    async def DetectLanguage(
        self, request: pb.DetectLanguageRequest, context: Context
    ) -> pb.DetectLanguageResponse:
        detector = self._backend().detector
        text = requests.text_to_detect(request.content)
        current_meter().charge(len(text))
        guesses = await asyncio.to_thread(detector.detect, text)
        return responses.detected_languages(guesses)


async def _chunks(
    request_iterator: AsyncIterator[pb.TranslateTextChunksRequest],
    meter: Meter,
    *,
    patience_seconds: float,
) -> AsyncIterator[str]:
    """The chunks, as fast as the rate of the token allows.

    The first is refused where there is no room for it, as nothing is lost by that. Later ones
    wait, and the caller with them, since a refusal would throw away what was translated. Raises
    QuotaExceeded where the wait is longer than `patience_seconds`, or outlasts the deadline.
    """
    deadline = current_deadline()
    is_first = True
    began = monotonic()  # when the caller of this is counted as idle from
    async for request in read_work(request_iterator):
        chunk = requests.chunk(request.chunk)
        if is_first:
            meter.charge(len(chunk))
            is_first = False
        else:
            until = began + patience_seconds
            until = until if deadline is None else min(until, deadline)
            await meter.charge_in_turn(len(chunk), until=until)
        yield chunk
        began = monotonic()
