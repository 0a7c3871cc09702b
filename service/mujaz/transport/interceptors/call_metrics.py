"""Counts calls and measures how long they take."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from google.protobuf.message import Message

from mujaz.transport.interceptors.wrap import Call, Proceed
from mujaz.transport.metrics import ServiceMetrics


class CallMetrics:
    """Stands outside of whatever decides the code of a call."""

    def __init__(self, metrics: ServiceMetrics, clock: Callable[[], float] = monotonic) -> None:
        self._metrics = metrics
        self._clock = clock

    async def __call__(self, call: Call, proceed: Proceed) -> Message | None:
        metrics, began = self._metrics, self._clock()
        call.work.on_response = metrics.response_sent
        metrics.started.labels(call.method).inc()
        in_progress = metrics.in_progress.labels(call.method)
        in_progress.inc()
        try:
            return await proceed()
        finally:
            in_progress.dec()
            code = call.code.name
            metrics.handled.labels(call.method, code, call.reason).inc()
            metrics.seconds.labels(call.method, code).observe(self._clock() - began)
