from __future__ import annotations

import random

import pytest

from mujaz_training.augmentation import augment, code_switched, name_swapped, number_swapped
from mujaz_training.experiment import Augmentation
from mujaz_training.terms import TermTable
from mujaz_training.text_pair import TextPair

NAMES = [TextPair("القاهرة", "Cairo"), TextPair("تونس", "Tunis"), TextPair("سامي", "Sami")]
TERMS = TermTable(NAMES, [TextPair("الوزير", "minister")])
PAIR = TextPair(
    "وصل الوزير إلى القاهرة في 2018 مع 350 رجلا.",
    "The minister arrived in Cairo in 2018 with 350 men.",
)


def test_a_term_is_found_where_both_sides_use_it_once() -> None:
    found = {
        (
            PAIR.source[use.source_start : use.source_end],
            PAIR.target[use.target_start : use.target_end],
        )
        for use in TERMS.find(PAIR)
    }
    assert found == {("القاهرة", "Cairo"), ("الوزير", "minister")}


def test_a_term_the_target_uses_twice_is_left_alone() -> None:
    pair = TextPair("من القاهرة", "From Cairo to Cairo")
    assert TERMS.find(pair) == []


def test_a_proclitic_stays_before_the_english() -> None:
    pair = TextPair("زار تونس والقاهرة", "He visited Tunis and Cairo")
    switched = {
        result.source
        for seed in range(20)
        if (result := code_switched(pair, TERMS, random.Random(seed))) is not None
    }
    assert "زار Tunis و Cairo" in switched


def test_code_switching_leaves_the_target_alone() -> None:
    result = code_switched(PAIR, TERMS, random.Random(1))
    assert result is not None
    assert result.target == PAIR.target
    assert "Cairo" in result.source


def test_a_name_is_swapped_on_both_sides() -> None:
    swapped = name_swapped(PAIR, TERMS, random.Random(3))
    assert swapped is not None
    (name,) = [entry for entry in NAMES if entry.target in swapped.target]
    assert swapped.source == PAIR.source.replace("القاهرة", name.source)
    assert swapped.target == PAIR.target.replace("Cairo", name.target)


def test_a_dictionary_word_is_no_name_to_swap() -> None:
    pair = TextPair("وصل الوزير", "So Minister arrived")
    assert name_swapped(pair, TERMS, random.Random(3)) is None


def test_numbers_change_alike_on_both_sides_and_a_year_stays_a_year() -> None:
    swapped = number_swapped(PAIR, TERMS, random.Random(5))
    assert swapped is not None
    year, men = (word for word in swapped.target.rstrip(" men.").split() if word.isdigit())
    assert swapped.source == PAIR.source.replace("2018", year).replace("350", men)
    assert 1900 <= int(year) < 2040
    assert len(men) == 3


@pytest.mark.parametrize("text", ["15/2018", "3.14", "10:30", "covid19"])
def test_a_part_of_a_longer_figure_is_no_number(text: str) -> None:
    pair = TextPair(f"في {text} كان", f"in {text} it was")
    assert number_swapped(pair, TERMS, random.Random(5)) is None


def test_joined_pairs_keep_their_order_on_both_sides() -> None:
    pairs = [TextPair(f"جملة رقم {n}.", f"Sentence number {n}.") for n in range(10, 30)]
    joined = list(augment(pairs, Augmentation.JOIN, terms=TERMS, seed=1))
    assert len(joined) == 10
    for pair in joined:
        numbers = [word.strip(".") for word in pair.source.split() if word.strip(".").isdigit()]
        assert pair.target == " ".join(f"Sentence number {number}." for number in numbers)


@pytest.mark.parametrize("kind", list(Augmentation))
def test_the_same_seed_gives_the_same_pairs(kind: Augmentation) -> None:
    pairs = [PAIR] * 8
    first, again = (list(augment(pairs, kind, terms=TERMS, seed=4)) for _ in range(2))
    assert first == again
    assert first
