from __future__ import annotations

import pytest

from mujaz_training.cleaning import Fault, find_fault
from mujaz_training.text_pair import TextPair

GOOD = TextPair(
    "قال الوزير إن المدرسة ستفتح غدا.", "The minister said the school will open tomorrow."
)


def test_a_good_pair_has_no_fault() -> None:
    assert find_fault(GOOD, is_prose=True, target_language="en") is None


@pytest.mark.parametrize(
    ("source", "target", "fault"),
    [
        ("", "The minister.", Fault.EMPTY),
        ("قال الوزير", "", Fault.EMPTY),
        ("Click Save", "Click Save", Fault.COPY),
        ("Click Save now", "Click on Save", Fault.WRONG_SCRIPT),
        ("قال الوزير", "قال الوزير نفسه", Fault.WRONG_SCRIPT),
        ("قال الوزير", "١٢٣", Fault.WRONG_SCRIPT),
        ("أضف {{#if}} <<>> [[]] (())", "Add it", Fault.MARKUP),
        ("نعم", GOOD.target * 3, Fault.RATIO),
    ],
)
def test_garbage_is_named(source: str, target: str, fault: Fault) -> None:
    pair = TextPair(source, target)
    assert find_fault(pair, is_prose=True, target_language="en") is fault


def test_a_name_need_not_look_like_prose() -> None:
    pair = TextPair("أ.د.", "Prof. Dr. (h. c.) of the old university of the whole country")
    assert find_fault(pair, is_prose=False, target_language="en") is None


def test_a_summary_may_be_much_shorter_than_its_article() -> None:
    article = TextPair(GOOD.source * 40, GOOD.source)
    assert find_fault(article, is_prose=True, target_language="ar") is None
