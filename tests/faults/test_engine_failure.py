"""A sentence on which the model fails: only its own call notices."""

from __future__ import annotations

import asyncio
import json
import sys

import grpc
import pytest
from google.rpc import error_details_pb2

from mujaz.client import Article, BriefConfig, BriefMethod, MujazClient
from mujaz.v1.translation_service_pb2 import TranslateTextRequest
from tests.faults.calls import CONFIG, check_answers, new_text, translation
from tests.faults.poisoned_program import POISON
from tests.faults.server_process import own_channel, server_process
from tests.transport.failures import failure

pytestmark = pytest.mark.model

PROGRAM = (sys.executable, "-m", "tests.faults.poisoned_program")
BAD_TEXT = f"أعلنت الوزارة اليوم عن {POISON} في المدينة."


async def test_a_sentence_that_fails_harms_no_other_and_its_text_goes_nowhere() -> None:
    async with server_process(program=PROGRAM) as server:
        async with own_channel(server.address) as channel:
            stub = translation(channel)

            async def translate(text: str) -> str:
                response = await stub.TranslateText(
                    TranslateTextRequest(content=text, config=CONFIG)
                )
                return str(response.translated_text)

            async def fail() -> None:
                request = TranslateTextRequest(content=BAD_TEXT, config=CONFIG)
                answer = await failure(stub.TranslateText(request))
                assert (answer.code, answer.reason) == (grpc.StatusCode.INTERNAL, "ENGINE_FAILED")
                assert answer.metadata == {}
                assert answer.request_id
                kinds = {detail.TypeName() for detail in answer.status.details}
                details = (error_details_pb2.ErrorInfo, error_details_pb2.RequestInfo)
                assert kinds == {kind.DESCRIPTOR.full_name for kind in details}
                assert POISON not in str(answer.status)

            # Sent together, so that they share batches.
            good = [translate(new_text(4)) for _ in range(12)]
            bad = [fail() for _ in range(4)]
            answers = await asyncio.gather(*good, *bad)
            assert all(answers[:12])
            await check_answers(channel)

        async with MujazClient(server.address) as client:
            articles = [Article(article_id=f"good-{n}", body=new_text(6)) for n in range(6)]
            articles.insert(3, Article(article_id="bad", body=f"{new_text(3)} {BAD_TEXT}"))
            config = BriefConfig(
                method=BriefMethod.BRIEF_METHOD_EXTRACTIVE,
                translation=CONFIG,
                include_translation=True,
            )
            answers = [answer async for answer in client.process_articles(articles, config)]
            failed = {answer.article_id for answer in answers if answer.HasField("error")}
            assert failed == {"bad"}
            assert len(answers) == 7
        assert await server.stopped() == 0
        log = json.dumps(server.lines, ensure_ascii=False) + "".join(server.plain_lines)
        assert POISON not in log
        assert "الوزارة" not in log
        assert "sequence_failed" in log
