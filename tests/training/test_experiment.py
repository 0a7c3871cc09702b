from __future__ import annotations

from pathlib import Path

import pytest

from mujaz_training.experiment import RecipeError, load_experiment

EXPERIMENTS = Path(__file__).resolve().parents[2] / "training" / "experiments"


@pytest.mark.parametrize("path", sorted(EXPERIMENTS.glob("*.toml")), ids=lambda path: path.stem)
def test_every_experiment_in_the_repository_is_valid(path: Path) -> None:
    experiment = load_experiment(path)
    assert all(corpus.license for group in experiment.groups for corpus in group.corpora)


@pytest.mark.parametrize(
    ("line", "replacement", "message"),
    [
        ("share = 0.8", "share = 0.0", r"groups\[0\].*share must be over 0"),
        ("width = 32", "width = 31", "multiple of twice head_count"),
        ("width = 32", "breadth = 32", "breadth: unknown key"),
        ('name = "names"\nshare', 'name = "sentences"\nshare', "different names"),
        ("augmentation_share = 0.2", "", "need each other"),
        ("share = 0.8", "share =", "Correct the experiment"),
    ],
)
def test_an_error_names_what_to_correct(
    tmp_path: Path, line: str, replacement: str, message: str
) -> None:
    text = (EXPERIMENTS / "tiny.toml").read_text(encoding="utf-8")
    changed = tmp_path / "changed.toml"
    changed.write_text(text.replace(line, replacement, 1), encoding="utf-8")
    with pytest.raises(RecipeError, match=message):
        load_experiment(changed)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match=r"none\.toml"):
        load_experiment(tmp_path / "none.toml")
