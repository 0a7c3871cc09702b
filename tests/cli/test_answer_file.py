"""Answers that a later run adds to."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from mujaz.cli.answer_file import open_answer_file
from mujaz.cli.exit_codes import CommandFailed, ExitCode

GOOD = '{"article_id": "a", "brief": {}}\n'
BAD = '{"article_id": "b", "error": {"code": "INTERNAL"}}\n'


def test_each_answer_is_one_line_with_letters_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    with open_answer_file(path, retry_failed=False) as file:
        file.append("خبر", {"brief": {"points": []}})
        assert path.read_text(encoding="utf-8") == (
            '{"article_id": "خبر", "brief": {"points": []}}\n'
        )
        file.append("b", {"error": {"code": "INTERNAL"}})
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["article_id"] for line in lines] == ["خبر", "b"]
    assert (file.answered, file.failed) == ({"خبر"}, {"b"})


def test_what_is_there_is_known_and_added_to(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    path.write_text(GOOD + BAD, encoding="utf-8")
    with open_answer_file(path, retry_failed=False) as file:
        assert (file.answered, file.failed) == ({"a"}, {"b"})
        file.append("c", {"brief": {}})
    assert path.read_text(encoding="utf-8").startswith(GOOD + BAD + '{"article_id": "c"')


@pytest.mark.parametrize("cut", range(1, len(GOOD)))
def test_a_half_written_last_line_is_taken_away(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "out.jsonl"
    path.write_text(BAD + GOOD[:cut], encoding="utf-8")
    with open_answer_file(path, retry_failed=False) as file:
        assert (file.answered, file.failed) == (set(), {"b"})
    assert path.read_text(encoding="utf-8") == BAD


def test_errors_are_taken_away_where_they_are_to_be_tried_again(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    path.write_text(BAD + GOOD + BAD + GOOD[:7], encoding="utf-8")
    path.chmod(0o604)
    with open_answer_file(path, retry_failed=True) as file:
        assert (file.answered, file.failed) == ({"a"}, set())
    assert path.read_text(encoding="utf-8") == GOOD
    assert stat.S_IMODE(path.stat().st_mode) == 0o604
    assert os.listdir(tmp_path) == ["out.jsonl"]


@pytest.mark.parametrize("retry_failed", [False, True])
@pytest.mark.parametrize("line", ["text", "[]", "{}", '{"article_id": 3}'])
def test_a_file_of_something_else_is_left_alone(
    tmp_path: Path, line: str, retry_failed: bool
) -> None:
    path = tmp_path / "out.jsonl"
    path.write_text(f"{GOOD}{line}\n{GOOD}", encoding="utf-8")
    with (
        pytest.raises(CommandFailed, match="line 2 is not an answer of a batch") as caught,
        open_answer_file(path, retry_failed=retry_failed),
    ):
        pass
    assert caught.value.exit_code == ExitCode.BAD_INPUT
    assert path.read_text(encoding="utf-8") == f"{GOOD}{line}\n{GOOD}"
    assert os.listdir(tmp_path) == ["out.jsonl"]


@pytest.mark.parametrize("retry_failed", [False, True])
def test_two_batches_never_write_to_one_file(tmp_path: Path, retry_failed: bool) -> None:
    path = tmp_path / "out.jsonl"
    with (
        open_answer_file(path, retry_failed=False),
        pytest.raises(CommandFailed, match="another batch is writing to it"),
        open_answer_file(path, retry_failed=retry_failed),
    ):
        pass


def test_a_file_that_cannot_be_made_is_one_clear_failure(tmp_path: Path) -> None:
    with (
        pytest.raises(CommandFailed, match="No such file or directory"),
        open_answer_file(tmp_path / "none" / "out.jsonl", retry_failed=False),
    ):
        pass


@pytest.mark.parametrize("retry_failed", [False, True])
def test_a_device_is_refused_unread(retry_failed: bool) -> None:
    with (
        pytest.raises(CommandFailed, match="/dev/full: not a regular file") as caught,
        open_answer_file(Path("/dev/full"), retry_failed=retry_failed),
    ):
        pass
    assert caught.value.exit_code is ExitCode.BAD_INPUT
