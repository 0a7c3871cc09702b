"""A quotation taken out of an article keeps its speaker."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mujaz.domain.attribution import attribute, is_bare_quotation, lacks_speaker

OPENS = 'وقال مدرب الفريق للصحفيين: "لعبنا بروح رائعة وكانت لدينا رغبة كبيرة.'
GOES_ON = "اللعب هنا ليس سهلا لأن الفريق الآخر قوي في التمريرات الطويلة."
CLOSES = 'ونأمل أن نفوز في المباراة القادمة أمام جمهورنا".'
STATEMENT = "وانتهت المباراة بفوز الفريق الضيف بهدفين مقابل هدف واحد."
WHOLE = '"لم نكن نتوقع هذه النتيجة بعد كل ما بذلناه من جهد".'
INDIRECT = "وأكد الوزير في مؤتمر صحفي أن الحكومة ستدرس المقترح."
SUBJECTLESS = "وأضاف أن القرار سيصدر خلال أيام."
ARTICLE = [OPENS, GOES_ON, CLOSES, STATEMENT, INDIRECT, SUBJECTLESS]
SENTENCES = st.lists(
    st.sampled_from([OPENS, GOES_ON, CLOSES, STATEMENT, WHOLE, INDIRECT, SUBJECTLESS, "«", '"']),
    min_size=1,
    max_size=8,
)


@given(SENTENCES, st.data())
def test_what_is_attributed_is_made_of_the_sentences_it_names(
    sentences: list[str], data: st.DataObject
) -> None:
    position = data.draw(st.integers(0, len(sentences) - 1))
    found = attribute(sentences, position) if lacks_speaker(sentences, position) else None
    if found is None:
        return
    speaker, own = found.positions
    assert own == position
    assert speaker < position
    assert sentences[position] in found.text
    words = " ".join(sentences[index] for index in found.positions)
    assert set(found.text.replace(":", " ").replace('"', " ").split()) <= set(
        words.replace(":", " ").replace('"', " ").split()
    )


@given(st.lists(st.text(), min_size=1, max_size=5), st.data())
def test_any_text_can_be_asked_for_its_speaker(sentences: list[str], data: st.DataObject) -> None:
    position = data.draw(st.integers(0, len(sentences) - 1))
    if lacks_speaker(sentences, position):
        attribute(sentences, position)


@pytest.mark.parametrize(
    ("position", "expected"), [(0, False), (1, True), (2, True), (3, False), (4, False)]
)
def test_a_sentence_inside_a_quotation_lacks_its_speaker(position: int, expected: bool) -> None:
    assert lacks_speaker(ARTICLE, position) is expected


def test_the_clause_that_opens_the_quotation_names_the_speaker() -> None:
    found = attribute(ARTICLE, 1)
    assert found is not None
    assert found.positions == (0, 1)
    assert found.text == f'وقال مدرب الفريق للصحفيين: "{GOES_ON}"'


def test_the_end_of_a_quotation_is_not_closed_twice() -> None:
    found = attribute(ARTICLE, 2)
    assert found is not None
    assert found.text == f'وقال مدرب الفريق للصحفيين: "{CLOSES}'


def test_marks_with_sides_are_closed_by_their_like() -> None:
    sentences = ["وقالت الوزيرة: «نعمل كل يوم.", "ولن نتوقف قبل أن ننتهي.", "هذا وعد»."]
    found = attribute(sentences, 1)
    assert found is not None
    assert found.text == "وقالت الوزيرة: «ولن نتوقف قبل أن ننتهي.»"


def test_a_sentence_that_is_all_quotation_comes_with_the_one_before() -> None:
    sentences = [INDIRECT, WHOLE]
    assert lacks_speaker(sentences, 1)
    found = attribute(sentences, 1)
    assert found is not None
    assert found.text == f"{INDIRECT} {WHOLE}"


def test_a_verb_of_saying_without_a_subject_comes_with_the_sentence_before() -> None:
    assert lacks_speaker(ARTICLE, 5)
    found = attribute(ARTICLE, 5)
    assert found is not None
    assert found.positions == (4, 5)


def test_without_a_speaker_before_it_there_is_none() -> None:
    assert attribute([STATEMENT, WHOLE], 1) is None
    assert attribute([WHOLE], 0) is None
    assert attribute([SUBJECTLESS, SUBJECTLESS], 1) is None


@pytest.mark.parametrize(
    "sentence",
    [
        STATEMENT,
        'وقال المدرب: "لعبنا جيدا".',
        'ووصف القرار بأنه "خطوة مهمة" في العلاقات بين البلدين.',
        'ذكرت "رويترز" أن المحادثات تأجلت.',
        "يذكر أن المدينة شهدت معارك في العام الماضي.",
    ],
)
def test_a_sentence_that_says_who_or_quotes_nobody_needs_nothing(sentence: str) -> None:
    assert not lacks_speaker([STATEMENT, sentence], 1)


def test_a_quotation_mark_that_is_never_closed_quotes_nothing() -> None:
    sentences = ['وأعلن تنظيم "داعش: أن المدينة عاصمته.', STATEMENT, 'وزار "الوزير" المدينة.']
    assert not lacks_speaker(sentences, 1)


def test_a_statement_with_quoted_words_is_no_bare_quotation() -> None:
    assert is_bare_quotation(WHOLE)
    assert not is_bare_quotation('وصف الوزير القرار بأنه "خطوة مهمة" للبلاد.')
    assert not is_bare_quotation(STATEMENT)
