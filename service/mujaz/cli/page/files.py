"""Where pages go: all articles into one output, or a file each into a directory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import click

from mujaz.cli.input_texts import STANDARD_INPUT, InputText
from mujaz.cli.output import open_output
from mujaz.cli.page.render import render
from mujaz.cli.page.views import ArticleView


class Pages(Protocol):
    """Takes one article after another."""

    is_terminal: bool

    def add(self, article: ArticleView) -> None:
        """The next article, whole. Raises CommandFailed."""
        ...


class _OnePage:
    """Keeps the articles until all are there."""

    def __init__(self, *, is_terminal: bool) -> None:
        self.is_terminal = is_terminal
        self.articles: list[ArticleView] = []

    def add(self, article: ArticleView) -> None:
        self.articles.append(article)


class _PageFiles:
    """Writes the page of each article as soon as it is there."""

    def __init__(self, directory: Path) -> None:
        self.is_terminal = False
        self._directory = directory

    def add(self, article: ArticleView) -> None:
        with open_output(self._directory / _file_name(article.name)) as output:
            output.write(render([article]))


@contextmanager
def open_pages(path: Path | None) -> Iterator[Pages]:
    """One page on standard output or in the file `path`; in the directory `path` one an article.

    One page holds the articles that were added before an error, and without any it is not written.
    Raises CommandFailed.
    """
    if path is not None and path.is_dir():
        yield _PageFiles(path)
        return
    with open_output(path) as output:
        page = _OnePage(is_terminal=output.is_terminal)
        try:
            yield page
        finally:
            if page.articles:
                output.write(render(page.articles))


def check_output(path: Path | None, inputs: Sequence[InputText], *, as_pages: bool) -> None:
    """Raises UsageError for a directory where none can be meant, or that would lose a text."""
    if path is None or not path.is_dir():
        return
    if not as_pages:
        raise click.UsageError(f"{path} is a directory, which goes with --format html only")
    names: dict[str, str] = {}
    for text in inputs:
        name = _file_name(text.name)
        if name in names:
            raise click.UsageError(
                f"{names[name]} and {text.name} would both become {path / name}; "
                "give them different directories"
            )
        names[name] = text.name
        target = path / name
        if text.path is not None and target.exists() and target.samefile(text.path):
            raise click.UsageError(f"{target} is an input and would be replaced by its page")


def _file_name(name: str) -> str:
    """The file of the page for the input of that name."""
    return "standard-input.html" if name == STANDARD_INPUT else f"{Path(name).stem}.html"
