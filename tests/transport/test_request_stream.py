from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from mujaz.errors import FieldInvalid
from mujaz.transport.request_stream import read_config, read_work
from mujaz.v1 import translation_service_pb2

Request = translation_service_pb2.TranslateTextChunksRequest

CONFIG = Request(config=translation_service_pb2.TranslationConfig(beam_size=2))
CHUNK = Request(chunk="نص")
EMPTY_CHUNK = Request(chunk="")
NOTHING = Request()


async def stream(*requests: Request) -> AsyncIterator[Request]:
    for request in requests:
        yield request


async def test_the_first_request_is_the_config_and_the_rest_is_work() -> None:
    requests = stream(CONFIG, CHUNK, EMPTY_CHUNK)
    assert await read_config(requests, idle_seconds=60) == CONFIG
    assert [request async for request in read_work(requests)] == [CHUNK, EMPTY_CHUNK]


@pytest.mark.parametrize("requests", [(), (NOTHING,), (CHUNK,), (CHUNK, CONFIG)])
async def test_a_stream_that_does_not_begin_with_the_config_is_refused(
    requests: tuple[Request, ...],
) -> None:
    with pytest.raises(FieldInvalid) as caught:
        await read_config(stream(*requests), idle_seconds=60)
    assert caught.value.field == "config"


@pytest.mark.parametrize(("second", "field"), [(CONFIG, "config"), (NOTHING, "payload")])
async def test_work_before_a_misplaced_request_is_still_read(second: Request, field: str) -> None:
    work = read_work(stream(CHUNK, second))
    assert await anext(work) == CHUNK
    with pytest.raises(FieldInvalid) as caught:
        await anext(work)
    assert caught.value.field == field
