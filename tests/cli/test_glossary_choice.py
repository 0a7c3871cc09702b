"""`--glossary`: by name and as a file, in this process and with a server."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mujaz.cli.glossary_choice import REQUEST_ENTRY_LIMIT, in_words
from mujaz.client import GlossaryMatch
from tests.cli.conftest import mujaz

pytestmark = pytest.mark.model

SAMPLE = Path(__file__).resolve().parents[2] / "samples" / "raqqa.txt"


@pytest.fixture
def short(tmp_path: Path) -> Path:
    path = tmp_path / "short.txt"
    path.write_text("أعلن داعش أن الرقة هي عاصمته.\n", encoding="utf-8")
    return path


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "own.tsv"
    path.write_text("# ours\narabic\tenglish\nداعش\tDaesh\n", encoding="utf-8")
    return path


def test_a_glossary_is_named_or_a_file(invoke: Any, short: Path, own: Path) -> None:
    named = invoke("translate", short, "--pairs", "--glossary", "news")
    assert (named.exit_code, named.stdout.splitlines()[2]) == (0, "    terms: ISIS, Raqqa")
    both = invoke("translate", short, "--pairs", "--glossary", "news", "--glossary", own)
    assert both.stdout.splitlines()[2] == "    terms: Daesh, Raqqa"


def test_the_service_of_this_process_holds_the_same(short: Path, own: Path) -> None:
    result = mujaz("translate", short, "--format", "json", "--glossary", own, "--glossary", "news")
    assert result.returncode == 0
    [sentence] = json.loads(result.stdout)["sentences"]
    matches = sentence["glossary_matches"]
    assert [m["target_term"] for m in matches] == ["Daesh", "Raqqa"]
    assert [m["source_text"] for m in matches] == ["داعش", "الرقة"]
    assert all(m["applied"] for m in matches)


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_a_brief_says_which_terms_it_has(invoke: Any, form: str) -> None:
    result = invoke("brief", SAMPLE, "--glossary", "news", "--with-translation", "--format", form)
    assert result.exit_code == 0
    for term in ("ISIS", "SDF", "Raqqa", "Syrian Observatory for Human Rights"):
        assert term in result.stdout
    if form == "json":
        answer = json.loads(result.stdout)
        assert answer["brief"]["headline_glossary_matches"]
        assert any(point["glossary_matches"] for point in answer["brief"]["points"])
    else:
        assert "Headline: terms: " in result.stdout
        assert "; terms: " in result.stdout


def test_a_batch_takes_glossaries(invoke: Any, tmp_path: Path) -> None:
    articles, answers = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    articles.write_text(json.dumps({"title": "داعش", "body": "أعلن داعش."}), encoding="utf-8")
    assert invoke("batch", articles, answers, "--glossary", "news").exit_code == 0
    brief = json.loads(answers.read_text(encoding="utf-8"))["brief"]
    assert brief["headline"]["translated_text"] == "ISIS"


@pytest.mark.parametrize("where", ["server", "process"])
def test_an_unknown_name_is_wrong_usage(invoke: Any, short: Path, where: str) -> None:
    if where == "server":
        result = invoke("translate", short, "--glossary", "absent")
        code, error = result.exit_code, result.stderr
    else:
        done = mujaz("translate", short, "--glossary", "absent")
        code, error = done.returncode, done.stderr
    assert code == 2
    assert "holds no glossary of that name; it holds: " in error
    assert "news" in error


@pytest.mark.parametrize("where", ["server", "process"])
def test_a_file_with_a_mistake_is_named_with_the_line(
    invoke: Any, short: Path, tmp_path: Path, where: str
) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("داعش,ISIS\nقسد\n", encoding="utf-8")
    if where == "server":
        result = invoke("translate", short, "--glossary", bad)
        code, error = result.exit_code, result.stderr
    else:
        done = mujaz("translate", short, "--glossary", bad)
        code, error = done.returncode, done.stderr
    assert code == 5
    assert f"file: {bad}; cause: it has no second column; line: 2" in error


def test_a_missing_file_is_bad_input(invoke: Any, short: Path) -> None:
    assert invoke("brief", short, "--glossary", "absent.tsv").exit_code == 5


def test_a_server_is_not_sent_more_entries_than_it_takes(
    invoke: Any, short: Path, tmp_path: Path
) -> None:
    many = tmp_path / "many.tsv"
    lines = [f"مصطلح {number}\tterm {number}\n" for number in range(REQUEST_ENTRY_LIMIT + 1)]
    many.write_text("".join(lines) + "داعش\tDaesh\n", encoding="utf-8")
    refused = invoke("translate", short, "--glossary", many)
    assert refused.exit_code == 5
    assert "mujaz serve --glossary" in refused.stderr
    assert "Daesh" in mujaz("translate", short, "--glossary", many).stdout


def test_terms_in_words_name_each_once() -> None:
    matches = [
        GlossaryMatch(target_term="ISIS", applied=True),
        GlossaryMatch(target_term="Raqqa", applied=False),
        GlossaryMatch(target_term="ISIS", applied=True),
    ]
    assert in_words(matches) == "terms: ISIS; missing terms: Raqqa"
    assert in_words(matches[1:2]) == "missing terms: Raqqa"
    assert in_words([]) == ""
