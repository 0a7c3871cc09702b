from __future__ import annotations

import re

import pytest

from mujaz.conversion.licenses import is_non_commercial
from mujaz.conversion.presets import PRESETS, Preset, find_preset
from mujaz.conversion.pull import model_name
from mujaz.engine.manifest import ModelTask, check_language, check_name
from mujaz.errors import CheckpointNotFound

EACH = pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)


@EACH
def test_a_preset_makes_a_valid_manifest(preset: Preset) -> None:
    check_name(model_name(preset.name))
    check_language(preset.source_language)
    check_language(preset.target_language)
    assert preset.source_language == "ar"
    wanted = {ModelTask.TRANSLATION: "en", ModelTask.SUMMARIZATION: "ar"}
    assert preset.target_language == wanted[preset.task]


@EACH
def test_a_preset_names_one_repository_and_revision(preset: Preset) -> None:
    assert re.fullmatch(r"[\w.-]+/[\w.-]+", preset.repository)
    assert preset.is_pinned == bool(re.fullmatch("[0-9a-f]{40}", preset.revision))
    assert preset.is_pinned or re.fullmatch(r"refs/pr/\d+", preset.revision)


@EACH
def test_a_preset_is_found_in_any_case(preset: Preset) -> None:
    assert find_preset(preset.name.upper()) is preset
    assert find_preset(preset.name) is preset


@EACH
def test_what_forbids_commercial_use_says_so_in_words(preset: Preset) -> None:
    if is_non_commercial(preset.license):
        assert "Not for commercial use" in preset.description


def test_the_nearest_name_is_suggested() -> None:
    with pytest.raises(CheckpointNotFound, match="did you mean nllb-200-distilled-600M"):
        find_preset("nllb-200-distiled")
    with pytest.raises(CheckpointNotFound, match="models pull --list"):
        find_preset("x")
