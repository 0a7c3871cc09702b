"""A server that answers as a test says, for what the real one does only by accident."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, NoReturn

import grpc
from google.protobuf import any_pb2, duration_pb2
from google.rpc import error_details_pb2, status_pb2
from grpc_status import rpc_status

from mujaz.client import RetryPolicy
from mujaz.v1 import (
    brief_service_pb2_grpc,
    model_service_pb2_grpc,
    translation_service_pb2_grpc,
)


@asynccontextmanager
async def scripted_server(
    *, translation: Any = None, brief: Any = None, models: Any = None
) -> AsyncIterator[str]:
    """The address of a server with those servicers, on a free port of this machine."""
    server = grpc.aio.server()
    if translation is not None:
        translation_service_pb2_grpc.add_TranslationServiceServicer_to_server(translation, server)
    if brief is not None:
        brief_service_pb2_grpc.add_BriefServiceServicer_to_server(brief, server)
    if models is not None:
        model_service_pb2_grpc.add_ModelServiceServicer_to_server(models, server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        await server.stop(None)


class Waits:
    """A retry policy that notes how long it would have slept, and sleeps not at all."""

    def __init__(self, attempts: int = 3) -> None:
        self.seconds: list[float] = []
        self.policy = RetryPolicy(attempts=attempts, sleep=self._sleep, jitter=lambda: 1.0)

    async def _sleep(self, seconds: float) -> None:
        self.seconds.append(seconds)


def status(
    code: grpc.StatusCode, reason: str, *, retry_after_seconds: float | None = None
) -> status_pb2.Status:
    """A status as the service makes them."""
    details = [
        error_details_pb2.ErrorInfo(reason=reason, domain="mujaz", metadata={"limit": "7"}),
        error_details_pb2.RequestInfo(request_id="abc123"),
    ]
    if retry_after_seconds is not None:
        delay = duration_pb2.Duration()
        delay.FromMilliseconds(round(retry_after_seconds * 1000))
        details.append(error_details_pb2.RetryInfo(retry_delay=delay))
    packed = [any_pb2.Any() for _ in details]
    for box, detail in zip(packed, details, strict=True):
        box.Pack(detail)
    return status_pb2.Status(code=code.value[0], message=f"Do {reason}.", details=packed)


async def abort(context: Any, code: grpc.StatusCode, reason: str, **hint: float) -> NoReturn:
    """Ends a call as the service would."""
    rich = rpc_status.to_status(status(code, reason, **hint))
    await context.abort(rich.code, rich.details, rich.trailing_metadata)
