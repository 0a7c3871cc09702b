"""Which sentences become points."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mujaz.domain.points import is_duplicate, point_limit, select_points

DISTINCT = [
    "أعلنت الحكومة افتتاح محطة لتحلية المياه في الساحل الشمالي.",
    "وانخفضت أسعار القمح في الأسواق العالمية بعد موسم جيد.",
    "وفاز الفريق الوطني بالبطولة للمرة الثانية على التوالي.",
    "ونشر باحثون دراسة عن هجرة الطيور فوق البحر المتوسط.",
    "وبدأت الجامعة تدريس برنامج في علوم الفضاء والأقمار.",
    "وأغلقت البلدية شارعا رئيسيا لإصلاح شبكة الكهرباء القديمة.",
]
ARTICLES = st.lists(st.sampled_from(DISTINCT), max_size=12)


@given(ARTICLES, st.integers(1, 10), st.data())
def test_points_are_few_and_different(
    sentences: list[str], limit: int, data: st.DataObject
) -> None:
    size = len(sentences)
    scores = data.draw(st.lists(st.floats(-5, 5), min_size=size, max_size=size))
    chosen = select_points(scores, sentences, limit)
    assert len(chosen) == min(limit, len(set(sentences)))
    assert len({sentences[index] for index in chosen}) == len(chosen)


@given(st.integers(0, 3_000), st.integers(1, 10))
def test_a_brief_is_shorter_than_its_article(sentence_count: int, point_count: int) -> None:
    limit = point_limit(sentence_count, point_count)
    assert limit <= point_count
    assert limit <= max(1, sentence_count / 2)
    assert bool(limit) == bool(sentence_count)


def test_the_best_comes_first() -> None:
    assert select_points([0.1, 0.9, 0.2, 0.5, 0.0, 0.3], DISTINCT, 3)[0] == 1


def test_a_sentence_said_twice_makes_one_point() -> None:
    sentences = [DISTINCT[0], DISTINCT[0], *DISTINCT[1:5]]
    assert 1 not in select_points([1.0, 0.99, 0.5, 0.4, 0.3, 0.2], sentences, 3)


def test_of_equals_the_one_further_from_a_chosen_one_is_taken() -> None:
    chosen = select_points([1.0, 0.5, 0.5, 0.1, 0.0, 0.0], DISTINCT, 2)
    assert chosen == (0, 2)


def test_what_is_taken_already_is_not_taken_again() -> None:
    assert 0 not in select_points([1.0, 0.5, 0.4, 0.3, 0.2, 0.1], DISTINCT, 3, taken=[DISTINCT[0]])


def test_a_sentence_that_another_holds_makes_no_point_of_its_own() -> None:
    part = "افتتاح محطة لتحلية المياه في الساحل الشمالي."
    sentences = [*DISTINCT[:2], part, *DISTINCT[2:5]]
    assert 2 not in select_points([1.0, 0.5, 0.9, 0.4, 0.3, 0.2], sentences, 4)


@given(st.lists(st.sampled_from("abcdefghij"), max_size=8), st.lists(st.sampled_from("abcdefghij")))
def test_likeness_has_no_direction(left: list[str], right: list[str]) -> None:
    assert is_duplicate(frozenset(left), frozenset(right)) == is_duplicate(
        frozenset(right), frozenset(left)
    )


def test_a_shared_name_makes_no_duplicate() -> None:
    name, one, other = {"a", "b"}, {"c", "d", "e", "f"}, {"g", "h", "i", "j"}
    assert not is_duplicate(frozenset(name | one), frozenset(name | other))
