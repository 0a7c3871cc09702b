"""Date lines of articles: the stamp a page prints under a title, and the day it names.

Only whole lines are read, never a date in running text. A numeric date is read day first, as Arabic
papers write it, unless only month first is possible. A two-digit year and a Hijri date are
recognized but give no day: the year would be a guess, and the arithmetic calendar differs from the
announced months by up to two days, so that its answer would look exact and be wrong.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass

from mujaz.domain.months import GREGORIAN_MONTHS, HIJRI_MONTHS
from mujaz.domain.stems import fold

_MONTH_NUMBERS = {
    fold(name): number for number, names in enumerate(GREGORIAN_MONTHS, start=1) for name in names
}
_HIJRI_MONTH = f"(?:{'|'.join(fold(name) for names in HIJRI_MONTHS for name in names)})"
_MONTH = "(?:" + "|".join(sorted(_MONTH_NUMBERS, key=len, reverse=True)) + ")"
_NO_LETTER_BEFORE = r"(?<![^\W\d_])"
_NO_LETTER_AFTER = r"(?![^\W\d_])"
_BETWEEN = r"[\s/.,،\-–—]*"
# `تشرين الاول/اكتوبر` and `اكتوبر (تشرين الاول)` name one month twice.
_MONTHS = rf"{_NO_LETTER_BEFORE}({_MONTH})(?:\s*[/(\-]\s*{_MONTH}\s*\)?)?{_NO_LETTER_AFTER}"
_DAY = r"(?<!\d)(\d{1,2})(?!\d)"

_DAY_MONTH_YEAR = re.compile(rf"{_DAY}{_BETWEEN}(?:من )?{_MONTHS}(?:{_BETWEEN}(\d{{4}})(?!\d))?")
_MONTH_DAY_YEAR = re.compile(rf"{_MONTHS}{_BETWEEN}{_DAY}{_BETWEEN}(\d{{4}})(?!\d)")
_YEAR_MONTH_DAY = re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_NUMERIC = re.compile(r"(?<!\d)(\d{1,2})\s?[-/.]\s?(\d{1,2})\s?[-/.]\s?(\d{4}|\d{2})(?!\d)")
_HIJRI = re.compile(
    rf"{_DAY}{_BETWEEN}{_NO_LETTER_BEFORE}{_HIJRI_MONTH}{_NO_LETTER_AFTER}(?:{_BETWEEN}\d{{4}})?"
)
_RELATIVE = re.compile(
    r"(?:منذ|قبل)\s+(?:\d+\s+)?(?:ثوان|ثاني|دقيق|دقائق|ساع|يوم|ايام|اسبوع|اسابيع|شهر|اشهر|سن)\w*"
)
_WEEKDAY = re.compile(
    rf"(?:يوم\s+)?{_NO_LETTER_BEFORE}"
    r"(?:السبت|الاحد|الاثنين|الثلاثاء|الاربعاء|الخميس|الجمعه)" + _NO_LETTER_AFTER
)
_CLOCK = re.compile(
    r"t?(?<!\d)\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:z|[+-]\d{2}:?\d{2})?"
    rf"(?:\s*(?:صباحا|مساءا?|ظهرا|عصرا|ليلا|ص|م|am|pm){_NO_LETTER_AFTER})?"
)
_ZONE = re.compile(
    r"(?:ب?توقيت\s+(?:غرينتش|جرينتش|غرينيتش|مكه(?: المكرمه)?|\w+(?: المحلي)?)|التوقيت المحلي"
    rf"|ت\s?[مغ]{_NO_LETTER_AFTER}|(?:gmt|utc|ksa)(?:\s*[+-]\s*\d{{1,2}})?)(?:\s*[+-]\s*\d{{1,2}})?"
)
_LABEL = re.compile(
    rf"{_NO_LETTER_BEFORE}(?:اخر تحديث|تاريخ (?:النشر|التحديث|الخبر)|تم (?:النشر|التحديث)"
    rf"|(?:نشر|حدث)ت?|تحديث|(?:ال|ب)?تاريخ|الموافق|الساعه|ميلاديه?|هجريه?|علي|في|عند|م|ه){_NO_LETTER_AFTER}"
)
_BLANK = "\0"
_SEPARATORS = "-–—|/،,:;()[]"
_MAX_OTHER_WORDS = 4
_MAX_LINE_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class DateStamp:
    """What a date line says.

    `publication_date` is `YYYY-MM-DD`, or empty where the line names no certain day;
    `other_word_count` counts what stands beside the date, such as a city or an author.
    """

    publication_date: str
    is_update: bool
    other_word_count: int


def read_date_stamp(line: str) -> DateStamp | None:
    """What `line` says if it is a date line and nothing else; None for every other text.

    A few words may stand beside the date when a dash, comma or bar sets them off.
    """
    if len(line) > _MAX_LINE_CHARACTERS:
        return None
    text = fold(line.strip())
    days: list[tuple[str, bool]] = []
    for pattern, to_day in _GREGORIAN:
        text = pattern.sub(_blanking(days, to_day), text)
    text, other_date_count = _HIJRI.subn(_BLANK, text)
    text, relative_count = _RELATIVE.subn(_BLANK, text)
    text, clock_count = _CLOCK.subn(_BLANK, _ZONE.sub(_BLANK, text))
    text = _WEEKDAY.sub(_BLANK, text)
    is_dated = bool(days) or other_date_count + relative_count > 0
    if not is_dated and not clock_count:
        return None
    is_update = "تحديث" in text and "نشر" not in text
    pieces = [piece.strip() for piece in _LABEL.sub(_BLANK, text).split(_BLANK)]
    other = [piece for piece in pieces if re.search(r"\w", piece)]
    other_word_count = sum(len(re.findall(r"\w+", piece)) for piece in other)
    if other and not (is_dated and _is_set_off(other, other_word_count)):
        return None
    day = next((day for day, updated in days if day and not updated), "")
    day = day or next((day for day, _ in days if day), "")
    return DateStamp(day, is_update, other_word_count)


def _is_set_off(pieces: list[str], word_count: int) -> bool:
    return word_count <= _MAX_OTHER_WORDS and all(
        (piece[0] in _SEPARATORS or piece[-1] in _SEPARATORS) and not re.search(r"\d", piece)
        for piece in pieces
    )


def _blanking(
    days: list[tuple[str, bool]], to_day: Callable[[re.Match[str]], str]
) -> Callable[[re.Match[str]], str]:
    """A replacement that collects each day with whether the label before it says update."""

    def blank(match: re.Match[str]) -> str:
        before = match.string[: match.start()]
        days.append((to_day(match), before.rfind("تحديث") > before.rfind("نشر")))
        return _BLANK

    return blank


def _from_day_month_year(match: re.Match[str]) -> str:
    day, month, year = match.groups()
    return _iso(year, _MONTH_NUMBERS[month], day)


def _from_month_day_year(match: re.Match[str]) -> str:
    month, day, year = match.groups()
    return _iso(year, _MONTH_NUMBERS[month], day)


def _from_year_month_day(match: re.Match[str]) -> str:
    year, month, day = match.groups()
    return _iso(year, month, day)


def _from_numeric(match: re.Match[str]) -> str:
    first, second, year = match.groups()
    return _iso(year, second, first) or _iso(year, first, second)


def _iso(year: str | None, month: str | int, day: str) -> str:
    """The day as `YYYY-MM-DD`; empty for a day that does not exist or a year that is no
    Gregorian one."""
    if year is None or not 1800 <= int(year) <= 2200:
        return ""
    try:
        return datetime.date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return ""


_GREGORIAN: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (_YEAR_MONTH_DAY, _from_year_month_day),
    (_DAY_MONTH_YEAR, _from_day_month_year),
    (_MONTH_DAY_YEAR, _from_month_day_year),
    (_NUMERIC, _from_numeric),
)
