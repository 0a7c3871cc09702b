from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from mujaz.transport.health import LIVENESS, NOT_SERVING, SERVICE_UNKNOWN, SERVING, HealthServicer

NAME = "mujaz.v1.TranslationService"
Request = health_pb2.HealthCheckRequest


@asynccontextmanager
async def running(health: HealthServicer) -> AsyncIterator[health_pb2_grpc.HealthStub]:
    server = grpc.aio.server()
    health_pb2_grpc.add_HealthServicer_to_server(health, server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    try:
        async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
            yield health_pb2_grpc.HealthStub(channel)
    finally:
        await server.stop(None)


async def states(stub: health_pb2_grpc.HealthStub) -> list[int]:
    return [(await stub.Check(Request(service=name))).status for name in ("", NAME, LIVENESS)]


async def test_states_from_start_to_end() -> None:
    health = HealthServicer([NAME])
    async with running(health) as stub:
        assert await states(stub) == [NOT_SERVING, NOT_SERVING, SERVING]
        health.set_ready()
        assert await states(stub) == [SERVING, SERVING, SERVING]
        health.drain()
        assert await states(stub) == [NOT_SERVING, NOT_SERVING, SERVING]
        health.set_ready()
        assert await states(stub) == [NOT_SERVING, NOT_SERVING, SERVING]


async def test_an_unknown_service_is_not_found() -> None:
    async with running(HealthServicer([NAME])) as stub:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await stub.Check(Request(service="mujaz.v1.Other"))
        assert caught.value.code() is grpc.StatusCode.NOT_FOUND
        assert (await stub.Watch(Request(service="mujaz.v1.Other")).read()).status == (
            SERVICE_UNKNOWN
        )


async def test_watchers_are_told_of_each_change_even_when_others_leave() -> None:
    health = HealthServicer([NAME])
    async with running(health) as stub:
        staying, leaving = stub.Watch(Request(service=NAME)), stub.Watch(Request(service=NAME))
        for watch in (staying, leaving):
            assert (await watch.read()).status == NOT_SERVING
        leaving.cancel()
        await asyncio.wait([asyncio.ensure_future(leaving.code())])
        health.set_ready()
        assert (await staying.read()).status == SERVING


async def test_a_watch_ends_when_the_server_drains() -> None:
    health = HealthServicer([NAME])
    health.set_ready()
    async with running(health) as stub:
        watch = stub.Watch(Request(service=""))
        assert (await watch.read()).status == SERVING
        health.drain()
        assert (await watch.read()).status == NOT_SERVING
        with pytest.raises(grpc.aio.AioRpcError):
            await watch.read()
        assert await watch.code() is grpc.StatusCode.UNAVAILABLE


async def test_liveness_follows_the_engine_and_readiness_does_not() -> None:
    alive = True
    health = HealthServicer([NAME], is_alive=lambda: alive)
    health.set_ready()
    async with running(health) as stub:
        assert await states(stub) == [SERVING, SERVING, SERVING]
        alive = False
        assert await states(stub) == [SERVING, SERVING, NOT_SERVING]


async def test_a_watcher_of_liveness_hears_of_a_stall(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mujaz.transport.health.LOOK_SECONDS", 0.01)
    alive = True
    async with running(HealthServicer([NAME], is_alive=lambda: alive)) as stub:
        watch = stub.Watch(Request(service=LIVENESS))
        assert (await watch.read()).status == SERVING
        alive = False
        assert (await watch.read()).status == NOT_SERVING


async def test_watchers_are_bounded_and_checks_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mujaz.transport.health.WATCHER_LIMIT", 2)
    async with running(HealthServicer([NAME])) as stub:
        watches = [stub.Watch(Request(service=NAME)) for _ in range(2)]
        for watch in watches:
            await watch.read()
        third = stub.Watch(Request(service=NAME))
        assert await third.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
        assert await states(stub) == [NOT_SERVING, NOT_SERVING, SERVING]
