from __future__ import annotations

import asyncio
from time import monotonic

import grpc
import pytest
import structlog

from mujaz.transport.interceptors.deadline import Deadline
from mujaz.transport.interceptors.error_status import ErrorStatus
from mujaz.transport.interceptors.wrap import current_deadline
from tests.transport.interceptors.harness import KINDS, answers, echo_channel, encoded, start_call


async def seconds_left(text: str) -> str:
    deadline = current_deadline()
    assert deadline is not None
    return str(deadline - monotonic())


@pytest.mark.parametrize("kind", KINDS)
async def test_a_call_without_a_deadline_gets_the_default_of_its_kind(kind: str) -> None:
    default = 600 if kind.endswith("stream") else 30
    interceptors = [Deadline(unary_seconds=30, stream_seconds=600)]
    async with echo_channel(interceptors, seconds_left) as channel:
        [left] = await answers(start_call(channel, kind, encoded("x")), kind)
    assert default - 5 < float(left) <= default


async def test_the_callers_deadline_goes_before_the_default() -> None:
    interceptors = [Deadline(unary_seconds=30, stream_seconds=600)]
    async with echo_channel(interceptors, seconds_left) as channel:
        [left] = await answers(
            start_call(channel, "unary_unary", encoded("x"), timeout=100), "unary_unary"
        )
    # The header that carries it has few digits, and gRPC rounds up.
    assert 95 < float(left) < 102


@pytest.mark.parametrize("kind", KINDS)
async def test_over_the_default_deadline_the_work_is_cancelled(kind: str) -> None:
    cancelled = asyncio.Event()

    async def hang(text: str) -> str:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.set()
            raise
        return text

    logger = structlog.get_logger()
    interceptors = [ErrorStatus(logger), Deadline(unary_seconds=0.05, stream_seconds=0.05)]
    async with echo_channel(interceptors, hang) as channel:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await answers(start_call(channel, kind, encoded("x")), kind)
    assert caught.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED
    assert cancelled.is_set()


async def test_a_timeout_of_the_work_itself_is_no_deadline() -> None:
    async def time_out(text: str) -> str:
        raise TimeoutError

    logger = structlog.get_logger()
    interceptors = [ErrorStatus(logger), Deadline(unary_seconds=30, stream_seconds=30)]
    with structlog.testing.capture_logs() as lines:
        async with echo_channel(interceptors, time_out) as channel:
            with pytest.raises(grpc.aio.AioRpcError) as caught:
                await start_call(channel, "unary_unary", encoded("x"))
    assert caught.value.code() is grpc.StatusCode.INTERNAL
    assert [line["error_types"] for line in lines] == [["TimeoutError"]]
