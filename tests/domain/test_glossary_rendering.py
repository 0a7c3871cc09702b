"""Renderings go into the source and are looked for in the output."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mujaz.domain.glossary import Glossary, GlossaryEntry
from mujaz.domain.glossary_match import find_terms
from mujaz.domain.glossary_rendering import (
    MarkedText,
    SettledText,
    mark_terms,
    placeholders_for,
    settle_terms,
)

GLOSSARY = Glossary(
    [GlossaryEntry("داعش", "ISIS"), GlossaryEntry("مجلس الأمن", "Security Council")]
)
TERMS = {"a": "ISIS", "b": "Security Council", "c": "international coalition"}
TEXT = st.lists(
    st.sampled_from(["داعش", "وداعش", "مجلس الأمن", "بمجلس الأمن", "قال", "،", "\U000f0000", "x"]),
    max_size=10,
).map(" ".join)


def marked(text: str) -> MarkedText:
    return mark_terms(text, find_terms(text, (GLOSSARY,)))


def settled(output: str, placeholders: dict[str, str] | None = None) -> SettledText:
    return settle_terms(output, TERMS, placeholders or {}, source="ISIS G20")


@given(TEXT)
def test_marks_stand_for_the_terms_and_nothing_else_changes(text: str) -> None:
    result = marked(text)
    assert result.filled(result.text, {}) == text
    assert list(result.marks_in(result.text)) == list(result.matches)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("وداعش", "و ISIS"),
        ("قال داعش.", "قال ISIS."),
        ('"داعش"', '"ISIS"'),
        ("للداعش", "ل ISIS"),
        ("بمجلس الأمن", "ب Security Council"),
        ("في مجلس الأمن داعش", "في Security Council ISIS"),
    ],
)
def test_a_particle_is_kept_apart_from_the_rendering(text: str, expected: str) -> None:
    result = marked(text)
    assert result.switched(result.text) == expected


def test_what_replaces_a_term_is_chosen_for_each() -> None:
    result = marked("وداعش ومجلس الأمن")
    first, second = result.marks_in(result.text)
    assert result.filled(result.text, {second: "XQ1"}) == "وداعش و XQ1"
    assert result.filled(result.text, {first: "XQ1", second: "XQ2"}) == "و XQ1 و XQ2"


def test_placeholders_differ_and_stand_nowhere_else() -> None:
    assert placeholders_for("ab", "XQ", "قال ISIS") == {"a": "XQ1", "b": "XQ2"}
    assert placeholders_for("ab", "XQ", "قال xq7") == {}
    assert placeholders_for("ab", "B", "قال Lebanon") == {"a": "B1", "b": "B2"}
    assert placeholders_for("ab", "B", "قال b12") == {}


@pytest.mark.parametrize(
    ("output", "held"),
    [
        ("ISIS said", "a"),
        ("isis said", "a"),
        ("the ISIS's men", "a"),
        ("ISISIS said", ""),
        ("ISI said", ""),
        ("the Security  Councils met", "b"),
        ("the Security and Council", ""),
        ("International Coalition and ISIS.", "ac"),
        ("", ""),
    ],
)
def test_a_rendering_counts_as_whole_words_in_any_case(output: str, held: str) -> None:
    assert settled(output).held == set(held)


def test_the_capitals_of_a_rendering_are_restored() -> None:
    text = settled("Isis, the security councils and the International coalition").text
    assert text == "ISIS, the Security Councils and the International coalition"


def test_placeholders_become_renderings() -> None:
    result = settled("XQ1 told xq2.", {"a": "XQ1", "b": "XQ2"})
    assert result.text == "ISIS told Security Council."
    assert result.held == {"a", "b"}
    assert result.clean


@pytest.mark.parametrize(
    "output",
    ["XQ1 and XQ1 said", "XQ said", "XQ12 said", "the XQ3", "CEX2 said", "the XQ1b man"],
)
def test_a_placeholder_that_was_not_copied_once_and_whole_is_seen(output: str) -> None:
    assert not settled(output, {"a": "XQ1"}).clean


def test_no_placeholder_is_left_in_a_text() -> None:
    assert settled("He said XQ7 and XQ, XQa.", {"a": "XQ1"}).text == "He said and,."
    assert settled("But B7 said.", {"a": "B1"}).text == "But said."
    assert settled("Texas has examples.", {"a": "XA1"}).text == "Texas has examples."


def test_codes_of_the_source_are_no_damaged_placeholders() -> None:
    assert settled("XQ1 met the G20", {"a": "XQ1"}).clean
