"""From a hub to a model that translates; the hub is a stand-in, all else is real."""

from __future__ import annotations

import dataclasses
import importlib.util
import io
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mujaz.conversion.convert import convert
from mujaz.conversion.download import Patience
from mujaz.conversion.hub import Hub
from mujaz.conversion.pull import PullRequest, free_bytes_at, model_name, pull
from mujaz.engine.manifest import ModelTask, Quantization, check_name, read_manifest
from mujaz.engine.model import LoadedModel
from mujaz.engine.threads import thread_policy
from mujaz.errors import (
    CheckpointNotFound,
    ConversionFailed,
    FieldInvalid,
    HubUnavailable,
    LicenseNotAccepted,
)
from tests.conversion.hub_server import COMMIT, StandIn, marian_files, serving

pytestmark = pytest.mark.conversion

TERABYTE = 10**12


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    with serving(StandIn(marian_files())) as hub:
        yield hub


@pytest.fixture
def request_(tmp_path: Path) -> PullRequest:
    return PullRequest(
        repository="owner/tiny",
        revision="main",
        name="tiny",
        models=tmp_path / "models",
        quantization=Quantization.INT8,
        cache=tmp_path / "cache",
    )


class Pulling:
    """Pulls from the stand-in, and keeps what was reported."""

    def __init__(self, stand_in: StandIn) -> None:
        self.lines: list[str] = []
        self.stand_in = stand_in
        self.free = TERABYTE

    def __call__(self, request: PullRequest, **changes: Any) -> Path:
        return pull(
            dataclasses.replace(request, **changes),
            hub=Hub(self.stand_in.url),
            convert=convert,
            report=self.lines.append,
            progress=lambda done, total: None,
            patience=Patience(try_count=2, sleep=lambda seconds: None),
            free_bytes=lambda path: self.free,
        )


@pytest.fixture
def pulling(stand_in: StandIn) -> Pulling:
    return Pulling(stand_in)


def test_a_pulled_model_translates(pulling: Pulling, request_: PullRequest) -> None:
    path = pulling(request_)
    assert path == request_.models / "tiny"
    model = LoadedModel.load(path, thread_policy(1))
    (decoded,) = model.decode_batch([model.encode("قال الرئيس")], model.manifest.decoding)
    assert decoded.text
    manifest = read_manifest(path)
    assert manifest.origin == f"owner/tiny@{COMMIT}"
    assert manifest.license == "Apache-2.0"
    assert manifest.task is ModelTask.TRANSLATION
    assert (manifest.source_language, manifest.target_language) == ("ar", "en")
    assert pulling.lines[0].startswith(f"owner/tiny@{COMMIT}: ")


def test_the_download_is_removed_once_there_is_a_model(
    pulling: Pulling, request_: PullRequest, tmp_path: Path
) -> None:
    pulling(request_)
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_download_that_is_kept_serves_again(
    pulling: Pulling, request_: PullRequest, tmp_path: Path
) -> None:
    pulling(request_, keep_download=True)
    kept = tmp_path / "cache" / "owner--tiny" / COMMIT
    assert (kept / "model.safetensors").read_bytes() == marian_files()["model.safetensors"]
    pulling.stand_in.requests.clear()
    pulling(request_, name="other", quantization=Quantization.FLOAT32)
    assert [request.path for request in pulling.stand_in.requests] == [
        "/api/models/owner/tiny/revision/main"
    ]
    assert read_manifest(request_.models / "other").quantization is Quantization.FLOAT32


def test_a_broken_download_leaves_no_model_and_goes_on(
    pulling: Pulling, request_: PullRequest
) -> None:
    names = [name for name in marian_files() if name != "README.md"]
    before = names.index("source.spm")
    pulling.stand_in.file_troubles = [("none", 0)] * before + [("break", 5000), ("status", 500)]
    with pytest.raises(HubUnavailable, match="run the same command again"):
        pulling(request_)
    assert not request_.models.exists()
    pulling(request_)
    assert pulling.stand_in.ranges_of("source.spm")[-1] == "bytes=5000-"
    assert read_manifest(request_.output).name == "tiny"


def test_a_wrong_digest_leaves_no_model(pulling: Pulling, request_: PullRequest) -> None:
    pulling.stand_in.wrong_digests.add("model.safetensors")
    with pytest.raises(ConversionFailed, match=r"model\.safetensors is not what the hub says"):
        pulling(request_)
    assert not request_.models.exists()


def test_an_existing_model_is_replaced_by_force_only(
    pulling: Pulling, request_: PullRequest
) -> None:
    pulling(request_)
    pulling.stand_in.requests.clear()
    with pytest.raises(FieldInvalid, match="--force"):
        pulling(request_, quantization=Quantization.FLOAT32)
    assert pulling.stand_in.requests == []
    pulling(request_, quantization=Quantization.FLOAT32, force=True)
    assert read_manifest(request_.output).quantization is Quantization.FLOAT32


def test_a_licence_known_beforehand_is_settled_before_the_hub_is_asked(
    pulling: Pulling, request_: PullRequest
) -> None:
    with pytest.raises(LicenseNotAccepted, match=r"--accept-license CC-BY-NC-4\.0"):
        pulling(request_, license="CC-BY-NC-4.0")
    assert pulling.stand_in.requests == []
    pulling(request_, license="CC-BY-NC-4.0", accepted_license="cc-by-nc-4.0")
    assert read_manifest(request_.output).license == "CC-BY-NC-4.0"


