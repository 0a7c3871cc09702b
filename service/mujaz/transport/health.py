"""The standard health service (grpc.health.v1) and the states this server goes through.

grpcio-health-checking has a servicer too, but a watcher that leaves unhooks the others of its
service, one that does not read blocks every change of state, and none ends when the server drains.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import aclosing, suppress
from typing import Any, Final

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

LIVENESS: Final = "liveness"
SERVING: Final = health_pb2.HealthCheckResponse.SERVING
NOT_SERVING: Final = health_pb2.HealthCheckResponse.NOT_SERVING
SERVICE_UNKNOWN: Final = health_pb2.HealthCheckResponse.SERVICE_UNKNOWN

# Watch streams open at a time; checks are not limited.
WATCHER_LIMIT: Final = 256
LOOK_SECONDS: Final = 5.0

Context = grpc.aio.ServicerContext[Any, Any]


class HealthServicer(health_pb2_grpc.HealthServicer):  # type: ignore[misc]  # absent from the stubs
    """NOT_SERVING until `set_ready`, SERVING until `drain`.

    Names are "" for the whole server, each service by its full name, and `liveness`: that is
    SERVING while the event loop answers and `is_alive` says so of the engine, so that a busy,
    loading or draining server is not restarted, and one that hangs is.
    """

    def __init__(
        self, service_names: Iterable[str], *, is_alive: Callable[[], bool] = lambda: True
    ) -> None:
        self._readiness_names = frozenset(("", *service_names))
        self._readiness = NOT_SERVING
        self._draining = False
        self._is_alive = is_alive
        self._watcher_count = 0
        self._changed = asyncio.Event()

    def set_ready(self) -> None:
        """Every model has passed its self-test."""
        if not self._draining:
            self._readiness = SERVING
            self._notify()

    def drain(self) -> None:
        """Not ready any more, for good; watchers are told, and their streams end."""
        self._draining = True
        self._readiness = NOT_SERVING
        self._notify()

    @property
    def ready(self) -> bool:
        """Whether the server says that it takes work."""
        return bool(self._readiness == SERVING)

    @property
    def draining(self) -> bool:
        """Whether it was told to end."""
        return self._draining

    async def Check(
        self, request: health_pb2.HealthCheckRequest, context: Context
    ) -> health_pb2.HealthCheckResponse:
        status = self._status(request.service)
        if status == SERVICE_UNKNOWN:
            await context.abort(grpc.StatusCode.NOT_FOUND, "There is no service of that name.")
        return health_pb2.HealthCheckResponse(status=status)

    async def Watch(
        self, request: health_pb2.HealthCheckRequest, context: Context
    ) -> AsyncGenerator[health_pb2.HealthCheckResponse, None]:
        if self._watcher_count >= WATCHER_LIMIT:
            await context.abort(
                grpc.StatusCode.RESOURCE_EXHAUSTED, "Too many watch health already; use Check."
            )
        self._watcher_count += 1
        try:
            async with aclosing(self._states(request.service, context)) as states:
                async for state in states:
                    yield state
        finally:
            self._watcher_count -= 1

    async def _states(
        self, service: str, context: Context
    ) -> AsyncGenerator[health_pb2.HealthCheckResponse, None]:
        sent = None
        while True:
            changed, draining = self._changed, self._draining
            status = self._status(service)
            if status != sent:
                yield health_pb2.HealthCheckResponse(status=status)
                sent = status
            if draining:
                # An open watch would hold up the end of the server for the whole grace period.
                await context.abort(grpc.StatusCode.UNAVAILABLE, "The server is shutting down.")
            # Nobody tells when a thread hangs, so liveness is looked up now and then.
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_SECONDS if service == LIVENESS else None):
                    await changed.wait()

    def _status(self, service: str) -> health_pb2.HealthCheckResponse.ServingStatus:
        if service == LIVENESS:
            return SERVING if self._is_alive() else NOT_SERVING
        return self._readiness if service in self._readiness_names else SERVICE_UNKNOWN

    def _notify(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()
