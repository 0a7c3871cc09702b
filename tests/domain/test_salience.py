"""What carries an article scores higher."""

from __future__ import annotations

import math
from dataclasses import astuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mujaz.domain.salience import WEIGHTS, salience, sentence_features

TITLE = "افتتاح محطة جديدة لتحلية المياه في الساحل"
LEAD = "افتتحت الحكومة محطة جديدة لتحلية المياه على الساحل الشمالي بكلفة 40 مليون دولار."
ASIDE = "وقد حضر الحفل عدد من الضيوف الذين وصلوا من مدن كثيرة بعد رحلة طويلة في الطريق."
QUESTION = "فهل تكفي محطة جديدة لتحلية المياه على الساحل الشمالي بكلفة 40 مليون دولار؟"
SENTENCES = st.lists(st.sampled_from([LEAD, ASIDE, QUESTION, "", "نعم.", "…"]), max_size=8)


@given(SENTENCES, st.sampled_from(["", TITLE]))
def test_each_sentence_has_a_finite_score(sentences: list[str], title: str) -> None:
    scores = salience(sentences, title=title)
    assert len(scores) == len(sentences)
    assert all(map(math.isfinite, scores))


@given(SENTENCES, st.sampled_from(["", TITLE]))
def test_every_feature_lies_between_zero_and_one(sentences: list[str], title: str) -> None:
    for features in sentence_features(sentences, title=title):
        assert all(-1e-9 <= value <= 1 + 1e-9 for value in astuple(features))


def test_the_lead_of_a_story_carries_most() -> None:
    scores = salience([LEAD, ASIDE, ASIDE.replace("الحفل", "اللقاء")], title=TITLE)
    assert max(scores) == scores[0]


def test_sharing_words_with_the_title_counts() -> None:
    later = "وتنتج محطة تحلية المياه في الساحل ما يكفي سكان خمس مدن من المياه كل يوم."
    with_title = salience([ASIDE, later, ASIDE], title=TITLE)
    without = salience([ASIDE, later, ASIDE], title="")
    assert with_title[1] > without[1]


def test_a_question_counts_less_than_the_statement() -> None:
    statement, question = (
        salience([LEAD, ASIDE, LEAD], title=TITLE),
        salience([LEAD, ASIDE, QUESTION], title=TITLE),
    )
    assert question[2] < statement[2]


def test_a_cross_head_counts_less_than_a_statement() -> None:
    features = sentence_features([LEAD, "محطة تحلية المياه", ASIDE], title=TITLE)
    assert features[1].fragment > 0
    assert features[0].fragment == features[2].fragment == 0
    assert WEIGHTS.fragment < 0


def test_a_sentence_that_goes_on_for_long_counts_less() -> None:
    long = f"{ASIDE} {ASIDE} {ASIDE}"
    features = sentence_features([LEAD, long], title=TITLE)
    assert features[0].excess < features[1].excess
    assert WEIGHTS.excess < 0


@pytest.mark.parametrize("opening", ["وأضاف أن", "كما أوضحت أن", "يذكر أن", "ومن الجدير بالذكر أن"])
def test_what_goes_on_or_gives_background_is_known_by_its_opening(opening: str) -> None:
    going_on, lead = sentence_features([f"{opening} {LEAD}", LEAD], title="")
    assert (going_on.continuation, lead.continuation) == (1.0, 0.0)


def test_what_speaks_against_a_sentence_has_a_negative_weight() -> None:
    against = ("excess", "fragment", "quotation", "question", "exclamation", "continuation")
    assert all(getattr(WEIGHTS, name) < 0 for name in against)


def test_a_long_article_is_scored_in_one_pass() -> None:
    sentences = [f"{ASIDE} {number}" for number in range(3_000)]
    scores = salience([LEAD, *sentences], title=TITLE)
    assert scores[0] == max(scores)