def test_a_licence_the_card_states_is_settled_before_the_download(
    pulling: Pulling, request_: PullRequest
) -> None:
    pulling.stand_in.license = "cc-by-nc-sa-4.0"
    with pytest.raises(LicenseNotAccepted, match=r"--accept-license CC-BY-NC-SA-4\.0"):
        pulling(request_)
    assert len(pulling.stand_in.requests) == 1


def test_what_the_card_does_not_say_is_asked_for(pulling: Pulling, request_: PullRequest) -> None:
    pulling.stand_in.license = None
    with pytest.raises(LicenseNotAccepted, match="name it with --license"):
        pulling(request_)
    pulling.stand_in.task = None
    with pytest.raises(CheckpointNotFound, match="--task"):
        pulling(request_, license="MIT")
    pulling(request_, license="MIT", task=ModelTask.TRANSLATION)
    assert read_manifest(request_.output).license == "MIT"


def test_a_disk_without_room_is_told_before_the_download(
    pulling: Pulling, request_: PullRequest
) -> None:
    pulling.free = 400_000
    with pytest.raises(ConversionFailed, match="make room"):
        pulling(request_)
    assert len(pulling.stand_in.requests) == 1
    assert not request_.models.exists()


def test_what_is_there_already_needs_no_room(pulling: Pulling, request_: PullRequest) -> None:
    total = sum(map(len, marian_files().values()))
    pulling.free = total
    with pytest.raises(ConversionFailed, match="the download and the model"):
        pulling(request_)
    pulling.free = TERABYTE
    pulling(request_, keep_download=True)
    pulling.free = total
    assert pulling(request_, name="other").is_dir()


def test_a_download_that_cannot_be_written_is_told(
    pulling: Pulling, request_: PullRequest, tmp_path: Path
) -> None:
    (tmp_path / "cache").write_text("a file")
    with pytest.raises(ConversionFailed, match="cannot keep the download there"):
        pulling(request_)


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", "Tiny"), ("source_language", "arabic!"), ("target_language", "E")],
)
def test_fields_are_checked_before_the_hub_is_asked(
    pulling: Pulling, request_: PullRequest, field: str, value: str
) -> None:
    with pytest.raises(FieldInvalid, match=value):
        pulling(request_, **{field: value})
    assert pulling.stand_in.requests == []


def test_missing_packages_are_told_before_the_download(
    pulling: Pulling, request_: PullRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "torch" else found(name)
    )
    with pytest.raises(ConversionFailed, match=r"mujaz\[convert\]"):
        pulling(request_)
    assert pulling.stand_in.requests == []


def pickled(weights: bytes, **more: Any) -> bytes:
    """Safetensors, and what else is given, in PyTorch's pickle format."""
    import safetensors.torch  # noqa: PLC0415  # not installed everywhere
    import torch  # noqa: PLC0415

    stream = io.BytesIO()
    torch.save({**safetensors.torch.load(weights), **more}, stream)
    return stream.getvalue()


def test_a_pickle_is_announced_and_converted(pulling: Pulling, request_: PullRequest) -> None:
    files = pulling.stand_in.files = dict(marian_files())
    files["pytorch_model.bin"] = pickled(files.pop("model.safetensors"))
    assert read_manifest(pulling(request_)).name == "tiny"
    assert any("pickle" in line for line in pulling.lines)


def test_a_pickle_that_would_run_code_does_not(
    pulling: Pulling, request_: PullRequest, tmp_path: Path
) -> None:
    class Trap:
        def __reduce__(self) -> Any:
            return os.mkdir, (str(tmp_path / "ran"),)

    files = pulling.stand_in.files = dict(marian_files())
    files["pytorch_model.bin"] = pickled(files.pop("model.safetensors"), trap=Trap())
    with pytest.raises(ConversionFailed):
        pulling(request_)
    assert not (tmp_path / "ran").exists()


def test_a_damaged_checkpoint_leaves_no_model_and_keeps_the_download(
    pulling: Pulling, request_: PullRequest, tmp_path: Path
) -> None:
    files = pulling.stand_in.files = dict(marian_files())
    config = json.loads(files["config.json"])
    files["config.json"] = json.dumps({**config, "model_type": "unheard-of"}).encode()
    with pytest.raises(ConversionFailed, match="cannot be converted"):
        pulling(request_)
    assert not request_.output.exists()
    kept = tmp_path / "cache" / "owner--tiny" / COMMIT
    assert (kept / "model.safetensors").is_file()
    assert str(kept) in pulling.lines[-1]


def test_a_summarizer_writes_the_language_it_reads(request_: PullRequest) -> None:
    assert request_.target(ModelTask.TRANSLATION) == "en"
    assert request_.target(ModelTask.SUMMARIZATION) == "ar"
    assert dataclasses.replace(request_, target_language="fr").target(ModelTask.TRANSLATION) == "fr"


def test_space_is_that_of_the_disk_a_directory_will_be_on(tmp_path: Path) -> None:
    assert free_bytes_at(tmp_path / "not" / "yet") == pytest.approx(
        free_bytes_at(tmp_path), rel=0.1
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("mT5_multilingual_XLSum", "mt5_multilingual_xlsum"),
        ("Owner/Some Model!", "some-model"),
        ("o/" + "x" * 90, "x" * 63),
    ],
)
def test_names_of_models_come_from_names_of_repositories(name: str, expected: str) -> None:
    assert model_name(name) == expected
    check_name(expected)
