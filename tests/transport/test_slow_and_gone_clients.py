"""A client that stops reading holds up only itself; one that vanishes leaves nothing behind."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from itertools import count, islice
from typing import Any

import grpc
import pytest

from mujaz.v1 import brief_service_pb2_grpc, translation_service_pb2_grpc
from mujaz.v1.brief_service_pb2 import (
    Article,
    BriefConfig,
    GenerateBriefRequest,
    ProcessArticlesRequest,
    StreamGenerateBriefRequest,
)
from mujaz.v1.translation_service_pb2 import (
    StreamTranslateTextRequest,
    TranslateTextChunksRequest,
    TranslateTextRequest,
    TranslationConfig,
)
from tests.conftest import RunningServer
from tests.transport.failures import everything

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.model]

SENTENCE = "أعلنت الوزارة اليوم عن خطة جديدة. "
CONFIG = TranslationConfig(source_language_code="ar", beam_size=1)
SETTLE_SECONDS = 30


@asynccontextmanager
async def own_channel(server: RunningServer) -> AsyncIterator[grpc.aio.Channel]:
    """A connection whose window does not grow, so that an unread stream stalls at 64 KiB."""
    options = [("grpc.http2.bdp_probe", 0), ("grpc.use_local_subchannel_pool", 1)]
    async with grpc.aio.insecure_channel(server.target, options) as channel:
        yield channel


async def settled(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(SETTLE_SECONDS):
        while not condition():  # noqa: ASYNC110  # the scheduler has no event for its callers
            await asyncio.sleep(0.01)


async def check_others_are_served(server: RunningServer) -> None:
    request = TranslateTextRequest(content="قال الوزير نعم.", config=CONFIG)
    async with asyncio.timeout(SETTLE_SECONDS):
        assert (await server.translation.TranslateText(request)).translated_text


async def test_a_reader_that_pauses_blocks_itself_alone_and_loses_nothing(
    server: RunningServer,
) -> None:
    # The addresses are copied, so that the answer is long and the work is short.
    address = f"https://example.org/{'x' * 300}"
    text = "".join(f"أعلنت الوزارة عن الخطة رقم {n} في {address} اليوم. " for n in range(250))
    async with own_channel(server) as channel:
        stub = translation_service_pb2_grpc.TranslationServiceStub(channel)
        request = StreamTranslateTextRequest(content=text, config=CONFIG)
        stream = stub.StreamTranslateText(request)
        assert (await stream.read()).started.sentence_count == 250

        # With all the work done, all there is to wait for is the reader.
        await settled(lambda: server.scheduler_state.batch_count > 0 and is_idle(server))
        assert server.scheduler_state.open_tickets == 1
        await check_others_are_served(server)

        events = await everything(stream)
        assert "".join(event.sentence.source_text for event in events[:-1]) == text.replace(
            "اليوم. ", "اليوم."
        )
        assert events[-1].HasField("finished")
    assert server.scheduler_state.open_tickets == 0


def is_idle(server: RunningServer) -> bool:
    state = server.scheduler_state
    return state.queued_sequences == 0 and state.running_sequences == 0


async def test_a_client_that_only_sends_is_read_no_further(server: RunningServer) -> None:
    batch_count = server.scheduler_state.batch_count
    async with own_channel(server) as channel:
        stub = translation_service_pb2_grpc.TranslationServiceStub(channel)
        call = stub.TranslateTextChunks()
        await call.write(TranslateTextChunksRequest(config=CONFIG))
        sent = 0

        async def send_all() -> None:
            nonlocal sent
            for _ in range(100):
                await call.write(TranslateTextChunksRequest(chunk=SENTENCE * 1_500))
                sent += 1

        sending = asyncio.create_task(send_all())
        await settled(lambda: server.scheduler_state.batch_count > batch_count and is_idle(server))
        assert not sending.done()
        assert sent < 5
        await check_others_are_served(server)
        sending.cancel()
        call.cancel()
        await asyncio.wait([sending])
    await check_nothing_is_left(server)


NUMBERS = count()


def new_work() -> str:
    """A long text that shares no sentence with any before, so that none of it is remembered."""
    sentences = (f"أعلنت الوزارة اليوم عن الخطة رقم {number}. " for number in NUMBERS)
    return "".join(islice(sentences, 400))


def chunk_stream(channel: grpc.aio.Channel) -> Any:
    requests = [
        TranslateTextChunksRequest(config=CONFIG),
        TranslateTextChunksRequest(chunk=new_work()),
    ]
    stub = translation_service_pb2_grpc.TranslationServiceStub(channel)
    return stub.TranslateTextChunks(iter(requests))


def text_stream(channel: grpc.aio.Channel) -> Any:
    request = StreamTranslateTextRequest(content=new_work(), config=CONFIG)
    return translation_service_pb2_grpc.TranslationServiceStub(channel).StreamTranslateText(request)


def whole_text(channel: grpc.aio.Channel) -> Any:
    request = TranslateTextRequest(content=new_work(), config=CONFIG)
    return translation_service_pb2_grpc.TranslationServiceStub(channel).TranslateText(request)


def new_article() -> Article:
    return Article(article_id="a", title="خطة جديدة", body=new_work())


BRIEF_CONFIG = BriefConfig(translation=CONFIG, include_translation=True)


def whole_brief(channel: grpc.aio.Channel) -> Any:
    request = GenerateBriefRequest(article=new_article(), config=BRIEF_CONFIG)
    return brief_service_pb2_grpc.BriefServiceStub(channel).GenerateBrief(request)


def brief_stream(channel: grpc.aio.Channel) -> Any:
    request = StreamGenerateBriefRequest(article=new_article(), config=BRIEF_CONFIG)
    return brief_service_pb2_grpc.BriefServiceStub(channel).StreamGenerateBrief(request)


def article_stream(channel: grpc.aio.Channel) -> Any:
    requests = [
        ProcessArticlesRequest(config=BRIEF_CONFIG),
        *(ProcessArticlesRequest(article=new_article()) for _ in range(20)),
    ]
    return brief_service_pb2_grpc.BriefServiceStub(channel).ProcessArticles(iter(requests))


class Cable:
    """Carries the bytes of a connection to the server until it is cut."""

    def __init__(self, target: str) -> None:
        self._host, _, self._port = target.rpartition(":")
        self._writers: list[asyncio.StreamWriter] = []

    async def connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection(self._host, self._port)
        self._writers += [writer, far_writer]
        await asyncio.gather(carry(reader, far_writer), carry(far_reader, writer))

    def cut(self) -> None:
        for writer in self._writers:
            writer.transport.abort()


async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()


STARTS = [text_stream, chunk_stream, whole_text, whole_brief, brief_stream, article_stream]


@pytest.mark.parametrize("start", STARTS)
async def test_a_client_that_cancels_leaves_no_work(
    server: RunningServer, start: Callable[[grpc.aio.Channel], Any]
) -> None:
    call = start(server.channel)
    reading = reading_of(call)
    await settled(lambda: server.scheduler_state.open_tickets > 0)
    call.cancel()
    await asyncio.wait([reading])
    await check_nothing_is_left(server)


@pytest.mark.parametrize("start", STARTS)
async def test_a_client_that_vanishes_leaves_no_work(
    server: RunningServer, start: Callable[[grpc.aio.Channel], Any]
) -> None:
    cable = Cable(server.target)
    relay = await asyncio.start_server(cable.connect, "127.0.0.1", 0)
    port = relay.sockets[0].getsockname()[1]
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        reading = reading_of(start(channel))
        await settled(lambda: server.scheduler_state.open_tickets > 0)
        relay.close()
        cable.cut()
        await asyncio.wait([reading])
    assert isinstance(reading.exception(), grpc.aio.AioRpcError)
    await check_nothing_is_left(server)


def reading_of(call: Any) -> asyncio.Future[Any]:
    return asyncio.ensure_future(call if hasattr(call, "__await__") else everything(call))


async def check_nothing_is_left(server: RunningServer) -> None:
    """By the time the call is over, so is its work."""
    await settled(lambda: server.log_lines[-1]["code"] == "CANCELLED")
    assert server.scheduler_state.open_tickets == 0
    assert server.scheduler_state.queued_sequences == 0
    assert server.scheduler_state.queued_tokens == 0
    await check_others_are_served(server)
