from __future__ import annotations

import errno
import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mujaz.engine.manifest import (
    MANIFEST_NAME,
    Manifest,
    ModelTask,
    TokenizerScheme,
    TokenizerSettings,
    parse_manifest,
    read_manifest,
    revision,
    verify_files,
    write_manifest,
)
from mujaz.errors import ModelDamaged
from tests.tiny_model import change_manifest

STARTER_MODELS = Path(__file__).parents[2] / "models"
STARTER_MANIFESTS = sorted(STARTER_MODELS.glob(f"*/{MANIFEST_NAME}"))
DOCUMENT = json.loads((STARTER_MODELS / "ar-en" / MANIFEST_NAME).read_bytes())

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=4,
)


def paths(value: Any) -> list[tuple[str | int, ...]]:
    if isinstance(value, dict):
        return [(key, *rest) for key in value for rest in [(), *paths(value[key])]]
    if isinstance(value, list):
        return [(i, *rest) for i in range(len(value)) for rest in [(), *paths(value[i])]]
    return []


def changed(document: Any, path: tuple[str | int, ...], value: Any) -> Any:
    copy = json.loads(json.dumps(document))
    inner = copy
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return copy


def parse(document: Any) -> Manifest:
    return parse_manifest(json.dumps(document).encode(), Path("models/example"))


def cause_of(document: Any) -> str:
    with pytest.raises(ModelDamaged) as caught:
        parse(document)
    assert caught.value.metadata["file"] == f"models/example/{MANIFEST_NAME}"
    return caught.value.metadata["cause"]


@given(path=st.sampled_from(paths(DOCUMENT)), value=JSON_VALUES)
def test_any_value_in_any_place_is_taken_or_refused_as_damaged(
    path: tuple[str | int, ...], value: Any
) -> None:
    try:
        manifest = parse(changed(DOCUMENT, path, value))
    except ModelDamaged:
        return
    assert isinstance(manifest, Manifest)


@given(st.binary())
def test_any_bytes_are_refused_as_damaged(content: bytes) -> None:
    with pytest.raises(ModelDamaged):
        parse_manifest(content, Path("models/example"))


@pytest.mark.parametrize("path", STARTER_MANIFESTS, ids=lambda path: path.parent.name)
def test_starter_manifests_are_what_would_be_written_again(path: Path, tmp_path: Path) -> None:
    write_manifest(tmp_path, read_manifest(path.parent))
    assert (tmp_path / MANIFEST_NAME).read_bytes() == path.read_bytes()


@pytest.mark.parametrize("path", STARTER_MANIFESTS, ids=lambda path: path.parent.name)
def test_starter_models_are_intact_and_say_where_they_come_from(path: Path) -> None:
    manifest = read_manifest(path.parent)
    verify_files(path.parent, manifest)
    assert manifest.name == path.parent.name
    assert manifest.license
    assert manifest.data_sources
    assert manifest.scores
    assert manifest.scores_signature


def test_starter_models_do_both_tasks() -> None:
    tasks = {read_manifest(path.parent).task for path in STARTER_MANIFESTS}
    assert tasks == {ModelTask.TRANSLATION, ModelTask.SUMMARIZATION}


def test_revision_is_the_beginning_of_the_sha256_of_the_manifest() -> None:
    assert revision(b"{}") == hashlib.sha256(b"{}").hexdigest()[:12]


@pytest.mark.parametrize(
    ("path", "value", "cause"),
    [
        (("beam",), 4, "$.beam: unknown key"),
        (("decoding", "beams"), 4, "$.decoding.beams: unknown key"),
        (("decoding", "beam_size"), "4", "$.decoding.beam_size: expected an integer"),
        (("decoding", "beam_size"), True, "$.decoding.beam_size: expected an integer"),
        (("decoding", "beam_size"), 0, "$: beam_size must be"),
        (("decoding", "length_penalty"), float("inf"), "$: Infinity is not JSON"),
        (("task",), "translate", "$.task: 'translate' is not one of translation, summarization"),
        (("tokenizer", "source_prefix"), "<sum>", "$.tokenizer.source_prefix: expected an array"),
        (("tokenizer", "scheme"), "nllb", "$.tokenizer: scheme nllb needs the language tokens"),
        (("data_sources", 0), "news", "$.data_sources[0]: expected an object"),
        (("files", "model.bin", "sha256"), "00", "$.files.model.bin: sha256 must be 64"),
        (("files", "../model.bin"), DOCUMENT["files"]["model.bin"], "not a plain file name"),
        (("format_version",), 2, "$: format_version must be 1"),
        (("max_source_token_count",), 1024, "$: max_source_token_count must be"),
        (("source_language",), "Arabic", "$: 'Arabic' is not a BCP-47 language code"),
        (("self_test", "pattern"), "(", "$.self_test: pattern is not a regular expression"),
        (("self_test", "source"), " ", "$.self_test: source must not be empty"),
    ],
)
def test_a_wrong_value_is_named_with_its_path(
    path: tuple[str | int, ...], value: Any, cause: str
) -> None:
    assert cause in cause_of(changed(DOCUMENT, path, value))


def test_the_language_of_a_source_may_stand_before_or_behind_it() -> None:
    files = {"source_file": "a", "target_file": "a"}
    for affix in ("source_prefix", "source_suffix"):
        tokens = {affix: ("</s>", "arb_Arab"), "target_prefix": ("eng_Latn",)}
        TokenizerSettings(scheme=TokenizerScheme.NLLB, **files, **tokens)
    with pytest.raises(ValueError, match="needs the language tokens"):
        TokenizerSettings(
            scheme=TokenizerScheme.NLLB,
            **files,
            source_suffix=("</s>",),
            target_prefix=("eng_Latn",),
        )


