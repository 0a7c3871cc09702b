from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from itertools import count
from typing import Any

import grpc
import pytest
import structlog

from mujaz.engine.observer import TicketUsage
from mujaz.errors import QueueFull
from mujaz.transport.interceptors.access_log import AccessLog
from mujaz.transport.interceptors.error_status import ErrorStatus
from mujaz.transport.interceptors.request_id import RequestId
from mujaz.transport.interceptors.wrap import CURRENT_CALL
from mujaz.v1.text_pb2 import QualityFlag, TranslatedSentence
from mujaz.v1.translation_service_pb2 import TranslateTextResponse
from tests.transport.interceptors.harness import KINDS, answers, echo_channel, encoded, start_call

METADATA = (("x-request-id", "id-1"),)


def logging_channel(answer: Callable[[str], Awaitable[str]]) -> Any:
    logger = structlog.get_logger()
    seconds = count()
    log = AccessLog(logger, clock=lambda: float(next(seconds)))
    return echo_channel([RequestId(), log, ErrorStatus(logger)], answer)


async def echo(text: str) -> str:
    return text


@pytest.mark.parametrize("kind", KINDS)
async def test_one_line_a_call_without_its_text(kind: str) -> None:
    with structlog.testing.capture_logs() as lines:
        async with logging_channel(echo) as channel:
            call = start_call(channel, kind, encoded("secret"), metadata=METADATA)
            await answers(call, kind)

    assert lines == [
        {
            "event": "request_finished",
            "log_level": "info",
            "method": f"/mujaz.test.Echo/{kind}",
            "code": "OK",
            "reason": "",
            "request_id": "id-1",
            "caller": "",
            "seconds": 1.0,
        }
    ]


async def test_a_failed_call_has_its_code_and_reason() -> None:
    async def refuse(text: str) -> str:
        raise QueueFull("full", retry_after_seconds=1)

    with structlog.testing.capture_logs() as lines:
        async with logging_channel(refuse) as channel:
            with pytest.raises(grpc.aio.AioRpcError):
                await start_call(channel, "unary_unary", encoded("x"))

    [line] = lines
    assert (line["code"], line["reason"]) == ("RESOURCE_EXHAUSTED", "QUEUE_FULL")


async def code_of_abandoned(timeout_seconds: float | None) -> str:
    """The code logged for a call that its caller gives up on."""
    waiting, ended = asyncio.Event(), asyncio.Event()

    async def hang(text: str) -> str:
        try:
            waiting.set()
            await asyncio.Event().wait()
        finally:
            ended.set()
        return text

    with structlog.testing.capture_logs() as lines:
        async with logging_channel(hang) as channel:
            call = start_call(channel, "unary_unary", encoded("x"), timeout=timeout_seconds)
            await waiting.wait()
            if timeout_seconds is None:
                call.cancel()
            await asyncio.wait([asyncio.ensure_future(call.code())])
            await ended.wait()
    [line] = lines
    return str(line["code"])


async def test_a_call_its_caller_left_is_cancelled() -> None:
    assert await code_of_abandoned(None) == "CANCELLED"


async def test_a_call_over_its_callers_deadline_is_late() -> None:
    assert await code_of_abandoned(0.2) == "DEADLINE_EXCEEDED"


@pytest.mark.parametrize("fails", [False, True])
async def test_a_line_says_what_was_done_for_the_call_whether_it_succeeded_or_not(
    fails: bool,
) -> None:
    async def work(text: str) -> str:
        usage = TicketUsage(
            0.0, source_token_count=7, queue_seconds=0.25, engine_seconds=0.5, sequence_count=1
        )
        call = CURRENT_CALL.get()
        call.work.count_ticket(usage, 1.0)
        call.trace_id = "abc"
        if fails:
            raise QueueFull("full", retry_after_seconds=1)
        sentence = TranslatedSentence(quality_flags=[QualityFlag.QUALITY_FLAG_RETRIED])
        call.work.count_response(TranslateTextResponse(sentences=[sentence]))
        return text

    with structlog.testing.capture_logs() as lines:
        async with logging_channel(work) as channel:
            call = start_call(channel, "unary_unary", encoded("x"))
            await asyncio.wait([asyncio.ensure_future(call.code())])

    [line] = lines
    done = {"tokens": 7, "queue_ms": 250.0, "engine_ms": 500.0, "trace_id": "abc"}
    assert done.items() <= line.items()
    assert [line.get("sentences"), line.get("flags")] == ([None] * 2 if fails else [1, 1])
