"""Calls open at a time, whatever they wait for."""

from __future__ import annotations

import asyncio
from typing import Any

import grpc
import structlog
from google.rpc import error_details_pb2

from mujaz.transport.interceptors.call_limit import CallLimit
from mujaz.transport.interceptors.error_status import ErrorStatus
from mujaz.transport.interceptors.wrap import Call, Proceed
from tests.transport.failures import failure
from tests.transport.interceptors.harness import answers, echo_channel, encoded, start_call

LIMIT = 10


async def named_by_metadata(call: Call, proceed: Proceed) -> Any:
    metadata = dict(call.context.invocation_metadata() or ())
    call.caller = str(metadata.get("caller", ""))
    return await proceed()


async def test_callers_share_the_open_calls_and_a_call_that_ends_makes_room() -> None:
    gate, entered = asyncio.Event(), asyncio.Semaphore(0)

    async def answer(text: str) -> str:
        entered.release()
        await gate.wait()
        return text

    chain = [named_by_metadata, ErrorStatus(structlog.get_logger()), CallLimit(LIMIT)]
    async with echo_channel(chain, answer) as channel:

        def call(caller: str) -> Any:
            metadata = (("caller", caller),)
            return start_call(channel, "unary_unary", encoded("a"), metadata=metadata)

        open_calls = []
        for _ in range(8):  # four times what is then still free
            open_calls.append(call("many"))
            await entered.acquire()
        refused = await failure(call("many"))
        assert refused.code is grpc.StatusCode.RESOURCE_EXHAUSTED
        assert refused.reason == "CALLER_SHARE_EXCEEDED"
        assert refused.detail(error_details_pb2.RetryInfo()).retry_delay.seconds > 0
        for caller in ("one", "other"):
            open_calls.append(call(caller))
            await entered.acquire()
        assert (await failure(call("third"))).reason == "QUEUE_FULL"
        gate.set()
        assert [await answers(each, "unary_unary") for each in open_calls] == [["a"]] * LIMIT
        assert await answers(call("many"), "unary_unary") == ["a"]
