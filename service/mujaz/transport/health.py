"""The standard health service (grpc.health.v1) and the states this server goes through.

grpcio-health-checking has a servicer too, but a watcher that leaves unhooks the others of its
service, one that does not read blocks every change of state, and none ends when the server drains.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterable
from typing import Any, Final

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

LIVENESS: Final = "liveness"
SERVING: Final = health_pb2.HealthCheckResponse.SERVING
NOT_SERVING: Final = health_pb2.HealthCheckResponse.NOT_SERVING
SERVICE_UNKNOWN: Final = health_pb2.HealthCheckResponse.SERVICE_UNKNOWN

Context = grpc.aio.ServicerContext[Any, Any]


class HealthServicer(health_pb2_grpc.HealthServicer):  # type: ignore[misc]  # absent from the stubs
    """NOT_SERVING until `set_ready`, SERVING until `drain`; `liveness` is SERVING throughout.

    Names are "" for the whole server, each service by its full name, and `liveness`, which says no
    more than that the event loop answers, so that a busy or draining server is not restarted.
    """

    def __init__(self, service_names: Iterable[str]) -> None:
        self._readiness_names = frozenset(("", *service_names))
        self._readiness = NOT_SERVING
        self._draining = False
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
        sent = None
        while True:
            changed, draining = self._changed, self._draining
            status = self._status(request.service)
            if status != sent:
                yield health_pb2.HealthCheckResponse(status=status)
                sent = status
            if draining:
                # An open watch would hold up the end of the server for the whole grace period.
                await context.abort(grpc.StatusCode.UNAVAILABLE, "The server is shutting down.")
            await changed.wait()

    def _status(self, service: str) -> health_pb2.HealthCheckResponse.ServingStatus:
        if service == LIVENESS:
            return SERVING
        return self._readiness if service in self._readiness_names else SERVICE_UNKNOWN

    def _notify(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()
