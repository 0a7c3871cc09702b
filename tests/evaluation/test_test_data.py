"""Test sets are read whole, or refused with what to change."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mujaz.errors import EvaluationInvalid
from mujaz.evaluation.test_data import read_articles, read_gazetteer, read_parallel

ARTICLE = {"title": "عنوان", "text": "نص المقال هنا.", "summary": "ملخص المقال."}


def write(directory: Path, **files: str) -> Path:
    for name, text in files.items():
        (directory / name).write_text(text, encoding="utf-8")
    return directory


def specification(directory: Path, *names: str) -> str:
    return "news=" + ",".join(str(directory / name) for name in names)


def test_files_are_aligned_by_line(tmp_path: Path) -> None:
    write(tmp_path, ar="واحد\nاثنان  ثلاثة\n", en="one\ntwo three", peer="1\n\n")
    test_set = read_parallel(specification(tmp_path, "ar", "en", "peer"))
    assert test_set.name == "news"
    assert test_set.sources == ["واحد", "اثنان ثلاثة"]
    assert test_set.references == ["one", "two three"]
    assert [(system.name, system.lines) for system in test_set.systems] == [("peer", ["1", ""])]


def test_only_line_feeds_end_lines(tmp_path: Path) -> None:
    write(tmp_path, ar="واحد\u2028اثنان\x85ثلاثة\n", en="one two three\n")
    assert read_parallel(specification(tmp_path, "ar", "en")).sources == ["واحد اثنان ثلاثة"]


def test_other_systems_are_scored_as_a_reader_sees_them(tmp_path: Path) -> None:
    write(tmp_path, ar="واحد\n", en="&amp;\n", peer="It&#39;s\n")
    test_set = read_parallel(specification(tmp_path, "ar", "en", "peer"))
    assert test_set.systems[0].lines == ["It's"]
    assert test_set.references == ["&amp;"]


def test_a_limit_takes_the_first_lines_of_all_files(tmp_path: Path) -> None:
    write(tmp_path, ar="ا\nب\nج\n", en="a\nb\nc\n", peer="1\n2\n3\n")
    test_set = read_parallel(specification(tmp_path, "ar", "en", "peer"), limit=2)
    assert (test_set.sources, test_set.references) == (["ا", "ب"], ["a", "b"])
    assert test_set.systems[0].lines == ["1", "2"]


@pytest.mark.parametrize("text", ["news", "news=one", "=one,two", "news=,", ""])
def test_another_form_is_refused_with_the_right_one(text: str) -> None:
    with pytest.raises(EvaluationInvalid, match=r"NAME=SOURCE,REFERENCE"):
        read_parallel(text)


def test_files_of_different_length_are_refused_with_both_lengths(tmp_path: Path) -> None:
    write(tmp_path, ar="ا\nب\n", en="a\nb\n", peer="1\n")
    with pytest.raises(EvaluationInvalid, match=r"peer has 1 lines and .*ar has 2"):
        read_parallel(specification(tmp_path, "ar", "en", "peer"))


@pytest.mark.parametrize("content", ["", "\n", " \n\n"])
def test_an_empty_set_is_refused(tmp_path: Path, content: str) -> None:
    write(tmp_path, ar=content, en=content)
    with pytest.raises(EvaluationInvalid, match="holds no line"):
        read_parallel(specification(tmp_path, "ar", "en"))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    write(tmp_path, ar="ا\n")
    with pytest.raises(EvaluationInvalid, match=r"en: cannot be read: No such file"):
        read_parallel(specification(tmp_path, "ar", "en"))


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    (tmp_path / "ar").write_bytes("مرحبا\n".encode("windows-1256"))
    write(tmp_path, en="hello\n")
    with pytest.raises(EvaluationInvalid, match="ar: not UTF-8"):
        read_parallel(specification(tmp_path, "ar", "en"))


def test_articles_are_read_and_called_as_their_file(tmp_path: Path) -> None:
    path = tmp_path / "news.jsonl"
    path.write_text(json.dumps({**ARTICLE, "id": 7}) + "\n" + json.dumps(ARTICLE) + "\n")
    test_set = read_articles(path)
    assert test_set.name == "news"
    assert [article.summary for article in test_set.articles] == [ARTICLE["summary"]] * 2
    assert len(read_articles(path, limit=1).articles) == 1


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("{", "not JSON"),
        ("[]", "no text or no summary"),
        (json.dumps({**ARTICLE, "text": " "}), "no text or no summary"),
        (json.dumps({**ARTICLE, "summary": 3}), "no text or no summary"),
    ],
)
def test_an_article_that_cannot_be_scored_is_named_by_its_line(
    tmp_path: Path, line: str, problem: str
) -> None:
    path = tmp_path / "news.jsonl"
    path.write_text(f"{json.dumps(ARTICLE)}\n{line}\n")
    with pytest.raises(EvaluationInvalid, match=rf"news\.jsonl, line 2: {problem}"):
        read_articles(path)


def test_names_of_several_files_go_together(tmp_path: Path) -> None:
    write(tmp_path, places="الرقة\tRaqqa\tplace\n", people="هنري\tHenry\n")
    gazetteer = read_gazetteer([tmp_path / "places", tmp_path / "people"])
    assert len(gazetteer) == 2


def test_a_gazetteer_without_tabs_is_refused(tmp_path: Path) -> None:
    write(tmp_path, places="الرقة\tRaqqa\nالرقة Raqqa\n")
    with pytest.raises(EvaluationInvalid, match="places, line 2: no tab"):
        read_gazetteer([tmp_path / "places"])
