"""Where pages go."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from mujaz.cli.input_texts import InputText
from mujaz.cli.page.articles import article_view
from mujaz.cli.page.files import check_output, open_pages
from tests.cli.page.markup import parse
from tests.cli.page.sample import brief_parts


def inputs(*paths: Path | None) -> list[InputText]:
    return [InputText(path, "utf-8") for path in paths]


def add(path: Path | None, *names: str, failing: bool = False) -> None:
    with open_pages(path) as pages:
        for name in names:
            pages.add(article_view(brief_parts(name), {}))
        if failing:
            raise RuntimeError("the work failed")


def test_a_file_holds_all_articles(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    add(path, "a.txt", "b.txt")
    assert len(parse(path.read_text("utf-8")).all("article")) == 2


def test_a_failure_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text("old")
    with pytest.raises(RuntimeError, match="the work failed"):
        add(path, "a.txt", failing=True)
    assert path.read_text() == "old"


def test_in_a_directory_each_article_has_a_page_that_a_later_failure_leaves(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="the work failed"):
        add(tmp_path, "news/a.txt", "news/b.tar.txt", "-", failing=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "a.html",
        "b.tar.html",
        "standard-input.html",
    ]
    assert len(parse((tmp_path / "a.html").read_text("utf-8")).all("article")) == 1


def test_standard_output_gets_what_was_done_before_a_failure(
    capsysbinary: pytest.CaptureFixture[bytes],
) -> None:
    with pytest.raises(RuntimeError, match="the work failed"):
        add(None, "a.txt", failing=True)
    assert len(parse(capsysbinary.readouterr().out.decode()).all("article")) == 1


def test_no_article_is_no_page(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    with open_pages(None):
        pass
    assert capsysbinary.readouterr().out == b""


def test_a_directory_is_for_pages_only(tmp_path: Path) -> None:
    check_output(tmp_path, inputs(Path("a.txt")), as_pages=True)
    check_output(tmp_path / "page.html", inputs(Path("a.txt"), Path("a.md")), as_pages=True)
    check_output(None, inputs(None), as_pages=False)
    with pytest.raises(click.UsageError, match="--format html"):
        check_output(tmp_path, inputs(Path("a.txt")), as_pages=False)


def test_two_inputs_never_make_one_page(tmp_path: Path) -> None:
    with pytest.raises(click.UsageError, match=r"x/a\.txt and y/a\.txt would both become"):
        check_output(tmp_path, inputs(Path("x/a.txt"), Path("y/a.txt")), as_pages=True)


def test_an_input_is_not_replaced_by_its_page(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text("خبر", encoding="utf-8")
    with pytest.raises(click.UsageError, match="is an input"):
        check_output(tmp_path, inputs(path), as_pages=True)
