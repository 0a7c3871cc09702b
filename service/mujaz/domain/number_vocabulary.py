"""The words that stand for numbers in Arabic and in English, folded as by `stems.fold`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from mujaz.domain.months import ENGLISH_MONTHS, GREGORIAN_MONTHS
from mujaz.domain.stems import fold

_NUMBERS: Mapping[float, str] = {
    0.25: "ربع ربعا أرباع quarter quarters ¼",
    0.5: "نصف half halves ½",
    0: "صفر نظيف نظيفة نظيفين zero nil",
    1: "واحد واحدة أحد إحدى حادي حادية أول أولى أولا غرة one first once single",
    2: "اثنان اثنين اثنتان اثنتين اثنا اثني اثنتا اثنتي ثان ثاني ثانية ثانيا ثنائية"
    " إثنان إثنين إثنا إثني two second twice doubled",
    3: "ثلاث ثلاثة ثالث ثالثة ثلاثية ثالثا ثلاثتهم ثلاثتنا ثلث أثلاث three third thirds",
    4: "أربع أربعة رابع رابعة رابعا رباعية أربعتهم four fourth fourths",
    5: "خمس خمسة خامس خامسة خامسا خماسية خمستهم أخماس five fifth fifths",
    6: "ست ستة سادس سادسة سادسا سداسية سدس six sixth",
    7: "سبع سبعة سابع سابعة سابعا سباعية seven seventh",
    8: "ثمان ثماني ثمانية ثامن ثامنة ثامنا eight eighth",
    9: "تسع تسعة تاسع تاسعة تاسعا nine ninth",
    10: "عشر عشرة عاشر عاشرة عاشرا عشرات ten tenth tens",
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
    300: "ثلاثمئة ثلاثمائة ثلثمئة ثلثمائة",
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

VALUES: Final[Mapping[str, float]] = {
    word: value for value, words in _NUMBERS.items() for word in fold(words).split()
}
"""The value of each word that can be part of a number."""

UNCERTAIN: Final = frozenset(
    fold(
        "صفر نظيف نظيفة نظيفين واحد واحدة أحد إحدى حادي حادية أول أولى أولا غرة"
        " ثان ثاني ثانية ثانيا ثنائية اثنا اثني اثنتا اثنتي ثلاثية رباعية خماسية سداسية سباعية ألفا"
        " zero nil one first once single second twice doubled quarter quarters"
    ).split()
)
"""Words that alone often count nothing: someone, other, once, a unit of time."""

SHORT_SCALES: Final = frozenset({"k", "m", "mn", "bn", "tn"})
"""They are scales after digits only."""

# What else a word may stand for: minutes past the hour, per cent, the round of a cup.
_OTHERS: Mapping[str, str] = {
    "نصف نصفه نصفها نصفهم half halves ½": "0.5 30 50",
    "semi semifinal semifinals semifinalist": "0.5 4",
    "mid hemisphere hemispheres شوط الشوط": "0.5",
    "quarter quarters ¼": "0.25 4 8 15 25 45",
    "quarterfinal quarterfinals": "0.25 8",
    "ربع ربعه ربعها ربعهم": "0.25 15 25",
    "ربعا": "45",
    "ثلث ثلثه ثلثها ثلثهم third thirds ⅓": "3 20 33",
    "ثلثا ثلثي ثلثان ثلثين ثلثاها ثلثيها ثلثاهم ثلثيهم ⅔": "2 3 66 67",
    "خمسه خمسها خمسهم": "5",
    "ثمن": "8 16",
    "ألفية": "1000 2000",
    "مزدوج ضعف ضعفي ضعفين كلا كلتا كلاهما كلتاهما زوج زوجين توأم ثنائي ثنائيا مرتين معا": "2",
    "both couple couples pair pairs twin twins double doubles doubling dual duo bilateral either"
    " neither": "2",
    "ثلاثي ثلاثيا triple tripled trio trilateral tripartite threefold triplets treble trilogy"
    " triad trimester trimesters trinity triplet hat": "3",
    "رباعي رباعيا quad quadruple quadrupled quartet quadrilateral quadripartite quadruplets": "4",
    "خماسي quintet pentagon": "5",
    "سداسي": "6",
    "octagonal octagon": "8",
    "عقد عقود عقدا decade decades": "10",
    "عقدين عقدان عقدي": "2 20",
    "dozens": "10 12",
    "scores score": "10 20",
    "دزينة دستة": "12",
    "قرن century centuries centenary centennial مئوية": "100",
    "قرنين قرنان": "2 200",
    "fortnight": "2 14 15",
    "teens teenage teenager teenagers": "10",
    "عشريني عشرينية": "20",
    "ثلاثيني ثلاثينية": "30",
    "أربعيني أربعينية": "40",
    "خمسيني خمسينية": "50",
    "ستيني ستينية": "60",
    "سبعيني سبعينية": "70",
    "ثمانيني ثمانينية": "80",
    "تسعيني تسعينية": "90",
}
OTHER_VALUES: Final[Mapping[str, tuple[str, ...]]] = {
    word: tuple(values.split()) for words, values in _OTHERS.items() for word in fold(words).split()
}
"""What a word may stand for besides, as canonical numbers."""


def _month_numbers() -> Mapping[str, tuple[str, ...]]:
    """The first word of each name of a month, as the Levant has two of each of two names."""
    numbers: dict[str, list[str]] = {}
    for months in (GREGORIAN_MONTHS, ENGLISH_MONTHS):
        for number, names in enumerate(months, start=1):
            for name in names:
                numbers.setdefault(fold(name).split()[0], []).append(str(number))
    return {word: tuple(values) for word, values in numbers.items()}


MONTH_NUMBERS: Final[Mapping[str, tuple[str, ...]]] = _month_numbers()
"""The numbers that the name of a Gregorian month may stand for, by its first word."""
