"""What an article does not say is found out."""

from __future__ import annotations

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
