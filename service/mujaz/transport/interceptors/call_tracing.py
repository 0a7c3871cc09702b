"""Makes one span of each call, with its stages at the engine below it."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING, Final

import grpc
from google.protobuf.message import Message

from mujaz.engine.observer import TicketUsage
from mujaz.transport.interceptors.wrap import Call, Proceed
from mujaz.transport.tracing import TICKET_SPAN_LIMIT, Tracing

if TYPE_CHECKING:
    from opentelemetry.trace import Span

# Codes that are errors of the server, as OpenTelemetry's conventions for gRPC have it.
SERVER_ERRORS: Final = frozenset(
    {
        grpc.StatusCode.UNKNOWN,
        grpc.StatusCode.DEADLINE_EXCEEDED,
        grpc.StatusCode.UNIMPLEMENTED,
        grpc.StatusCode.INTERNAL,
        grpc.StatusCode.UNAVAILABLE,
        grpc.StatusCode.DATA_LOSS,
    }
)
TRACE_KEYS: Final = ("traceparent", "tracestate")


class CallTracing:
    """Stands outside of whatever decides the code of a call. Attributes hold numbers and names,
    never text, and no exception is recorded: its message may quote an article."""

    def __init__(self, tracing: Tracing, clock: Callable[[], float] = monotonic) -> None:
        self._tracing = tracing
        self._clock = clock

    async def __call__(self, call: Call, proceed: Proceed) -> Message | None:
        began_at = self._clock()
        span = self._tracing.start_call(call.method, _trace_headers(call), began_at)
        call.trace_id = f"{span.get_span_context().trace_id:032x}"
        call.work.on_ticket = self._ticket_listener(call, span, began_at)
        try:
            return await proceed()
        finally:
            _describe(span, call)
            self._tracing.end(span, self._clock())

    def _ticket_listener(
        self, call: Call, span: Span, began_at: float
    ) -> Callable[[TicketUsage, float], None]:
        def closed(usage: TicketUsage, closed_at: float) -> None:
            number = call.work.ticket_count
            if number <= TICKET_SPAN_LIMIT:
                # What the first request needed before it was admitted is a part of its stages.
                since = began_at if number == 1 else usage.opened_at
                self._tracing.add_ticket(span, usage, began_at=since, closed_at=closed_at)

        return closed


def _trace_headers(call: Call) -> dict[str, str]:
    return {
        key: value
        for key, value in call.context.invocation_metadata() or ()
        if key in TRACE_KEYS and isinstance(value, str)
    }


def _describe(span: Span, call: Call) -> None:
    from opentelemetry.trace import StatusCode  # noqa: PLC0415  # an extra

    work = call.work
    number: int = call.code.value[0]
    span.set_attribute("rpc.grpc.status_code", number)
    span.set_attribute("mujaz.request_id", call.request_id)
    span.set_attribute("mujaz.caller", call.caller)
    span.set_attribute("mujaz.sentences", work.sentence_count)
    span.set_attribute("mujaz.tokens", work.source_token_count)
    span.set_attribute("mujaz.requests", work.ticket_count)
    span.set_attribute("mujaz.flags", work.flags.total())
    if call.reason:
        span.set_attribute("mujaz.reason", call.reason)
    if call.code in SERVER_ERRORS:
        span.set_status(StatusCode.ERROR, call.reason)
