"""Models, names and glossaries read again by a running service."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest

from mujaz.settings import Settings
from mujaz.transport.backend import Backend, load_backend
from mujaz.transport.lifecycle import Service
from mujaz.v1.model_service_pb2 import ListModelsRequest
from mujaz.v1.translation_service_pb2 import TranslateTextRequest, TranslationConfig
from tests.conftest import MODELS, RunningServer, running_server
from tests.tiny_model import write_tiny_model

pytestmark = pytest.mark.model

CONFIG = TranslationConfig(source_language_code="ar")


@pytest.fixture
def models(tmp_path: Path) -> Path:
    path = Path(shutil.copytree(MODELS, tmp_path / "models"))
    write_tiny_model(path / "a", name="a")
    return path


async def model_of(server: RunningServer) -> str:
    """The model that answers who names none."""
    request = TranslateTextRequest(content="قال الرئيس إن الوضع جيد.", config=CONFIG)
    response = await server.translation.TranslateText(request)
    return str(response.stats.model_revision).partition("@")[0]


async def defaults_of(server: RunningServer) -> list[str]:
    response = await server.models.ListModels(ListModelsRequest())
    return [model.name for model in response.models if model.is_default]


async def test_the_default_model_answers_who_names_none_also_after_a_reload(models: Path) -> None:
    async with running_server(models=models, default_model=("ar-en",)) as server:
        assert await model_of(server) == "models/ar-en"
        assert await defaults_of(server) == ["models/ar-brief", "models/ar-en"]
        write_tiny_model(models / "b", name="b")
        await server.service.reload()
        assert await model_of(server) == "models/ar-en"

        shutil.rmtree(models / "ar-en")
        await server.service.reload()
        line = server.log_lines[-1]
        assert line["event"] == "models_not_reloaded"
        assert "no model ar-en" in line["problem"]
        assert await model_of(server) == "models/ar-en"


async def test_without_a_default_the_first_by_name_answers(models: Path) -> None:
    async with running_server(models=models) as server:
        assert await model_of(server) == "models/a"
        assert await defaults_of(server) == ["models/a", "models/ar-brief"]


async def test_names_are_read_again_with_the_models(models: Path) -> None:
    names = models / "gazetteers" / "names.tsv"
    async with running_server(models=models, names="consistent") as server:

        async def rendering() -> str:
            request = TranslateTextRequest(content="الرقة - 2017", config=CONFIG)
            response = await server.translation.TranslateText(request)
            return str(response.translated_text).removesuffix(" - 2017")

        assert await rendering() == "Raqqa"
        content = names.read_text(encoding="utf-8")
        names.write_text(content.replace("\tRaqqa\t", "\tRakka\t"), encoding="utf-8")
        await server.service.reload()
        assert server.log_lines[-1]["event"] == "models_reloaded"
        assert await rendering() == "Rakka"


async def test_a_reload_during_the_start_waits_for_its_end() -> None:
    began, gate = asyncio.Event(), asyncio.Event()

    async def load(settings: Settings) -> Backend:
        began.set()
        await gate.wait()
        return await load_backend(settings)

    service = Service(Settings(listen="127.0.0.1:0", models=MODELS), load=load)
    starting = asyncio.create_task(service.start())
    await began.wait()
    reloading = asyncio.create_task(service.reload())
    gate.set()
    await asyncio.gather(starting, reloading)
    assert service.backend().registry.models()
    await service.stop()
