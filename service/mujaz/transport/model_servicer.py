"""ModelService over the registry."""

from __future__ import annotations

import base64
import binascii
from typing import Any, Final

import grpc
from google.protobuf import timestamp_pb2

from mujaz.engine.model import LoadedModel
from mujaz.engine.registry import ModelRegistry
from mujaz.errors import FieldInvalid, ModelNotFound
from mujaz.transport.backend import BackendProvider
from mujaz.transport.convert import requests
from mujaz.v1 import model_service_pb2 as pb
from mujaz.v1 import model_service_pb2_grpc as pb_grpc

DEFAULT_PAGE_SIZE: Final = 50
PAGE_SIZE_LIMIT: Final = 100

Context = grpc.aio.ServicerContext[Any, Any]


class ModelServicer(pb_grpc.ModelServiceServicer):
    """Answers the calls of ModelService; errors are left to the interceptors."""

    def __init__(self, backend: BackendProvider) -> None:
        self._backend = backend

    async def GetModel(self, request: pb.GetModelRequest, context: Context) -> pb.GetModelResponse:
        name = requests.model_name(request.name)
        registry = self._backend().registry
        for loaded in registry.models():
            if loaded.name == name:
                return pb.GetModelResponse(model=_model(loaded, registry))
        raise ModelNotFound("No model of that name is loaded; see ListModels.", name=name)

    async def ListModels(
        self, request: pb.ListModelsRequest, context: Context
    ) -> pb.ListModelsResponse:
        page_size = _page_size(request.page_size)
        last_name = _decode_page_token(request.page_token)
        registry = self._backend().registry
        remaining = [loaded for loaded in registry.models() if loaded.name > last_name]
        page = remaining[:page_size]
        is_last = len(page) == len(remaining)
        return pb.ListModelsResponse(
            models=[_model(loaded, registry) for loaded in page],
            next_page_token="" if is_last else _encode_page_token(page[-1].name),
        )


def _page_size(requested: int) -> int:
    if not 0 <= requested <= PAGE_SIZE_LIMIT:
        raise FieldInvalid(
            "page_size must be from 1 to 100, or 0 for 50.",
            field="page_size",
            minimum=0,
            maximum=PAGE_SIZE_LIMIT,
        )
    return requested or DEFAULT_PAGE_SIZE


def _encode_page_token(last_name: str) -> str:
    """Names the last model sent, so that a page stays right when models come and go."""
    return base64.urlsafe_b64encode(last_name.encode()).decode()


def _decode_page_token(token: str) -> str:
    try:
        return base64.b64decode(token, altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError) as error:
        raise FieldInvalid(
            "page_token must be next_page_token of the previous response, unchanged.",
            field="page_token",
        ) from error


def _model(loaded: LoadedModel, registry: ModelRegistry) -> pb.Model:
    manifest = loaded.manifest
    load_time = timestamp_pb2.Timestamp()
    load_time.FromDatetime(loaded.load_time)
    return pb.Model(
        name=loaded.name,
        revision=loaded.revision.rpartition("@")[2],
        task=f"MODEL_TASK_{manifest.task.name}",
        source_language_code=manifest.source_language,
        target_language_code=manifest.target_language,
        compute_type=loaded.compute_type,
        max_source_token_count=manifest.max_source_token_count,
        load_time=load_time,
        license=manifest.license,
        scores=manifest.scores,
        is_default=registry.is_default(loaded),
    )
