from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from mujaz.errors import ModelDamaged, ModelLoading, ShuttingDown
from mujaz.settings import SettingInvalid, Settings
from mujaz.transport.backend import Backend, load_backend
from mujaz.transport.health import LIVENESS, NOT_SERVING, SERVING
from mujaz.transport.lifecycle import Service, serve
from mujaz.transport.server import SERVICE_NAMES
from mujaz.v1 import translation_service_pb2_grpc
from mujaz.v1.translation_service_pb2 import (
    StreamTranslateTextRequest,
    TranslateTextRequest,
    TranslationConfig,
)
from tests.conftest import MODELS, running_server
from tests.transport.failures import everything, failure

pytestmark = pytest.mark.model

SENTENCE = "أعلنت الوزارة اليوم عن خطة جديدة."
REQUEST = TranslateTextRequest(content=SENTENCE)
LONG_TEXT = " ".join(f"أعلنت الوزارة اليوم عن الخطة رقم {number}." for number in range(40))
LONG_REQUEST = StreamTranslateTextRequest(
    content=LONG_TEXT, config=TranslationConfig(source_language_code="ar", beam_size=1)
)


def settings(**changes: Any) -> Settings:
    defaults = {"listen": "127.0.0.1:0", "models": MODELS, "drain_grace_seconds": 0.0}
    return Settings(**{**defaults, **changes})


async def check(channel: grpc.aio.Channel, name: str) -> int:
    request = health_pb2.HealthCheckRequest(service=name)
    response = await health_pb2_grpc.HealthStub(channel).Check(request)
    return int(response.status)


def gated_load() -> tuple[asyncio.Event, asyncio.Event, Callable[[Settings], Awaitable[Backend]]]:
    """Loads as usual, but only after the second event; the first says that it was called."""
    began, gate = asyncio.Event(), asyncio.Event()

    async def load(settings: Settings) -> Backend:
        began.set()
        await gate.wait()
        return await load_backend(settings)

    return began, gate, load


async def test_while_models_load_calls_are_put_off_and_health_says_so() -> None:
    began, gate, load = gated_load()
    service = Service(settings(), load=load)
    starting = asyncio.create_task(service.start())
    await began.wait()
    async with grpc.aio.insecure_channel(service.address) as channel:
        stub = translation_service_pb2_grpc.TranslationServiceStub(channel)
        for name in ("", *SERVICE_NAMES):
            assert await check(channel, name) == NOT_SERVING
        assert await check(channel, LIVENESS) == SERVING
        answer = await failure(stub.TranslateText(REQUEST))
        assert (answer.code, answer.reason) == (grpc.StatusCode.UNAVAILABLE, "MODEL_LOADING")
        with pytest.raises(ModelLoading):
            service.backend()

        gate.set()
        await starting
        for name in ("", *SERVICE_NAMES, LIVENESS):
            assert await check(channel, name) == SERVING
        assert (await stub.TranslateText(REQUEST)).translated_text
    await service.stop()


async def test_a_damaged_model_ends_the_start_and_frees_the_port(tmp_path: Path) -> None:
    shutil.copytree(MODELS, tmp_path / "models")
    weights = tmp_path / "models" / "ar-en" / "model.bin"
    data = weights.read_bytes()
    weights.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    service = Service(settings(models=tmp_path / "models"))
    with pytest.raises(ModelDamaged):
        await service.start()
    async with running_server(listen=service.address) as server:
        assert server.target == service.address


async def test_during_the_drain_delay_calls_are_still_taken() -> None:
    async with running_server() as server:
        service = Service(settings(drain_delay_seconds=1.0))
        await service.start()
        async with grpc.aio.insecure_channel(service.address) as channel:
            watch = health_pb2_grpc.HealthStub(channel).Watch(health_pb2.HealthCheckRequest())
            assert (await watch.read()).status == SERVING
            stopping = asyncio.create_task(service.stop())
            assert (await watch.read()).status == NOT_SERVING
            assert await check(channel, LIVENESS) == SERVING
            stub = translation_service_pb2_grpc.TranslationServiceStub(channel)
            assert (await stub.TranslateText(REQUEST)).translated_text
            await stopping
            with pytest.raises(grpc.aio.AioRpcError) as caught:
                await stub.TranslateText(REQUEST)
            assert caught.value.code() is grpc.StatusCode.UNAVAILABLE
        with pytest.raises(ShuttingDown):
            service.backend()
        assert server.scheduler_state.open_tickets == 0


