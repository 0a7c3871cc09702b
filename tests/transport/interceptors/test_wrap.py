from __future__ import annotations

import asyncio
from typing import Any

import grpc
import pytest
from google.protobuf.message import Message
from google.protobuf.wrappers_pb2 import StringValue

from mujaz.errors import FieldInvalid
from mujaz.transport.interceptors.error_status import ErrorStatus
from mujaz.transport.interceptors.wrap import CURRENT_CALL, Call, Proceed, wrap
from tests.transport.interceptors.harness import (
    INVALID_UTF_8,
    KINDS,
    answers,
    echo_channel,
    encoded,
    start_call,
)


class Recorder:
    def __init__(self, name: str, log: list[str]) -> None:
        self._name = name
        self._log = log

    async def __call__(self, call: Call, proceed: Proceed) -> Message | None:
        self._log.append(f"{self._name} enters {call.method} streaming={call.streaming}")
        try:
            return await proceed()
        finally:
            self._log.append(f"{self._name} leaves")


class ErrorTypes:
    """Sees what reaches the outermost interceptor, and ends the call without an answer."""

    def __init__(self) -> None:
        self.seen: list[Exception] = []

    async def __call__(self, call: Call, proceed: Proceed) -> Message | None:
        try:
            return await proceed()
        except FieldInvalid as error:
            self.seen.append(error)
            await call.context.abort(grpc.StatusCode.INVALID_ARGUMENT, error.message)


async def echo(text: str) -> str:
    return text


@pytest.mark.parametrize("kind", KINDS)
async def test_every_kind_passes_through_the_chain_in_order(kind: str) -> None:
    log: list[str] = []
    async with echo_channel([Recorder("outer", log), Recorder("inner", log)], echo) as channel:
        received = await answers(start_call(channel, kind, encoded("one two")), kind)

    streaming = kind.endswith("stream")
    assert " ".join(received) == "one two"
    assert log == [
        f"outer enters /mujaz.test.Echo/{kind} streaming={streaming}",
        f"inner enters /mujaz.test.Echo/{kind} streaming={streaming}",
        "inner leaves",
        "outer leaves",
    ]


@pytest.mark.parametrize("kind", KINDS)
async def test_a_malformed_request_is_the_callers_mistake(kind: str) -> None:
    errors = ErrorTypes()
    async with echo_channel([errors], echo) as channel:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await answers(start_call(channel, kind, [INVALID_UTF_8]), kind)

    assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert len(errors.seen) == 1


async def test_what_was_valid_before_a_malformed_request_is_answered() -> None:
    async with echo_channel([ErrorTypes()], echo) as channel:
        call = start_call(channel, "stream_stream", [*encoded("one"), INVALID_UTF_8])
        assert (await call.read()).value == "one"
        with pytest.raises(grpc.aio.AioRpcError):
            await call.read()


async def test_other_services_are_left_alone() -> None:
    log: list[str] = []
    async with echo_channel([Recorder("only", log)], echo) as channel:
        call = start_call(channel, "unary_unary", encoded("one"), service="/other.Echo")
        assert await answers(call, "unary_unary") == ["one"]
    assert log == []


async def test_an_unknown_method_stays_unimplemented() -> None:
    async with echo_channel([], echo) as channel:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await channel.unary_unary("/mujaz.test.Echo/None")(b"")
    assert caught.value.code() is grpc.StatusCode.UNIMPLEMENTED


@pytest.mark.parametrize("kind", ["unary_stream", "stream_stream"])
async def test_a_vanished_caller_closes_the_generator_at_once(kind: str) -> None:
    waiting, ended = asyncio.Event(), asyncio.Event()

    async def hang(text: str) -> str:
        try:
            waiting.set()
            await asyncio.Event().wait()
        finally:
            ended.set()
        return text

    async with echo_channel([], hang) as channel:
        call = start_call(channel, kind, encoded("one two"))
        reading = asyncio.ensure_future(call.read())
        await waiting.wait()
        call.cancel()
        await asyncio.wait_for(ended.wait(), timeout=5)
        await asyncio.wait([reading])


async def test_each_call_sees_itself_as_the_current_one() -> None:
    async def method_of_call(text: str) -> str:
        await asyncio.sleep(0)
        return CURRENT_CALL.get().method

    async with echo_channel([], method_of_call) as channel:
        kinds = ("unary_unary", "stream_unary")
        calls = [answers(start_call(channel, kind, encoded("x")), kind) for kind in kinds]
        methods = await asyncio.gather(*calls)
    assert methods == [[f"/mujaz.test.Echo/{kind}"] for kind in kinds]


async def test_an_abort_is_not_reported_a_second_time() -> None:
    class Refuse:
        async def __call__(self, call: Call, proceed: Proceed) -> Message | None:
            await call.context.abort(grpc.StatusCode.PERMISSION_DENIED, "no")

    logger: Any = None  # would fail if anything were logged
    async with echo_channel([ErrorStatus(logger), Refuse()], echo) as channel:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await start_call(channel, "unary_unary", encoded("x"))
    assert caught.value.code() is grpc.StatusCode.PERMISSION_DENIED


class SlowHeaders:
    """The context of a call whose headers take until `go` is set."""

    def __init__(self) -> None:
        self.started, self.go, self.sent = asyncio.Event(), asyncio.Event(), False

    async def send_initial_metadata(self, metadata: Any) -> None:
        self.started.set()
        await self.go.wait()
        self.sent = True


async def test_a_cancellation_waits_for_headers_that_are_being_sent() -> None:
    async def answer(request: bytes, context: Any) -> StringValue:
        return StringValue(value="text")

    context = SlowHeaders()
    handler = wrap(grpc.unary_unary_rpc_method_handler(answer), "/mujaz.test.Echo/unary_unary", [])
    task = asyncio.create_task(handler.unary_unary(b"", context))
    await context.started.wait()
    task.cancel()
    for _ in range(5):
        await asyncio.sleep(0)
    assert not task.done()
    context.go.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert context.sent
