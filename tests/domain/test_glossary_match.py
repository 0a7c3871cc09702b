"""Terms are found as whole words, whatever is written together with them, and nowhere else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mujaz.domain.glossary import Glossary, GlossaryEntry, fold_text, term_key
from mujaz.domain.glossary_match import TermMatch, find_terms

NEWS = Glossary(
    GlossaryEntry(source, target)
    for source, target in (
        ("داعش", "ISIS"),
        ("قسد", "SDF"),
        ("الرقة", "Raqqa"),
        ("اللاذقية", "Latakia"),
        ("لبنان", "Lebanon"),
        ("علي", "Ali"),
        ("المرصد السوري", "Syrian Observatory"),
        ("المرصد السوري لحقوق الإنسان", "Syrian Observatory for Human Rights"),
        ("الأمم المتحدة", "United Nations"),
        ("إف-16", "F-16"),
    )
)
SOURCE_TERMS = ["داعش", "قسد", "الرقة", "لبنان", "المرصد السوري", "الأمم المتحدة"]
PARTICLES = ["", "و", "ف", "ب", "ل", "ك", "وب", "ول", "فك"]
OTHERS = ["قال", "إن", "الوضع", "دواعش", "مقسد", "رقة", "(", "،", ".", '"', "2017", "@user", "\n"]
MARKS = "\u064b\u064e\u0651\u0670\u0640\u200f"

TERM = st.builds(str.__add__, st.sampled_from(PARTICLES), st.sampled_from(SOURCE_TERMS))
TEXT = st.lists(st.one_of(TERM, st.sampled_from(OTHERS)), max_size=12).map(" ".join)


def found(text: str, *glossaries: Glossary) -> list[tuple[str, str]]:
    return [(match.span.of(text), match.target_term) for match in find(text, *glossaries)]


def find(text: str, *glossaries: Glossary) -> tuple[TermMatch, ...]:
    return find_terms(text, glossaries or (NEWS,))


@given(st.one_of(TEXT, st.text(max_size=60)))
def test_matches_are_in_order_disjoint_and_end_with_their_term(text: str) -> None:
    keys = {term_key(term) for term in [*SOURCE_TERMS, "المرصد السوري لحقوق الإنسان"]}
    end = 0
    for match in find(text):
        assert match.span.start >= end
        end = match.span.end
        assert match.source_text == match.span.of(text)
        spelled = term_key(match.source_text)
        assert spelled in keys or f"ا{spelled}" in keys


@given(st.lists(st.sampled_from(OTHERS), max_size=20).map(" ".join))
def test_a_text_without_terms_has_no_matches(text: str) -> None:
    assert find(text) == ()


@given(st.sampled_from(PARTICLES), st.sampled_from(SOURCE_TERMS))
def test_a_term_is_found_behind_any_particles(particles: str, term: str) -> None:
    text = f"قال {particles}{term}."
    [match] = find(text)
    assert match.span.end == len(text) - 1
    assert term_key(match.source_text) == term_key(term)


@given(TEXT, st.data())
def test_diacritics_and_tatweel_never_change_the_matches(text: str, data: st.DataObject) -> None:
    plain = [match.target_term for match in find(text)]
    letters = [c + data.draw(st.text(MARKS, max_size=2)) if c.isalpha() else c for c in text]
    marked = "".join(letters)
    matches = find(marked)
    assert [match.target_term for match in matches] == plain
    for match in matches:
        after = marked[match.span.end : match.span.end + 1]
        assert after == "" or after not in MARKS


@given(TEXT)
def test_the_position_in_a_text_does_not_matter(text: str) -> None:
    before = "قال الوزير: "
    moved = [match.span.shifted(len(before)) for match in find(text)]
    assert [match.span for match in find(before + text)] == moved


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("وداعش", [("داعش", "ISIS")]),
        ("الداعش", [("الداعش", "ISIS")]),
        ("للداعش", [("لداعش", "ISIS")]),
        ("وللرقة", [("لرقة", "Raqqa")]),
        ("فبالرقّةِ،", [("الرقّةِ", "Raqqa")]),
        ("للاذقية", [("لاذقية", "Latakia")]),
        ("للبنان", [("لبنان", "Lebanon")]),
        ('لـ"داعش"', [("داعش", "ISIS")]),
        ("للأمم المتحدة", [("لأمم المتحدة", "United Nations")]),
        ("الامم المتحده", [("الامم المتحده", "United Nations")]),
        ("الأمم\u00a0 المتحدة", [("الأمم\u00a0 المتحدة", "United Nations")]),
        ("طائرات إف-16 جديدة", [("إف-16", "F-16")]),
        ("#داعش", [("داعش", "ISIS")]),
        (
            "المرصد السوري لحقوق الإنسان",
            [("المرصد السوري لحقوق الإنسان", "Syrian Observatory for Human Rights")],
        ),
        ("المرصد السوري لحقوق", [("المرصد السوري", "Syrian Observatory")]),
    ],
)
def test_terms_of_news(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "دواعش",
        "داعشي",
        "داعشها",
        "سداعش",
        "رقة",
        "على",
        "وعلى",
        "الأمم. المتحدة",
        "المرصد، السوري",
        "https://example.org/داعش",
        "@داعش",
        "داعش_الآن",
        "داعش2",
    ],
)
def test_what_is_no_term(text: str) -> None:
    assert found(text) == []


def test_the_first_glossary_holds_where_terms_are_equally_long() -> None:
    own = Glossary([GlossaryEntry("داعش", "Daesh"), GlossaryEntry("المرصد", "monitor")])
    assert found("داعش في الرقة", own, NEWS) == [("داعش", "Daesh"), ("الرقة", "Raqqa")]
    assert found("المرصد السوري", own, NEWS) == [("المرصد السوري", "Syrian Observatory")]


def test_fewer_letters_are_set_aside_before_more() -> None:
    both = Glossary([GlossaryEntry("ورد", "roses"), GlossaryEntry("رد", "reply")])
    assert found("ورد", both) == [("ورد", "roses")]
    assert found("فورد", both) == [("ورد", "roses")]


def test_spans_lead_to_the_text_as_sent() -> None:
    text = "قالَ المُتحدّثُ بِالرَّقَّة إنَّ داعِـش"
    assert [fold_text(term).text for term, _ in found(text)] == ["الرقة", "داعش"]
