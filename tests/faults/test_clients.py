"""Clients that do not read, are gone, stand still or only wait: the others do not notice."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from mujaz.v1.translation_service_pb2 import StreamTranslateTextRequest
from tests.faults.calls import CONFIG, check_answers, new_text, translation
from tests.faults.server_process import (
    COMMAND,
    PATIENCE_SECONDS,
    ServerProcess,
    own_channel,
    server_process,
    until,
)
from tests.transport.failures import everything

pytestmark = pytest.mark.model

MEBIBYTE = 1024 * 1024


@asynccontextmanager
async def client_process(
    server: ServerProcess, path: Path, *, text: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    """`mujaz translate` on a standard input that stays open, once it has written to `path`."""
    with path.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            *(*COMMAND, "translate", "--server", server.address),
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.DEVNULL,
        )
    assert process.stdin is not None
    process.stdin.write(text.encode())
    try:
        await until(lambda: path.stat().st_size > 0)
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def test_slow_readers_hold_up_only_themselves_in_bounded_memory() -> None:
    # The addresses are copied, so that the answers are long and the work is short.
    address = f"https://example.org/{'x' * 150}"
    text = "".join(f"أعلنت الوزارة عن الخطة رقم {n} في {address} اليوم. " for n in range(250))
    async with server_process() as server, own_channel(server.address) as channel:
        await check_answers(channel)
        await server.idle()
        before = server.resident_bytes
        request = StreamTranslateTextRequest(content=text, config=CONFIG)
        streams = [translation(channel).StreamTranslateText(request) for _ in range(8)]
        for stream in streams:
            assert (await stream.read()).started.sentence_count == 250
        await server.idle()
        grown = server.resident_bytes - before
        finished = [line for line in server.lines if line["event"] == "request_finished"]
        assert len(finished) == 1  # the first short one
        async with own_channel(server.address) as other:
            await asyncio.gather(*(check_answers(other) for _ in range(20)))
        assert grown < 64 * MEBIBYTE
        for stream in streams:
            events = await everything(stream)
            assert len(events) == 251
            assert events[-1].HasField("finished")
        assert await server.stopped() == 0


async def test_the_work_of_a_killed_client_leaves_the_queue(tmp_path: Path) -> None:
    async with server_process() as server:
        async with client_process(server, tmp_path / "out", text=new_text(20_000)) as client:
            client.kill()
            line = await server.logged("request_finished", code="CANCELLED")
            assert line["method"].endswith("TranslateTextChunks")
        # With the text gone there is nothing to compute.
        await server.idle()
        async with own_channel(server.address) as channel:
            await check_answers(channel)
        assert await server.stopped() == 0


async def test_a_client_that_stands_still_is_given_up_by_keepalive(tmp_path: Path) -> None:
    keepalive = ("--keepalive-seconds", "1", "--keepalive-timeout-seconds", "1")
    async with server_process(*keepalive) as server:
        async with client_process(server, tmp_path / "out", text=new_text(100)) as client:
            # Its kernel goes on answering, so that only an unanswered ping can tell.
            client.send_signal(signal.SIGSTOP)
            await server.logged("request_finished", code="CANCELLED")
        async with own_channel(server.address) as channel:
            await check_answers(channel)
        assert await server.stopped() == 0


async def test_a_thousand_idle_streams_cost_little_and_go_without_a_trace() -> None:
    async with server_process() as server, own_channel(server.address) as channel:
        await check_answers(channel)
        await server.idle()
        memory, descriptors = server.resident_bytes, server.descriptor_count
        holder = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.faults.idle_streams_program"),
            *(server.address, "20", "50"),
            stdout=subprocess.PIPE,
        )
        assert holder.stdout is not None
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                assert await holder.stdout.readline() == b"open\n"
            await server.idle()
            await check_answers(channel)
            assert server.descriptor_count <= descriptors + 20
            assert server.resident_bytes - memory < 100 * MEBIBYTE
        finally:
            holder.kill()
            await holder.wait()
        # Without a code: of some gRPC says that their text ended, not that their client did.
        await server.logged("request_finished", count=1_000 + 2)
        await until(lambda: server.descriptor_count <= descriptors)
        await check_answers(channel)
        assert await server.stopped() == 0
