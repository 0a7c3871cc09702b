"""What may be said in other words holds no fact."""

from __future__ import annotations

import pytest

from mujaz.domain.number_words import spelled_numbers
from mujaz.domain.retelling import RETELLING_STEMS
from mujaz.domain.stems import content_stems, stem


@pytest.mark.parametrize("text", ["قال وأكدت مشيرا إلى أن", "بلغ عددهم نحو", "بشأن ذلك أيضا"])
def test_words_of_telling_are_known(text: str) -> None:
    assert set(content_stems(text)) <= RETELLING_STEMS


@pytest.mark.parametrize(
    "text",
    ["قتل", "اتهم", "نفى", "فاز", "اعتقل", "روسيا", "محمد", "الرئيس", "مليون", "الأحد", "السابق"],
)
def test_words_that_can_be_news_are_not(text: str) -> None:
    assert not set(content_stems(text)) & RETELLING_STEMS


def test_no_stem_is_a_number() -> None:
    assert not any(map(spelled_numbers, RETELLING_STEMS))


def test_each_is_a_stem() -> None:
    assert all(each == stem(each) for each in RETELLING_STEMS)
