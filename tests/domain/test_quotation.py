"""Quotation marks and brackets that are open, also where they are unbalanced."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mujaz.domain.quotation import closing_bracket, closing_quotation, open_bracket, open_quotation

texts = st.text(st.sampled_from('كلم "«»“”()[]{}.،:ـو'), max_size=40)


@given(texts)
def test_what_is_open_stands_after_its_mark(text: str) -> None:
    start = open_quotation(text, ".")
    assert start == -1 or text[start - 1] in '"“”„«»‹›'
    bracket = open_bracket(text)
    assert bracket == -1 or text[bracket] in "([{"


@given(texts)
def test_what_closes_is_a_closing_mark(text: str) -> None:
    assert closing_quotation(text) == -1 or text[closing_quotation(text)] in '"“”„«»‹›'
    assert closing_bracket(text) == -1 or text[closing_bracket(text)] in ")]}"


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ('قال "نعم', "نعم"),
        ('قال: "نعم', "نعم"),
        ('قال:"نعم', "نعم"),
        ('لـ"رويترز', "رويترز"),
        ('و"لا أحب', "لا أحب"),
        ("جاء في «البيان", "البيان"),
        ('قوات "قسد" الكردية" على "مقربة', "مقربة"),
    ],
)
def test_a_quotation_is_open_after_an_opening_mark(text: str, quoted: str) -> None:
    assert text[open_quotation(text, " ") :] == quoted


@pytest.mark.parametrize("text", ['قال "نعم"', 'قوات "قسد" الكردية"', "«البيان»", "لا شيء", ""])
def test_no_quotation_is_open_after_a_closing_mark(text: str) -> None:
    assert open_quotation(text, " ") == -1


def test_a_quotation_that_closes_after_another_opens_is_not_followed() -> None:
    assert closing_quotation(' ثم غادر" القاعة') == 8
    assert closing_quotation(' ثم قال "نعم"') == -1
    assert closing_bracket(" نص) ثم") == 3
    assert closing_bracket(" (نص) ثم") == -1
