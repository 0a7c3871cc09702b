"""From an OPUS-MT checkpoint, which needs neither PyTorch nor Transformers, to a model."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mujaz.conversion.convert import convert
from mujaz.domain.normalize import NormalizationOptions
from mujaz.engine.manifest import Manifest, ModelTask, Quantization, TokenizerScheme, read_manifest
from mujaz.engine.protocols import DecodingOptions
from mujaz.engine.registry import ModelRegistry
from mujaz.errors import ConversionFailed, FieldInvalid
from tests.conversion.conversion_request import SELF_TEST, request_for
from tests.conversion.marian_checkpoint import VOCABULARY, WEIGHTS, write_marian_checkpoint


@pytest.fixture(scope="session")
def opus_mt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("checkpoints") / "opus-mt"
    write_marian_checkpoint(directory)
    return directory


@pytest.fixture
def checkpoint(opus_mt: Path, tmp_path: Path) -> Path:
    """A copy to spoil."""
    return Path(shutil.copytree(opus_mt, tmp_path / "checkpoint"))


def converted(source: Path, output: Path, **changes: Any) -> Manifest:
    assert convert(request_for(source, output, **changes), report=lambda line: None) == output
    return read_manifest(output)


def test_the_manifest_says_what_the_checkpoint_says(opus_mt: Path, tmp_path: Path) -> None:
    manifest = converted(opus_mt, tmp_path / "model")
    assert manifest.name == "converted"
    assert manifest.task is ModelTask.TRANSLATION
    assert manifest.license == "cc-by-4.0"
    assert manifest.tokenizer.scheme is TokenizerScheme.MARIAN
    assert (manifest.tokenizer.source_file, manifest.tokenizer.target_file) == (
        "source.spm",
        "target.spm",
    )
    assert manifest.decoding == DecodingOptions(beam_size=6, length_penalty=1.0)
    assert manifest.retry_decoding.no_repeat_ngram_size == 3
    assert (manifest.max_position_count, manifest.max_source_token_count) == (2048, 256)
    assert manifest.normalization == NormalizationOptions(
        compatibility=False, strip_diacritics=False, ascii_digits=False, ascii_punctuation=True
    )
    assert manifest.architecture.startswith(
        "OPUS-MT (Marian), 2 encoder and 1 decoder layers, 64 wide, 0."
    )
    assert manifest.origin == "opus-mt"
    assert manifest.self_test.source == SELF_TEST


def test_what_the_caller_says_holds(opus_mt: Path, tmp_path: Path) -> None:
    manifest = converted(
        opus_mt,
        tmp_path / "model",
        license="MIT",
        version="2.1.0",
        origin="owner/name@0123",
        quantization=Quantization.INT16,
        target_language="",
    )
    assert (manifest.license, manifest.version) == ("MIT", "2.1.0")
    assert (manifest.origin, manifest.target_language) == ("owner/name@0123", "en")
    assert manifest.quantization is Quantization.INT16


@pytest.mark.parametrize("quantization", [kind for kind in Quantization if "bf" not in kind])
def test_each_way_to_store_weights_gives_a_model(
    opus_mt: Path, tmp_path: Path, quantization: Quantization
) -> None:
    converted(opus_mt, tmp_path / "models" / "model", quantization=quantization)
    registry = ModelRegistry.load(tmp_path / "models", thread_count=1)
    assert [model.name for model in registry.models()] == ["models/converted"]


def test_the_steps_are_reported(opus_mt: Path, tmp_path: Path) -> None:
    lines: list[str] = []
    convert(request_for(opus_mt, tmp_path / "model"), report=lines.append)
    assert lines == [
        f"{opus_mt}: OPUS-MT (Marian) checkpoint, translation, cc-by-4.0",
        "converting the weights to float32",
        "testing the model",
    ]


def test_a_target_the_model_has_no_tag_for_is_refused(tmp_path: Path) -> None:
    write_marian_checkpoint(tmp_path / "checkpoint", tags=(">>deu<<", ">>fra<<"))
    with pytest.raises(FieldInvalid, match=">>deu<< >>fra<<") as caught:
        converted(tmp_path / "checkpoint", tmp_path / "model")
    assert caught.value.field == "target_language"


def test_an_existing_model_is_replaced_only_by_force(opus_mt: Path, tmp_path: Path) -> None:
    converted(opus_mt, tmp_path / "model")
    with pytest.raises(FieldInvalid, match="--force"):
        converted(opus_mt, tmp_path / "model", version="2.0.0")
    assert converted(opus_mt, tmp_path / "model", version="2.0.0", force=True).version == "2.0.0"
    assert os.listdir(tmp_path) == ["model"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "Not A Name"}, "name"),
        ({"source_language": "Arabic"}, "source_language"),
        ({"target_language": "en_US"}, "target_language"),
    ],
)
def test_bad_choices_are_refused_before_any_work(
    opus_mt: Path, tmp_path: Path, changes: dict[str, str], field: str
) -> None:
    with pytest.raises(FieldInvalid) as caught:
        converted(opus_mt, tmp_path / "model", **changes)
    assert caught.value.field == field
    assert list(tmp_path.iterdir()) == []


def test_a_model_without_a_licence_is_not_written(checkpoint: Path, tmp_path: Path) -> None:
    (checkpoint / "README.md").unlink()
    with pytest.raises(FieldInvalid, match="--license"):
        converted(checkpoint, tmp_path / "model")
    assert converted(checkpoint, tmp_path / "model", license="CC0-1.0").license == "CC0-1.0"


def test_a_model_that_does_not_work_is_not_published(opus_mt: Path, tmp_path: Path) -> None:
    with pytest.raises(ConversionFailed, match="does not work") as caught:
        converted(
            opus_mt, tmp_path / "model", target_language="ar", self_test_source="وقال 5 ترامب"
        )
    assert "does not match" in caught.value.metadata["cause"] or caught.value.metadata["cause"]
    assert list(tmp_path.iterdir()) == []


def _truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


SPOILED: dict[str, Callable[[Path], None]] = {
    "no weights": lambda directory: (directory / WEIGHTS).unlink(),
    "no vocabulary": lambda directory: (directory / VOCABULARY).unlink(),
    "no pieces": lambda directory: (directory / "target.spm").unlink(),
    "half the weights": lambda directory: _truncate(directory / WEIGHTS),
    "half the vocabulary": lambda directory: _truncate(directory / VOCABULARY),
    "half the pieces": lambda directory: _truncate(directory / "source.spm"),
    "other pieces": lambda directory: _write(directory / "source.spm", b"\0\1\2"),
    "no names of files": lambda directory: _write(directory / "decoder.yml", b"beam-size: 6\n"),
    "a pickle": lambda directory: _write(directory / WEIGHTS, b"cos\nsystem\n(S'true'\ntR."),
}


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)


@pytest.mark.parametrize("spoiled", SPOILED)
def test_a_spoiled_checkpoint_is_refused_and_leaves_nothing(
    checkpoint: Path, tmp_path: Path, spoiled: str
) -> None:
    SPOILED[spoiled](checkpoint)
    with pytest.raises(ConversionFailed):
        converted(checkpoint, tmp_path / "models" / "model")
    assert list((tmp_path / "models").glob("*")) == []


def test_bfloat16_needs_pytorch(
    opus_mt: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(ConversionFailed, match=r"install mujaz\[convert\]"):
        converted(opus_mt, tmp_path / "model", quantization=Quantization.BFLOAT16)


def test_a_missing_package_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "checkpoint"
    source.mkdir()
    (source / "config.json").write_text(json.dumps({"model_type": "t5"}), encoding="utf-8")
    (source / "model.safetensors").touch()
    monkeypatch.setitem(sys.modules, "torch", None)
    request = request_for(source, tmp_path / "model", license="MIT", task=ModelTask.TRANSLATION)
    with pytest.raises(ConversionFailed, match=r"install mujaz\[convert\]"):
        convert(request, report=lambda line: None)
    with pytest.raises(FieldInvalid, match="--task"):
        convert(dataclasses.replace(request, task=None), report=lambda line: None)
