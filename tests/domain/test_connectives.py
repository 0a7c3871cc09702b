"""Words that carry a sentence on."""

from __future__ import annotations

import pytest

from mujaz.domain.connectives import asks, depends, first_word, opens, reports


@pytest.mark.parametrize("following", ["ثم غادر", "مضيفا أن", "بحسب الوكالة", "وفقاً للبيان"])
def test_reporting_goes_on(following: str) -> None:
    assert reports(following)
    assert depends(following)


@pytest.mark.parametrize(
    "following", ["إلى الحدود", "والمراهنة", "للفرار", "فمحمد", "الأمر الذي أدى"]
)
def test_a_dependent_clause_cannot_stand_alone(following: str) -> None:
    assert depends(following)
    assert not reports(following)


@pytest.mark.parametrize(
    "following", ["نحن أمام أزمة", "ونحن نعرف", "يجب أن", "الأمر صعب", "(نص)", ""]
)
def test_a_clause_of_its_own_can(following: str) -> None:
    assert not depends(following)


def test_a_sentence_opens_with_and_and_a_verb() -> None:
    assert opens("وقال الوزير")
    assert not opens("والوزير")
    assert not opens("قال")


def test_a_question_may_be_followed_by_who_asked_it() -> None:
    assert asks("يتساءل كثيرون")
    assert asks("سألته المذيعة")
    assert not asks("سؤال مهم")


def test_diacritics_do_not_hide_a_word() -> None:
    assert first_word("ثُمَّ غادر") == "ثم"
    assert first_word('"ثم"') == ""
