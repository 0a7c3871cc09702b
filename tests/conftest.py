"""A real server with the starter models, for every test that calls the service."""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
import hypothesis
import pytest
import pytest_asyncio
import structlog
from grpc_health.v1 import health_pb2_grpc

from mujaz.engine.scheduler import SchedulerState
from mujaz.settings import Settings
from mujaz.transport.lifecycle import Service
from mujaz.transport.tracing import Tracing
from mujaz.v1 import (
    brief_service_pb2_grpc,
    model_service_pb2_grpc,
    translation_service_pb2_grpc,
)
from tests.chromium import find_chromium

# Tests are about what holds, never about how long it takes.
hypothesis.settings.register_profile("mujaz", deadline=None)
hypothesis.settings.load_profile("mujaz")

MODELS = Path(__file__).resolve().parents[1] / "models"
# Where Debian and its kin keep it, whatever the architecture.
FAKETIME = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)

_CONVERSION_PACKAGES = ("huggingface_hub", "torch", "transformers")
_LEFT_OUT = pytest.StashKey[dict[str, int]]()
# What the tests with a marker need that `scripts/setup dev` does not bring.
_NEEDS = {
    "browser": "Chromium and chromedriver; on Debian: apt-get install chromium chromium-driver",
    "container": "root, buildah and debootstrap; on Debian: apt-get install buildah debootstrap",
    "faketime": "libfaketime; on Debian: apt-get install libfaketime",
    "conversion": "PyTorch and Transformers: make test-all",
    "promtool": "promtool of Prometheus; on Debian: apt-get install prometheus",
    "training": "PyTorch: make test-all",
}


def _is_possible(marker: str) -> bool:
    """Whether what the tests with this marker need is installed."""
    if marker == "browser":
        return find_chromium() is not None
    if marker == "container":
        return os.geteuid() == 0 and all(map(shutil.which, ("buildah", "debootstrap")))
    if marker == "faketime":
        return FAKETIME is not None
    if marker == "promtool":
        return shutil.which("promtool") is not None
    packages = _CONVERSION_PACKAGES if marker == "conversion" else ("torch",)
    return all(map(importlib.util.find_spec, packages))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves out the tests that need what is not installed."""
    config.stash[_LEFT_OUT] = {}
    for marker in _NEEDS:
        left_out = [item for item in items if item.get_closest_marker(marker)]
        if left_out and not _is_possible(marker):
            items[:] = [item for item in items if item not in left_out]
            config.hook.pytest_deselected(items=left_out)
            config.stash[_LEFT_OUT][marker] = len(left_out)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says that tests were left out, and what they need."""
    for marker, count in terminalreporter.config.stash.get(_LEFT_OUT, {}).items():
        terminalreporter.section(f"{count} tests left out ({marker})", sep="!", yellow=True)
        terminalreporter.line(f"They need {_NEEDS[marker]}")


@dataclass
class RunningServer:
    """A started service, a channel to it, its stubs, and the log lines it wrote."""

    service: Service
    channel: grpc.aio.Channel
    log_lines: list[Any] = field(default_factory=list)

    @property
    def target(self) -> str:
        return self.service.address

    @property
    def scheduler_state(self) -> SchedulerState:
        return self.service.backend().scheduler.state

    @property
    def translation(self) -> Any:
        return translation_service_pb2_grpc.TranslationServiceStub(self.channel)

    @property
    def brief(self) -> Any:
        return brief_service_pb2_grpc.BriefServiceStub(self.channel)

    @property
    def models(self) -> Any:
        return model_service_pb2_grpc.ModelServiceStub(self.channel)

    @property
    def health(self) -> Any:
        return health_pb2_grpc.HealthStub(self.channel)


@asynccontextmanager
async def running_server(
    *,
    credentials: grpc.ChannelCredentials | None = None,
    tracing: Tracing | None = None,
    **settings: Any,
) -> AsyncIterator[RunningServer]:
    """A server on a free port, or as `settings` say; stopped without a wait at the end.

    Its channel is encrypted where `credentials` are given.
    """
    defaults = {"listen": "127.0.0.1:0", "models": MODELS, "drain_grace_seconds": 0.0}
    log = structlog.testing.LogCapture()
    logger = structlog.wrap_logger(structlog.testing.ReturnLogger(), processors=[log])
    service = Service(Settings(**{**defaults, **settings}), logger=logger, tracing=tracing)
    await service.start()
    try:
        open_channel = (
            grpc.aio.insecure_channel(service.address)
            if credentials is None
            else grpc.aio.secure_channel(service.address, credentials)
        )
        async with open_channel as channel:
            yield RunningServer(service, channel, log.entries)
    finally:
        await service.stop()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server() -> AsyncIterator[RunningServer]:
    """One server for the tests of a module, which run in the same event loop:
    `pytestmark = pytest.mark.asyncio(loop_scope="module")`."""
    async with running_server() as running:
        yield running
