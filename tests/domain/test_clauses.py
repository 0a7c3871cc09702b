"""Shortening keeps what a sentence says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mujaz.domain.clauses import HEADLINE_WORDS, headline, shorten

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


# Each a phrase of its own; the names and numbers in them must stay whole.
PHRASES = [
    "الرئيس محمد ولد عبد العزيز",
    "وزير الخارجية سيرغي لافروف",
    "الأمين العام للأمم المتحدة أنطونيو غوتيريش",
    "مدينة دير الزور السورية",
    "نحو 12 ألفا و500 دولار",
    "35 مليون دولار",
    "شركة بي إن سبورتس القطرية",
]
OPENERS = ["في", "من", "إلى", "عن", "بعد", "خلال", "مع", "قبل", "منذ"]
LEADS = st.lists(st.tuples(st.sampled_from(OPENERS), st.sampled_from(PHRASES)), max_size=8)


@given(LEADS)
def test_a_headline_is_short_and_cuts_no_name_and_no_number(
    parts: list[tuple[str, str]],
) -> None:
    lead = f"أعلنت الحكومة أمس {' '.join(f'{opener} {phrase}' for opener, phrase in parts)}"
    result = headline(lead)
    assert len(result.split()) <= HEADLINE_WORDS
    kept = result.removesuffix("…").strip()
    assert lead.startswith(kept)
    ends = {len("أعلنت الحكومة أمس")}
    for opener, phrase in parts:
        ends.add(max(ends) + len(f" {opener} {phrase}"))
    assert len(kept) in ends


@given(st.text())
def test_any_text_has_a_headline_of_few_words(text: str) -> None:
    assert len(headline(text).split()) <= HEADLINE_WORDS


def test_a_headline_breaks_off_outside_quotations() -> None:
    lead = (
        'قالت صحيفة محلية تصدر كل أسبوع إن "العمل في كل المراكز الجديدة سيبدأ في بداية'
        ' الشهر القادم" دون تأخير'
    )
    assert headline(lead).count('"') % 2 == 0


def test_a_headline_leaves_out_the_circumstance_before_the_news() -> None:
    lead = f"بينما تواصل هطول الأمطار في البلاد، {MAIN}"
    assert headline(lead).startswith("أعلن وزير الزراعة")


def test_a_headline_keeps_a_condition() -> None:
    lead = f"إذا تواصل هطول الأمطار في البلاد، {MAIN}"
    assert headline(lead).startswith("إذا")


def test_a_headline_has_no_place_and_agency() -> None:
    assert headline("بيروت (رويترز) - أعلنت الحكومة بدء العمل.") == "أعلنت الحكومة بدء العمل"
