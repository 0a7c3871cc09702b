"""Checkpoints of Hugging Face that are spoiled, dangerous, or saved by other releases."""

from __future__ import annotations

import json
import os
import pickle
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import safetensors.torch
import torch

from mujaz.conversion import convert as conversion
from mujaz.conversion.checkpoint import read_checkpoint
from mujaz.conversion.vocabulary import open_pieces, read_vocabulary
from mujaz.engine.manifest import ModelTask, Quantization, read_manifest
from mujaz.errors import ConversionFailed, FieldInvalid
from tests.conversion.checkpoints import FAMILIES
from tests.conversion.conversion_request import request_for

pytestmark = pytest.mark.conversion


@pytest.fixture(autouse=True)
def _without_self_test(monkeypatch: pytest.MonkeyPatch) -> None:
    """Random weights fail it, as they say nothing."""
    monkeypatch.setattr(conversion, "_self_test", lambda directory: None)


def write(name: str, directory: Path) -> Path:
    FAMILIES[name].write(directory, FAMILIES[name].noise)
    return directory


def convert(source: Path, output: Path, **changes: Any) -> Path:
    return conversion.convert(request_for(source, output, **changes), report=lambda line: None)


def change_config(directory: Path, **changes: Any) -> None:
    path = directory / "config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**config, **changes}), encoding="utf-8")


def weights_of(directory: Path) -> dict[str, Any]:
    return dict(safetensors.torch.load_file(directory / "model.safetensors"))


