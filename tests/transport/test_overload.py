"""More work than the engine takes: refused at once and in words a client can act on."""

from __future__ import annotations

import asyncio

import grpc
import pytest
from google.rpc import error_details_pb2
from grpc_health.v1 import health_pb2

from mujaz.transport.health import SERVING
from mujaz.v1.translation_service_pb2 import TranslateTextRequest, TranslationConfig
from tests.conftest import running_server
from tests.transport.failures import failure

pytestmark = pytest.mark.model

CALL_COUNT = 400
CONFIG = TranslationConfig(source_language_code="ar", beam_size=1)


def request(number: int) -> TranslateTextRequest:
    content = f"أعلنت الوزارة اليوم عن الخطة رقم {number} وعن مواعيد العمل بها."
    return TranslateTextRequest(content=content, config=CONFIG)


async def test_a_full_queue_refuses_with_a_hint_and_health_stays() -> None:
    async with running_server(queue_token_limit=1_024, max_concurrent_streams=1_000) as server:
        calls = [server.translation.TranslateText(request(n)) for n in range(CALL_COUNT)]
        health = await server.health.Check(health_pb2.HealthCheckRequest())
        codes = await asyncio.gather(*(call.code() for call in calls))
        refused = [
            await failure(call)
            for call, code in zip(calls, codes, strict=True)
            if code is not grpc.StatusCode.OK
        ]
        assert health.status == SERVING
        assert 0 < len(refused) < CALL_COUNT
        for answer in refused:
            assert answer.code is grpc.StatusCode.RESOURCE_EXHAUSTED
            assert answer.reason in {"QUEUE_FULL", "CALLER_SHARE_EXCEEDED"}
            delay = answer.detail(error_details_pb2.RetryInfo()).retry_delay
            assert delay.ToTimedelta().total_seconds() > 0
        assert (await server.translation.TranslateText(request(0))).translated_text


async def test_the_default_deadline_of_the_server_ends_a_call_and_its_work() -> None:
    content = " ".join(request(number).content for number in range(300))
    async with running_server(unary_deadline_seconds=0.1) as server:
        call = server.translation.TranslateText(
            TranslateTextRequest(content=content, config=CONFIG)
        )
        answer = await failure(call)
        assert (answer.code, answer.reason) == (
            grpc.StatusCode.DEADLINE_EXCEEDED,
            "DEADLINE_EXCEEDED",
        )
        assert server.scheduler_state.open_tickets == 0
        assert server.scheduler_state.queued_sequences == 0
