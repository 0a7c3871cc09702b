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
    """Writes `request_finished`: method, code, reason, request id, caller, seconds, and what was
    done. Tokens are those the engine read, so a sentence from the cache costs none; the wait is the
    longest of any sequence."""

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
                caller=call.caller,
                seconds=round(self._clock() - began, 6),
                **_work_of(call),
            )


def _work_of(call: Call) -> dict[str, int | float | str]:
    """What was done for the call, where anything was: a call that failed early has none of it."""
    work = call.work
    fields: dict[str, int | float | str] = {}
    if work.sentence_count:
        fields["sentences"] = work.sentence_count
        fields["flags"] = work.flags.total()
    if work.ticket_count:
        fields["tokens"] = work.source_token_count
        fields["queue_ms"] = round(work.queue_seconds * 1000, 3)
        fields["engine_ms"] = round(work.engine_seconds * 1000, 3)
    if call.trace_id:
        fields["trace_id"] = call.trace_id
    return fields


def _code_of_cancelled(call: Call) -> grpc.StatusCode:
    """gRPC cancels the handler both when the caller leaves and when its own deadline passes."""
    if call.context.time_remaining() == 0:
        return grpc.StatusCode.DEADLINE_EXCEEDED
    return grpc.StatusCode.CANCELLED
