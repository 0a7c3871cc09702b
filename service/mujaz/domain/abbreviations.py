"""Full stops that belong to a word: abbreviations, initials, units and names written with stops.

The lists were read off Arabic news and the Latin forms that occur in it; a form is here because
sentences were cut at it.
"""

from __future__ import annotations

import re

from mujaz.domain.connectives import depends, first_word, opens, without_diacritics

# Always before a name. م also stands for متر and ميلادي: after a number it is a unit.
_TITLES = frozenset({"د", "أ", "ا", "م", "أد", "اد", "أ.د", "ا.د", "أ.م.د", "ا.م.د", "أ.م", "م.م"})
_UNITS = frozenset({"كم", "كلم", "سم", "ملم", "م", "كغ", "كغم", "كجم", "غم", "ملغ", "هـ", "ه", "ق"})
# Before a number: رقم. 12, ج. 3, No. 10.
_COUNTED = frozenset({"رقم", "ص", "ج", "مج", "ط", "ع", "ت", "س", "No", "Nos", "Vol", "Fig", "pp"})
# After these a letter is a name of its own, and a stop after it is a full stop: فيتامين د.
_LETTERED = frozenset(
    {"فيتامين", "الفئة", "فئة", "المجموعة", "مجموعة", "الدرجة", "القسم", "البند", "الفقرة", "النوع"}
    | {"نوع", "الحرف", "حرف", "الكبد", "الخطة", "المنطقة", "الجدول", "الملحق"}
)
_ET_CETERA = frozenset({"إلخ", "الخ", "etc"})
_LATIN_TITLES = frozenset(
    {"Mr", "Mrs", "Ms", "Dr", "Prof", "St", "Sen", "Gen", "Col", "Capt", "Lt", "Sgt", "Rev", "Gov"}
    | {"Hon", "Mt", "Ft", "vs", "cf"}
)
_LATIN_SUFFIXES = frozenset({"Inc", "Ltd", "Co", "Corp", "Bros", "Jr", "Sr", "Ph.D"})
_MARKED_NAMES = frozenset({"Yahoo", "ياهو"})
_LETTER_NAMES = frozenset(
    {"إيه", "ايه", "أيه", "بي", "سي", "دي", "إي", "اي", "إف", "اف", "جي", "إتش", "اتش", "آي", "أي"}
    | {"جيه", "كيه", "كي", "إل", "ال", "إم", "ام", "إن", "ان", "أو", "او", "كيو", "آر", "ار", "إس"}
    | {"اس", "تي", "يو", "في", "دبليو", "إكس", "اكس", "واي", "زد", "زي"}
)
_DOMAINS = frozenset({"نت", "كوم", "أورغ", "اورغ", "أورج", "تيفي", "إنفو", "تيك", "نيوز", "مصر"})
_AGENCIES = frozenset(
    {"وام", "واس", "قنا", "بترا", "سانا", "وات", "كونا", "بنا", "معا", "وفا", "وكالات", "رويترز"}
    | {"الأناضول", "سبوتنيك", "أفب", "أب", "دبأ", "أشأ", "يبأ", "يوبيآي", "بيبيسي", "سيإنإن"}
)

_NUMBER = re.compile(r"[\d٫٬.,،]*\d[%٪]?\Z")
_NUMBER_WITH_UNIT = re.compile(r"\d+(?:هـ|ه|م|كم|كلم|سم|كغ)\Z")
_LETTER = re.compile(r"[ء-يA-Za-z]\Z")
_DOTTED_LETTERS = re.compile(r"[وفلبك]?(?:[ء-ي]\.)+[ء-ي]\Z")
_DOTTED_LATIN_LETTERS = re.compile(r"(?:[A-Za-z]\.)+[A-Za-z]\Z")
_OPENING = re.compile(r"[«“”\"'(\[{‘:،–—-]")
_SAYING = re.compile(r"و(?:قال|أضاف|أكد|أوضح|تابع|أشار|ذكر|أعلن|لفت|شدد|بين|كان)(?:ت|وا|ا)?\Z")


def owns_stop(before: str, following: str) -> bool:
    """Whether a full stop between `before` and `following` marks an abbreviation and nothing else.

    `before` ends with the word that has the stop; `following` begins with the next word.
    """
    tokens = before[-80:].split()
    if not tokens or before[-1].isspace():
        return False
    token = without_diacritics(_OPENING.split(tokens[-1])[-1])
    previous = tokens[-2] if len(tokens) > 1 else ""
    if token[:1] == "و" and token[1:] in _TITLES:
        token = token[1:]
    if token in _COUNTED and following[:1].isdigit():
        return True
    if _is_unit(token, previous) or token in _ET_CETERA:
        return depends(following)
    if token in _LATIN_TITLES:
        return True
    if token in _LATIN_SUFFIXES or _is_dotted(token):
        return token in _TITLES or not opens(following)
    return _LETTER.match(token) is not None and _is_initial(token, previous, following)


def owns_mark(word: str) -> bool:
    """Whether an exclamation mark after `word` is part of the name."""
    return word in _MARKED_NAMES


def joins(left: str, right: str) -> bool:
    """Whether a stop between two words with no space joins them (سي.إن.إن, العربية.نت, د.محمد).

    Otherwise the space after the stop was left out, as it often is in news pages.
    """
    if len(right) < 3 or right in _LETTER_NAMES or right in _DOMAINS:
        return True
    if left not in _LETTER_NAMES:
        left = left.removeprefix("ال")
    return left.isalpha() and (len(left) < 3 or left in _LETTER_NAMES)


def is_agency(text: str) -> bool:
    """Whether `text` is the credit of a news agency."""
    return without_diacritics(text).replace(" ", "").replace(".", "") in _AGENCIES


def _is_unit(token: str, previous: str) -> bool:
    if _NUMBER_WITH_UNIT.match(token):
        return True
    return token in _UNITS and _NUMBER.match(previous) is not None


def _is_dotted(token: str) -> bool:
    if _DOTTED_LETTERS.match(token) or _DOTTED_LATIN_LETTERS.match(token):
        return True
    return "." in token and _LETTER_NAMES.issuperset(token.split("."))


def _is_initial(token: str, previous: str, following: str) -> bool:
    if previous in _LETTERED:
        return depends(following)
    if token.isascii():
        return following[:1].isascii() and following[:1].isalpha()
    return _SAYING.match(first_word(following)) is None
