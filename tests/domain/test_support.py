"""What an article does not say is found out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mujaz.domain.support import find_evidence, support

FIRST = 'أعلنت شركة Orion أمس توقيع عقد قيمته 35 مليون دولار لبناء "مدينة الشمس" قرب الميناء.'
SECOND = "ولم يوقع العمال على الاتفاق الجديد بعد ثلاث جولات من المحادثات مع الإدارة."
THIRD = "وتراجعت أسعار القمح في الأسواق العالمية بعد موسم جيد."
ARTICLE = [FIRST, SECOND, THIRD]


def test_a_sentence_supports_itself() -> None:
    for sentence in ARTICLE:
        assert support(sentence, [sentence]).supported


def test_a_paraphrase_with_the_same_facts_is_supported() -> None:
    assert support("شركة Orion توقع عقدا بقيمة 35 مليون دولار لبناء مدينة الشمس", [FIRST]).supported


def test_another_number_is_found_out() -> None:
    result = support("أعلنت شركة Orion توقيع عقد قيمته 53 مليون دولار لبناء مدينة الشمس", ARTICLE)
    assert result.missing_numbers == ("53",)
    assert not result.supported


def test_a_number_may_stand_in_words_or_in_other_digits() -> None:
    assert support("لم يوقع العمال على الاتفاق بعد 3 جولات من المحادثات", ARTICLE).supported
    assert support("عقد شركة Orion قيمته ٣٥ مليون دولار", ARTICLE).supported


def test_another_number_word_is_found_out() -> None:
    result = support("لم يوقع العمال على الاتفاق بعد تسع جولات من المحادثات", ARTICLE)
    assert result.missing_numbers == ("9",)


def test_another_name_in_latin_letters_is_found_out() -> None:
    result = support("أعلنت شركة Orient توقيع عقد قيمته 35 مليون دولار قرب الميناء", ARTICLE)
    assert result.missing_names == ("Orient",)
    assert not result.supported


def test_a_changed_quotation_is_found_out() -> None:
    result = support('أعلنت شركة Orion عقدا لبناء "مدينة القمر" قرب الميناء', ARTICLE)
    assert result.missing_quotations == ("مدينة القمر",)


def test_a_quotation_that_never_ends_is_not_supported() -> None:
    assert not support('أعلنت شركة Orion توقيع عقد "لبناء مدينة', ARTICLE).supported


def test_a_dropped_negation_is_found_out() -> None:
    result = support("وقع العمال على الاتفاق الجديد بعد ثلاث جولات من المحادثات", ARTICLE)
    assert result.missing_negations
    assert not result.supported


def test_an_added_negation_is_found_out() -> None:
    result = support("لم تتراجع أسعار القمح في الأسواق العالمية بعد موسم جيد", ARTICLE)
    assert result.missing_negations
    assert not result.supported


def test_words_of_its_own_make_a_point_unsupported() -> None:
    assert not support("الرئيس يستقبل وفدا من رجال الأعمال في القصر الصيفي", ARTICLE).supported


def test_a_point_in_the_words_of_its_evidence_is_grounded() -> None:
    assert support("أعلنت شركة Orion توقيع عقد قيمته 35 مليون دولار قرب الميناء", [FIRST]).grounded


@pytest.mark.parametrize("opening", ["وأكد بيان أن", "وبحسب التقرير"])
def test_words_that_are_in_no_form_in_the_evidence_are_its_own(opening: str) -> None:
    result = support(f"{opening} أسعار القمح تراجعت في الأسواق العالمية", [THIRD])
    assert result.supported
    assert not result.grounded


@pytest.mark.parametrize(
    ("said", "garbled"),
    [
        ("والإمارات", "الإماراتي"),
        ("اليومين", "اليوم"),
        ("بلجيكا", "بلجيكاا"),
        ("بشيخ", "الشيخ"),
        ("بقائد", "ب قائد"),
    ],
)
def test_a_garbled_word_is_not_grounded(said: str, garbled: str) -> None:
    evidence = f"بدأت القوات {said} العمل في المنطقة قبل بداية الأسبوع الماضي."
    assert support(evidence, [evidence]).grounded
    assert not support(evidence.replace(said, garbled), [evidence]).grounded


@pytest.mark.parametrize(
    ("said", "told"), [("والجيش", "الجيش"), ("للجيش", "الجيش"), ("الجيش", "بالجيش")]
)
def test_a_preposition_or_conjunction_may_come_and_go(said: str, told: str) -> None:
    evidence = f"بدأت القوات {said} العمل في المنطقة قبل بداية الأسبوع الماضي."
    assert support(evidence.replace(said, told), [evidence]).grounded


def test_words_of_retelling_are_nobodys_own() -> None:
    result = support("وذكر أن أسعار القمح تراجعت أيضا في الأسواق العالمية", [THIRD])
    assert result.own_words == ()
    assert result.grounded


@given(st.sampled_from(ARTICLE), st.sampled_from(["سيناء", "واشنطن", "ماكرون", "رونالدو", "دمشق"]))
def test_a_name_that_the_evidence_lacks_is_never_grounded(sentence: str, name: str) -> None:
    words = sentence.split()
    for position in range(len(words)):
        changed = " ".join([*words[:position], name, *words[position + 1 :]])
        assert not support(changed, [sentence]).grounded


@given(st.text(), st.lists(st.text(), max_size=3))
def test_what_is_grounded_is_supported(point: str, evidence: list[str]) -> None:
    result = support(point, evidence)
    assert result.supported or not result.grounded


@given(st.text())
def test_nothing_supports_a_point_without_evidence(point: str) -> None:
    assert not support(point, []).supported


@given(st.text(), st.lists(st.text(), max_size=5))
def test_evidence_is_at_most_two_sentences_in_order(point: str, sentences: list[str]) -> None:
    evidence = find_evidence(point, sentences)
    assert len(evidence) <= 2
    assert list(evidence) == sorted(set(evidence))
    assert all(0 <= index < len(sentences) for index in evidence)


def test_evidence_is_the_sentence_with_the_words() -> None:
    assert find_evidence("تراجع سعر القمح عالميا بعد موسم جيد", ARTICLE) == (2,)


def test_a_second_sentence_is_named_for_what_the_first_lacks() -> None:
    point = "شركة Orion توقع عقدا لبناء مدينة الشمس والعمال لم يوقعوا الاتفاق بعد المحادثات"
    assert find_evidence(point, ARTICLE) == (0, 1)


def test_no_shared_word_means_no_evidence() -> None:
    assert find_evidence("طقس مشمس", ARTICLE) == ()
