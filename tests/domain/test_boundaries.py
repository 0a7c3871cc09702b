"""One decision at one terminator."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mujaz.domain.boundaries import LOOKAHEAD, TERMINATORS, sentence_end, terminators_length

words = st.text(st.sampled_from(f'كلمد 5a"«»()[]:،-{TERMINATORS}\u064b\u200f🎉🔴'), max_size=60)


@given(words, st.sampled_from(TERMINATORS), words)
def test_a_sentence_takes_its_marks_and_never_ends_in_white_space(
    before: str, mark: str, after: str
) -> None:
    ahead = f"{mark}{after}"
    length = sentence_end(before, ahead)
    if length:
        assert terminators_length(ahead) <= length <= len(ahead)
        assert not ahead[length - 1].isspace()


@given(words, st.sampled_from(TERMINATORS))
def test_a_sentence_ends_with_its_line(before: str, mark: str) -> None:
    assert sentence_end(before, mark) == 1
    assert sentence_end(before, f"{mark}  ") == 1


@pytest.mark.parametrize(
    ("before", "ahead", "taken"),
    [
        ('قال: "نعم', '." ثم غادر', ""),
        ('قال: "لا أريد الحديث عن هذا الأمر', '." وأضاف أنه متعب', '."'),
        ("انتهى العمل", ". (وام) أمير قطر يهنئ", ". (وام)"),
        ("انتهى العمل", ". (محافظة) دير الزور بعيدة", "."),
        ("كما ورد في البيان", ".[12] وقال", ".[12]"),
        ("فاز الفريق", "! 🎉 مبروك", "! 🎉"),
        ("زلزال", ". 🔴 عاجل", "."),
        ("( نص", ". ) ثم", ". )"),
        ("قال ( نص", ". ) ثم", ""),
        ("بنسبة ", ".5 نقطة", ""),
        ("لماذا", "؟ متى؟ أين؟", ""),
        ("هل تعود مالية", "؟ أم سياسية؟", ""),
        ("-هل يعقل هذا", "؟- قال الرجل", ""),
        ("الأسباب: 1", ". الفقر 2. الجهل", ""),
        ("نص", "‼️ ثم", "‼️"),
    ],
)
def test_what_a_sentence_takes(before: str, ahead: str, taken: str) -> None:
    assert ahead[: sentence_end(before, ahead)] == taken


def test_what_lies_beyond_the_window_is_not_asked_for() -> None:
    ahead = ". " + "كلمة " * 100
    assert sentence_end("قال", ahead[:LOOKAHEAD]) == 1
