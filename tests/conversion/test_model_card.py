from __future__ import annotations

from pathlib import Path

import pytest

from mujaz.conversion.model_card import ModelCard, read_model_card
from mujaz.engine.manifest import ModelTask


def card(directory: Path, front_matter: str) -> ModelCard:
    (directory / "README.md").write_text(f"---\n{front_matter}\n---\n# A model\n", encoding="utf-8")
    return read_model_card(directory)


@pytest.mark.parametrize(
    ("front_matter", "license"),
    [
        ("license: cc-by-4.0", "cc-by-4.0"),
        ("license:\n- apache-2.0\n- mit", "apache-2.0 AND mit"),
        ("license: other\nlicense_name: gemma", "gemma"),
        ("license: other", None),
        ("license: unknown", None),
        ("language: ar", None),
    ],
)
def test_the_licence_is_what_the_card_names(
    tmp_path: Path, front_matter: str, license: str | None
) -> None:
    assert card(tmp_path, front_matter).license == license


@pytest.mark.parametrize(
    ("front_matter", "task"),
    [
        ("pipeline_tag: translation", ModelTask.TRANSLATION),
        ("tags:\n- summarization\n- mT5", ModelTask.SUMMARIZATION),
        ("tags: [translation, summarization]", None),
        ("pipeline_tag: text2text-generation", None),
        ("tags: summarization-of-things", None),
    ],
)
def test_the_task_is_what_the_card_names(
    tmp_path: Path, front_matter: str, task: ModelTask | None
) -> None:
    assert card(tmp_path, front_matter).task is task


@pytest.mark.parametrize("front_matter", ["- a\n- list", "license: [", "!!python/object:os.x {}"])
def test_front_matter_that_cannot_be_read_says_nothing(tmp_path: Path, front_matter: str) -> None:
    assert card(tmp_path, front_matter) == ModelCard()


def test_no_card_says_nothing(tmp_path: Path) -> None:
    assert read_model_card(tmp_path) == ModelCard()
    (tmp_path / "README.md").write_text("# No front matter\n\nlicense: mit\n", encoding="utf-8")
    assert read_model_card(tmp_path) == ModelCard()
