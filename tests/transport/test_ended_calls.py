"""Calls that end badly leave nothing behind that only garbage collection would free."""

from __future__ import annotations

import asyncio
import gc
from collections import Counter
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import grpc
import pytest
import pytest_asyncio

from mujaz.transport.interceptors.wrap import Call
from mujaz.v1.translation_service_pb2 import TranslateTextRequest, TranslationConfig
from tests.conftest import RunningServer, running_server
from tests.faults.server_process import until
from tests.tiny_model import write_tiny_model

# gRPC refuses calls once as many are kept on a connection as may be open.
STREAMS = 40
CALLS = 5 * STREAMS
SERVICE = "/mujaz.v1.TranslationService"
TEXT = TranslateTextRequest(
    content=" ".join(f"أعلنت الوزارة اليوم عن الخطة رقم {number}." for number in range(40)),
    config=TranslationConfig(source_language_code="ar", beam_size=1),
).SerializeToString()


@pytest_asyncio.fixture
async def small_server(tmp_path: Path) -> AsyncIterator[RunningServer]:
    """A small random model, few streams, and no collection of cycles."""
    write_tiny_model(tmp_path / "tiny")
    async with running_server(models=tmp_path, max_concurrent_streams=STREAMS) as server:
        gc.collect()
        gc.disable()
        try:
            yield server
        finally:
            gc.enable()


def malformed(channel: grpc.aio.Channel) -> Any:
    return channel.unary_unary(f"{SERVICE}/TranslateText")(b"\xff")


def malformed_in_a_stream(channel: grpc.aio.Channel) -> Any:
    return channel.stream_stream(f"{SERVICE}/TranslateTextChunks")(iter([b"\xff"]))


def empty(channel: grpc.aio.Channel) -> Any:
    return channel.unary_stream(f"{SERVICE}/StreamTranslateText")(b"")


def late(channel: grpc.aio.Channel) -> Any:
    return channel.unary_stream(f"{SERVICE}/StreamTranslateText")(TEXT, timeout=0.001)


@pytest.mark.parametrize(
    ("make", "codes"),
    [
        (malformed, {"INVALID_ARGUMENT"}),
        (malformed_in_a_stream, {"INVALID_ARGUMENT"}),
        (empty, {"INVALID_ARGUMENT"}),
        (late, {"DEADLINE_EXCEEDED", "RESOURCE_EXHAUSTED"}),
    ],
)
async def test_any_number_of_failed_calls_may_follow_on_one_connection(
    small_server: RunningServer,
    make: Callable[[grpc.aio.Channel], Any],
    codes: set[str],
) -> None:
    found: Counter[str] = Counter()

    async def fail() -> None:
        call = make(small_server.channel)
        found[(await call.code()).name] += 1

    for _ in range(0, CALLS, 5):
        await asyncio.gather(*(fail() for _ in range(5)))
    # The server may still be ending the last ones.
    await until(lambda: len(kept_calls()) < STREAMS // 4)
    response = await small_server.translation.TranslateText(TranslateTextRequest.FromString(TEXT))
    assert response.translated_text
    assert found.keys() <= codes
    assert found.total() == CALLS


def kept_calls() -> list[Call]:
    return [each for each in gc.get_objects() if type(each) is Call]
