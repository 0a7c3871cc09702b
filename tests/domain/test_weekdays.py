"""A day of the week is the same day in both languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mujaz.domain.weekdays import weekday_mismatch

DAYS = {
    "الأحد": "Sunday",
    "الاثنين": "Monday",
    "الثلاثاء": "Tuesday",
    "الأربعاء": "Wednesday",
    "الخميس": "Thursday",
    "الجمعة": "Friday",
    "السبت": "Saturday",
}


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_is_answered(source: str, target: str) -> None:
    weekday_mismatch(source, target)


@pytest.mark.parametrize("arabic", DAYS)
@pytest.mark.parametrize("english", DAYS.values())
def test_only_the_same_day_matches(arabic: str, english: str) -> None:
    differs = DAYS[arabic] != english
    assert weekday_mismatch(f"وصل يوم {arabic} إلى عمان", f"He arrived on {english}") == differs
    assert weekday_mismatch(f"عاد مساء {arabic}", f"He came back {english} evening") == differs


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("يذهبان كل يوم أحد", "They go every Sunday"),
        ("مسلسل السبت والأحد", "The series of Saturdays and Sundays"),
        (
            "أعراض مثل الزكام أو الإسهال أو الاثنين معا",
            "Symptoms such as a cold or diarrhoea, or both",
        ),
        ("هو الأحد الصمد", "He is the One"),
        ("قال الخميس بن علي", "Al-Khamis bin Ali said"),
        ("للجمعة والسبت", "For Fri and Sat"),
        ("يوم السبت عند اليهود", "The Jewish Sabbath"),
        ("الإثنين المقبل", "Next Monday"),
        ("جاي يوم الحد والتلات", "He comes on Sunday and Tuesday"),
        ("ذكرت صحيفة صنداي تايمز", "The Sunday Times reported"),
        ("نادي شيفيلد وينزداي", "Sheffield Wednesday"),
        ("السبتمبر", "September"),
        ("وثلاثاء الفرح", "And a Tuesday of joy"),
    ],
)
def test_a_day_however_written_matches(source: str, target: str) -> None:
    assert not weekday_mismatch(source, target)


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("في شتاء عام 2019", "On Saturday in 2019"),
        ("الشوب الأحدب", "The shoot on Sunday"),
        ("في تعاملات الثلاثاء", "In trading"),
        ("كل يوم جمعة", "Every Thursday"),
        ("زار السبت القمر", "He visited a satellite"),
    ],
)
def test_a_day_lost_or_invented_is_a_mismatch(source: str, target: str) -> None:
    assert weekday_mismatch(source, target)
