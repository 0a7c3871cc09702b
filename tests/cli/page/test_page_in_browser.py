"""The page as its reader meets it: in Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver.common.keys import Keys

from mujaz.cli.page.articles import ArticleParts, article_view
from mujaz.cli.page.render import render
from mujaz.client import TextSpan, TranslatedSentence
from tests.cli.page.browser import Browser, started_browser
from tests.cli.page.contrast import TEXT_CONTRAST, contrast
from tests.cli.page.hostile import HOSTILE
from tests.cli.page.sample import brief_page, brief_parts

pytestmark = pytest.mark.browser

SAMPLE = Path(__file__).resolve().parents[3] / "samples" / "raqqa.txt"
ARTICLE_WORDS = 3000


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with started_browser(tmp_path_factory.mktemp("browser")) as started:
        yield started


@pytest.fixture
def sample(browser: Browser) -> Browser:
    browser.open(brief_page())
    return browser


def test_a_pair_lights_up_under_the_pointer_on_both_sides(sample: Browser) -> None:
    dark = sample.background("#a1-s4")
    for side in ("source", "translation"):
        sample.hover(f"#a1-s4 .{side}")
        assert sample.background("#a1-s4") != dark
        sample.hover(".masthead")
        assert sample.background("#a1-s4") == dark


def test_a_point_lights_up_what_it_rests_on_and_a_sentence_its_points(sample: Browser) -> None:
    dark = sample.background("#a1-s6")
    sample.hover("#a1-p1 .source")
    assert lit(sample) == ["a1-s4", "a1-s5"]
    assert sample.background("#a1-s5") != dark
    sample.hover("#a1-s8 .translation")
    assert lit(sample) == ["a1-p2"]
    sample.hover(".masthead")
    assert lit(sample) == []


def test_the_arrow_keys_walk_through_points_and_sentences(sample: Browser) -> None:
    sample.press(Keys.ARROW_DOWN)
    assert sample.focused == ""  # without a place to start from they scroll
    sample.one("#a1-s4 .translation").click()
    assert sample.focused == "a1-s4"
    assert lit(sample) == ["a1-p1"]
    sample.press(Keys.ARROW_DOWN, Keys.ARROW_DOWN)
    assert sample.focused == "a1-s6"
    assert sample.background("#a1-s6") != sample.background("#a1-s7")
    sample.press(*[Keys.ARROW_UP] * 6)
    assert sample.focused == "a1-p2"
    sample.press(*[Keys.ARROW_UP] * 9)
    assert sample.focused == "a1-p0"
    sample.press(*[Keys.ARROW_DOWN] * 30)
    assert sample.focused == "a1-s8"


def test_every_sentence_can_be_reached_by_tab(sample: Browser) -> None:
    reached = []
    for _ in range(60):
        sample.press(Keys.TAB)
        reached.append(sample.evaluate("document.activeElement.closest('[data-step]')?.id"))
    expected = [f"a1-s{number}" for number in range(1, 9)]
    assert [step for step in dict.fromkeys(reached) if step in expected] == expected


def test_evidence_is_a_jump_there_and_back(sample: Browser) -> None:
    sample.resize(1280, 400)
    sample.one("#a1-p1 a[href='#a1-s5']").click()
    assert sample.focused == "a1-s5"
    assert in_view(sample, "a1-s5")
    assert not in_view(sample, "a1-p1")
    sample.one("#a1-s5 a[href='#a1-p1']").click()
    assert sample.focused == "a1-p1"
    assert in_view(sample, "a1-p1")


def test_the_page_reads_without_a_script(browser: Browser) -> None:
    browser.open(brief_page())
    browser.run_scripts(False)
    browser.driver.refresh()
    root = browser.command("DOM.getDocument")["root"]["nodeId"]
    scripted = browser.command("DOM.querySelector", nodeId=root, selector=".scripted")
    assert scripted["nodeId"] == 0
    dark = browser.background("#a1-s4")
    browser.hover("#a1-s4 .source")
    assert browser.background("#a1-s4") != dark
    browser.one("#a1-p1 a[href='#a1-s5']").click()
    assert browser.driver.current_url.endswith("#a1-s5")
    browser.run_scripts(True)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_all_text_has_contrast(sample: Browser, theme: str, width: int) -> None:
    sample.emulate(theme=theme)
    sample.resize(width, 900)
    for selector in (".masthead", "#a1-s4 .source", "#a1-s5 .source", "#a1-p1 .source"):
        sample.hover(selector)
        worst = min(contrasts(sample))
        assert worst[0] >= TEXT_CONTRAST, worst


def test_themes_differ(sample: Browser) -> None:
    light = sample.background("html")
    sample.emulate(theme="dark")
    assert sample.background("html") != light


def test_side_by_side_where_there_is_room_and_stacked_on_a_phone(sample: Browser) -> None:
    translation, source = rectangles(sample, "#a1-s4")
    assert translation["right"] <= source["left"]
    assert translation["top"] < source["bottom"]
    assert source["top"] < translation["bottom"]
    sample.resize(390, 800)
    translation, source = rectangles(sample, "#a1-s4")
    assert translation["bottom"] <= source["top"]
    assert abs(translation["right"] - source["right"]) < 1
    assert not scrolls_sideways(sample)


def test_paper_is_white_whatever_the_theme(sample: Browser) -> None:
    light = sample.background("html")
    sample.hover("#a1-s4 .source")
    sample.emulate(theme="dark", medium="print")
    assert sample.background("html") == light
    assert sample.background("#a1-s4") == "rgba(0, 0, 0, 0)"
    assert not sample.one(".skip").is_displayed()
    assert sample.pdf().startswith(b"%PDF-")


def test_a_screen_reader_finds_its_way(sample: Browser) -> None:
    nodes = sample.command("Accessibility.getFullAXTree")["nodes"]
    found = {
        (node["role"]["value"], node.get("name", {}).get("value", ""))
        for node in nodes
        if not node["ignored"]
    }
    assert {role for role, _ in found} >= {"banner", "main", "contentinfo", "article", "region"}
    assert ("region", "In brief") in found
    assert ("region", "The article") in found
    assert ("article", "Agreement in Raqqa on the exit of civilians") in found
    assert ("group", "Sentence 4") in found
    assert all(name for role, name in found if role in ("link", "heading", "region", "group"))


def test_hostile_text_does_nothing(browser: Browser) -> None:
    sentences, offset = [], 0
    for index, text in enumerate(HOSTILE.values()):
        span = TextSpan(start_offset=offset, end_offset=offset + len(text))
        offset += len(text) + 1
        sentences.append(
            TranslatedSentence(
                sentence_index=index, source_span=span, source_text=text, translated_text=text
            )
        )
    parts = ArticleParts("</title><script>hacked=1</script>", sentences=sentences)
    browser.open(render([article_view(parts, {})]))
    browser.hover("#a1-s1 .source")
    assert browser.evaluate("document.scripts.length") == 1
    assert browser.evaluate("typeof window.hacked") == "undefined"
    assert browser.evaluate("document.querySelectorAll('.pair').length") == len(HOSTILE)
    forbidden = "img, svg, iframe, object, base, link, form, input, math, textarea, [style]"
    assert browser.evaluate(f"document.querySelectorAll('{forbidden}').length") == 0
    shown = browser.evaluate("""Array.from(document.querySelectorAll('.pair .source'), cell => {
        for (const control of cell.querySelectorAll('.control'))
            control.textContent = String.fromCodePoint(parseInt(control.dataset.code, 16));
        return Array.from(cell.textContent, character => character.codePointAt(0));
    })""")
    assert ["".join(map(chr, text)) for text in shown] == list(HOSTILE.values())
    assert_silent(browser)
    for width in (1280, 390):
        browser.resize(width, 900)
        assert not scrolls_sideways(browser)


def test_a_script_that_got_into_the_page_would_not_run(browser: Browser) -> None:
    smuggled = "<script>hacked = 1</script><img src=x onerror='hacked = 1'><p style='color: red'>"
    browser.open(brief_page().replace("<main>", f"<main>{smuggled}"))
    assert browser.evaluate("typeof window.hacked") == "undefined"
    assert any("Content Security Policy" in message for message in browser.console())


@pytest.mark.model
@pytest.mark.parametrize("command", ["brief", "translate"])
def test_the_sample_article_opens_without_a_sound(
    browser: Browser, invoke: Any, command: str
) -> None:
    browser.open(invoke(command, SAMPLE, "--format", "html").stdout)
    browser.hover(".pair:last-of-type .source")
    assert_silent(browser)
    assert not scrolls_sideways(browser)


@pytest.mark.model
def test_a_long_article_opens_without_a_sound(
    browser: Browser, invoke: Any, tmp_path: Path
) -> None:
    body = SAMPLE.read_text(encoding="utf-8")
    path = tmp_path / "long.txt"
    path.write_text("\n".join([body] * (ARTICLE_WORDS // len(body.split()) + 1)), encoding="utf-8")
    browser.open(invoke("brief", path, "--format", "html").stdout)
    browser.one(".point .notes a").click()
    target = browser.focused
    assert target.startswith("a1-s")
    browser.press(Keys.ARROW_DOWN)
    assert browser.focused not in ("", target)
    assert_silent(browser)
    assert not scrolls_sideways(browser)


def test_several_articles_on_a_page_have_points_that_lead_into_their_own(browser: Browser) -> None:
    browser.open(render([article_view(brief_parts(name), {}) for name in ("a", "b")]))
    browser.one("#a2 .points a[href='#a2-s4']").click()
    assert browser.focused == "a2-s4"
    # The pointer may lie on another step by now, but it can only be one of the same article.
    assert "a2-p1" in lit(browser)
    assert all(step.startswith("a2-") for step in lit(browser))
    assert_silent(browser)


def assert_silent(browser: Browser) -> None:
    """Nothing was said on the console, and nothing asked for but the page itself."""
    assert browser.console() == []
    assert {url.partition("#")[0] for url in browser.requests()} == {
        browser.driver.current_url.partition("#")[0]
    }


def lit(browser: Browser) -> list[str]:
    identifiers: list[str] = browser.evaluate(
        "Array.from(document.querySelectorAll('.lit'), step => step.id)"
    )
    return identifiers


def in_view(browser: Browser, identifier: str) -> bool:
    inside: bool = browser.evaluate(
        "((box) => box.bottom > 0 && box.top < innerHeight)"
        "(document.getElementById(arguments[0]).getBoundingClientRect())",
        identifier,
    )
    return inside


def rectangles(browser: Browser, pair: str) -> list[dict[str, float]]:
    """Where translation and source of a pair are."""
    boxes: list[dict[str, float]] = browser.evaluate(
        "['.translation', '.source'].map(side => "
        "document.querySelector(arguments[0] + ' ' + side).getBoundingClientRect().toJSON())",
        pair,
    )
    return boxes


def scrolls_sideways(browser: Browser) -> bool:
    wide: bool = browser.evaluate("document.documentElement.scrollWidth > innerWidth")
    return wide


def contrasts(browser: Browser) -> list[tuple[float, str, str, str]]:
    """The contrast of each run of text with what lies behind it, its colours, and the text."""
    runs = browser.evaluate("""(() => {
        const background = (element) => {
            for (let at = element; at; at = at.parentElement) {
                const color = getComputedStyle(at).backgroundColor;
                if (color !== 'rgba(0, 0, 0, 0)') return color;
            }
        };
        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        const runs = [];
        while (walker.nextNode()) {
            const parent = walker.currentNode.parentElement;
            const text = walker.currentNode.data.trim();
            if (text && parent.tagName !== 'SCRIPT' && parent.checkVisibility())
                runs.push([getComputedStyle(parent).color, background(parent), text]);
        }
        return runs;
    })()""")
    assert len(runs) > 50
    return [
        (contrast(color, background), color, background, text) for color, background, text in runs
    ]
