"""The articles of a JSON Lines file, one object a line."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from mujaz.cli.brief_options import ARTICLE_CHARACTER_LIMIT
from mujaz.cli.input_texts import InputText
from mujaz.client import Article

COUNT_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ArticleLine:
    """One line: an article under the id that answers name it by, or why it is none."""

    number: int
    article_id: str
    article: Article | None
    problem: str = ""


async def read_article_lines(text: InputText) -> AsyncGenerator[ArticleLine, None]:
    """The lines of a file or of standard input, empty ones left out; raises CommandFailed."""
    async with aclosing(_lines(text)) as lines:
        number = 0
        async for line in lines:
            number += 1
            if line.strip():
                yield _parse(number, line)


def count_lines(path: Path) -> int:
    """How many lines a file has, empty ones included."""
    with path.open("rb") as stream:
        blocks = iter(partial(stream.read, COUNT_BYTES), b"")
        return sum(block.count(b"\n") for block in blocks)


async def _lines(text: InputText) -> AsyncGenerator[str, None]:
    """Lines ended by a line feed only: in JSON the other line ends of Unicode are characters."""
    rest = ""
    async with aclosing(text.pieces()) as pieces:
        async for piece in pieces:
            *whole, rest = (rest + piece).split("\n")
            for line in whole:
                yield line
    yield rest


def _parse(number: int, line: str) -> ArticleLine:
    article_id = f"line-{number}"
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        return ArticleLine(number, article_id, None, f"not JSON: {error}")
    if not isinstance(value, dict):
        return ArticleLine(number, article_id, None, "not an object")
    given = value.get("article_id", "")
    if isinstance(given, int) and not isinstance(given, bool):
        given = str(given)
    if not isinstance(given, str):
        return ArticleLine(number, article_id, None, "article_id is not text")
    article_id = given or article_id
    if problem := _problem(value):
        return ArticleLine(number, article_id, None, problem)
    # The service is strict about ids; the caller's own comes back in the answer all the same.
    article = Article(
        article_id=f"line-{number}", title=value.get("title") or "", body=value["body"]
    )
    return ArticleLine(number, article_id, article)


def _problem(value: dict[str, Any]) -> str:
    """Why the object is no article; empty where it is one."""
    title, body = value.get("title"), value.get("body")
    if not isinstance(body, str):
        return "body is missing or not text"
    if not isinstance(title, str | None):
        return "title is not text"
    if len(body) > ARTICLE_CHARACTER_LIMIT:
        # A request over the limit of the message size would end the stream for all articles.
        return f"body is longer than {ARTICLE_CHARACTER_LIMIT:,} characters"
    try:
        f"{title}{body}".encode()
    except UnicodeEncodeError:
        return "title or body holds half a surrogate pair"
    return ""
