from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from mujaz.conversion.staging import staged
from mujaz.errors import ConversionFailed, FieldInvalid


def write_model(directory: Path, content: str) -> None:
    directory.mkdir(exist_ok=True)
    (directory / "manifest.json").write_text(content, encoding="utf-8")


def fail_half_way(output: Path, failure: BaseException) -> None:
    with staged(output, force=True) as directory:
        write_model(directory, "half")
        raise failure


def test_a_directory_appears_when_it_is_complete(tmp_path: Path) -> None:
    output = tmp_path / "models" / "new"
    with staged(output, force=False) as directory:
        write_model(directory, "new")
        assert not output.exists()
    assert (output / "manifest.json").read_text(encoding="utf-8") == "new"
    assert os.listdir(output.parent) == ["new"]


def test_what_is_begun_is_no_model_to_a_server(tmp_path: Path) -> None:
    with staged(tmp_path / "new", force=False) as directory:
        write_model(directory, "half")
        assert not [path for path in tmp_path.iterdir() if (path / "manifest.json").exists()]


@pytest.mark.parametrize("failure", [ValueError, KeyboardInterrupt])
def test_nothing_is_left_of_a_failure(tmp_path: Path, failure: type[BaseException]) -> None:
    with pytest.raises(failure):
        fail_half_way(tmp_path / "new", failure())
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_told_as_such(tmp_path: Path) -> None:
    with (
        pytest.raises(ConversionFailed, match="space on the disk") as caught,
        staged(tmp_path / "new", force=False),
    ):
        raise OSError(28, "No space left on device")
    assert caught.value.metadata["cause"] == "No space left on device"
    assert list(tmp_path.iterdir()) == []


def test_a_model_that_is_there_is_not_replaced_unasked(tmp_path: Path) -> None:
    write_model(tmp_path / "old", "old")
    with pytest.raises(FieldInvalid, match="--force"), staged(tmp_path / "old", force=False):
        pytest.fail("the work was begun")


def test_what_is_no_model_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    with pytest.raises(FieldInvalid, match="no model"), staged(tmp_path / "letters", force=True):
        pytest.fail("the work was begun")
    assert (tmp_path / "letters").is_dir()


def test_the_old_model_stays_until_the_new_is_complete(tmp_path: Path) -> None:
    output = tmp_path / "model"
    write_model(output, "old")
    with pytest.raises(ValueError, match="bad"):
        fail_half_way(output, ValueError("bad"))
    assert (output / "manifest.json").read_text(encoding="utf-8") == "old"
    with staged(output, force=True) as directory:
        write_model(directory, "new")
        assert (output / "manifest.json").read_text(encoding="utf-8") == "old"
    assert (output / "manifest.json").read_text(encoding="utf-8") == "new"
    assert os.listdir(tmp_path) == ["model"]


def test_the_old_model_comes_back_when_the_new_cannot_be_put_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "model"
    write_model(output, "old")
    rename = os.rename

    def refuse(source: Path, target: Path) -> None:
        if Path(source).name == "model" and Path(target) == output:
            raise OSError(5, "Input/output error")
        rename(source, target)

    monkeypatch.setattr(os, "rename", refuse)
    with pytest.raises(ConversionFailed), staged(output, force=True) as directory:
        write_model(directory, "new")
    assert (output / "manifest.json").read_text(encoding="utf-8") == "old"
    assert os.listdir(tmp_path) == ["model"]


def test_a_second_stop_leaves_nothing_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    remove, calls = shutil.rmtree, []

    def interrupted(path: Path, *, ignore_errors: bool) -> None:
        calls.append(path)
        if len(calls) == 1:
            raise KeyboardInterrupt
        remove(path, ignore_errors=ignore_errors)

    monkeypatch.setattr(shutil, "rmtree", interrupted)
    with pytest.raises(KeyboardInterrupt):
        fail_half_way(tmp_path / "new", KeyboardInterrupt())
    assert list(tmp_path.iterdir()) == []
