"""`mujaz evaluate` on the starter models and a few sentences."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mujaz.cli.commands import group
from mujaz.evaluation.results import RowKind, read_evaluation
from tests.conftest import MODELS
from tests.tiny_model import write_tiny_model

pytestmark = pytest.mark.model

ARABIC = "قال الرئيس إن الوضع جيد.\nأعلنت الوزارة عن خطة جديدة.\nوصل 12 شخصا إلى العراق.\n"
ENGLISH = "The president said it is good.\nThe ministry has a plan.\nThen 12 people came to Iraq.\n"
ARTICLE = '{"title": "خطة", "text": "أعلنت الوزارة عن خطة جديدة.", "summary": "خطة جديدة."}\n'


def evaluate(*arguments: str | Path) -> Result:
    return CliRunner().invoke(group, ["evaluate", *map(str, arguments)])


@pytest.fixture
def test_set(tmp_path: Path) -> str:
    """A test set with the output of another system."""
    for name, text in (("ar", ARABIC), ("en", ENGLISH), ("peer.en", ENGLISH)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return f"own={tmp_path}/ar,{tmp_path}/en,{tmp_path}/peer.en"


def test_a_translator_is_scored_beside_another_and_a_peer(tmp_path: Path, test_set: str) -> None:
    write_tiny_model(tmp_path / "tiny")
    (tmp_path / "names.tsv").write_text("العراق\tIraq\n", encoding="utf-8")
    output = tmp_path / "result.json"
    result = evaluate(
        *(MODELS / "ar-en", "--test-set", test_set, "--beside", tmp_path / "tiny"),
        *("--gazetteer", tmp_path / "names.tsv", "--output", output, "--note", "idle"),
    )
    assert result.exit_code == 0, result.stderr
    assert result.stdout.startswith("### own\n")
    assert "| peer | 100.0 | 100.0 | 100.0 % | 100.0 % |" in result.stdout
    kept = read_evaluation(output)
    assert [row.kind for row in kept.translations[0].rows] == [
        *(RowKind.MODEL, RowKind.MODEL, RowKind.OUTPUT, RowKind.REFERENCE)
    ]
    assert kept.translations[0].rows[0].names is not None
    assert kept.translations[0].rows[0].names.count == 1
    assert kept.machine.note == "idle"


def test_the_flags_change_how_it_is_decoded(tmp_path: Path, test_set: str) -> None:
    output = tmp_path / "result.json"
    options = ("--beam-size", "1", "--no-split", "--no-retry", "--limit", "2", "--label", "greedy")
    result = evaluate(MODELS / "ar-en", "--test-set", test_set, *options, "--output", output)
    assert result.exit_code == 0, result.stderr
    kept = read_evaluation(output)
    (model,) = kept.models
    assert (model.label, model.decoding.beam_size, model.retry) == ("greedy", 1, False)
    assert model.max_source_token_count == 1023
    assert kept.translations[0].line_count == 2


def test_a_summarizer_is_scored_on_articles(tmp_path: Path) -> None:
    path = tmp_path / "articles.jsonl"
    path.write_text(ARTICLE * 2, encoding="utf-8")
    result = evaluate(MODELS / "ar-brief", "--briefs", path)
    assert result.exit_code == 0, result.stderr
    assert result.stdout.startswith("### articles\n")
    assert "| first sentence |" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--test-set", "own"], "NAME=SOURCE,REFERENCE"),
        (["--test-set", "own=none.ar,none.en"], "none.ar: cannot be read: No such file"),
        (["--briefs", "none.jsonl"], "none.jsonl: cannot be read: No such file"),
        ([], "There is no test set; give at least one."),
    ],
)
def test_bad_input_is_one_clear_line(arguments: list[str], problem: str) -> None:
    result = evaluate(MODELS / "ar-en", *arguments)
    assert result.exit_code == 5
    (line,) = result.stderr.splitlines()
    assert problem in line


def test_files_of_different_length_are_bad_input(tmp_path: Path, test_set: str) -> None:
    (tmp_path / "en").write_text("One line.\n", encoding="utf-8")
    result = evaluate(MODELS / "ar-en", "--test-set", test_set)
    assert result.exit_code == 5
    assert "has 1 lines and" in result.stderr


def test_a_missing_model_is_bad_input(tmp_path: Path, test_set: str) -> None:
    result = evaluate(tmp_path / "none", "--test-set", test_set)
    assert result.exit_code == 5
    assert "none: no such directory" in result.stderr


def test_without_the_extra_the_command_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, test_set: str
) -> None:
    for name in ("sacrebleu", "sacrebleu.metrics", "sacrebleu.metrics.bleu"):
        monkeypatch.setitem(sys.modules, name, None)
    result = evaluate(MODELS / "ar-en", "--test-set", test_set)
    assert result.exit_code == 5
    assert "install mujaz[evaluate]" in result.stderr
