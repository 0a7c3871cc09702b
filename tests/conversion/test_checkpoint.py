from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mujaz.conversion.checkpoint import CheckpointKind, read_checkpoint
from mujaz.errors import ConversionFailed


def write(
    directory: Path, *, tokenizer: str = "", files: tuple[str, ...] = (), **config: Any
) -> None:
    (directory / "config.json").write_text(json.dumps(config), encoding="utf-8")
    for name in ("model.safetensors", *files):
        (directory / name).touch()
    if tokenizer:
        settings = json.dumps({"tokenizer_class": tokenizer})
        (directory / "tokenizer_config.json").write_text(settings, encoding="utf-8")


@pytest.mark.parametrize(
    ("settings", "kind"),
    [
        ({"model_type": "marian"}, CheckpointKind.MARIAN),
        ({"model_type": "m2m_100", "files": ("vocab.json",)}, CheckpointKind.M2M100),
        ({"model_type": "m2m_100"}, CheckpointKind.NLLB),
        (
            {"model_type": "m2m_100", "files": ("vocab.json",), "tokenizer": "NllbTokenizerFast"},
            CheckpointKind.NLLB,
        ),
        ({"model_type": "mbart", "tokenizer": "MBart50TokenizerFast"}, CheckpointKind.MBART50),
        ({"model_type": "mbart", "vocab_size": 250_054}, CheckpointKind.MBART50),
        ({"model_type": "mbart", "tokenizer": "MBartTokenizer"}, CheckpointKind.MBART),
        ({"model_type": "mbart", "vocab_size": 250_027}, CheckpointKind.MBART),
        ({"model_type": "mbart", "tokenizer": "BarthezTokenizer"}, CheckpointKind.BART),
        ({"model_type": "mbart", "vocab_size": 50_002}, CheckpointKind.BART),
        ({"model_type": "bart"}, CheckpointKind.BART),
        ({"model_type": "t5"}, CheckpointKind.T5),
        ({"model_type": "mt5"}, CheckpointKind.MT5),
        ({"model_type": "pegasus"}, CheckpointKind.PEGASUS),
    ],
)
def test_a_family_is_known_by_its_files(
    tmp_path: Path, settings: dict[str, Any], kind: CheckpointKind
) -> None:
    write(tmp_path, **settings)
    assert read_checkpoint(tmp_path).kind is kind


def test_marians_own_files_are_known_by_decoder_yml(tmp_path: Path) -> None:
    (tmp_path / "decoder.yml").write_text("models: [model.npz]\n", encoding="utf-8")
    checkpoint = read_checkpoint(tmp_path)
    assert checkpoint.kind is CheckpointKind.MARIAN_NATIVE
    assert checkpoint.config["models"] == ["model.npz"]


def test_generation_settings_of_their_own_file_hold(tmp_path: Path) -> None:
    write(tmp_path, model_type="marian", num_beams=2, length_penalty=0.5)
    generation = {"num_beams": 6, "length_penalty": None}
    (tmp_path / "generation_config.json").write_text(json.dumps(generation), encoding="utf-8")
    config = read_checkpoint(tmp_path).config
    assert (config["num_beams"], config["length_penalty"]) == (6, 0.5)


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, "no checkpoint"),
        ({"README.md": "# nothing"}, "no checkpoint"),
        ({"config.json": "{", "model.safetensors": ""}, "not readable JSON"),
        ({"config.json": "[" * 100_000, "model.safetensors": ""}, "not readable JSON"),
        ({"config.json": "[]", "model.safetensors": ""}, "must hold a JSON object"),
        ({"config.json": '{"model_type": "llama"}', "model.safetensors": ""}, "cannot be conv"),
        ({"config.json": "{}", "model.safetensors": ""}, "cannot be converted"),
        ({"config.json": '{"model_type": "t5"}', "tf_model.h5": ""}, "file of the checkpoint is"),
        ({"decoder.yml": "["}, "not readable YAML"),
        ({"decoder.yml": "- a"}, "must hold settings"),
        ({"decoder.yml": "!!python/object:os.system {}"}, "not readable YAML"),
    ],
)
def test_what_is_no_checkpoint_is_told_as_such(
    tmp_path: Path, files: dict[str, str], message: str
) -> None:
    for name, content in files.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(ConversionFailed, match=message):
        read_checkpoint(tmp_path)


def test_a_directory_that_is_not_there_is_told_as_such(tmp_path: Path) -> None:
    with pytest.raises(ConversionFailed, match="no checkpoint directory"):
        read_checkpoint(tmp_path / "nowhere")
