from __future__ import annotations

import json
from pathlib import Path

from mujaz.cli.model_choice import chosen_instead, default_names, remark_on
from mujaz.engine.registry import ModelRegistry
from tests.tiny_model import change_manifest, write_tiny_model


def test_the_first_by_name_of_those_that_do_the_same_is_chosen(tmp_path: Path) -> None:
    for name in ("b", "c"):
        write_tiny_model(tmp_path / name, name=name)
    write_tiny_model(tmp_path / "a", name="a", target_language="fr")
    assert chosen_instead(tmp_path / "c") == "b"
    assert chosen_instead(tmp_path / "b") is None
    assert chosen_instead(tmp_path / "a") is None
    registry = ModelRegistry.load(tmp_path, thread_count=1)
    task = registry.models()[0].manifest.task
    with registry.lease(task, source_language="ar", target_language="en") as lease:
        assert lease.model.name == "models/b"


def test_what_cannot_be_read_is_not_chosen(tmp_path: Path) -> None:
    for name in ("b", "c"):
        write_tiny_model(tmp_path / name, name=name)
    change_manifest(tmp_path / "b", unknown_key=1)
    assert "unknown_key" in json.loads((tmp_path / "b" / "manifest.json").read_text("utf-8"))
    assert chosen_instead(tmp_path / "c") is None


def test_a_default_is_chosen_before_the_first_by_name(tmp_path: Path) -> None:
    for name in ("b", "c"):
        write_tiny_model(tmp_path / name, name=name)
    assert default_names(tmp_path) == {"models/b"}
    assert chosen_instead(tmp_path / "b", defaults=["c"]) == "c"
    assert default_names(tmp_path, defaults=["models/c"]) == {"models/c"}
    assert remark_on(tmp_path / "c", defaults=["c"]) is None
    remark = remark_on(tmp_path / "b", defaults=["c"])
    assert remark is not None
    assert remark.startswith("who names no model gets models/c; ask for --model models/b")
