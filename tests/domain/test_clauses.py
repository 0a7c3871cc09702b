"""Shortening keeps what a sentence says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mujaz.domain.clauses import shorten

MAIN = "أعلن وزير الزراعة يوم الأحد في العاصمة بدء توزيع البذور على المزارعين في خمس محافظات شمالية"
LONG_TAIL = "، مشيرا إلى أن الكميات المتوفرة تكفي لموسمين كاملين بعد وصول شحنات إضافية من الخارج"
FILLER = (
    " وأن العمل يجري في جميع المراكز التابعة للوزارة دون توقف منذ بداية الشهر الماضي وحتى اليوم"
)


@given(st.lists(st.sampled_from([MAIN, LONG_TAIL, FILLER, '"', "(", ")", "، ", "؛ ", "12,5 "])))
def test_the_result_is_a_prefix_that_ends_a_word(parts: list[str]) -> None:
    sentence = "".join(parts)
    shortened = shorten(sentence)
    assert sentence.startswith(shortened)
    rest = sentence[len(shortened) :].lstrip()
    assert not rest or rest[0] in "،؛,;"


@given(st.text(), st.integers(1, 60))
def test_any_text_can_be_shortened(text: str, word_limit: int) -> None:
    assert text.startswith(shorten(text, word_limit=word_limit))


def test_a_readable_sentence_stays() -> None:
    sentence = f"{MAIN}{LONG_TAIL}."
    assert shorten(sentence, word_limit=60) == sentence


def test_a_comment_at_the_end_goes() -> None:
    assert shorten(f"{MAIN}{LONG_TAIL}{FILLER}.") == MAIN


@pytest.mark.parametrize(
    "tail",
    [
        "، إذا وافق البرلمان على الموازنة الجديدة قبل نهاية الدورة الحالية",
        "، إلا المناطق التي لم تصل إليها الفرق بسبب الأمطار والسيول الأخيرة",
        "، لكن المزارعين قالوا إنهم لم يتسلموا منها شيئا حتى الآن في أي قرية",
        "، بحسب مصدر في الوزارة رفض الكشف عن اسمه لأنه غير مخول بالتصريح",
        "، وذلك بشرط أن تكتمل الإجراءات الإدارية في المحافظات قبل نهاية العام",
        "، إن الكميات تكفي لموسمين كاملين بعد وصول شحنات إضافية من الخارج قريبا",
    ],
)
def test_what_limits_or_completes_a_statement_stays(tail: str) -> None:
    sentence = f"{MAIN}{tail}{FILLER}."
    assert shorten(sentence) == sentence


def test_a_conditional_sentence_stays_whole() -> None:
    sentence = f"إذا {MAIN}{LONG_TAIL}{FILLER}."
    assert shorten(sentence) == sentence


def test_an_opening_circumstance_keeps_its_main_clause() -> None:
    sentence = f"بينما تواصل هطول الأمطار في البلاد، {MAIN}{LONG_TAIL}{FILLER}."
    assert shorten(sentence) == f"بينما تواصل هطول الأمطار في البلاد، {MAIN}"


@pytest.mark.parametrize(("opening", "closing"), [('"', '"'), ("«", "»"), ("(", ")"), ("“", "”")])
def test_no_quotation_or_parenthesis_is_cut(opening: str, closing: str) -> None:
    sentence = f"{MAIN} {opening}بعد جهد{LONG_TAIL}{FILLER}{closing}."
    assert shorten(sentence) == sentence


def test_a_stray_closing_quote_does_not_hide_the_rest() -> None:
    sentence = f'قال مصدر في "الوزارة" الزراعية" إن {MAIN}{LONG_TAIL}{FILLER}.'
    assert shorten(sentence) == f'قال مصدر في "الوزارة" الزراعية" إن {MAIN}'
