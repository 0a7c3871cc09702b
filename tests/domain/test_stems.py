"""Words that mean the same compare as the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mujaz.domain.stems import content_stems, fold, stem, words

ARABIC_WORD = st.text(alphabet="ابتثجحخدذرزسشصضطظعغفقكلمنهويةىأإآ", min_size=1, max_size=12)


@pytest.mark.parametrize(
    "family",
    [
        "وزير الوزير والوزير للوزير وزيراً",
        "اتفاق الاتفاق اتفاقية اتفاقات باتفاقهم",
        "لبنان اللبنانيين اللبنانية",
        "سيارة السيارات بالسيارة",
        "القاهرة بالقاهرة قاهره",
    ],
)
def test_one_word_in_its_forms_has_one_stem(family: str) -> None:
    assert len({stem(fold(word)) for word in family.split()}) == 1


@given(ARABIC_WORD)
def test_a_stem_is_a_part_of_its_word_and_never_empty(word: str) -> None:
    folded = fold(word)
    assert stem(folded)
    assert stem(folded) in folded


@given(ARABIC_WORD.filter(lambda word: len(word) >= 3 and fold(word)[0] not in "الوفبك"))
def test_the_article_does_not_change_a_stem(word: str) -> None:
    for article in ("ال", "وال", "بال", "كال", "لل"):
        assert stem(fold(article + word)) == stem(fold(word))


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_marks_alef_forms_and_both_digit_sets_fold_together() -> None:
    assert fold("إِعْلانٌ في ٢٠١٧") == fold("اعلان في ۲۰۱۷") == "اعلان في 2017"


def test_words_keep_decimals_whole() -> None:
    assert words("ارتفع 3.5% إلى ٤٫٢") == ["ارتفع", "3.5", "الي", "4.2"]


def test_function_words_are_no_content() -> None:
    assert content_stems("من إلى على التي وقد لم") == []
