"""Puts interceptors around an RPC of any of the four kinds, once for all of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import aclosing
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, Protocol

import grpc
from google.protobuf.message import DecodeError, Message

from mujaz.errors import FieldInvalid
from mujaz.transport.call_work import CallWork
from mujaz.transport.quota import Meter

# Health and reflection stay outside: probes need no deadline, log line or request id.
OWN_SERVICES: Final = "/mujaz."

Context = grpc.aio.ServicerContext[Any, Any]
Proceed = Callable[[], Awaitable[Message | None]]


@dataclass(slots=True)
class Call:
    """One RPC on its way through the interceptors, which fill in what they find out.

    `deadline` is a `time.monotonic` instant; `reason` is that of the error, empty without one.
    `caller` names who calls: the token's name, else that of the client certificate, else the host
    the call came from. `meter` counts the text of the call against its quota, `work` what was done
    for it.
    `metadata` goes out with the first response, or with the status of a call that gave none: one
    that sent headers before it failed is never retried by the channel of the caller.
    """

    method: str
    streaming: bool
    context: Context
    request_id: str = ""
    metadata: tuple[tuple[str, str], ...] = ()
    deadline: float | None = None
    code: grpc.StatusCode = grpc.StatusCode.OK
    reason: str = ""
    caller: str = ""
    meter: Meter = field(default_factory=Meter)
    work: CallWork = field(default_factory=CallWork)
    trace_id: str = ""


CURRENT_CALL: Final[ContextVar[Call]] = ContextVar("mujaz_current_call")


def current_deadline() -> float | None:
    """The deadline of the call this task answers, as a `time.monotonic` instant."""
    return CURRENT_CALL.get().deadline


def current_caller() -> str:
    """Who made the call this task answers, by name; never empty inside a call."""
    return CURRENT_CALL.get().caller


def current_meter() -> Meter:
    """What counts the text of the call this task answers against its quota."""
    return CURRENT_CALL.get().meter


class Interceptor(Protocol):
    """One concern around every call."""

    async def __call__(self, call: Call, proceed: Proceed) -> Message | None:
        """Await `proceed` once, or raise instead; return what it returned."""
        ...


class InterceptorChain(grpc.aio.ServerInterceptor):  # type: ignore[type-arg]  # generic in the stubs only
    """Runs `interceptors` around every RPC of Mujaz's own services, the first outermost."""

    def __init__(self, interceptors: Sequence[Interceptor]) -> None:
        self._interceptors = tuple(interceptors)

    async def intercept_service(
        self,
        continuation: Callable[
            [grpc.HandlerCallDetails], Awaitable[grpc.RpcMethodHandler[Any, Any]]
        ],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> grpc.RpcMethodHandler[Any, Any]:
        handler = await continuation(handler_call_details)
        method = handler_call_details.method
        # The runtime passes None for a method nobody serves, whatever the stubs say.
        if handler is None or not method.startswith(OWN_SERVICES):
            return handler
        return wrap(handler, method, self._interceptors)


@dataclass(frozen=True, slots=True)
class _Malformed:
    """Stands for bytes that are no valid message, until there is a call to fail."""


def wrap(
    handler: grpc.RpcMethodHandler[Any, Any], method: str, interceptors: Sequence[Interceptor]
) -> grpc.RpcMethodHandler[Any, Any]:
    """The same handler with `interceptors` around it.

    Streaming behaviors are async generators. The wrapped handler writes their messages itself and
    closes them when the call ends early: iterated by gRPC, an abandoned generator would keep its
    place at the engine until garbage collection.
    """
    # The stubs know the behaviors of the synchronous API only.
    behavior: Any = (
        handler.unary_unary or handler.unary_stream or handler.stream_unary or handler.stream_stream
    )

    async def respond(call: Call, requests: Any) -> Message | None:
        context = call.context
        requests = _Requests(context) if handler.request_streaming else _checked(requests)
        if not handler.response_streaming:
            response: Message = await behavior(requests, context)
            call.work.count_response(response)
            await _send_headers(call)
            return response
        responses: AsyncGenerator[Message, None] = behavior(requests, context)
        async with aclosing(responses):
            await _write_all(call, responses)
        return None

    async def run(requests: Any, context: Context) -> Message | None:
        call = Call(method=method, streaming=handler.response_streaming, context=context)
        CURRENT_CALL.set(call)
        proceed: Proceed = partial(respond, call, requests)
        for interceptor in reversed(interceptors):
            proceed = partial(interceptor, call, proceed)
        try:
            return await proceed()
        except grpc.aio.AbortError as error:
            # gRPC keeps the exception with the call, and raises it again by itself. With the frames
            # it came through it would keep the call until garbage collection, and gRPC refuses
            # calls on a connection where as many are kept as may be open.
            error.with_traceback(None).__context__ = None
            return None

    build = _HANDLER_BUILDERS[handler.request_streaming, handler.response_streaming]
    wrapped: grpc.RpcMethodHandler[Any, Any] = build(
        run,
        request_deserializer=partial(_deserialize, handler.request_deserializer),
        response_serializer=handler.response_serializer,
    )
    return wrapped


_HANDLER_BUILDERS: Final[dict[tuple[bool, bool], Callable[..., Any]]] = {
    (False, False): grpc.unary_unary_rpc_method_handler,
    (False, True): grpc.unary_stream_rpc_method_handler,
    (True, False): grpc.stream_unary_rpc_method_handler,
    (True, True): grpc.stream_stream_rpc_method_handler,
}


async def _send_headers(call: Call) -> None:
    """Send the initial metadata; a cancellation meanwhile is raised once they are on their way.

    gRPC notes only afterwards that it sent them. Cut off by the deadline of the call, it would send
    them again with the status, which the core refuses: the call would end without a status.
    """
    sending = asyncio.ensure_future(call.context.send_initial_metadata(call.metadata))
    # To a caller that is gone it fails, which is nobody's business once the call is cancelled.
    sending.add_done_callback(lambda task: task.cancelled() or task.exception())
    try:
        await asyncio.shield(sending)
    except asyncio.CancelledError:
        await asyncio.wait([sending])
        raise


async def _write_all(call: Call, responses: AsyncIterator[Message]) -> None:
    """Send the messages of a stream; a caller that is gone cancels the call."""
    headers_sent = False
    try:
        async for message in responses:
            if not headers_sent:
                await _send_headers(call)
                headers_sent = True
            await call.context.write(message)
            call.work.count_response(message)
        if not headers_sent:
            await _send_headers(call)
    except grpc.aio.InternalError as error:
        # What a write that waits for its reader raises when the caller leaves; the cancellation of
        # the task, which says the same, comes later.
        raise asyncio.CancelledError from error


def _deserialize(deserializer: Callable[[bytes], Any] | None, data: bytes) -> Any:
    """A message, or the mark of a malformed one: raised here, gRPC would call it UNKNOWN."""
    if deserializer is None:
        return data
    try:
        return deserializer(data)
    except DecodeError:
        return _Malformed()


def _checked(request: Any) -> Any:
    if isinstance(request, _Malformed):
        raise FieldInvalid(
            "The request is not a valid message of this method; check that every string is UTF-8.",
            field="",
        )
    return request


class _Requests:
    """The requests of a stream, which raise once a malformed one is reached.

    Reads from the context: the iterator that gRPC passes, left unread by a call refused at once,
    would warn of a coroutine never awaited.
    """

    def __init__(self, context: Context) -> None:
        self._context = context

    def __aiter__(self) -> AsyncIterator[Any]:
        return self

    async def __anext__(self) -> Any:
        request = await self._context.read()
        if request is grpc.aio.EOF:  # type: ignore[attr-defined]  # absent from the stubs
            raise StopAsyncIteration
        return _checked(request)
