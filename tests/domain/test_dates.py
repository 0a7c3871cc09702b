"""Date lines in the ways Arabic pages print them."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mujaz.domain.dates import read_date_stamp

EGYPT = [
    "يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو",
    "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر",
]  # fmt: skip
ALGERIA = [
    "جانفي", "فيفري", "مارس", "أفريل", "ماي", "جوان",
    "جويلية", "أوت", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر",
]  # fmt: skip
MOROCCO = [
    "يناير", "فبراير", "مارس", "أبريل", "ماي", "يونيو",
    "يوليوز", "غشت", "شتنبر", "أكتوبر", "نونبر", "دجنبر",
]  # fmt: skip
LEVANT = [
    "كانون الثاني", "شباط", "آذار", "نيسان", "أيار", "حزيران",
    "تموز", "آب", "أيلول", "تشرين الأول", "تشرين الثاني", "كانون الأول",
]  # fmt: skip
DAYS = st.dates(min_value=datetime.date(1900, 1, 1), max_value=datetime.date(2100, 1, 1))
ARABIC_INDIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


@given(DAYS, st.sampled_from([EGYPT, ALGERIA, MOROCCO, LEVANT]), st.sampled_from([None, 1, 2]))
def test_day_month_year_is_read_in_every_calendar_of_names(
    day: datetime.date, names: list[str], digits: int | None
) -> None:
    line = f"{day.day} {names[day.month - 1]} {day.year}"
    if digits:
        line = line.translate(ARABIC_INDIC if digits == 1 else PERSIAN)
    stamp = read_date_stamp(line)
    assert stamp is not None
    assert stamp.publication_date == day.isoformat()


@given(DAYS)
def test_numeric_dates_are_day_first_and_iso_dates_year_first(day: datetime.date) -> None:
    for line in (f"{day.day}/{day.month}/{day.year}", f"{day.year:04}-{day.month:02}-{day.day:02}"):
        stamp = read_date_stamp(line)
        assert stamp is not None
        assert stamp.publication_date == day.isoformat()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("الأحد 15/أكتوبر/2017 - 09:56 م", "2017-10-15"),
        ("الأحد، 15 تشرين الأول/أكتوبر 2017", "2017-10-15"),
        ("15 أكتوبر (تشرين الأول) 2017", "2017-10-15"),
        ("أكتوبر 15، 2017", "2017-10-15"),
        ("١٥ من أكتوبر ٢٠١٧", "2017-10-15"),
        ("2017-10-15T09:56:00Z", "2017-10-15"),
        ("نشر في: 15/10/2017 الساعة 12:30 مساءً بتوقيت القاهرة", "2017-10-15"),
        ("الأحد 25 محرم 1439 هـ - 15 أكتوبر 2017م", "2017-10-15"),
        ("القاهرة - 15 أكتوبر 2017", "2017-10-15"),
        ("10/15/2017", "2017-10-15"),
        ("5/4/2017", "2017-04-05"),
    ],
)
def test_printed_forms(line: str, expected: str) -> None:
    stamp = read_date_stamp(line)
    assert stamp is not None
    assert stamp.publication_date == expected


@pytest.mark.parametrize(
    "line",
    ["25 محرم 1439 هـ", "1439-01-25", "15/10/17", "31/02/2017", "منذ 3 ساعات", "الأحد 09:56 م"],
)
def test_a_stamp_that_names_no_certain_day_gives_none(line: str) -> None:
    stamp = read_date_stamp(line)
    assert stamp is not None
    assert stamp.publication_date == ""


@pytest.mark.parametrize(
    "line",
    [
        "",
        "أخبار",
        "الأحد",
        "فاز الفريق 3-2",
        "نتائج انتخابات 15 أكتوبر 2017",
        "وقال الوزير في 15 أكتوبر 2017 إن الاتفاق لم يوقع",
        "افتتح اليوم الخميس 13 أفريل 2017 بالمهدية سوق بيع السمك",
    ],
)
def test_a_line_that_says_more_is_no_date_line(line: str) -> None:
    assert read_date_stamp(line) is None


def test_a_publication_goes_before_an_update() -> None:
    for line in (
        "آخر تحديث: 16 أكتوبر 2017 نشر: 15 أكتوبر 2017",
        "نشر في 15 أكتوبر 2017، آخر تحديث 16 أكتوبر 2017",
    ):
        stamp = read_date_stamp(line)
        assert stamp is not None
        assert stamp.publication_date == "2017-10-15"
    update = read_date_stamp("آخر تحديث: 16 أكتوبر 2017")
    assert update is not None
    assert update.is_update


@given(st.text())
def test_any_text_is_read_without_an_error(text: str) -> None:
    stamp = read_date_stamp(text)
    assert stamp is None or stamp.publication_date == "" or len(stamp.publication_date) == 10
