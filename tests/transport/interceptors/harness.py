"""A server with one handler of each kind, on a free port, for tests of what goes around a call."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import grpc
from google.protobuf import wrappers_pb2

from mujaz.transport.interceptors.wrap import Interceptor, InterceptorChain

Text = wrappers_pb2.StringValue
INVALID_UTF_8 = b"\x0a\x03\xed\xa0\x80"  # the field `value` holding a lone surrogate

KINDS = ("unary_unary", "unary_stream", "stream_unary", "stream_stream")


class Handlers(grpc.GenericRpcHandler):
    """Serves /mujaz.test.Echo/{kind}, and the same under /other.Echo/."""

    def __init__(self, answer: Callable[[str], Awaitable[str]]) -> None:
        self._answer = answer

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> Any:
        service, _, kind = handler_call_details.method.rpartition("/")
        if service not in ("/mujaz.test.Echo", "/other.Echo") or kind not in KINDS:
            return None
        build = getattr(grpc, f"{kind}_rpc_method_handler")
        return build(
            getattr(self, kind),
            request_deserializer=Text.FromString,
            response_serializer=Text.SerializeToString,
        )

    async def unary_unary(self, request: Text, context: Any) -> Text:
        return Text(value=await self._answer(request.value))

    async def unary_stream(self, request: Text, context: Any) -> AsyncIterator[Text]:
        for word in request.value.split():
            yield Text(value=await self._answer(word))

    async def stream_unary(self, requests: AsyncIterator[Text], context: Any) -> Text:
        return Text(value=" ".join([await self._answer(r.value) async for r in requests]))

    async def stream_stream(
        self, requests: AsyncIterator[Text], context: Any
    ) -> AsyncIterator[Text]:
        async for request in requests:
            yield Text(value=await self._answer(request.value))


@asynccontextmanager
async def echo_channel(
    interceptors: Sequence[Interceptor],
    answer: Callable[[str], Awaitable[str]],
    *,
    options: Sequence[tuple[str, Any]] = (),
) -> AsyncIterator[grpc.aio.Channel]:
    server = grpc.aio.server(interceptors=[InterceptorChain(interceptors)])
    server.add_generic_rpc_handlers([Handlers(answer)])
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    try:
        async with grpc.aio.insecure_channel(f"127.0.0.1:{port}", options) as channel:
            yield channel
    finally:
        await server.stop(None)


def start_call(
    channel: grpc.aio.Channel, kind: str, requests: Sequence[bytes], **options: Any
) -> Any:
    """The call, its requests serialized by the caller so that they may be malformed."""
    service = options.pop("service", "/mujaz.test.Echo")
    method = getattr(channel, kind)(f"{service}/{kind}", None, Text.FromString)
    return method(requests[0] if kind.startswith("unary") else iter(requests), **options)


async def answers(call: Any, kind: str) -> list[str]:
    if kind.endswith("unary"):
        return [(await call).value]
    return [response.value async for response in call]


def encoded(*texts: str) -> list[bytes]:
    return [Text(value=text).SerializeToString() for text in texts]
