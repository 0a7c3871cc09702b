"""The page as HTML."""

from __future__ import annotations

import base64
import hashlib
import itertools
import re
from pathlib import Path

import pytest

from mujaz.cli.page.articles import ArticleParts, article_view
from mujaz.cli.page.render import render
from mujaz.client import (
    BilingualText,
    BriefFinished,
    BriefPoint,
    DetectedLanguage,
    GlossaryMatch,
    Mention,
    TextSpan,
    TranslatedSentence,
    TranslationStats,
)
from tests.cli.page.hostile import HOSTILE
from tests.cli.page.markup import Element, parse
from tests.cli.page.sample import BODY, LICENSES, brief_page, brief_parts, without_script

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "brief_page.html"


def everywhere(text: str) -> str:
    """A page that has `text` in every place where text from outside can be."""
    both = BilingualText(source_text=text, translated_text=text)
    match = GlossaryMatch(
        source_span=TextSpan(start_offset=0, end_offset=1),
        source_text=text,
        target_term=text,
        applied=True,
    )
    sentence = TranslatedSentence(
        source_text=text,
        translated_text=text,
        source_span=TextSpan(start_offset=0, end_offset=len(text)),
        glossary_matches=[match],
    )
    parts = ArticleParts(
        name=text,
        language=DetectedLanguage(language_code=text),
        sentences=[sentence],
        headline=both,
        points=[BriefPoint(text=both, evidence_sentence_indices=[0], glossary_matches=[match])],
        brief=BriefFinished(
            publication_date=text,
            headline_glossary_matches=[match],
            mentions=[Mention(name=both, source_spans=[sentence.source_span])],
        ),
        stats=TranslationStats(model_revision=text),
    )
    view = article_view(parts, {text.partition("@")[0]: text})
    return render([view])


def source_cells(page: Element) -> list[Element]:
    return [cell for cell in page.all("p", "source") if "data-start" in cell.attributes]


def test_the_page_is_as_it_was_reviewed() -> None:
    """After a change that was meant, see `tests/cli/page/sample.py`."""
    assert without_script(brief_page()) == GOLDEN.read_text(encoding="utf-8")


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_stays_text(text: str) -> None:
    page = everywhere(text)
    assert parse(page).shape() == parse(everywhere("خبر")).shape()
    assert [cell.text for cell in source_cells(parse(page))] == [text]
    page.encode("utf-8")


def test_a_name_that_is_no_text_stays_text() -> None:
    name = "caf\udce9/<b>\ud800.txt"  # the file system has bytes that are not UTF-8
    page = render([article_view(ArticleParts(name), {})])
    page.encode("utf-8")
    assert [label.text for label in parse(page).all("bdi")] == [name, name]


def test_a_text_of_the_longest_kind_is_whole() -> None:
    text = "كلمة " * 40_000
    sentence = TranslatedSentence(source_text=text, translated_text="word " * 40_000)
    page = parse(render([article_view(ArticleParts("a", sentences=[sentence]), {})]))
    assert source_cells(page)[0].text == text


def test_nothing_is_loaded_and_only_the_own_script_may_run() -> None:
    page = parse(brief_page())
    (policy,) = [
        meta.attributes["content"]
        for meta in page.all("meta")
        if meta.attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    (script,), (style,) = page.all("script"), page.all("style")
    for kind, element in (("script", script), ("style", style)):
        assert not element.attributes
        digest = base64.b64encode(hashlib.sha256(element.text.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy.split("; ")
    assert "default-src 'none'" in policy
    assert "url(" not in style.text
    assert "@import" not in style.text
    attributes = list(itertools.chain.from_iterable(e.attributes.items() for e in page.all()))
    assert not [name for name, _ in attributes if name.startswith("on") or name in ("style", "src")]
    assert all(value.startswith("#") for name, value in attributes if name == "href")


def test_every_link_leads_to_a_place_on_the_page() -> None:
    page = parse(brief_page())
    identifiers = [e.attributes["id"] for e in page.all() if "id" in e.attributes]
    assert len(set(identifiers)) == len(identifiers)
    wanted = {link.attributes["href"][1:] for link in page.all("a")}
    wanted |= {
        e.attributes[n] for e in page.all() for n in ["aria-labelledby"] if n in e.attributes
    }
    for step in page.all():
        wanted |= set(step.attributes.get("data-evidence", "").split())
    assert wanted <= set(identifiers)


def test_each_sentence_is_there_once_and_the_text_can_be_put_together_again() -> None:
    cells = source_cells(parse(brief_page()))
    body, position = "", 0
    for cell in cells:
        start, end = int(cell.attributes["data-start"]), int(cell.attributes["data-end"])
        body += BODY[position:start] + cell.text
        assert not BODY[position:start].strip()
        position = end
    assert body + BODY[position:] == BODY
    pairs = parse(brief_page()).all("div", "pair")
    assert [pair.all("p", "translation")[0].text for pair in pairs] == [
        sentence.translated_text for sentence in brief_parts().sentences
    ]


def test_every_text_says_its_language_and_direction() -> None:
    page = parse(brief_page())
    texts = page.all("p", "source") + page.all("", "translation") + page.all("bdi")
    assert all({"lang", "dir"} <= set(text.attributes) for text in texts)
    cells = source_cells(page)
    assert (cells[0].attributes["lang"], cells[0].attributes["dir"]) == ("ar", "rtl")
    (html,) = page.all("html")
    assert (html.attributes["lang"], html.attributes["dir"]) == ("en", "ltr")


def test_headings_go_down_by_one_and_regions_have_names() -> None:
    view = article_view(brief_parts(), LICENSES)
    for page in (parse(render([view])), parse(render([view, view]))):
        levels = [int(e.tag[1]) for e in page.all() if re.fullmatch(r"h\d", e.tag)]
        assert levels[0] == 1
        assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
        assert all("aria-labelledby" in section.attributes for section in page.all("section"))
        assert len(page.all("main")) == 1


def test_several_articles_have_a_contents_list_and_places_of_their_own() -> None:
    page = parse(render([article_view(brief_parts(name), LICENSES) for name in ("a", "b")]))
    (contents,) = page.all("nav")
    assert [link.attributes["href"] for link in contents.all("a")] == ["#a1", "#a2"]
    identifiers = [e.attributes["id"] for e in page.all() if "id" in e.attributes]
    assert len(set(identifiers)) == len(identifiers)
    assert page.all("title")[0].text == "2 articles · Mujaz brief"


def test_a_translation_has_no_brief_around_it() -> None:
    parts = brief_parts()
    parts.headline, parts.points = None, []
    page = parse(render([article_view(parts, LICENSES)]))
    assert page.all("h1")[0].text == "Translation of articles/raqqa.txt"
    assert not page.all("", "point")
    assert len(source_cells(page)) == len(parts.sentences)


def test_an_input_without_a_sentence_is_a_page_too() -> None:
    page = parse(render([article_view(ArticleParts("empty.txt"), {})]))
    assert not source_cells(page)
    assert "not reported" in page.text
