"""`mujaz tokens`."""

from __future__ import annotations

import os
import re
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from mujaz.cli.commands import group
from mujaz.transport.scopes import Scope
from mujaz.transport.token_file import parse_token_file
from mujaz.transport.token_store import digest_of
from tests.cli.conftest import mujaz


def tokens(*words: str | Path, path: Path | str) -> Any:
    first, *rest = map(str, words)
    return CliRunner().invoke(group, ["tokens", first, "--file", str(path), *rest])


def new(path: Path, name: str = "desk", *more: str) -> Any:
    return tokens("new", "--name", name, "--scope", "translate,brief", *more, path=path)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "tokens"


def test_a_new_token_is_printed_once_and_kept_as_a_hash(path: Path) -> None:
    result = new(path, "desk", "--rate", "60000", "--last-day", "2027-06-30")
    assert result.exit_code == 0
    token = result.stdout.strip()
    assert re.fullmatch(r"mujaz_[A-Za-z0-9_-]{43}", token)
    content = path.read_text()
    assert token not in content
    assert token not in result.stderr
    [entry] = parse_token_file(content.encode(), origin="f")
    assert entry.digest == digest_of(token)
    assert entry.scopes == {Scope.TRANSLATE, Scope.BRIEF}
    assert entry.characters_per_minute == 60_000
    assert str(entry.last_day) == "2027-06-30"
    assert new(path, "other").stdout.strip() != token


def test_the_file_is_for_its_owner_only_and_keeps_the_mode_it_is_given(path: Path) -> None:
    before = os.umask(0)
    try:
        new(path)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o640)
    new(path, "other")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert [each.name for each in path.parent.iterdir()] == ["tokens"]


def test_what_a_link_leads_to_is_changed(path: Path) -> None:
    target = path.parent / "real"
    target.touch()
    path.symlink_to(target)
    new(path)
    assert path.is_symlink()
    assert "desk" in target.read_text()


def test_with_a_dash_the_line_is_printed_and_nothing_written(tmp_path: Path) -> None:
    result = new(Path("-"))
    token, line = result.stdout.splitlines()
    [entry] = parse_token_file(line.encode(), origin="f")
    assert entry.digest == digest_of(token)
    assert not Path("-").exists()


def test_the_words_of_people_in_the_file_are_kept(path: Path) -> None:
    path.write_text("# ours\n\n# until the move")
    new(path)
    new(path, "other")
    assert tokens("revoke", "desk", path=path).exit_code == 0
    text = path.read_text()
    assert text.startswith("# ours\n\n# until the move\nother  ")
    assert "desk" not in text


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["--name", "desk", "--scope", "fly"], "scopes are"),
        (["--name", "Desk", "--scope", "brief"], "a name is"),
        (["--name", "desk", "--scope", "brief", "--rate", "0"], "0"),
        (["--name", "desk", "--scope", "brief", "--rate", "9999999999"], "a rate is"),
        (["--name", "desk", "--scope", "brief", "--last-day", "soon"], "soon"),
        (["--name", "desk"], "--scope"),
    ],
)
def test_a_wrong_choice_is_told_and_writes_nothing(
    path: Path, words: list[str], problem: str
) -> None:
    result = tokens("new", *words, path=path)
    assert result.exit_code == 2
    assert problem in result.stderr
    assert result.stdout == ""
    assert not path.exists()


def test_a_name_is_given_once(path: Path) -> None:
    new(path)
    before = path.read_bytes()
    result = new(path)
    assert result.exit_code == 2
    assert "revoke it first, or take another name" in result.stderr
    assert path.read_bytes() == before


def test_a_damaged_file_is_left_alone(path: Path) -> None:
    path.write_text("rubbish\n")
    for result in (new(path), tokens("revoke", "desk", path=path), tokens("list", path=path)):
        assert result.exit_code == 2
        assert "line 1: a line is: name" in result.stderr
    assert path.read_text() == "rubbish\n"


def test_the_list_shows_all_but_the_hashes(path: Path) -> None:
    new(path, "desk", "--rate", "60000")
    tokens("new", "--name", "old", "--scope", "admin", "--last-day", "2020-01-01", path=path)
    result = tokens("list", path=path)
    desk, old = result.stdout.splitlines()
    assert desk.split() == ["desk", "brief,translate", "60,000", "-"]
    assert old.split() == ["old", "admin", "-", "2020-01-01", "(expired)"]


def test_what_is_not_there_cannot_be_revoked_or_listed(path: Path) -> None:
    new(path)
    result = tokens("revoke", "nobody", path=path)
    assert result.exit_code == 2
    assert "has no token named nobody" in result.stderr
    for words in (["revoke", "desk"], ["list"]):
        assert "No such file" in tokens(*words, path=path.parent / "none").stderr


def test_of_many_at_once_none_is_lost(path: Path) -> None:
    names = [f"t{number}" for number in range(3)]
    with ThreadPoolExecutor(3) as pool:
        run = ("tokens", "new", "--scope", "brief", "--file", path, "--name")
        done = list(pool.map(lambda name: mujaz(*run, name), names))
    assert [each.returncode for each in done] == [0] * 3
    entries = parse_token_file(path.read_bytes(), origin="f")
    assert {entry.name: entry.digest for entry in entries} == {
        name: digest_of(each.stdout.strip()) for name, each in zip(names, done, strict=True)
    }


def test_a_token_is_taken_from_no_argument() -> None:
    text = CliRunner().invoke(group, ["tokens", "new", "--help"]).stdout
    assert "--token" not in text
    for name in ("translate", "health", "batch", "brief"):
        text = CliRunner().invoke(group, [name, "--help"]).stdout
        assert "--token-file FILE" in text
        assert "--token " not in text
