from __future__ import annotations

from pathlib import Path

import pytest

from mujaz.engine.model import LoadedModel
from mujaz.engine.threads import ThreadPolicy
from tests.tiny_model import write_tiny_model

STARTER_MODELS = Path(__file__).parents[2] / "models"


@pytest.fixture(scope="session")
def translator() -> LoadedModel:
    return LoadedModel.load(STARTER_MODELS / "ar-en", ThreadPolicy(1, 1))


@pytest.fixture(scope="session")
def summarizer() -> LoadedModel:
    return LoadedModel.load(STARTER_MODELS / "ar-brief", ThreadPolicy(1, 1))


@pytest.fixture
def tiny_directory(tmp_path: Path) -> Path:
    directory = tmp_path / "tiny"
    write_tiny_model(directory)
    return directory
