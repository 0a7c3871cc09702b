"""The fixed evaluation of the starter models, and the page that shows what it found."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

from mujaz.evaluation.results import read_evaluation, to_json
from tests.conftest import MODELS
from tests.evaluation.sample import evaluation

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "models.md"
ARABIC = "قال الرئيس إن الوضع جيد.\nأعلنت الوزارة عن خطة جديدة.\n"
ENGLISH = "The president said it is good.\nThe ministry has a new plan.\n"
ARTICLE = {
    "title": "خطة",
    "text": "أعلنت الوزارة عن خطة جديدة.",
    "summary": "خطة جديدة للوزارة.",
}


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """training/evaluate.py, loaded from its file."""
    name = "training_evaluate"
    path = ROOT / "training" / "evaluate.py"
    specification = importlib.util.spec_from_file_location(name, path)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    monkeypatch.setitem(sys.modules, name, module)
    specification.loader.exec_module(module)
    return module


@pytest.fixture
def results(script: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory of results in place of the kept ones."""
    directory = tmp_path / "results"
    directory.mkdir()
    monkeypatch.setattr(script, "RESULTS", directory)
    return directory


def page(script: ModuleType, directory: Path) -> Path:
    path = directory / "page.md"
    path.write_text(f"before\n{script.BEGIN}\nold\n{script.END}\nafter\n", encoding="utf-8")
    return path


def test_the_page_shows_what_the_kept_results_say(script: ModuleType) -> None:
    script.main(["--check", str(PAGE)])
    assert "| reference |" in PAGE.read_text(encoding="utf-8")


def test_rendering_changes_only_the_tables(
    script: ModuleType, results: Path, tmp_path: Path
) -> None:
    path = page(script, tmp_path)
    for label in ("0.1.0", "0.2.0"):
        (results / f"{label}.json").write_text(to_json(evaluation(label)), encoding="utf-8")
    with pytest.raises(SystemExit, match="--render"):
        script.main(["--check", str(path)])
    script.main(["--render", str(path)])
    script.main(["--check", str(path)])
    text = path.read_text(encoding="utf-8")
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert "old" not in text
    assert text.index("ar-en 0.1.0") < text.index("ar-en 0.2.0")


def test_a_page_without_a_place_for_tables_is_refused(script: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "page.md"
    path.write_text("before\nafter\n", encoding="utf-8")
    with pytest.raises(SystemExit, match="needs these two lines"):
        script.main(["--render", str(path)])


@pytest.mark.model
def test_the_starter_models_are_evaluated_on_the_whole_list(
    script: ModuleType, results: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    systems = tmp_path / "systems"
    systems.mkdir()
    (systems / "peer.en").write_text(ENGLISH, encoding="utf-8")
    for name in script.TRANSLATION_SETS:
        (tmp_path / f"{name}.ar").write_text(ARABIC, encoding="utf-8")
        (tmp_path / f"{name}.en").write_text(ENGLISH, encoding="utf-8")
    for name in script.ARTICLE_SETS:
        (tmp_path / f"{name}.jsonl").write_text(json.dumps(ARTICLE), encoding="utf-8")
    script.main(
        [
            *(str(MODELS / "ar-en"), str(MODELS / "ar-brief"), "--name", "trial"),
            *("--translation-data", str(tmp_path), "--brief-data", str(tmp_path)),
            *("--systems", str(systems), "--note", "idle"),
        ]
    )
    kept = read_evaluation(results / "trial.json")
    assert [each.test_set for each in kept.translations] == list(script.TRANSLATION_SETS)
    assert [each.test_set for each in kept.briefs] == list(script.ARTICLE_SETS)
    with_peers = [
        each.test_set for each in kept.translations if "peer" in {row.name for row in each.rows}
    ]
    assert with_peers == [script.SYSTEMS_SET]
    assert "| peer | 100.0 |" in capsys.readouterr().out


@pytest.mark.model
def test_a_missing_test_set_ends_in_one_line(
    script: ModuleType, results: Path, tmp_path: Path
) -> None:
    words = [str(MODELS / "ar-en"), "--name", "trial"]
    with pytest.raises(SystemExit, match="cannot be read: No such file"):
        script.main([*words, "--translation-data", str(tmp_path), "--brief-data", str(tmp_path)])
    assert not list(results.iterdir())


@pytest.mark.parametrize("words", [[], ["models/ar-en"], ["models/ar-en", "--name", "x"]])
def test_what_cannot_be_run_is_wrong_usage(script: ModuleType, words: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        script.main(words)
    assert ended.value.code == 2
