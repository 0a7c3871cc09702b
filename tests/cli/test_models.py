"""`mujaz models` on a directory and on a server."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from mujaz.cli.commands import group
from tests.cli.conftest import mujaz
from tests.conftest import MODELS
from tests.tiny_model import write_tiny_model

pytestmark = pytest.mark.model


def models(*arguments: str, directory: Path = MODELS) -> Result:
    return CliRunner().invoke(group, ["models", *arguments, "--models", str(directory)])


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    return Path(shutil.copytree(MODELS, tmp_path / "models"))


def test_a_server_lists_what_the_directory_holds(invoke: Any) -> None:
    held = json.loads(invoke("models", "list", "--format", "json").stdout)
    local = json.loads(models("list", "--format", "json").stdout)
    names = [(facts["name"], facts["revision"]) for facts in local]
    assert [(facts["name"], facts["revision"]) for facts in held] == names
    assert ("models/ar-en", "translation") in {(facts["name"], facts["task"]) for facts in local}


def test_the_list_is_a_table(invoke: Any) -> None:
    lines = models("list").stdout.splitlines()
    assert any(line.startswith("models/ar-en ") and "ar→en" in line for line in lines)
    assert len(lines) == len(invoke("models", "list").stdout.splitlines())


def test_the_list_is_utf_8_in_any_locale() -> None:
    variables = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    assert "ar→en" in mujaz("models", "list", **variables).stdout


@pytest.mark.parametrize("name", ["ar-en", "models/ar-en"])
def test_one_model_is_shown_with_its_scores(name: str) -> None:
    lines = models("show", name).stdout.splitlines()
    assert "name: models/ar-en" in lines
    assert any(line.startswith("scores: ") for line in lines)
    facts = json.loads(models("show", name, "--format", "json").stdout)
    assert facts["languages"] == "ar→en"


def test_a_model_that_is_not_there_is_named_with_those_that_are() -> None:
    result = models("show", "fr-en")
    assert result.exit_code == 5
    assert "there is no model fr-en; there are " in result.stderr
    assert "models/ar-en" in result.stderr


def test_sound_models_are_verified(invoke: Any) -> None:
    for result in (models("verify"), invoke("models", "verify", "--models", MODELS)):
        assert result.exit_code == 0
        assert all(line.endswith(": verified") for line in result.stdout.splitlines())


def test_an_altered_model_fails_and_the_others_are_still_verified(copied: Path) -> None:
    path = copied / "ar-en" / "model.bin"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    result = models("verify", directory=copied)
    assert result.exit_code == 1
    first, last = result.stderr.splitlines()
    assert first.startswith("mujaz: ar-en: ")
    assert "model.bin" in first
    assert last.endswith("models are not right")
    assert "verified" in result.stdout


def test_a_server_that_holds_another_revision_is_told_apart(invoke: Any, copied: Path) -> None:
    manifest = copied / "ar-en" / "manifest.json"
    manifest.write_bytes(manifest.read_bytes() + b"\n")
    result = invoke("models", "verify", "--models", copied)
    assert result.exit_code == 1
    assert "mujaz: ar-en: the server holds " in result.stderr


@pytest.mark.parametrize("action", ["list", "verify"])
def test_a_directory_without_models_is_one_clear_failure(tmp_path: Path, action: str) -> None:
    for directory, problem in ((tmp_path, "has a manifest.json"), (tmp_path / "none", "No such")):
        result = models(action, directory=directory)
        assert result.exit_code == 1
        (line,) = result.stderr.splitlines()
        assert problem in line


def test_the_list_says_which_model_is_the_default(
    copied: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_tiny_model(copied / "a", name="a")

    def default_translators() -> list[str]:
        facts = json.loads(models("list", "--format", "json", directory=copied).stdout)
        return [f["name"] for f in facts if f["is_default"] and f["task"] == "translation"]

    assert default_translators() == ["models/a"]
    monkeypatch.setenv("MUJAZ_DEFAULT_MODEL", "ar-en")
    assert default_translators() == ["models/ar-en"]
    lines = models("list", directory=copied).stdout.splitlines()
    assert [line.split()[0] for line in lines if line.endswith("  default")] == [
        "models/ar-brief",
        "models/ar-en",
    ]
