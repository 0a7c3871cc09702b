"""The checker that judges briefs finds what an article does not have, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mujaz.evaluation.facts import ArticleFacts, FactChecker, FactCount

NAMES = ["دمشق", "باريس", "سيرغي لافروف", "الولايات المتحدة", "دير الزور"]
TEXT = "وصل سيرغي لافروف إلى دمشق يوم 14 أكتوبر، وأعلن في دير الزور صرف ٣٥ مليون دولار."
ARTICLE = ArticleFacts(TEXT)
CHECKER = FactChecker(NAMES)


@given(st.text(alphabet="ابتسدرملنيو 0123456789٠١٢٣٤٥"))
def test_a_text_supports_itself(text: str) -> None:
    facts = ArticleFacts(text)
    assert not CHECKER.numbers(text, facts).unsupported
    assert not CHECKER.names(text, facts).unsupported


@given(st.sampled_from(NAMES), st.sampled_from(["", "و", "ب", "ل", "ول"]))
def test_a_name_is_known_behind_a_proclitic(name: str, proclitic: str) -> None:
    found = CHECKER.names(f"كتب {proclitic}{name} اليوم", ArticleFacts(f"وصل {name}"))
    assert len(found.stated) == 1
    assert not found.unsupported


@pytest.mark.parametrize("point", ["زار لافروف باريس", "قالت الولايات المتحدة إن الحل قريب"])
def test_a_name_that_the_article_lacks_is_found(point: str) -> None:
    assert len(CHECKER.names(point, ARTICLE).unsupported) == 1


@pytest.mark.parametrize("point", ["زار سيرغي لافروف دمشق", "لدير الزور", "ودمشق وبدير الزور"])
def test_a_name_of_the_article_is_supported(point: str) -> None:
    found = CHECKER.names(point, ARTICLE)
    assert found.stated
    assert not found.unsupported


def test_a_number_that_the_article_lacks_is_found_in_either_digits() -> None:
    assert CHECKER.numbers("35 مليونا في ١٤ أكتوبر", ARTICLE).unsupported == []
    assert CHECKER.numbers("53 مليونا في ١٥ أكتوبر", ARTICLE).unsupported == ["53", "15"]


def test_counts_add_up() -> None:
    count = FactCount()
    count.add(CHECKER.names("دمشق وباريس", ARTICLE))
    count.add(CHECKER.names("دير الزور", ARTICLE))
    assert (count.stated, count.unsupported) == (3, 1)
