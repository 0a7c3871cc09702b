from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from mujaz.v1.model_service_pb2 import (
    MODEL_TASK_SUMMARIZATION,
    MODEL_TASK_TRANSLATION,
    GetModelRequest,
    ListModelsRequest,
)
from tests.conftest import MODELS, RunningServer

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.model]


async def test_models_are_described_as_their_manifests_say(server: RunningServer) -> None:
    response = await server.models.ListModels(ListModelsRequest())

    assert [model.name for model in response.models] == ["models/ar-brief", "models/ar-en"]
    assert [model.task for model in response.models] == [
        MODEL_TASK_SUMMARIZATION,
        MODEL_TASK_TRANSLATION,
    ]
    assert response.next_page_token == ""
    for model in response.models:
        path = MODELS / model.name.removeprefix("models/") / "manifest.json"
        manifest = json.loads(path.read_text())
        assert model.source_language_code == manifest["source_language"]
        assert model.target_language_code == manifest["target_language"]
        assert model.max_source_token_count == manifest["max_source_token_count"]
        assert model.license == manifest["license"]
        assert dict(model.scores) == manifest["scores"]
        assert len(model.revision) == 12
        assert model.compute_type
        age = datetime.now(UTC) - model.load_time.ToDatetime(tzinfo=UTC)
        assert timedelta(0) < age < timedelta(hours=1)


async def test_pages_hold_every_model_once(server: RunningServer) -> None:
    whole = await server.models.ListModels(ListModelsRequest(page_size=100))
    paged = []
    request = ListModelsRequest(page_size=1)
    for _ in whole.models:
        page = await server.models.ListModels(request)
        paged.extend(page.models)
        request.page_token = page.next_page_token
    assert paged == list(whole.models)
    assert request.page_token == ""


async def test_a_model_is_found_by_its_name(server: RunningServer) -> None:
    listed = (await server.models.ListModels(ListModelsRequest())).models
    for model in listed:
        found = await server.models.GetModel(GetModelRequest(name=model.name))
        assert found.model == model
