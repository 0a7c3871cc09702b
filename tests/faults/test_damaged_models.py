"""Models that are not what their manifest says, at the start and at a reload."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import MODELS
from tests.faults.calls import check_answers
from tests.faults.server_process import own_channel, server_process

pytestmark = pytest.mark.model


def flip_a_byte(models: Path) -> Path:
    path = models / "ar-en" / "model.bin"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    return path


def flip_a_byte_of_the_tokenizer(models: Path) -> Path:
    path = models / "ar-brief" / "sentencepiece.model"
    content = bytearray(path.read_bytes())
    content[1_000] ^= 0x80
    path.write_bytes(content)
    return path


def truncate(models: Path) -> Path:
    path = models / "ar-en" / "model.bin"
    os.truncate(path, path.stat().st_size // 2)
    return path


def swap(models: Path) -> Path:
    one, other = models / "ar-brief" / "model.bin", models / "ar-en" / "model.bin"
    one.rename(models / "kept")
    other.rename(one)
    (models / "kept").rename(other)
    return one


def remove(models: Path) -> Path:
    path = models / "ar-en" / "shared_vocabulary.json"
    path.unlink()
    return path


def cut_the_manifest(models: Path) -> Path:
    path = models / "ar-en" / "manifest.json"
    os.truncate(path, 500)
    return path


DAMAGES = [
    flip_a_byte,
    flip_a_byte_of_the_tokenizer,
    truncate,
    swap,
    remove,
    cut_the_manifest,
]


def copied(models: Path) -> Path:
    """A copy of the starter models in place of what was there."""
    shutil.rmtree(models, ignore_errors=True)
    return Path(shutil.copytree(MODELS, models))


@pytest.mark.parametrize("damage", [flip_a_byte, swap])
async def test_a_server_refuses_to_start_and_names_the_file(
    tmp_path: Path, damage: Callable[[Path], Path]
) -> None:
    models = copied(tmp_path / "models")
    damaged = damage(models)
    async with server_process(models=models, ready=False) as server:
        assert await server.ended() == 1
    [line] = server.plain_lines
    assert line.startswith("mujaz: ")
    assert f"file: {damaged}" in line
    assert not [line for line in server.lines if line["event"] == "ready"]


async def test_a_reload_keeps_what_is_loaded_and_names_the_file(tmp_path: Path) -> None:
    models = copied(tmp_path / "models")
    async with server_process(models=models) as server, own_channel(server.address) as channel:
        for number, damage in enumerate(DAMAGES, start=1):
            damaged = damage(models)
            server.signal(signal.SIGHUP)
            line = await server.logged("models_not_reloaded", count=number)
            assert (line["level"], line["file"]) == ("error", str(damaged))
            await check_answers(channel)
            copied(models)
        server.signal(signal.SIGHUP)
        line = await server.logged("models_reloaded")
        ready = await server.logged("ready")
        assert line["models"] == ready["models"]
        await check_answers(channel)
