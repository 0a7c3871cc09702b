"""Whether a translation names the days of the week that its source names, and no others."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from mujaz.domain.stems import fold

# As `fold` leaves them, without their article, and the letters that begin the English name.
_ARABIC: Final[Mapping[str, str]] = {
    "احد": "sun",
    "اثنين": "mon",
    "ثلاثاء": "tue",
    "اربعاء": "wed",
    "خميس": "thu",
    "جمعه": "fri",
    "سبت": "sat",
}
_SPOKEN: Final[Mapping[str, str]] = {
    "حد": "sun",
    "اتنين": "mon",
    "تلات": "tue",
    "تلاتاء": "tue",
    "ثلاثا": "tue",
    "اربع": "wed",
    "اربعا": "wed",
}
# As parts of names: The Sunday Times, Sheffield Wednesday.
_TRANSCRIBED: Final = re.compile(
    r"(?P<sun>صا?نداي)|(?P<mon>مونداي)|(?P<tue>تيوزداي)|(?P<wed>وي?ن[زس]داي)|(?P<thu>ثيرسداي)"
    r"|(?P<fri>فرايد?اي|فرايدي)|(?P<sat>ساترداي)"
)
# "The one", "the two" and names of people are written like these.
_AMBIGUOUS: Final = frozenset(("sun", "mon", "thu"))
_NAMES = "|".join(_ARABIC)
_POSSIBLE: Final = {**_ARABIC, **_SPOKEN}
_DAY = re.compile(rf"(?<!\w)[وفبلك]{{0,2}}(?:ال|ل)?({'|'.join(_POSSIBLE)})(?!\w)")
_CERTAIN = re.compile(
    rf"(?<!\w)(?P<day>(?:[وفبل]?(?:يوم|ايام|يومي|مساء|صباح|ليله|ليل|فجر|ظهر|امس|اليوم|غدا)) )?"
    rf"[وفبل]?(?:ال|لل)(?P<name>{_NAMES})(?!\w)"
)
_ENGLISH = re.compile(r"\b(Sun|Mon|Tues|Wednes|Thurs|Fri|Satur)days?\b")
_ENGLISH_SHORT = re.compile(
    r"\b(Sun|Mon|Tue|Wed|Thu|Fri|Sat)(?:s|nes|rs|ur)?(?:day)?s?\b", re.IGNORECASE
)
_SABBATH = re.compile(r"\bSabbath\b", re.IGNORECASE)


def weekday_mismatch(source: str, target: str) -> bool:
    """Whether an Arabic text and its English differ in a day of the week, either way.

    A word that is a day only sometimes, as الاثنين ("the two"), is one where a word for day or a
    time of day stands before it.
    """
    stated = {match[1][:3].lower() for match in _ENGLISH.finditer(target)}
    folded = fold(source)
    possible = {_POSSIBLE[match[1]] for match in _DAY.finditer(folded)}
    possible.update(str(match.lastgroup) for match in _TRANSCRIBED.finditer(folded))
    if stated - possible:
        return True
    certain = {
        day
        for match in _CERTAIN.finditer(folded)
        if (day := _ARABIC[match["name"]]) not in _AMBIGUOUS or match["day"]
    }
    if not certain:
        return False
    named = {match[1].lower() for match in _ENGLISH_SHORT.finditer(target)}
    if _SABBATH.search(target):
        named.add("sat")
    return bool(certain - named)
