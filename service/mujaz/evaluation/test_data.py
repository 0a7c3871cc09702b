"""What models are evaluated on: line-aligned text, articles with summaries, names."""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mujaz.domain.gazetteer import Gazetteer
from mujaz.errors import EvaluationInvalid

_ARTICLE_KEYS = ("title", "text", "summary")


@dataclass(frozen=True, slots=True)
class SystemOutput:
    """What another system made of the sources of a test set, a line each.

    HTML character references are resolved: some services escape their answers, and that is not
    what a reader would see.
    """

    name: str
    lines: Sequence[str]


@dataclass(frozen=True, slots=True)
class ParallelTestSet:
    """Sources, references and outputs of other systems, aligned by line.

    White space within a line is joined, so that each line is one paragraph.
    """

    name: str
    sources: Sequence[str]
    references: Sequence[str]
    systems: Sequence[SystemOutput] = ()


@dataclass(frozen=True, slots=True)
class SummarizedArticle:
    """An article with the summary that its publisher gave it."""

    title: str
    text: str
    summary: str


@dataclass(frozen=True, slots=True)
class ArticleTestSet:
    """Articles whose summaries are known."""

    name: str
    articles: Sequence[SummarizedArticle]


def read_parallel(specification: str, *, limit: int | None = None) -> ParallelTestSet:
    """The test set of `NAME=SOURCE,REFERENCE[,SYSTEM...]`, its first `limit` lines.

    A system is called as its file is, without the suffix. Raises EvaluationInvalid for another
    form, a file that cannot be read, no line at all, and files of different length.
    """
    name, _, files = specification.partition("=")
    paths = [Path(file) for file in files.split(",") if file]
    if not name or len(paths) < 2:
        raise EvaluationInvalid(
            f"{specification!r} is not NAME=SOURCE,REFERENCE[,SYSTEM...]; name the files."
        )
    sources, *others = (_read_lines(path) for path in paths)
    for path, lines in zip(paths[1:], others, strict=True):
        if len(lines) != len(sources):
            raise EvaluationInvalid(
                f"{path} has {len(lines)} lines and {paths[0]} has {len(sources)}; "
                "a test set needs one line for each line."
            )
    references, *outputs = (lines[:limit] for lines in others)
    systems = [
        SystemOutput(path.stem, [html.unescape(line) for line in lines])
        for path, lines in zip(paths[2:], outputs, strict=True)
    ]
    return ParallelTestSet(name, sources[:limit], references, systems)


def read_articles(path: Path, *, limit: int | None = None) -> ArticleTestSet:
    """The articles of a JSON Lines file with `title`, `text` and `summary`, its first `limit`.

    The set is called as the file is, without the suffix. Raises EvaluationInvalid.
    """
    lines = _read_text_lines(path)
    articles = [
        _article(line, where=f"{path}, line {number}")
        for number, line in enumerate(lines[:limit], start=1)
    ]
    return ArticleTestSet(path.stem, articles)


def read_gazetteer(paths: Sequence[Path]) -> Gazetteer:
    """The names of tab-separated files, Arabic then English; raises EvaluationInvalid."""
    entries: list[tuple[str, str]] = []
    for path in paths:
        for number, line in enumerate(_read_text_lines(path), start=1):
            columns = line.split("\t")
            if len(columns) < 2:
                raise EvaluationInvalid(
                    f"{path}, line {number}: no tab; each line is Arabic, a tab, English."
                )
            entries.append((columns[0], columns[1]))
    return Gazetteer(entries)


def _article(line: str, *, where: str) -> SummarizedArticle:
    try:
        document = json.loads(line)
    except ValueError as error:
        raise EvaluationInvalid(f"{where}: not JSON; each line is one object.") from error
    values = [document.get(key) if isinstance(document, dict) else None for key in _ARTICLE_KEYS]
    title, text, summary = (value if isinstance(value, str) else "" for value in values)
    if not text.strip() or not summary.strip():
        raise EvaluationInvalid(f"{where}: no text or no summary; both must hold something.")
    return SummarizedArticle(title, text, summary)


def _read_lines(path: Path) -> list[str]:
    return [" ".join(line.split()) for line in _read_text_lines(path)]


def _read_text_lines(path: Path) -> list[str]:
    """The lines of a file, ended by line feeds only: other separators may stand within a line."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise EvaluationInvalid(f"{path}: cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise EvaluationInvalid(f"{path}: not UTF-8; convert it.") from error
    if not text.strip():
        raise EvaluationInvalid(f"{path} holds no line; give a file with text.")
    return text.removesuffix("\n").split("\n")
