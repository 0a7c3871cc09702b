"""`mujaz models convert` from the terminal."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mujaz.cli.commands import group
from mujaz.engine.manifest import read_manifest
from tests.cli.conftest import SECONDS, environment
from tests.conversion.conversion_request import SELF_TEST
from tests.conversion.marian_checkpoint import WEIGHTS, write_marian_checkpoint

# The command, with weights that take a minute to convert.
HELD = """
import sys, time
from mujaz.cli.main import main
from mujaz.conversion import convert

def held(checkpoint, layout, directory, *, quantization):
    (directory / "model.bin").write_bytes(b"half")
    print("held", file=sys.stderr, flush=True)
    time.sleep(60)

convert.convert_weights = held
main()
"""


@pytest.fixture(scope="module")
def opus_mt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("checkpoints") / "Opus MT.ar-en"
    write_marian_checkpoint(directory)
    return directory


def convert(*arguments: str | Path) -> Result:
    words = ["models", "convert", *map(str, arguments), "--self-test", SELF_TEST]
    return CliRunner().invoke(group, words)


def only_line(result: Result) -> str:
    (line,) = result.stderr.splitlines()
    assert line.startswith("mujaz: ")
    return line


def test_a_model_appears_among_the_models(opus_mt: Path, tmp_path: Path) -> None:
    result = convert(opus_mt, "--models", tmp_path)
    assert result.exit_code == 0, result.stderr
    assert result.stdout == f"{tmp_path / 'opus-mt.ar-en'}\n"
    assert result.stderr.splitlines() == [
        f"{opus_mt}: OPUS-MT (Marian) checkpoint, translation, cc-by-4.0",
        "converting the weights to int8",
        "testing the model",
    ]
    verified = CliRunner().invoke(group, ["models", "verify", "--models", str(tmp_path)])
    assert verified.exit_code == 0
    assert verified.stdout.startswith("models/opus-mt.ar-en@")


def test_the_options_reach_the_manifest(opus_mt: Path, tmp_path: Path) -> None:
    options = ("--name", "mine", "--license", "MIT", "--quantization", "int16")
    result = convert(opus_mt, *options, "--model-version", "3.1", "--output", tmp_path / "model")
    assert result.exit_code == 0, result.stderr
    manifest = read_manifest(tmp_path / "model")
    assert (manifest.name, manifest.license, manifest.version) == ("mine", "MIT", "3.1")
    assert manifest.quantization.value == "int16"


def test_another_model_that_comes_first_is_named(opus_mt: Path, tmp_path: Path) -> None:
    assert convert(opus_mt, "--name", "a", "--models", tmp_path).exit_code == 0
    result = convert(opus_mt, "--name", "b", "--models", tmp_path)
    assert "who names no model gets models/a" in result.stderr.splitlines()[-1]


def test_a_model_that_is_there_is_kept_unless_forced(opus_mt: Path, tmp_path: Path) -> None:
    assert convert(opus_mt, "--models", tmp_path).exit_code == 0
    result = convert(opus_mt, "--models", tmp_path)
    assert result.exit_code == 2
    assert "--force" in only_line(result)
    assert convert(opus_mt, "--models", tmp_path, "--force").exit_code == 0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--name", "Not A Name"), "name must be"),
        (("--target-language", "en_US"), "BCP-47"),
    ],
)
def test_wrong_choices_end_with_2(
    opus_mt: Path, tmp_path: Path, options: tuple[str, str], message: str
) -> None:
    result = convert(opus_mt, *options, "--models", tmp_path)
    assert result.exit_code == 2
    assert message in only_line(result)


def test_a_checkpoint_without_a_licence_asks_for_it(opus_mt: Path, tmp_path: Path) -> None:
    source = Path(shutil.copytree(opus_mt, tmp_path / "checkpoint"))
    (source / "README.md").unlink()
    result = convert(source, "--models", tmp_path / "models")
    assert result.exit_code == 2
    assert "--license" in only_line(result)


def test_a_checkpoint_that_is_not_there_ends_with_5(tmp_path: Path) -> None:
    result = convert(tmp_path / "nowhere", "--models", tmp_path)
    assert result.exit_code == 5
    assert "nowhere: there is no such directory" in only_line(result)


def test_a_spoiled_checkpoint_ends_with_1_and_its_file(opus_mt: Path, tmp_path: Path) -> None:
    source = Path(shutil.copytree(opus_mt, tmp_path / "checkpoint"))
    (source / WEIGHTS).write_bytes((source / WEIGHTS).read_bytes()[:5000])
    result = convert(source, "--models", tmp_path / "models")
    assert result.exit_code == 1
    line = result.stderr.splitlines()[-1]
    assert line.startswith("mujaz: The checkpoint cannot be read")
    assert str(source) in line
    assert list((tmp_path / "models").iterdir()) == []


def test_what_is_no_checkpoint_ends_with_1(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "gpt2"}), encoding="utf-8")
    result = convert(tmp_path, "--models", tmp_path / "models")
    assert result.exit_code == 1
    assert "cannot be converted" in only_line(result)
    assert "model_type: gpt2" in only_line(result)


@pytest.mark.parametrize(
    ("number", "exit_code", "message"),
    [
        (signal.SIGINT, 130, "mujaz: stopped by Ctrl-C"),
        (signal.SIGTERM, 143, "mujaz: stopped by SIGTERM"),
    ],
)
def test_a_stopped_conversion_leaves_nothing(
    opus_mt: Path, tmp_path: Path, number: signal.Signals, exit_code: int, message: str
) -> None:
    models = tmp_path / "models"
    words = [sys.executable, "-c", HELD, "models", "convert", str(opus_mt), "--models", str(models)]
    with subprocess.Popen(words, env=environment(), stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        while process.stderr.readline() != "held\n":
            assert process.poll() is None
        process.send_signal(number)
        _, error = process.communicate(timeout=SECONDS)
    assert process.returncode == exit_code
    assert error.splitlines() == [message]
    assert list(models.iterdir()) == []