@pytest.mark.parametrize("key", [key for key in DOCUMENT if key != "score_floor"])
def test_a_missing_key_is_named_with_its_path(key: str) -> None:
    document = {name: value for name, value in DOCUMENT.items() if name != key}
    assert cause_of(document).startswith(f"$.{key}: missing")


def test_a_repeated_key_is_refused() -> None:
    with pytest.raises(ModelDamaged) as caught:
        parse_manifest(b'{"name": "a", "name": "b"}', Path("models/example"))
    assert "given twice" in caught.value.metadata["cause"]


def test_a_number_too_great_for_a_float_is_refused() -> None:
    ratio = DOCUMENT["target_token_ratio"]
    for great in ("1e999", "1" * 400):
        text = json.dumps(DOCUMENT).replace(f'_ratio": {ratio}', f'_ratio": {great}')
        with pytest.raises(ModelDamaged) as caught:
            parse_manifest(text.encode(), Path("models/example"))
        assert caught.value.metadata["cause"].startswith("$.target_token_ratio: ")


def test_nesting_without_end_is_refused() -> None:
    with pytest.raises(ModelDamaged):
        parse_manifest(b"[" * 100_000, Path("models/example"))


def test_a_file_every_model_needs_must_be_listed() -> None:
    files = {name: digest for name, digest in DOCUMENT["files"].items() if name != "model.bin"}
    assert "files must list model.bin" in cause_of(DOCUMENT | {"files": files})


def test_a_missing_manifest_is_damage(tmp_path: Path) -> None:
    with pytest.raises(ModelDamaged) as caught:
        read_manifest(tmp_path)
    assert caught.value.metadata["file"] == str(tmp_path / MANIFEST_NAME)


class TestVerification:
    def refused(self, directory: Path) -> ModelDamaged:
        with pytest.raises(ModelDamaged) as caught:
            verify_files(directory, read_manifest(directory))
        return caught.value

    def test_passes_an_intact_directory(self, tiny_directory: Path) -> None:
        verify_files(tiny_directory, read_manifest(tiny_directory))

    def test_finds_a_flipped_bit(self, tiny_directory: Path) -> None:
        path = tiny_directory / "model.bin"
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
        assert self.refused(tiny_directory).metadata == {"file": str(path)}

    def test_finds_a_truncated_file_by_its_size(self, tiny_directory: Path) -> None:
        path = tiny_directory / "model.bin"
        size_bytes = path.stat().st_size
        path.write_bytes(path.read_bytes()[:-1])
        assert self.refused(tiny_directory).metadata == {
            "file": str(path),
            "size_bytes": str(size_bytes - 1),
            "expected_size_bytes": str(size_bytes),
        }

    def test_finds_a_missing_file(self, tiny_directory: Path) -> None:
        (tiny_directory / "config.json").unlink()
        assert self.refused(tiny_directory).metadata["file"].endswith("config.json")

    def test_says_where_a_file_cannot_be_read(
        self, tiny_directory: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*_: object) -> None:
            raise PermissionError(errno.EACCES, "Permission denied")

        monkeypatch.setattr(hashlib, "file_digest", refuse)
        error = self.refused(tiny_directory)
        assert error.metadata["cause"] == "Permission denied"
        assert error.metadata["file"].startswith(str(tiny_directory))

    def test_finds_two_files_swapped(self, tiny_directory: Path) -> None:
        first, second = tiny_directory / "config.json", tiny_directory / "shared_vocabulary.json"
        content = first.read_bytes()
        first.write_bytes(second.read_bytes())
        second.write_bytes(content)
        assert "another size" in self.refused(tiny_directory).message

    @pytest.mark.parametrize("name", ["source_vocabulary.json", "vmap.txt", "pytorch_model.bin"])
    def test_refuses_a_file_the_engine_might_read(self, tiny_directory: Path, name: str) -> None:
        (tiny_directory / name).write_text("[]")
        assert self.refused(tiny_directory).metadata == {"file": str(tiny_directory / name)}

    def test_ignores_files_the_engine_never_reads(self, tiny_directory: Path) -> None:
        (tiny_directory / "README.md").write_text("About this model.")
        (tiny_directory / "LICENSE").write_text("CC0-1.0")
        verify_files(tiny_directory, read_manifest(tiny_directory))

    def test_refuses_a_link_out_of_the_directory(self, tiny_directory: Path) -> None:
        path = tiny_directory / "model.bin"
        outside = tiny_directory.parent / "model.bin"
        shutil.move(path, outside)
        path.symlink_to(outside)
        assert "outside its directory" in self.refused(tiny_directory).message

    def test_follows_a_link_inside_the_directory(self, tiny_directory: Path) -> None:
        path = tiny_directory / "model.bin"
        (tiny_directory / "..data").mkdir()
        shutil.move(path, tiny_directory / "..data" / "model.bin")
        path.symlink_to(Path("..data") / "model.bin")
        verify_files(tiny_directory, read_manifest(tiny_directory))

    def test_follows_a_link_to_the_directory_itself(self, tiny_directory: Path) -> None:
        link = tiny_directory.parent / "linked"
        link.symlink_to(tiny_directory)
        verify_files(link, read_manifest(link))

    def test_refuses_a_manifest_with_the_digest_of_another_model(
        self, tiny_directory: Path
    ) -> None:
        change_manifest(tiny_directory, files=DOCUMENT["files"])
        assert "another size" in self.refused(tiny_directory).message
