"""A client that stops reading holds up only itself; one that vanishes leaves nothing behind."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
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
SENTENCE_COUNT = 4_000
# One sentence over and over, which the engine computes once.
LONG_TEXT = SENTENCE * SENTENCE_COUNT
WORK = "".join(f"أعلنت الوزارة اليوم عن الخطة رقم {number}. " for number in range(500))
CONFIG = TranslationConfig(source_language_code="ar", beam_size=1)
SETTLE_SECONDS = 30
STALL_SECONDS = 1.0


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
    async with own_channel(server) as channel:
        stub = translation_service_pb2_grpc.TranslationServiceStub(channel)
        request = StreamTranslateTextRequest(content=LONG_TEXT, config=CONFIG)
        stream = stub.StreamTranslateText(request)
        assert (await stream.read()).started.sentence_count == SENTENCE_COUNT

        await asyncio.sleep(STALL_SECONDS)
        assert server.scheduler_state.open_tickets == 1
        await check_others_are_served(server)

        events = await everything(stream)
        assert len(events) == SENTENCE_COUNT + 1
        assert events[-1].HasField("finished")
    assert server.scheduler_state.open_tickets == 0


async def test_a_client_that_only_sends_is_read_no_further(server: RunningServer) -> None:
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
        await asyncio.wait([sending], timeout=STALL_SECONDS)
        assert not sending.done()
        assert sent < 100
        await check_others_are_served(server)
        sending.cancel()
        call.cancel()
        await asyncio.wait([sending])
    await settled(lambda: server.scheduler_state.open_tickets == 0)


def chunk_stream(channel: grpc.aio.Channel) -> Any:
    requests = [
        TranslateTextChunksRequest(config=CONFIG),
        TranslateTextChunksRequest(chunk=WORK),
    ]
    stub = translation_service_pb2_grpc.TranslationServiceStub(channel)
    return stub.TranslateTextChunks(iter(requests))


def text_stream(channel: grpc.aio.Channel) -> Any:
    request = StreamTranslateTextRequest(content=WORK, config=CONFIG)
    return translation_service_pb2_grpc.TranslationServiceStub(channel).StreamTranslateText(request)


def whole_text(channel: grpc.aio.Channel) -> Any:
    request = TranslateTextRequest(content=WORK[:20_000], config=CONFIG)
    return translation_service_pb2_grpc.TranslationServiceStub(channel).TranslateText(request)


ARTICLE = Article(article_id="a", title="خطة جديدة", body=WORK)
BRIEF_CONFIG = BriefConfig(translation=CONFIG, include_translation=True)


def whole_brief(channel: grpc.aio.Channel) -> Any:
    request = GenerateBriefRequest(article=ARTICLE, config=BRIEF_CONFIG)
    return brief_service_pb2_grpc.BriefServiceStub(channel).GenerateBrief(request)


def brief_stream(channel: grpc.aio.Channel) -> Any:
    request = StreamGenerateBriefRequest(article=ARTICLE, config=BRIEF_CONFIG)
    return brief_service_pb2_grpc.BriefServiceStub(channel).StreamGenerateBrief(request)


def article_stream(channel: grpc.aio.Channel) -> Any:
    requests = [
        ProcessArticlesRequest(config=BRIEF_CONFIG),
        *(ProcessArticlesRequest(article=ARTICLE) for _ in range(20)),
    ]
    return brief_service_pb2_grpc.BriefServiceStub(channel).ProcessArticles(iter(requests))


@pytest.mark.parametrize(
    "start",
    [text_stream, chunk_stream, whole_text, whole_brief, brief_stream, article_stream],
)
@pytest.mark.parametrize("leave", ["cancel", "disconnect"])
async def test_a_client_that_vanishes_leaves_no_work(
    server: RunningServer, start: Callable[[grpc.aio.Channel], Any], leave: str
) -> None:
    async with own_channel(server) as channel:
        call = start(channel)
        reading = asyncio.ensure_future(call if hasattr(call, "__await__") else everything(call))
        await settled(lambda: server.scheduler_state.open_tickets > 0)
        if leave == "cancel":
            call.cancel()
            await asyncio.wait([reading])
    await asyncio.wait([reading])
    await settled(lambda: server.scheduler_state.open_tickets == 0)
    assert server.scheduler_state.queued_sequences == 0
    assert server.scheduler_state.queued_tokens == 0
    await check_others_are_served(server)
