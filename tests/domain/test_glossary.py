"""Glossaries: what entries are taken, and which spellings are one term."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mujaz.domain.glossary import (
    TERM_CHARACTER_LIMIT,
    EntryInvalid,
    Glossary,
    GlossaryEntry,
    checked_key,
    fold_text,
    folded_words,
    step,
    term_key,
)

LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"
MARKS = "\u064b\u064e\u0651\u0670\u0640\u200c\u200f"
ANY_TEXT = st.text(
    alphabet=st.one_of(st.sampled_from(LETTERS + MARKS + "أإآىةﻻﷲ٣A "), st.characters()),
    max_size=40,
)


def longest(glossary: Glossary, text: str) -> tuple[int, str] | None:
    words = folded_words(fold_text(text).text)
    return glossary.longest_at(words, 0, step(words, 0))


@given(ANY_TEXT)
def test_folding_leads_back_to_the_character_behind_each(text: str) -> None:
    folded = fold_text(text)
    starts = [folded.start(position) for position in range(len(folded.text))]
    assert starts == sorted(starts)
    assert all(0 <= start < len(text) for start in starts)
    for start, character in zip(starts, folded.text, strict=True):
        assert character in fold_text(text[start]).text


@given(st.text(LETTERS, min_size=1, max_size=12), st.data())
def test_marks_never_change_a_term(word: str, data: st.DataObject) -> None:
    marked = "".join(letter + data.draw(st.text(MARKS, max_size=2)) for letter in word)
    assert term_key(marked) == term_key(word)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("الإنسان", "الانسان"),
        ("أحمد", "احمد"),
        ("آسيا", "اسيا"),
        ("القاعدة", "القاعده"),
        ("مصطفى", "مصطفي"),
        ("ﻻﺟﺌﻮن", "لاجئون"),
        ("قرار ٢٢٥٤", "قرار 2254"),
        ("الدَّوْلَة  الإسلاميّة", "الدولة الإسلامية"),
        ("BBC", "bbc"),
        ("«داعش»", "داعش"),
    ],
)
def test_spellings_of_one_term(one: str, other: str) -> None:
    assert term_key(one) == term_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("علي", "على"),
        ("سنة", "سنه"),
        ("مسؤول", "مسول"),
        ("رقة", "الرقة"),
        ("إف-16", "إف 16"),
        ("حزب الله", "حزبالله"),
    ],
)
def test_what_is_not_one_term(one: str, other: str) -> None:
    assert term_key(one) != term_key(other)


@pytest.mark.parametrize(
    ("source", "target", "name"),
    [
        ("", "SDF", "source_term"),
        ("  ", "SDF", "source_term"),
        ("س", "SDF", "source_term"),
        ("…", "SDF", "source_term"),
        ("قسد", "", "target_term"),
        ("قسد", "-", "target_term"),
        ("قسد", "S\tDF", "target_term"),
        ("قسد\n", "SDF", "source_term"),
        ("قسد", "x" * (TERM_CHARACTER_LIMIT + 1), "target_term"),
        ("ق" * (TERM_CHARACTER_LIMIT + 1), "SDF", "source_term"),
    ],
)
def test_an_entry_that_cannot_be_used_says_which_half(source: str, target: str, name: str) -> None:
    with pytest.raises(EntryInvalid) as caught:
        checked_key(GlossaryEntry(source, target))
    assert caught.value.name == name


def test_the_first_of_entries_with_one_term_holds() -> None:
    glossary = Glossary([GlossaryEntry("الرقّة", "Raqqa"), GlossaryEntry("الرقة", "Rakka")])
    assert len(glossary) == 1
    assert longest(glossary, "الرقة") == (1, "Raqqa")


def test_the_digest_names_what_a_glossary_does() -> None:
    entries = [GlossaryEntry("قسد", "SDF"), GlossaryEntry("الرقة", "Raqqa")]
    digest = Glossary(entries).digest
    assert Glossary(reversed(entries)).digest == digest
    assert Glossary([*entries, GlossaryEntry("الرقّة", "Rakka")]).digest == digest
    others = [entries[:1], [GlossaryEntry("قسد", "S"), entries[1]], [*entries, entries[0]][1:2]]
    assert digest not in {Glossary(other).digest for other in others}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("حزب", None),
        ("حزب الله", (2, "2")),
        ("حزب الله الله", (2, "2")),
        ("حزب الله الله الله", (4, "4")),
        ("حزب الله الله الله ثم", (4, "4")),
        ("حزب الله، الله الله", (2, "2")),
    ],
)
def test_the_longest_term_is_found_in_any_order_of_entries(
    text: str, expected: tuple[int, str] | None
) -> None:
    entries = [GlossaryEntry("حزب" + " الله" * (count - 1), str(count)) for count in (2, 4, 6)]
    assert longest(Glossary(entries), text) == expected
    assert longest(Glossary(reversed(entries)), text) == expected
