"""`mujaz brief` against a real server."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.model

SAMPLE = Path(__file__).resolve().parents[2] / "samples" / "raqqa.txt"


def test_every_point_is_in_both_languages_and_rests_on_sentences(invoke: Any) -> None:
    answer = json.loads(invoke("brief", SAMPLE, "--format", "json").stdout)
    brief = answer["brief"]
    body = SAMPLE.read_text(encoding="utf-8")
    assert brief["headline"]["source_text"] == body.splitlines()[0]
    assert brief["headline"]["translated_text"].isascii()
    assert 1 <= len(brief["points"]) <= 3
    for point in brief["points"]:
        assert point["text"]["source_text"]
        assert point["text"]["translated_text"]
        assert point["evidence_sentence_indices"]
        for span in point["evidence_spans"]:
            assert body[span["start_offset"] : span["end_offset"]].strip()
    assert brief["publication_date"] == "2017-10-15"
    assert answer["sentences"] == []


def test_the_numbers_of_evidence_are_those_of_the_translation(invoke: Any) -> None:
    answer = json.loads(invoke("brief", SAMPLE, "--format", "json", "--with-translation").stdout)
    spans = {
        (span["start_offset"], span["end_offset"]): sentence["sentence_index"]
        for sentence in answer["sentences"]
        for span in [sentence["source_span"]]
    }
    for point in answer["brief"]["points"]:
        evidence = [
            spans[span["start_offset"], span["end_offset"]] for span in point["evidence_spans"]
        ]
        assert evidence == point["evidence_sentence_indices"]


def test_text_begins_with_the_headline_in_both_languages(invoke: Any) -> None:
    result = invoke("brief", SAMPLE, "--points", "2")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == SAMPLE.read_text(encoding="utf-8").splitlines()[0]
    assert lines[1].isascii()
    assert "1. " in lines[3]
    assert "rests on sentence" in result.stdout


def test_a_given_title_is_the_headline(invoke: Any, article: Path) -> None:
    result = invoke("brief", article, "--title", "خطة جديدة للوزارة")
    assert result.stdout.startswith("خطة جديدة للوزارة\n")


def test_a_title_goes_with_one_article_only(invoke: Any, article: Path) -> None:
    assert invoke("brief", article, article, "--title", "خطة").exit_code == 2


def test_an_article_over_the_limit_is_refused_before_it_is_sent(
    invoke: Any, tmp_path: Path
) -> None:
    path = tmp_path / "long.txt"
    path.write_text("خبر " * 50_001, encoding="utf-8")
    result = invoke("brief", path)
    assert (result.exit_code, result.stdout) == (5, "")
    assert "longer than 200,000 characters" in result.stderr


def test_an_empty_article_is_bad_input(invoke: Any) -> None:
    result = invoke("brief", text="")
    assert result.exit_code == 5
    assert result.stderr.startswith("mujaz: standard input: ")


def test_a_page_has_the_whole_article_and_leads_from_points_to_sentences(
    invoke: Any, tmp_path: Path
) -> None:
    path = tmp_path / "brief.html"
    result = invoke("brief", SAMPLE, "--format", "html", "--output", path)
    assert (result.exit_code, result.stdout) == (0, "")
    page = path.read_text(encoding="utf-8")
    answer = json.loads(invoke("brief", SAMPLE, "--format", "json", "--with-translation").stdout)
    assert page.count('class="pair') == len(answer["sentences"])
    for point in answer["brief"]["points"]:
        for index in point["evidence_sentence_indices"]:
            assert f'href="#a1-s{index + 1}"' in page
    assert '<time datetime="2017-10-15">15 October 2017</time>' in page
    assert page.count("left out of the brief") == 2
    assert answer["stats"]["model_revision"] in page
    assert "CC-BY-SA-4.0" in page


def test_pages_go_into_a_directory_one_an_article(
    invoke: Any, article: Path, tmp_path: Path
) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    result = invoke("brief", article, SAMPLE, "--format", "html", "--output", f"{pages}/")
    assert result.exit_code == 0
    assert sorted(path.name for path in pages.iterdir()) == ["article.html", "raqqa.html"]


@pytest.mark.parametrize("format_name", ["text", "markdown", "json"])
def test_only_pages_go_into_a_directory(
    invoke: Any, article: Path, tmp_path: Path, format_name: str
) -> None:
    result = invoke("brief", article, "--format", format_name, "--output", tmp_path)
    assert result.exit_code == 2
    assert "--format html" in result.stderr


def test_a_directory_that_is_not_there_is_not_taken_for_a_file(invoke: Any, article: Path) -> None:
    result = invoke("brief", article, "--format", "html", "--output", "nowhere/")
    assert result.exit_code == 2
    assert "make it first" in result.stderr


@pytest.mark.parametrize("form", ["text", "markdown", "json", "html"])
def test_every_format_shows_who_and_what_the_article_names(invoke: Any, form: str) -> None:
    output = invoke("brief", SAMPLE, "--format", form, "--points", "1").stdout

    if form == "json":
        mentions = json.loads(output)["brief"]["mentions"]
        names = {mention["name"]["translated_text"]: mention["kind"] for mention in mentions}
        assert names["Reuters"] == "MENTION_KIND_ORGANIZATION"
    else:
        assert "Deir ez-Zor" in output
        assert "دير الزور" in output
