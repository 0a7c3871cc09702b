from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import grpc
import pytest
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from mujaz.settings import SettingInvalid, Settings
from mujaz.transport.server import SERVICE_NAMES, bind, server_options
from tests.conftest import running_server


@asynccontextmanager
async def bound(listen: str) -> AsyncIterator[str]:
    """A bare server with the options of ours; yields where it listens."""
    server = grpc.aio.server(options=server_options(Settings()))
    address = bind(server, listen)
    await server.start()
    try:
        yield address
    finally:
        await server.stop(None)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_port_zero_takes_a_free_port_and_names_it(host: str) -> None:
    async with bound(f"{host}:0") as address:
        name, _, port = address.rpartition(":")
        assert name == host
        with socket.create_connection(("127.0.0.1", int(port))):
            pass


async def test_a_second_server_on_the_port_is_refused() -> None:
    async with bound("127.0.0.1:0") as address:
        server = grpc.aio.server(options=server_options(Settings()))
        with pytest.raises(SettingInvalid, match=f"cannot listen on {address}"):
            bind(server, address)


async def test_a_second_server_on_the_socket_is_refused(tmp_path: Path) -> None:
    listen = f"unix:{tmp_path}/s"
    async with bound(listen) as address:
        assert address == listen
        server = grpc.aio.server(options=server_options(Settings()))
        with pytest.raises(SettingInvalid, match="another process listens on"):
            bind(server, listen)
        async with grpc.aio.insecure_channel(listen) as channel:
            await channel.channel_ready()


async def test_the_socket_a_dead_server_left_is_taken_over(tmp_path: Path) -> None:
    path = tmp_path / "s"
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as dead:
        dead.bind(str(path))
    assert path.is_socket()
    async with bound(f"unix:{path}") as listen, grpc.aio.insecure_channel(listen) as channel:
        await channel.channel_ready()


async def test_a_host_that_is_not_ours_is_refused() -> None:
    server = grpc.aio.server(options=server_options(Settings()))
    with pytest.raises(SettingInvalid, match="see that the host is an address of this machine"):
        bind(server, "192.0.2.1:0")


def test_options_follow_the_settings() -> None:
    options = dict(
        server_options(
            Settings(
                max_receive_message_bytes=100_000,
                max_send_message_bytes=200_000,
                max_concurrent_streams=7,
                keepalive_seconds=1.5,
                keepalive_timeout_seconds=2.0,
            )
        )
    )
    assert options["grpc.max_receive_message_length"] == 100_000
    assert options["grpc.max_send_message_length"] == 200_000
    assert options["grpc.max_concurrent_streams"] == 7
    assert options["grpc.keepalive_time_ms"] == 1_500
    assert options["grpc.keepalive_timeout_ms"] == 2_000
    assert options["grpc.http2.ping_timeout_ms"] == 2_000
    assert options["grpc.so_reuseport"] == 0


async def list_services(channel: grpc.aio.Channel) -> list[str]:
    stub = reflection_pb2_grpc.ServerReflectionStub(channel)
    request = reflection_pb2.ServerReflectionRequest(list_services="")
    [response] = [answer async for answer in stub.ServerReflectionInfo(iter([request]))]
    return [service.name for service in response.list_services_response.service]


@pytest.mark.model
async def test_reflection_lists_the_services_when_asked_for() -> None:
    async with running_server(reflection=True) as server:
        names = await list_services(server.channel)
    assert set(SERVICE_NAMES) | {"grpc.health.v1.Health"} <= set(names)


@pytest.mark.model
async def test_reflection_is_off_by_default() -> None:
    async with running_server() as server:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await list_services(server.channel)
    assert caught.value.code() is grpc.StatusCode.UNIMPLEMENTED
