"""`mujaz translate` against a real server."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import SENTENCE, TEXT, mujaz

pytestmark = pytest.mark.model


def test_text_keeps_paragraphs_and_shows_english_only(invoke: Any, article: Path) -> None:
    result = invoke("translate", article)
    assert result.exit_code == 0
    first, empty, second = result.stdout.rstrip("\n").split("\n")
    assert first
    assert empty == ""
    assert second
    assert result.stdout.isascii()


def test_standard_input_gives_the_same_text(invoke: Any, article: Path) -> None:
    from_file = invoke("translate", article).stdout
    assert invoke("translate", text=TEXT).stdout == from_file
    assert invoke("translate", "-", text=TEXT).stdout == from_file


def test_pairs_number_the_sentences(invoke: Any, article: Path) -> None:
    lines = invoke("translate", article, "--pairs").stdout.splitlines()
    assert [line.split(" ")[0] for line in lines if line.startswith("[")] == ["[1]", "[2]", "[3]"]
    assert lines[0] == f"[1] {SENTENCE}"


def test_json_gives_spans_into_the_file(invoke: Any, article: Path) -> None:
    answer = json.loads(invoke("translate", article, "--format", "json").stdout)
    assert answer["input"] == str(article)
    assert len(answer["sentences"]) == 3
    for sentence in answer["sentences"]:
        source, translated = sentence["source_span"], sentence["translated_span"]
        assert TEXT[source["start_offset"] : source["end_offset"]] == sentence["source_text"]
        part = answer["translated_text"][translated["start_offset"] : translated["end_offset"]]
        assert part == sentence["translated_text"]
    assert answer["stats"]["model_revision"].startswith("models/ar-en@")
    assert answer["detected_language"]["language_code"] == "ar"


def test_a_text_over_the_limit_of_one_request_is_translated_whole(
    invoke: Any, tmp_path: Path
) -> None:
    path = tmp_path / "long.txt"
    # Identical sentences come from the cache, so that the length costs little.
    sentence_count = 200_001 // len(f"{SENTENCE}\n") + 1
    path.write_text(f"{SENTENCE}\n" * sentence_count, encoding="utf-8")
    answer = json.loads(invoke("translate", path, "--format", "json").stdout)
    assert len(answer["sentences"]) == sentence_count
    assert answer["sentences"][-1]["source_span"]["end_offset"] == sentence_count * 25 - 1
    assert answer["translated_text"].count("\n") == sentence_count - 1


def test_of_several_inputs_one_that_fails_does_not_stop_the_others(
    invoke: Any, article: Path, tmp_path: Path
) -> None:
    empty, missing = tmp_path / "empty.txt", tmp_path / "none.txt"
    empty.touch()
    result = invoke("translate", missing, article, empty, "--format", "json")
    assert result.exit_code == 3
    assert json.loads(result.stdout)["input"] == str(article)
    first, second, *_, last = result.stderr.splitlines()
    assert first == f"mujaz: {missing}: No such file or directory"
    assert second.startswith(f"mujaz: {empty}: ")
    assert last == "mujaz: 2 of 3 inputs failed"


def test_the_output_file_is_as_standard_output(invoke: Any, article: Path, tmp_path: Path) -> None:
    path = tmp_path / "out.txt"
    result = invoke("translate", article, "--output", path)
    assert (result.exit_code, result.stdout) == (0, "")
    assert path.read_text(encoding="utf-8") == invoke("translate", article).stdout


def test_output_is_utf_8_in_any_locale(server_address: str, article: Path) -> None:
    variables = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    arguments = ("translate", article, "--pairs", "--server", server_address)
    assert SENTENCE in mujaz(*arguments, **variables).stdout


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "text"),
        (b" \n ", "text"),
        (SENTENCE.encode("windows-1256"), "byte 0 is not UTF-8"),
        (b"The weather was fine today and everyone went outside.", "language"),
    ],
)
def test_bad_input_ends_with_exit_code_5_and_one_line(
    invoke: Any, tmp_path: Path, content: bytes, problem: str
) -> None:
    path = tmp_path / "bad.txt"
    path.write_bytes(content)
    result = invoke("translate", path)
    assert (result.exit_code, result.stdout) == (5, "")
    (line,) = result.stderr.splitlines()
    assert line.startswith(f"mujaz: {path}: ")
    assert problem in line


@pytest.mark.parametrize(
    "arguments",
    [
        ("--encoding", "martian"),
        ("--beam-size", "9"),
        ("--format", "xml"),
        ("--model", "models/none"),
        ("--timeout", "0"),
    ],
)
def test_a_bad_flag_ends_with_exit_code_2(
    invoke: Any, article: Path, arguments: tuple[str, ...]
) -> None:
    assert invoke("translate", article, *arguments).exit_code == 2


def test_a_deadline_that_cannot_be_kept_is_one_clear_failure(invoke: Any, article: Path) -> None:
    result = invoke("translate", article, "--timeout", "0.000001")
    # It passes on the way, or the server sees that the work ahead takes longer.
    assert result.exit_code in (1, 4)
    assert len(result.stderr.splitlines()) == 1


def test_without_a_server_the_command_runs_its_own(article: Path, tmp_path: Path) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    result = mujaz("translate", article, "--pairs", TMPDIR=str(temporary))
    assert result.returncode == 0, result.stderr
    assert SENTENCE in result.stdout
    assert list(temporary.iterdir()) == []


def test_a_long_temporary_path_is_no_obstacle(article: Path, tmp_path: Path) -> None:
    temporary = tmp_path / ("x" * 100)
    temporary.mkdir()
    assert mujaz("translate", article, TMPDIR=str(temporary)).returncode == 0


def test_bad_models_end_with_one_clear_line(article: Path, tmp_path: Path) -> None:
    result = mujaz("translate", article, "--models", tmp_path)
    assert result.returncode == 1
    (line,) = result.stderr.splitlines()
    assert "No model was found" in line
    assert str(tmp_path) in line


def test_a_server_that_refuses_the_connection_ends_with_exit_code_4(article: Path) -> None:
    result = mujaz("translate", article, "--server", "127.0.0.1:1")
    assert (result.returncode, result.stdout) == (4, "")
    assert result.stderr == "mujaz: cannot reach 127.0.0.1:1: Connection refused (111)\n"


def test_the_server_can_be_named_by_a_variable(article: Path) -> None:
    assert mujaz("translate", article, MUJAZ_SERVER="127.0.0.1:1").returncode == 4


def test_a_page_has_the_article_whatever_way_it_came(invoke: Any, article: Path) -> None:
    from_file = invoke("translate", article, "--format", "html").stdout
    from_standard_input = invoke("translate", "--format", "html", text=TEXT).stdout
    for page in (from_file, from_standard_input):
        assert page.startswith("<!DOCTYPE html>\n")
        assert page.rstrip().endswith("</html>")
        assert page.count('class="pair') == 3
        assert SENTENCE in page
    assert "Translation of" in from_file
    assert "standard input" in from_standard_input


def test_a_page_of_several_texts_has_those_that_did_not_fail(
    invoke: Any, article: Path, tmp_path: Path
) -> None:
    missing = tmp_path / "missing.txt"
    result = invoke("translate", article, missing, article, "--format", "html")
    assert result.exit_code == 3
    assert result.stdout.count("<article ") == 2


@pytest.mark.parametrize("format_name", ["text", "markdown", "json"])
def test_a_file_name_that_is_not_utf_8_is_shown_escaped(
    invoke: Any, tmp_path: Path, format_name: str
) -> None:
    for name in (b"a\xff.txt", b"b.txt"):
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_text(SENTENCE, "utf-8")
    result = invoke("translate", tmp_path, "--format", format_name)
    assert result.exit_code == 0, result.stderr
    assert "udcff.txt" in result.stdout
    if format_name == "json":
        names = [json.loads(line)["input"] for line in result.stdout.splitlines()]
        assert [os.fsencode(name).rpartition(b"/")[2] for name in names] == [b"a\xff.txt", b"b.txt"]
