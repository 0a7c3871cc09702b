"""A bad translation is noticed, and a good one is left in peace."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mujaz.domain.checks import RETRY_FLAGS, QualityFlag, check_translation, is_repetitive

SOURCE = "أعلن التحالف الدولي عن اتفاق على إجلاء المدنيين من مدينة الرقة السورية أمس"
TARGET = "The international coalition announced a deal to evacuate civilians from Syria's Raqqa"


def flags(
    source: str,
    target: str,
    *,
    score: float = -0.5,
    hit_limit: bool = False,
    score_floor: float | None = None,
) -> tuple[QualityFlag, ...]:
    return check_translation(
        source, target, score=score, hit_limit=hit_limit, score_floor=score_floor
    )


@given(st.text(max_size=80), st.text(max_size=80), st.floats(-9, 0), st.booleans())
def test_flags_come_once_and_in_order(
    source: str, target: str, score: float, hit_limit: bool
) -> None:
    found = check_translation(source, target, score=score, hit_limit=hit_limit, score_floor=-1.0)
    order = list(QualityFlag)
    assert list(found) == sorted(set(found), key=order.index)
    assert (QualityFlag.TRUNCATED in found) == hit_limit
    assert (QualityFlag.LOW_SCORE in found) == (score < -1.0)


# Sentences of the sample article and of news in general, with translations by people.
@pytest.mark.parametrize(
    ("source", "target"),
    [
        (SOURCE, TARGET),
        (
            'قال نوري محمود، الناطق باسم "وحدات حماية الشعب" الكردية، لوكالة "فرانس برس": '
            '"داعش على وشك الانتهاء في الرقة خلال أيام".',
            'Nouri Mahmoud, spokesman for the Kurdish "People\'s Protection Units," told AFP: '
            '"ISIS is about to end in Raqqa within days."',
        ),
        ("الأحد 15/أكتوبر/2017 - 09:56 م", "Sunday, October 15, 2017 - 9:56 p.m."),
        ("طباعة", "Print"),
        ("لا", "No"),
        ("نعم نعم نعم", "Yes, yes, yes"),
        ("جووووول لمحمد صلاح", "Goooooal by Mohamed Salah"),
        (
            "أحمد بن خليفة بن أحمد بن خليفة بن خميس",
            "Ahmed bin Khalifa bin Ahmed bin Khalifa bin Khamis",
        ),
        ("انظر https://ar.wikipedia.org/wiki/الرقة", "See https://ar.wikipedia.org/wiki/الرقة"),
        ("قال @خالد إنه عاد", "@خالد said he was back"),
        ("قَالَ الرَّجُلُ لِصَاحِبِهِ", "The man said to his friend"),
    ],
)
def test_a_good_translation_earns_no_flag(source: str, target: str) -> None:
    assert flags(source, target) == ()


# As small models produce them.
@pytest.mark.parametrize(
    "target",
    [
        "Government forces are surrounded by ISISISISIS in the city and its streets and houses",
        "A picture of boycotttttting sweeping with a broke and other things of that kind there",
        "They spoke of the regime of the regime of the regime of the regime in the city of Raqqa",
        "each state of legislative legislative legislative bodies said it would go on with that",
        "He said peace be upon him, peace be upon him, and the people heard it in the city then",
        "The market rose to 27.2.2.2.2.2.2.27 in trading on Sunday, the stock exchange said then",
        "with arts, dances, s, arts, dances, arts, s, music, s, dances, arts, dances, arts, arts,"
        " dances, s, s, arts, music, dances, s, arts, dances, s, arts, music, s, dances, s",
    ],
)
def test_a_loop_is_repetition(target: str) -> None:
    assert QualityFlag.REPETITION in flags(SOURCE + " " + SOURCE, target)


def test_a_word_said_again_at_once_is_repetition() -> None:
    assert flags(SOURCE, TARGET.replace("deal", "deal of deal")) == (QualityFlag.REPETITION,)


@given(st.lists(st.sampled_from(TARGET.split()), max_size=7, unique=True), st.integers(3, 9))
def test_a_phrase_said_again_and_again_is_repetition(phrase: list[str], times: int) -> None:
    assert is_repetitive(" ".join(phrase * times)) == bool(phrase)


@given(st.lists(st.text(alphabet="abcdefghijklmnop", min_size=1, max_size=6), unique=True))
def test_words_that_all_differ_are_no_repetition(words: list[str]) -> None:
    assert not is_repetitive(" ".join(words))


@pytest.mark.parametrize(
    "target", ["", " ", "The coalition.", TARGET * 4, "The international coalition announced a"]
)
def test_a_translation_far_too_short_or_long_is_out_of_proportion(target: str) -> None:
    assert QualityFlag.LENGTH_RATIO in flags(SOURCE * 2 if target in TARGET else SOURCE, target)


def test_arabic_left_over_is_untranslated() -> None:
    assert flags(SOURCE, TARGET.replace("Raqqa", "الرقة")) == (QualityFlag.UNTRANSLATED,)
    assert QualityFlag.UNTRANSLATED in flags("انظر http://x.com الآن", "See http://x.com الآن")


def test_a_wrong_number_is_a_mismatch() -> None:
    assert flags("عام 2017 في سوريا", "In 2018 in Syria") == (QualityFlag.NUMBER_MISMATCH,)


def test_a_wrong_day_of_the_week_is_a_mismatch() -> None:
    assert flags("وصل يوم الثلاثاء إلى عمان", "He arrived in Amman on Monday") == (
        QualityFlag.NUMBER_MISMATCH,
    )


def test_what_the_engine_says_becomes_a_flag() -> None:
    assert flags(SOURCE, TARGET, hit_limit=True, score=-2.0, score_floor=-1.5) == (
        QualityFlag.TRUNCATED,
        QualityFlag.LOW_SCORE,
    )
    assert flags(SOURCE, TARGET, score=-2.0) == ()


def test_a_retry_is_worth_it_where_another_search_may_help() -> None:
    assert QualityFlag.REPETITION in RETRY_FLAGS
    assert QualityFlag.LOW_SCORE not in RETRY_FLAGS