async def test_a_stream_in_progress_ends_in_the_grace_and_new_calls_are_refused() -> None:
    service = Service(settings(drain_grace_seconds=60.0))
    await service.start()
    async with grpc.aio.insecure_channel(service.address) as channel:
        stub = translation_service_pb2_grpc.TranslationServiceStub(channel)
        stream = stub.StreamTranslateText(LONG_REQUEST)
        assert (await stream.read()).started.sentence_count == 40
        watch = health_pb2_grpc.HealthStub(channel).Watch(health_pb2.HealthCheckRequest())
        assert (await watch.read()).status == SERVING
        stopping = asyncio.create_task(service.stop())
        assert (await watch.read()).status == NOT_SERVING
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await stub.TranslateText(REQUEST)
        assert caught.value.code() is grpc.StatusCode.UNAVAILABLE
        rest = await everything(stream)
        assert len(rest) == 41
        assert rest[-1].HasField("finished")
        await stopping


async def until_cut(stream: Any) -> tuple[list[Any], grpc.StatusCode]:
    """What a stream still gave, and what ended it."""
    events = []
    try:
        while (event := await stream.read()) is not grpc.aio.EOF:
            events.append(event)
    except grpc.aio.AioRpcError as error:
        return events, error.code()
    return events, grpc.StatusCode.OK


async def test_at_the_end_of_the_grace_a_stream_is_cut_and_can_go_on_elsewhere() -> None:
    service = Service(settings(drain_grace_seconds=0.0))
    await service.start()
    async with grpc.aio.insecure_channel(service.address) as channel:
        stub = translation_service_pb2_grpc.TranslationServiceStub(channel)
        stream = stub.StreamTranslateText(LONG_REQUEST)
        last = await stream.read()
        await service.stop()
        events, code = await until_cut(stream)
        assert code is grpc.StatusCode.UNAVAILABLE
        last = [last, *events][-1]

    request = StreamTranslateTextRequest()
    request.CopyFrom(LONG_REQUEST)
    request.resume_token = last.resume_token
    async with running_server() as server:
        rest = await everything(server.translation.StreamTranslateText(request))
    done = last.sentence.sentence_index + 1 if last.HasField("sentence") else 0
    indices = [event.sentence.sentence_index for event in rest if event.HasField("sentence")]
    assert indices == list(range(done, 40))
    assert rest[-1].HasField("finished")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_the_service(number: signal.Signals) -> None:
    addresses = []

    def on_ready(address: str) -> None:
        addresses.append(address)
        os.kill(os.getpid(), number)

    await serve(settings(), on_ready=on_ready)
    [address] = addresses
    async with running_server(listen=address) as server:
        assert server.target == address


async def test_a_socket_is_gone_after_the_end(tmp_path: Path) -> None:
    async with running_server(listen=f"unix:{tmp_path}/s") as server:
        assert (tmp_path / "s").is_socket()
        assert (await server.translation.TranslateText(REQUEST)).translated_text
    assert not (tmp_path / "s").exists()


class StoppableTracing:
    """Stands for tracing, and notes that it was stopped."""

    def __init__(self) -> None:
        self.stopped = False

    async def stop(self) -> None:
        self.stopped = True


@pytest.mark.parametrize("setting", ["listen", "health_listen", "metrics_listen"])
async def test_an_address_that_is_taken_stops_what_runs_already(setting: str) -> None:
    tracing: Any = StoppableTracing()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        addresses = {"health_listen": "127.0.0.1:0", setting: address}
        service = Service(settings(**addresses), tracing=tracing)
        with pytest.raises(SettingInvalid, match=address):
            await service.start()
    assert tracing.stopped
    if setting == "metrics_listen":
        assert service.health_address is not None
        host, port = service.health_address.rsplit(":", 1)
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection(host, int(port))
