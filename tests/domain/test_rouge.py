"""ROUGE counts the words of any script, and counts them right."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mujaz.domain.rouge import RougeScores, longest_common_subsequence, rouge, rouge_words

WORDS = st.lists(st.sampled_from(["a", "b", "c", "d", "e"]), max_size=12)
ARABIC = "أعلن التحالف الدولي عن اتفاق على إجلاء المدنيين من مدينة الرقة"


def plain_length(left: list[str], right: list[str]) -> int:
    """The longest common subsequence by the textbook table."""
    row = [0] * (len(right) + 1)
    for word in left:
        previous = 0
        for index, other in enumerate(right, start=1):
            above = row[index]
            row[index] = previous + 1 if word == other else max(row[index], row[index - 1])
            previous = above
    return row[-1]


def test_equal_arabic_texts_score_1() -> None:
    assert rouge(ARABIC, ARABIC) == RougeScores(1.0, 1.0, 1.0)


@given(st.text(max_size=60), st.text(max_size=60))
def test_scores_are_symmetric_and_from_0_to_1(left: str, right: str) -> None:
    there, back = rouge(left, right), rouge(right, left)
    assert there == back
    for score in (there.rouge1, there.rouge2, there.rouge_l):
        assert 0.0 <= score <= 1.0


@given(st.text(min_size=1, max_size=60))
def test_a_text_scores_1_against_itself_where_it_has_words(text: str) -> None:
    scores = rouge(text, text)
    word_count = len(rouge_words(text))
    assert scores == RougeScores(
        float(word_count > 0), float(word_count > 1), float(word_count > 0)
    )


def test_texts_without_a_common_word_score_0() -> None:
    assert rouge(ARABIC, "وصل الوفد إلى العاصمة") == RougeScores(0.0, 0.0, 0.0)
    assert rouge("", ARABIC) == RougeScores(0.0, 0.0, 0.0)


@given(WORDS, WORDS)
def test_the_longest_common_subsequence_is_that_of_the_textbook(
    left: list[str], right: list[str]
) -> None:
    assert longest_common_subsequence(left, right) == plain_length(left, right)


@given(WORDS, WORDS)
def test_a_common_subsequence_never_has_more_words_than_are_shared(
    left: list[str], right: list[str]
) -> None:
    scores = rouge(" ".join(left), " ".join(right))
    assert scores.rouge_l <= scores.rouge1


def test_the_example_of_the_paper() -> None:
    # Lin (2004), section 3: the same words in another order share fewer in sequence.
    scores = rouge("the gunman kill police", "police killed the gunman")
    assert scores.rouge1 == pytest.approx(3 / 4)
    assert scores.rouge2 == pytest.approx(1 / 3)
    assert scores.rouge_l == pytest.approx(2 / 4)


def test_a_word_counts_as_often_as_it_stands_in_both() -> None:
    assert rouge("قال قال قال", "قال نعم").rouge1 == pytest.approx(2 / 5)


def test_case_vowel_marks_and_tatweel_make_no_difference() -> None:
    assert rouge("مُحَمَّد في الــرياض", "محمد في الرياض").rouge1 == 1.0
    assert rouge("The UN", "the un").rouge1 == 1.0


def test_letters_that_look_alike_are_different_words() -> None:
    assert rouge("إلى", "الى").rouge1 == 0.0
