"""A process that gets no more file descriptors, and one that gets no more memory."""

from __future__ import annotations

import asyncio
import resource

import grpc
import pytest

from mujaz.v1.translation_service_pb2 import TranslateTextRequest
from tests.faults.calls import CONFIG, check_answers, new_text, text_stream, translation
from tests.faults.server_process import (
    ServerProcess,
    limited,
    own_channel,
    server_process,
    until,
)
from tests.transport.failures import everything

pytestmark = pytest.mark.model

MEBIBYTE = 1024 * 1024
DESCRIPTOR_LIMIT = 48
UNLIMITED = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)


async def test_without_descriptors_calls_go_on_and_with_them_new_ones_come() -> None:
    async with server_process(wrapper=limited("-n", str(DESCRIPTOR_LIMIT))) as server:
        async with own_channel(server.address) as channel:
            await check_answers(channel)
            stream = text_stream(channel, new_text(200))
            host, _, port = server.address.rpartition(":")
            opened = [await asyncio.open_connection(host, port) for _ in range(DESCRIPTOR_LIMIT)]
            await until(lambda: server.descriptor_count == DESCRIPTOR_LIMIT)
            await check_answers(channel)
            events = await everything(stream)
            assert len(events) == 202
            for _, writer in opened:
                writer.close()
        async with own_channel(server.address) as channel:
            await check_answers(channel, wait_for_ready=True)
        assert await server.stopped() == 0


async def long_texts(channel: grpc.aio.Channel) -> None:
    """Texts of many sentences, which come into one batch that needs much memory."""

    async def translate() -> None:
        request = TranslateTextRequest(content=new_text(50), config=CONFIG)
        response = await translation(channel).TranslateText(request, timeout=60)
        assert len(response.sentences) == 50

    await asyncio.gather(*(translate() for _ in range(6)))


def limit_memory(server: ServerProcess, room_bytes: int) -> None:
    limit = (server.virtual_bytes + room_bytes, resource.RLIM_INFINITY)
    resource.prlimit(server.process.pid, resource.RLIMIT_AS, limit)


async def test_without_memory_for_a_batch_its_sentences_are_computed_one_by_one() -> None:
    batches = ("--batch-token-budget", "65536", "--engine-threads", "1", "--cache-bytes", "0")
    async with server_process(*batches) as server, own_channel(server.address) as channel:
        await check_answers(channel)
        await server.idle()
        before = server.virtual_bytes
        room = 4 * MEBIBYTE
        await long_texts(channel)
        # What they need where they may have it, so that it is known to be refused below.
        assert server.peak_virtual_bytes - before > 3 * room
        await server.idle()
        limit_memory(server, room)
        await long_texts(channel)
        await check_answers(channel)
        resource.prlimit(server.process.pid, resource.RLIMIT_AS, UNLIMITED)
        await check_answers(channel)
        assert await server.stopped() == 0
