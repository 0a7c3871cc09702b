from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mujaz.settings import SettingInvalid
from mujaz.transport.scopes import Scope
from mujaz.transport.token_file import (
    ENTRY_LIMIT,
    HEADER,
    RATE_LIMIT,
    TokenEntry,
    parse_line,
    parse_token_file,
)
from mujaz.transport.token_store import digest_of

DIGEST = digest_of("token")

entries = st.builds(
    TokenEntry,
    name=st.from_regex(r"[a-z0-9][a-z0-9._-]{0,63}", fullmatch=True),
    scopes=st.sets(st.sampled_from(Scope), min_size=1).map(frozenset),
    characters_per_minute=st.none() | st.integers(1, RATE_LIMIT),
    digest=st.binary(min_size=32, max_size=32).map(bytes.hex),
    last_day=st.none() | st.dates(),
)


@given(st.lists(entries, unique_by=(lambda entry: entry.name, lambda entry: entry.digest)))
def test_what_is_written_is_read(written: list[TokenEntry]) -> None:
    content = HEADER + "\n".join(entry.line() for entry in written)
    assert parse_token_file(content.encode(), origin="f") == tuple(written)
    windows = content.replace("\n", "\r\n").replace("  ", "\t ")
    assert parse_token_file(b"\xef\xbb\xbf" + windows.encode(), origin="f") == tuple(written)


def read(content: bytes) -> tuple[tuple[TokenEntry, ...], str]:
    """The entries of a file, or what is wrong with it."""
    try:
        return parse_token_file(content, origin="f"), ""
    except SettingInvalid as error:
        return (), str(error)


words = st.sampled_from(["desk", "translate", "60000", "-", DIGEST, "2027-06-30", "#", ",", "\t"])


@given(st.binary() | st.text().map(str.encode) | st.lists(words).map(" ".join).map(str.encode))
def test_any_file_is_read_or_refused(content: bytes) -> None:
    parsed, problem = read(content)
    assert problem == "" or problem.startswith("tokens: f")
    assert len({entry.name for entry in parsed}) == len(parsed)


@given(
    st.text("abcdefghijklmnopqrstuvwxyzABCDEFGH0123456789_-", min_size=20, max_size=60),
    st.integers(0, 4),
    st.text(),
)
def test_a_token_in_the_wrong_place_is_in_no_message(token: str, column: int, more: str) -> None:
    columns = ["desk", "translate", "100", DIGEST, "-"]
    columns[column] = f"{token}{more}"
    _, problem = read(" ".join(columns).encode("utf-8", "replace"))
    assert token not in problem


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("desk translate 100", "a line is: name"),
        (f"desk translate 100 {DIGEST} - x", "a line is: name"),
        (f"Desk translate 100 {DIGEST}", "a name is"),
        (f"desk fly 100 {DIGEST}", "scopes are"),
        (f"desk translate,,brief 100 {DIGEST}", "scopes are"),
        (f"desk translate 0 {DIGEST}", "a rate is from 1"),
        (f"desk translate -5 {DIGEST}", "a rate is a whole number"),
        (f"desk translate ٦٠ {DIGEST}", "a rate is a whole number"),
        (f"desk translate 9999999999 {DIGEST}", "a rate is from 1"),
        ("desk translate 100 mujaz_abc", "the hash is 64"),
        (f"desk translate 100 {DIGEST.upper()}", "the hash is 64"),
        (f"desk translate 100 {DIGEST} 2027-02-30", "a last day is"),
        (f"desk translate 100 {DIGEST} tomorrow", "a last day is"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(line: str, problem: str) -> None:
    with pytest.raises(SettingInvalid, match=f"tokens: f, line 3: {problem}"):
        parse_token_file(f"# all\n\n{line}\n".encode(), origin="f")


def test_a_line_says_all_of_a_token() -> None:
    assert parse_line(f"desk brief,translate 60000 {DIGEST} 2027-06-30") == TokenEntry(
        name="desk",
        scopes=frozenset({Scope.BRIEF, Scope.TRANSLATE}),
        characters_per_minute=60_000,
        digest=DIGEST,
        last_day=datetime.date(2027, 6, 30),
    )
    assert parse_line(f"ops admin - {DIGEST}").characters_per_minute is None


@pytest.mark.parametrize(
    "second", [f"desk brief - {digest_of('2')}", f"other translate - {DIGEST}"]
)
def test_a_name_or_a_hash_stands_once(second: str) -> None:
    with pytest.raises(SettingInvalid, match="line 2: its name or its hash was there before"):
        parse_token_file(f"desk translate - {DIGEST}\n{second}\n".encode(), origin="f")


def test_the_file_is_bounded() -> None:
    lines = [f"t{n} admin - {digest_of(str(n))}\n" for n in range(ENTRY_LIMIT + 1)]
    assert len(parse_token_file("".join(lines[1:]).encode(), origin="f")) == ENTRY_LIMIT
    with pytest.raises(SettingInvalid, match="has over 1,000 tokens"):
        parse_token_file("".join(lines).encode(), origin="f")
