"""Names are found as Arabic writes them, and counted only where a reference holds them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mujaz.domain.gazetteer import Gazetteer

GAZETTEER = Gazetteer(
    [
        ("الرقة", "Raqqa"),
        ("الرقة", "Raqqah"),
        ("العراق", "Iraq"),
        ("الأمم المتحدة", "United Nations"),
        ("المتحدة", "Mutahida"),
        ("من", "Man"),
        ("خنزير الأرض", "aardvark"),
    ]
)
REFERENCE = "Fighting went on in Raqqa, the United Nations said."
SOURCE = "استمر القتال في الرقة، بحسب الأمم المتحدة."


def test_a_good_translation_keeps_all_names() -> None:
    assert GAZETTEER.retention(SOURCE, REFERENCE, REFERENCE) == (2, 2)


@pytest.mark.parametrize(
    ("output", "kept"),
    [
        ("The united nations said fighting continued in RAQQA", 2),
        ("Fighting in Raqqah, said the Nations", 1),
        ("Fighting in Raqqanian areas of the United Arab Nations", 0),
        ("", 0),
    ],
)
def test_a_name_is_kept_by_any_rendering_in_any_case_as_whole_words(output: str, kept: int) -> None:
    assert GAZETTEER.retention(SOURCE, REFERENCE, output) == (2, kept)


def test_a_name_counts_only_where_the_reference_holds_it() -> None:
    assert GAZETTEER.retention(SOURCE, "Fighting went on there.", REFERENCE) == (0, 0)


@pytest.mark.parametrize("word", ["العراق", "والعراق", "بالعراق", "وبالعراق", "للعراق", "وللعراق"])
def test_one_letter_words_before_a_name_are_set_aside(word: str) -> None:
    assert GAZETTEER.retention(f"وصل {word} أمس", "It reached Iraq", "Iraq") == (1, 1)


def test_marks_and_look_alike_letters_make_no_difference() -> None:
    assert GAZETTEER.retention("قالت الامم المتّحدة", "The United Nations said", "") == (1, 0)


def test_the_longest_of_overlapping_names_counts() -> None:
    reference = "So the United Nations and Mutahida said"
    assert GAZETTEER.retention("الأمم المتحدة", reference, reference) == (1, 1)


def test_what_could_be_a_common_word_is_no_name() -> None:
    assert len(GAZETTEER) == 4
    assert GAZETTEER.retention("رجل من هنا", "A Man from here", "") == (0, 0)


def test_the_first_word_of_a_reference_is_no_name() -> None:
    assert GAZETTEER.retention("العراق", "Iraq", "Iraq") == (0, 0)


def test_a_name_that_comes_twice_counts_once() -> None:
    assert GAZETTEER.retention("العراق ثم العراق", "To Iraq, Iraq", "Iraq") == (1, 1)


def test_an_empty_gazetteer_finds_nothing() -> None:
    assert Gazetteer([]).retention(SOURCE, REFERENCE, REFERENCE) == (0, 0)


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=40))
def test_never_more_is_kept_than_there_was(source: str, reference: str, output: str) -> None:
    gazetteer = Gazetteer([("العراق", "Iraq"), (source, reference), (source, output)])
    count, kept = gazetteer.retention(f"{source} العراق", f"{reference} Iraq", output)
    assert 0 <= kept <= count
    assert gazetteer.retention(source, reference, reference) == (
        count_of := gazetteer.retention(source, reference, "")[0],
        count_of,
    )
