"""Streams that survive a cut connection and a killed server, over real sockets."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from mujaz.client import (
    Article,
    BriefConfig,
    BriefMethod,
    MujazClient,
    StreamTranslateTextResponse,
)
from tests.client.scripted_server import Waits
from tests.conftest import MODELS, running_server

pytestmark = pytest.mark.model

ARTICLE = (Path(__file__).resolve().parents[2] / "samples" / "raqqa.txt").read_text("utf-8")


class CuttingProxy:
    """Passes bytes on, and cuts the connections when told to."""

    def __init__(self, target: str) -> None:
        host, _, port = target.rpartition(":")
        self._target = (host, int(port))
        self._open: dict[asyncio.Task[None], list[asyncio.StreamWriter]] = {}
        self.connection_count = 0

    def cut(self) -> None:
        """Ends every connection the hard way."""
        for writers in self._open.values():
            for writer in writers:
                writer.transport.abort()

    async def close(self) -> None:
        """Ends every connection and waits until nothing of them is left."""
        await asyncio.sleep(0)  # one that was just accepted begins
        while self._open:
            self.cut()
            await asyncio.wait(self._open)

    async def connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serves one connection."""
        task = asyncio.current_task()
        assert task is not None
        self.connection_count += 1
        self._open[task] = [writer]
        try:
            target_reader, target_writer = await asyncio.open_connection(*self._target)
            self._open[task].append(target_writer)
            if writer.transport.is_closing():  # cut meanwhile
                return
            await asyncio.gather(_pass_on(reader, target_writer), _pass_on(target_reader, writer))
        finally:
            for each in self._open.pop(task):
                each.transport.abort()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while block := await reader.read(65_536):
            writer.write(block)
            await writer.drain()
    writer.close()
    with contextlib.suppress(ConnectionError):
        await writer.wait_closed()


@asynccontextmanager
async def cutting_proxy(target: str) -> AsyncIterator[tuple[CuttingProxy, str]]:
    proxy = CuttingProxy(target)
    server = await asyncio.start_server(proxy.connect, "127.0.0.1", 0)
    async with server:
        yield proxy, f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        server.close()
        await proxy.close()


def texts(events: list[StreamTranslateTextResponse]) -> list[tuple[str, str]]:
    """What a reader sees of the events."""
    return [(event.WhichOneof("event") or "", event.sentence.source_text) for event in events]


async def test_a_stream_cut_again_and_again_gives_every_event_once() -> None:
    waits = Waits(attempts=50)
    async with (
        running_server() as server,
        cutting_proxy(server.target) as (proxy, address),
        MujazClient(server.target) as direct,
        MujazClient(address, retry_policy=waits.policy) as client,
    ):
        expected = [event async for event in direct.stream_translate(ARTICLE)]
        received = []
        async for event in client.stream_translate(ARTICLE):
            received.append(event)
            if len(received) % 5 == 3:
                proxy.cut()
    assert texts(received) == texts(expected)
    assert [event.sentence.translated_span for event in received] == [
        event.sentence.translated_span for event in expected
    ]
    assert proxy.connection_count > 2


async def test_articles_survive_cuts_and_are_answered_once_each() -> None:
    waits = Waits(attempts=50)
    articles = [Article(article_id=f"a{n}", body=f"{ARTICLE}\nرقم {n}.") for n in range(6)]
    config = BriefConfig(point_count=1, method=BriefMethod.BRIEF_METHOD_EXTRACTIVE)
    async with (
        running_server() as server,
        cutting_proxy(server.target) as (proxy, address),
        MujazClient(address, retry_policy=waits.policy) as client,
    ):
        received = []
        async for answer in client.process_articles(articles, config, window=3):
            received.append(answer.article_id)
            assert answer.HasField("brief")
            proxy.cut()
    assert sorted(received) == [article.article_id for article in articles]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@asynccontextmanager
async def server_process(port: int) -> AsyncIterator[asyncio.subprocess.Process]:
    command = [sys.executable, "-m", "mujaz", "serve", "--models", str(MODELS)]
    command += ["--listen", f"127.0.0.1:{port}", "--log-level", "error"]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    try:
        assert process.stdout is not None
        assert await process.stdout.readline()
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def test_a_stream_goes_on_at_a_server_that_took_the_place_of_a_killed_one() -> None:
    port = free_port()
    received = []
    async with MujazClient(f"127.0.0.1:{port}") as client:
        stream = client.stream_translate(ARTICLE, timeout_seconds=120)
        async with server_process(port) as process:
            for _ in range(4):
                received.append(await anext(stream))
            process.kill()
        async with server_process(port):
            received += [event async for event in stream]
    kinds = [event.WhichOneof("event") for event in received]
    assert kinds == ["started", *["sentence"] * (len(kinds) - 2), "finished"]
    indices = [event.sentence.sentence_index for event in received[1:-1]]
    assert indices == list(range(received[0].started.sentence_count))
