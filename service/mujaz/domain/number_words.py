"""Numbers written as words, in Arabic and in English."""

from __future__ import annotations

import re
from collections.abc import Mapping

from mujaz.domain.stems import fold

_WORDS: Mapping[float, str] = {
    0.25: "ربع quarter quarters",
    0.5: "نصف half halves",
    0: "صفر نظيف نظيفة نظيفين zero nil",
    1: "واحد واحدة أحد إحدى حادي حادية أول أولى غرة one first once single",
    2: "اثنان اثنين اثنتان اثنتين اثنا اثني اثنتا اثنتي ثان ثاني ثانية ثنائية"
    " two second twice doubled",
    3: "ثلاث ثلاثة ثالث ثالثة ثلاثية three third thirds tripled",
    4: "أربع أربعة رابع رابعة رباعية four fourth quadrupled",
    5: "خمس خمسة خامس خامسة خماسية five fifth",
    6: "ست ستة سادس سادسة سداسية six sixth",
    7: "سبع سبعة سابع سابعة seven seventh",
    8: "ثمان ثماني ثمانية ثامن ثامنة eight eighth",
    9: "تسع تسعة تاسع تاسعة nine ninth",
    10: "عشر عشرة عاشر عاشرة ten tenth",
    11: "eleven eleventh",
    12: "twelve twelfth dozen",
    13: "thirteen thirteenth",
    14: "fourteen fourteenth",
    15: "fifteen fifteenth",
    16: "sixteen sixteenth",
    17: "seventeen seventeenth",
    18: "eighteen eighteenth",
    19: "nineteen nineteenth",
    20: "عشرون عشرين عشرينيات عشرينات twenty twentieth twenties",
    30: "ثلاثون ثلاثين ثلاثينيات ثلاثينات thirty thirtieth thirties",
    40: "أربعون أربعين أربعينيات أربعينات forty fortieth forties",
    50: "خمسون خمسين خمسينيات خمسينات fifty fiftieth fifties",
    60: "ستون ستين ستينيات ستينات sixty sixtieth sixties",
    70: "سبعون سبعين سبعينيات سبعينات seventy seventieth seventies",
    80: "ثمانون ثمانين ثمانينيات ثمانينات eighty eightieth eighties",
    90: "تسعون تسعين تسعينيات تسعينات ninety ninetieth nineties",
    100: "مئة مائة مئات hundred hundreds hundredth",
    200: "مئتان مئتين مائتان مائتين مئتا مئتي مائتا مائتي",
    300: "ثلاثمئة ثلاثمائة",
    400: "أربعمئة أربعمائة",
    500: "خمسمئة خمسمائة",
    600: "ستمئة ستمائة",
    700: "سبعمئة سبعمائة",
    800: "ثمانمئة ثمانمائة ثمانيمئة ثمانيمائة",
    900: "تسعمئة تسعمائة",
    10**3: "ألف آلاف ألفا thousand thousands k",
    2 * 10**3: "ألفان ألفين ألفي",
    10**6: "مليون ملايين مليونا million millions m mn",
    2 * 10**6: "مليونان مليونين مليوني",
    10**9: "مليار مليارات مليارا بليون billion billions bn",
    2 * 10**9: "ملياران مليارين ملياري",
    10**12: "تريليون تريليونات ترليون trillion trillions tn",
    2 * 10**12: "تريليونان تريليونين تريليوني",
}
_MONTHS = (
    "يناير كانون جانفي january jan",
    "فبراير شباط فيفري february feb",
    "مارس آذار march mar",
    "أبريل إبريل نيسان أفريل april apr",
    "مايو أيار ماي may",
    "يونيو يونيه حزيران جوان june jun",
    "يوليو يوليه تموز جويلية july jul",
    "أغسطس آب أوت غشت august aug",
    "سبتمبر أيلول شتنبر september sep sept",
    "أكتوبر تشرين october oct",
    "نوفمبر نونبر تشرين november nov",
    "ديسمبر كانون دجنبر december dec",
)
_VALUES: Mapping[str, float] = {
    word: value for value, words in _WORDS.items() for word in fold(words).split()
}
# The Levant has two months of each of two names, told apart by an ordinal.
_MONTH_VALUES: Mapping[str, tuple[str, ...]] = {
    word: tuple(
        str(number) for number, names in enumerate(_MONTHS, start=1) if word in fold(names).split()
    )
    for word in fold(" ".join(_MONTHS)).split()
}

