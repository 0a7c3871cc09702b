"""Streams that are open and bring nothing."""

from __future__ import annotations

from typing import Any

import grpc
import pytest

from mujaz.v1.brief_service_pb2 import Article, BriefConfig, ProcessArticlesRequest
from mujaz.v1.translation_service_pb2 import TranslateTextChunksRequest, TranslationConfig
from tests.conftest import RunningServer, running_server
from tests.transport.failures import failure

pytestmark = pytest.mark.model

IDLE_SECONDS = 1.0
CHUNKS_CONFIG = TranslateTextChunksRequest(config=TranslationConfig(source_language_code="ar"))
CHUNK = TranslateTextChunksRequest(chunk="أعلنت الوزارة الخطة اليوم.\n")
ARTICLES_CONFIG = ProcessArticlesRequest(config=BriefConfig())
ARTICLE = ProcessArticlesRequest(
    article=Article(article_id="a", body="أعلنت الوزارة الخطة اليوم في القاهرة.")
)


def start(server: RunningServer, method: str) -> Any:
    service = server.translation if method == "TranslateTextChunks" else server.brief
    return getattr(service, method)()


@pytest.mark.parametrize("method", ["TranslateTextChunks", "ProcessArticles"])
async def test_a_stream_that_brings_nothing_ends_and_one_that_did_has_its_answers(
    method: str,
) -> None:
    config, work = (
        (CHUNKS_CONFIG, CHUNK) if method == "TranslateTextChunks" else (ARTICLES_CONFIG, ARTICLE)
    )
    async with running_server(stream_idle_seconds=IDLE_SECONDS) as server:
        for sent in ([], [config], [config, work, work]):
            call = start(server, method)
            for request in sent:
                await call.write(request)
            for _ in range(len(sent) - 1):
                assert await call.read() is not grpc.aio.EOF
            answer = await failure(call)
            assert (answer.code, answer.reason) == (
                grpc.StatusCode.DEADLINE_EXCEEDED,
                "STREAM_IDLE",
            )
        assert server.scheduler_state.open_tickets == 0