class Payload:
    """What a pickle that runs code looks like."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return os.mkdir, (str(self._path),)


def _truncate(directory: Path) -> None:
    path = directory / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-1000])


def _drop(directory: Path) -> None:
    weights = weights_of(directory)
    del weights["model.encoder.layers.0.fc1.weight"]
    safetensors.torch.save_file(weights, directory / "model.safetensors", {"format": "pt"})


def _reshape(directory: Path) -> None:
    change_config(directory, encoder_ffn_dim=48)


def _pickle(directory: Path) -> None:
    (directory / "model.safetensors").unlink()
    with (directory / "pytorch_model.bin").open("wb") as file:
        pickle.dump(Payload(directory / "ran"), file)


def _unnumber(directory: Path) -> None:
    path = directory / "vocab.json"
    numbers = json.loads(path.read_text(encoding="utf-8"))
    del numbers["<unk>"]
    path.write_text(json.dumps(numbers), encoding="utf-8")


SPOILED = {
    "half the weights": _truncate,
    "a tensor is missing": _drop,
    "tensors of other shapes": _reshape,
    "a pickle that runs code": _pickle,
    "a gap in the vocabulary": _unnumber,
}


@pytest.mark.parametrize("spoiled", SPOILED)
def test_a_spoiled_checkpoint_is_refused_and_leaves_nothing(tmp_path: Path, spoiled: str) -> None:
    source = write("marian", tmp_path / "checkpoint")
    SPOILED[spoiled](source)
    with pytest.raises(ConversionFailed):
        convert(source, tmp_path / "models" / "model")
    assert list((tmp_path / "models").glob("*")) == []
    assert not (source / "ran").exists()


def test_pickled_tensors_are_read_and_nothing_is_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: socket.socket, address: Any) -> None:
        pytest.fail(f"a connection to {address} was tried")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    source = write("mbart50", tmp_path / "checkpoint")
    torch.save(weights_of(source), source / "pytorch_model.bin")
    (source / "model.safetensors").unlink()
    assert (convert(source, tmp_path / "model") / "model.bin").is_file()


def test_code_beside_the_weights_is_not_run(tmp_path: Path) -> None:
    source = write("t5", tmp_path / "checkpoint")
    change_config(source, auto_map={"AutoConfig": "own.Config", "AutoModel": "own.Model"})
    (source / "own.py").write_text(f"import os\nos.mkdir({str(tmp_path / 'ran')!r})\n")
    assert (convert(source, tmp_path / "model") / "model.bin").is_file()
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("name", ["nllb", "mt5", "madlad"])
def test_the_order_of_a_family_is_that_of_its_tokenizer_json(tmp_path: Path, name: str) -> None:
    source = write(name, tmp_path / "checkpoint")
    checkpoint = read_checkpoint(source)
    pieces = open_pieces(checkpoint.path("sentencepiece.bpe.model", "spiece.model"))
    stated = read_vocabulary(checkpoint, pieces)
    (source / "tokenizer.json").unlink()
    assert read_vocabulary(checkpoint, pieces) == stated


def test_mbart_of_25_languages_names_them_elsewhere(tmp_path: Path) -> None:
    source = write("mbart50", tmp_path / "checkpoint")
    settings = json.dumps({"tokenizer_class": "MBartTokenizer"})
    (source / "tokenizer_config.json").write_text(settings, encoding="utf-8")
    output = convert(source, tmp_path / "model")
    tokenizer = read_manifest(output).tokenizer
    assert (tokenizer.source_prefix, tokenizer.source_suffix) == ((), ("</s>", "ar_AR"))
    assert tokenizer.target_prefix == ()
    config = json.loads((output / "config.json").read_text(encoding="utf-8"))
    assert config["decoder_start_token"] == "en_XX"


def test_an_older_nllb_has_its_language_behind_the_text(tmp_path: Path) -> None:
    source = write("nllb", tmp_path / "checkpoint")
    settings = json.dumps({"tokenizer_class": "NllbTokenizer", "legacy_behaviour": True})
    (source / "tokenizer_config.json").write_text(settings, encoding="utf-8")
    tokenizer = read_manifest(convert(source, tmp_path / "model")).tokenizer
    assert (tokenizer.source_prefix, tokenizer.source_suffix) == ((), ("</s>", "arb_Arab"))


def test_a_language_the_model_does_not_know_is_refused(tmp_path: Path) -> None:
    source = write("m2m100", tmp_path / "checkpoint")
    with pytest.raises(FieldInvalid, match="does not know the language tlh") as caught:
        convert(source, tmp_path / "model", target_language="tlh")
    assert caught.value.field == "target_language"


def _output_scale(directory: Path) -> bool:
    return b"decoder/scale_outputs" in (directory / "model.bin").read_bytes()


@pytest.mark.parametrize(
    ("name", "config", "scales"),
    [
        ("t5", {"tie_word_embeddings": True}, True),
        ("t5", {"tie_word_embeddings": True, "scale_decoder_outputs": False}, False),
        ("madlad", {"tie_word_embeddings": False}, False),
        ("madlad", {"tie_word_embeddings": True, "scale_decoder_outputs": False}, False),
        ("mt5", {"tie_word_embeddings": False}, False),
        # Recent releases of Transformers write it into every mT5 they save.
        ("mt5", {"tie_word_embeddings": True}, False),
    ],
)
def test_outputs_are_scaled_only_where_training_did(
    tmp_path: Path, name: str, config: dict[str, bool], *, scales: bool
) -> None:
    source = write(name, tmp_path / "checkpoint")
    change_config(source, **config)
    assert _output_scale(convert(source, tmp_path / "model")) is scales


def test_settings_for_the_task_hold(tmp_path: Path) -> None:
    source = write("t5", tmp_path / "checkpoint")
    manifest = read_manifest(convert(source, tmp_path / "model"))
    assert manifest.task is ModelTask.SUMMARIZATION
    assert (manifest.decoding.beam_size, manifest.decoding.no_repeat_ngram_size) == (3, 3)
    assert (manifest.max_position_count, manifest.target_token_margin) == (512, 90)


def test_weights_can_be_stored_as_bfloat16(tmp_path: Path) -> None:
    source = write("pegasus", tmp_path / "checkpoint")
    output = convert(source, tmp_path / "model", quantization=Quantization.BFLOAT16)
    assert read_manifest(output).quantization is Quantization.BFLOAT16