# What else a word may stand for: minutes past the hour, per cent, the round of a cup.
_ALSO: Mapping[str, tuple[str, ...]] = {
    "نصف": ("30", "50"),
    "half": ("30", "50"),
    "ربع": ("4", "15", "25", "45"),
    "quarter": ("4", "15", "25", "45"),
    "ثلث": ("3", "20"),
    "ثمن": ("8", "16"),
    "الفيه": ("1000", "2000"),
}

_KNOWN = _VALUES.keys() | _MONTH_VALUES.keys() | _ALSO.keys()

_TOKEN = re.compile(r"\d+(?:\.\d+)?|[^\W\d_]+|[^\w\s-]")
_PREFIXES = frozenset(
    joining + rest
    for joining in ("", "و", "ف")
    for rest in ("", "ال", "ب", "بال", "ل", "لل", "ك", "كال")
)
_PREFIX_LETTERS = "وفابكل"
_LONGEST_PREFIX = 4
_LINKS = frozenset({"و", "and", "a"})
_SMALLEST_SCALE = 1000
# `two hundred`, `three dozen`
_MULTIPLIERS = (100, 12)
_LONGEST_DIGITS = 15


def spelled_numbers(text: str) -> set[str]:
    """The values that the number words of `text` may stand for, as canonical numbers.

    Of `خمسة وعشرين ألفا` these are 5, 20, 25, 1000 and 25000: each word and each sum on the way.
    Digits take part next to a scale word, as in `5.3 million`; month names count as numbers.
    """
    found: set[str] = set()
    run = _Run()
    for token in _TOKEN.findall(fold(text)):
        word, value = _value(token)
        found.update(_ALSO.get(word, ()))
        if value is None:
            found.update(_MONTH_VALUES.get(word, ()))
            if token not in _LINKS:
                run = _Run()
            continue
        if token[0].isdecimal() and not (run.ends_in_scale and value < _SMALLEST_SCALE):
            run = _Run(value)
            continue
        found.add(canonical(value))
        found.update(map(canonical, run.extend(value)))
    return found


def canonical(value: float) -> str:
    """The one way a value is written: no separators, no empty fraction."""
    return str(int(value)) if value == int(value) else repr(value)


def _value(token: str) -> tuple[str, float | None]:
    """The token without its Arabic prefixes, and its value if it is a number."""
    if token[0].isdecimal():
        return token, float(token) if len(token) <= _LONGEST_DIGITS else None
    if token in _KNOWN or token[0] not in _PREFIX_LETTERS:
        return token, _VALUES.get(token)
    for length in range(1, min(_LONGEST_PREFIX, len(token)) + 1):
        if token[:length] in _PREFIXES and token[length:] in _KNOWN:
            return token[length:], _VALUES.get(token[length:])
    return token, None


class _Run:
    """Consecutive number words, added and multiplied as either language reads them."""

    __slots__ = ("_group", "_scale", "_total")

    def __init__(self, group: float = 0.0) -> None:
        self._total = 0.0
        self._group = group
        self._scale = 1.0

    @property
    def ends_in_scale(self) -> bool:
        """Whether the last word was a thousand, a million, and so on."""
        return self._scale > 1 and self._group == 0

    def extend(self, value: float) -> tuple[float, ...]:
        """The values the run may stand for once `value` is read."""
        if value >= _SMALLEST_SCALE:
            scaled = (self._group or 1.0) * value
            self._total += scaled
            self._group, self._scale = 0.0, value
            return scaled, self._total
        if value < 1 and self.ends_in_scale:
            self._total += value * self._scale
        elif value in _MULTIPLIERS and 1 <= self._group < 10:
            self._group *= value
        elif self._continues(value):
            self._group += value
        else:
            self._group = value
        return self._group, self._total + self._group

    def _continues(self, value: float) -> bool:
        """Whether `value` adds to the group: `three ten`, `twenty five`, but not `ten three`."""
        below_hundred = self._group % 100
        if value < 10:
            return below_hundred == 0 or (below_hundred >= 20 and below_hundred % 10 == 0)
        return below_hundred < 10 if value < 100 else self._group == 0
