"""Logs one line per call, without a word of what was said in it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import monotonic

import grpc
from google.protobuf.message import Message
from structlog.typing import FilteringBoundLogger

from mujaz.transport.interceptors.wrap import Call, Proceed


class AccessLog:
    """Writes `request_finished` with method, code, reason, request id and seconds."""

    def __init__(
        self, logger: FilteringBoundLogger, clock: Callable[[], float] = monotonic
    ) -> None:
        self._logger = logger
        self._clock = clock

    async def __call__(self, call: Call, proceed: Proceed) -> Message | None:
        began = self._clock()
        try:
            return await proceed()
        except asyncio.CancelledError:
            call.code = _code_of_cancelled(call)
            raise
        finally:
            self._logger.info(
                "request_finished",
                method=call.method,
                code=call.code.name,
                reason=call.reason,
                request_id=call.request_id,
                seconds=round(self._clock() - began, 6),
            )


def _code_of_cancelled(call: Call) -> grpc.StatusCode:
    """gRPC cancels the handler both when the caller leaves and when its own deadline passes."""
    if call.context.time_remaining() == 0:
        return grpc.StatusCode.DEADLINE_EXCEEDED
    return grpc.StatusCode.CANCELLED
