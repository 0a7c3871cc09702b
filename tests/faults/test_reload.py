"""New models put into service by SIGHUP while calls are in progress."""

from __future__ import annotations

import asyncio
import shutil
import signal
from pathlib import Path

import grpc
import pytest

from mujaz.v1 import model_service_pb2_grpc
from mujaz.v1.model_service_pb2 import GetModelRequest
from mujaz.v1.translation_service_pb2 import TranslateTextRequest
from tests.conftest import MODELS
from tests.faults.calls import CONFIG, check_answers, new_text, text_stream, translation
from tests.faults.server_process import ServerProcess, own_channel, server_process
from tests.transport.failures import everything

pytestmark = pytest.mark.model

RELOAD_COUNT = 8


def put_another_revision(models: Path, number: int) -> None:
    """The same translator under another revision, put into its place whole."""
    new = Path(shutil.copytree(models / "ar-en", models.parent / "new"))
    manifest = new / "manifest.json"
    manifest.write_bytes(manifest.read_bytes() + b"\n")
    (models / "ar-en").rename(models.parent / f"old-{number}")
    new.rename(models / "ar-en")


async def revision_of(channel: grpc.aio.Channel) -> str:
    stub = model_service_pb2_grpc.ModelServiceStub(channel)
    response = await stub.GetModel(GetModelRequest(name="models/ar-en"))
    return str(response.model.revision)


async def reload(server: ServerProcess, models: Path, number: int) -> None:
    put_another_revision(models, number)
    server.signal(signal.SIGHUP)
    await server.logged("models_reloaded", count=number)


async def test_a_reload_under_load_drops_no_call(tmp_path: Path) -> None:
    models = Path(shutil.copytree(MODELS, tmp_path / "models"))
    ending = asyncio.Event()
    revisions: set[str] = set()

    async def call_until_the_end(channel: grpc.aio.Channel) -> int:
        answered = 0
        while not ending.is_set():
            request = TranslateTextRequest(content=new_text(3), config=CONFIG)
            response = await translation(channel).TranslateText(request)
            revisions.add(response.stats.model_revision)
            answered += 1
        return answered

    async def stream_until_the_end(channel: grpc.aio.Channel) -> None:
        while not ending.is_set():
            events = await everything(text_stream(channel, new_text(40)))
            assert len(events) == 42
            revisions.add(events[-1].finished.stats.model_revision)

    async with server_process(models=models) as server, own_channel(server.address) as channel:
        first = await revision_of(channel)
        callers = [asyncio.create_task(call_until_the_end(channel)) for _ in range(4)]
        callers += [asyncio.create_task(stream_until_the_end(channel)) for _ in range(2)]
        for number in range(1, RELOAD_COUNT + 1):
            await reload(server, models, number)
        ending.set()
        await asyncio.gather(*callers)
        last = await revision_of(channel)
        await check_answers(channel)
        assert last != first
        assert f"models/ar-en@{first}" in revisions
        assert len(revisions) > 1
        outcomes = {line["code"] for line in server.lines if line["event"] == "request_finished"}
        assert outcomes == {"OK"}
        assert await server.stopped() == 0


async def test_reloads_free_the_old_models(tmp_path: Path) -> None:
    models = Path(shutil.copytree(MODELS, tmp_path / "models"))
    weights = (models / "ar-en" / "model.bin").stat().st_size
    async with server_process(models=models) as server:
        # Two revisions are in memory for a moment, which the allocator does not give back at once.
        for number in range(1, 5):
            await reload(server, models, number)
        before = server.resident_bytes
        for number in range(5, 13):
            await reload(server, models, number)
        # Eight kept revisions would be eight times the weights; the allocator keeps a few.
        assert server.resident_bytes - before < 4 * weights


async def test_names_and_glossaries_are_read_with_the_models_or_not_at_all(tmp_path: Path) -> None:
    models = Path(shutil.copytree(MODELS, tmp_path / "models"))
    names = models / "gazetteers" / "names.tsv"
    glossary = models / "glossaries" / "own.tsv"
    async with server_process(models=models) as server, own_channel(server.address) as channel:
        first = await revision_of(channel)
        put_another_revision(models, 1)
        glossary.write_text("الرقة\tRaqqa\n", encoding="utf-8")
        content = names.read_bytes()
        names.write_bytes(b"\xff")
        server.signal(signal.SIGHUP)
        line = await server.logged("models_not_reloaded")
        assert line["file"] == str(names)
        assert await revision_of(channel) == first

        names.write_bytes(content)
        server.signal(signal.SIGHUP)
        line = await server.logged("models_reloaded")
        assert line["glossaries"] == ["news", "own"]
        assert await revision_of(channel) != first
