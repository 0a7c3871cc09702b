"""Articles of a JSON Lines file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mujaz.cli.article_lines import ArticleLine, count_lines, read_article_lines
from mujaz.cli.exit_codes import CommandFailed
from mujaz.cli.input_texts import InputText


async def lines_of(path: Path, content: str) -> list[ArticleLine]:
    file = path / "in.jsonl"
    file.write_text(content, encoding="utf-8")
    return [line async for line in read_article_lines(InputText(file, "utf-8"))]


async def test_a_line_gives_an_article_under_the_id_of_its_author(tmp_path: Path) -> None:
    value = {"article_id": "وكالة/1", "title": "خبر", "body": "نص"}
    (line,) = await lines_of(tmp_path, json.dumps(value))
    assert (line.number, line.article_id) == (1, "وكالة/1")
    assert line.article is not None
    assert (line.article.title, line.article.body) == ("خبر", "نص")
    assert line.article.article_id == "line-1"


async def test_title_and_id_may_be_absent_and_empty_lines_count(tmp_path: Path) -> None:
    lines = await lines_of(tmp_path, '\n{"body": "نص", "title": null}\r\n  \n{"body": "نص"}')
    assert [(line.number, line.article_id) for line in lines] == [(2, "line-2"), (4, "line-4")]
    assert all(line.article is not None for line in lines)


async def test_a_number_is_an_id(tmp_path: Path) -> None:
    (line,) = await lines_of(tmp_path, '{"article_id": 17, "body": "نص"}')
    assert line.article_id == "17"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", "not an object"),
        ("{}", "body is missing"),
        ('{"body": 3}', "body is missing or not text"),
        ('{"body": "نص", "title": 3}', "title is not text"),
        ('{"body": "نص", "article_id": []}', "article_id is not text"),
        ('{"body": "\\ud83d"}', "half a surrogate pair"),
        (json.dumps({"body": "x" * 200_001}), "longer than 200,000 characters"),
    ],
)
async def test_what_is_no_article_says_why(tmp_path: Path, content: str, problem: str) -> None:
    (line,) = await lines_of(tmp_path, content)
    assert line.article is None
    assert problem in line.problem


async def test_a_refused_line_keeps_its_id(tmp_path: Path) -> None:
    (line,) = await lines_of(tmp_path, '{"article_id": "a"}')
    assert line.article_id == "a"


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=20)))
async def test_only_a_line_feed_ends_a_line(
    tmp_path_factory: pytest.TempPathFactory, bodies: list[str]
) -> None:
    content = "".join(json.dumps({"body": body}, ensure_ascii=False) + "\n" for body in bodies)
    path = tmp_path_factory.mktemp("lines")
    lines = await lines_of(path, content)
    assert [line.article.body for line in lines if line.article] == bodies
    assert count_lines(path / "in.jsonl") == len(bodies)


async def test_bytes_that_are_not_utf_8_end_the_reading(tmp_path: Path) -> None:
    file = tmp_path / "in.jsonl"
    file.write_bytes(b'{"body": "x"}\n\xff\n')
    received: list[Any] = []

    async def read() -> None:
        async for line in read_article_lines(InputText(file, "utf-8")):
            received.append(line)

    with pytest.raises(CommandFailed, match="byte 14 is not UTF-8"):
        await read()
