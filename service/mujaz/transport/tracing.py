"""Traces of calls over OpenTelemetry, an extra: imported only where an endpoint is set."""

from __future__ import annotations

import asyncio
from time import monotonic_ns, time_ns
from typing import TYPE_CHECKING, Final

import mujaz
from mujaz.engine.observer import TicketUsage
from mujaz.settings import SettingInvalid

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.sdk.trace import SpanProcessor
    from opentelemetry.trace import Span

# Spans of requests at the engine in one call; a stream of many articles only counts the rest.
TICKET_SPAN_LIMIT: Final = 128
FLUSH_SECONDS: Final = 5
NANOSECONDS: Final = 1_000_000_000


class Tracing:
    """Makes the spans of calls and hands them to `processor`, which sends them in its own thread.

    Belongs to one service: neither a global provider nor global propagation is touched. What
    OTEL_RESOURCE_ATTRIBUTES and OTEL_TRACES_SAMPLER say holds.
    """

    def __init__(self, processor: SpanProcessor) -> None:
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
        from opentelemetry.trace.propagation.tracecontext import (  # noqa: PLC0415
            TraceContextTextMapPropagator,
        )

        resource = Resource.create({"service.name": "mujaz", "service.version": mujaz.__version__})
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        self._provider.add_span_processor(processor)
        self._tracer = self._provider.get_tracer("mujaz", mujaz.__version__)
        self._propagator = TraceContextTextMapPropagator()
        # Instants of the engine are of the monotonic clock, those of spans of the wall clock.
        self._offset = time_ns() - monotonic_ns()

    def start_call(self, method: str, headers: dict[str, str], began_at: float) -> Span:
        """The span of one call, under the one `traceparent` in `headers` names, if any."""
        from opentelemetry.trace import SpanKind  # noqa: PLC0415

        service, _, name = method.strip("/").rpartition("/")
        return self._tracer.start_span(
            f"{service}/{name}",
            context=self._propagator.extract(headers),
            kind=SpanKind.SERVER,
            start_time=self._time(began_at),
            attributes={"rpc.system": "grpc", "rpc.service": service, "rpc.method": name},
        )

    def add_ticket(
        self, parent: Span, usage: TicketUsage, *, began_at: float, closed_at: float
    ) -> None:
        """The stages of one request at the engine, as children of its call.

        `segment` lasts from `began_at` until sentences are queued, `queue` to the first batch,
        `engine` to the last answer, `assemble` until the request leaves the engine.
        """
        from opentelemetry.trace import set_span_in_context  # noqa: PLC0415

        context = set_span_in_context(parent)
        submitted_at = closed_at if usage.submitted_at is None else usage.submitted_at
        self._stage("segment", context, began_at, submitted_at)
        if usage.submitted_at is None:
            return
        served_at = closed_at if usage.began_at is None else usage.began_at
        self._stage("queue", context, submitted_at, served_at)
        if usage.began_at is None or usage.answered_at is None:
            return
        self._stage(
            "engine",
            context,
            usage.began_at,
            usage.answered_at,
            {
                "mujaz.sequences": usage.sequence_count,
                "mujaz.tokens": usage.source_token_count,
                "mujaz.engine_seconds": usage.engine_seconds,
                "mujaz.longest_queue_seconds": usage.queue_seconds,
            },
        )
        self._stage("assemble", context, usage.answered_at, closed_at)

    async def stop(self) -> None:
        """Send what is left, for a few seconds at most."""
        await asyncio.to_thread(self._stop)

    def end(self, span: Span, at: float) -> None:
        """End a span at an instant of the monotonic clock."""
        span.end(self._time(at))

    def _stop(self) -> None:
        self._provider.force_flush(FLUSH_SECONDS * 1000)
        self._provider.shutdown()

    def _stage(
        self,
        name: str,
        context: Context,
        began_at: float,
        ended_at: float,
        attributes: dict[str, int | float] | None = None,
    ) -> None:
        span = self._tracer.start_span(
            name, context=context, start_time=self._time(began_at), attributes=attributes
        )
        span.end(self._time(max(began_at, ended_at)))

    def _time(self, instant: float) -> int:
        return int(instant * NANOSECONDS) + self._offset


def build_tracing(endpoint: str) -> Tracing:
    """Tracing that sends to the collector at `endpoint`, an http:// or https:// address.

    Raises SettingInvalid where the extra `otel` is not installed.
    """
    try:
        from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import (  # noqa: PLC0415
            OTLPSpanExporter,
        )
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
    except ImportError as error:
        raise SettingInvalid(
            "otlp_endpoint: traces need the extra otel; run pip install 'mujaz[otel]', or leave "
            "the setting away"
        ) from error
    exporter = OTLPSpanExporter(endpoint=endpoint, timeout=FLUSH_SECONDS)
    return Tracing(BatchSpanProcessor(exporter))
