"""The months by the names that Arabic and English give them, in the Gregorian and Hijri years."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from mujaz.domain.stems import fold

# A line a month: Egypt and the Gulf, then the Levant and Iraq, then the Maghreb.
GREGORIAN_MONTHS: Final = (
    ("يناير", "كانون الثاني", "جانفي"),
    ("فبراير", "شباط", "فيفري"),
    ("مارس", "آذار"),
    ("أبريل", "نيسان", "أفريل"),
    ("مايو", "أيار", "ماي"),
    ("يونيو", "يونيه", "حزيران", "جوان"),
    ("يوليو", "يوليه", "تموز", "جويلية", "يوليوز"),
    ("أغسطس", "آب", "أوت", "غشت"),
    ("سبتمبر", "أيلول", "شتنبر"),
    ("أكتوبر", "تشرين الأول"),
    ("نوفمبر", "تشرين الثاني", "نونبر"),
    ("ديسمبر", "كانون الأول", "دجنبر"),
)
"""The Arabic names of the twelve Gregorian months, January first."""

HIJRI_MONTHS: Final = (
    ("محرم",),
    ("صفر",),
    ("ربيع الأول",),
    ("ربيع الثاني", "ربيع الآخر"),
    ("جمادى الأولى", "جمادى الأول", "جماد الأول"),
    ("جمادى الآخرة", "جمادى الآخر", "جمادى الثانية", "جمادى الثاني", "جماد الثاني"),
    ("رجب",),
    ("شعبان",),
    ("رمضان",),
    ("شوال",),
    ("ذو القعدة", "ذي القعدة"),
    ("ذو الحجة", "ذي الحجة"),
)
"""The Arabic names of the twelve Hijri months, Muharram first."""

ENGLISH_MONTHS: Final = (
    ("January", "Jan"),
    ("February", "Feb"),
    ("March", "Mar"),
    ("April", "Apr"),
    ("May",),
    ("June", "Jun"),
    ("July", "Jul"),
    ("August", "Aug"),
    ("September", "Sept", "Sep"),
    ("October", "Oct"),
    ("November", "Nov"),
    ("December", "Dec"),
)
"""The English names of the twelve Gregorian months and their short forms."""

_FIRST = "(?:a?w+all?|ula|oula|oola|first|i)"
_SECOND = "(?:thania?h?|tha?ani|sani|akhir|akher|akhar|akhira?h?|second|ii)"
# As they stand once apostrophes are dropped and hyphens are spaces.
_ENGLISH_HIJRI: Final = (
    "m[uo]harram",
    "saf[ae]r",
    rf"rabi{{1,2}}a? ?(?:[aeu]l|[aeu]th|us)? ?{_FIRST}",
    rf"rabi{{1,2}}a? ?(?:[aeu]l|[aeu]th|us)? ?{_SECOND}",
    rf"j[ua]m+ad[aei]h? ?(?:[aeu]l|[aeu]th|us)? ?{_FIRST}",
    rf"j[ua]m+ad[aei]h? ?(?:[aeu]l|[aeu]th|us)? ?{_SECOND}",
    "raj[ae]b",
    "sha+ba+n",
    "ram[ad]+h?a+[nm]|ramazan",
    "shaw+a+l",
    "(?:dh[ui]|du|thu|zu) ?(?:[aeu]?l)? ?[qk][aie]+d+ah?",
    "(?:dh[ui]|du|thu|zu) ?(?:[aeu]?l)? ?hij+ah?",
)
# These are also other words or names, so they are months only in the company of a day or a year.
_AMBIGUOUS: Final = frozenset(
    {
        *("مارس", "مايو", "نيسان", "ماي", "جوان", "أوت", "آب", "March", "May"),
        *("محرم", "صفر", "رجب", "شعبان", "رمضان", "شوال"),
        *(short for _, *others in ENGLISH_MONTHS for short in others),
    }
)
_KEYS: Final = (
    *(f"month {number}" for number in range(1, 13)),
    *(f"hijri month {number}" for number in range(1, 13)),
)
_MARKS = dict.fromkeys([0x640, 0x670, *range(0x64B, 0x660)])
_APOSTROPHES = dict.fromkeys(map(ord, "'’‘`ʿʾ"), "") | dict.fromkeys(map(ord, "-‑–"), " ")
_SPELLINGS = {"أ": "[أا]", "إ": "[إا]", "آ": "[آا]", "ة": "[ةه]", "ى": "[ىي]", " ": r"\s+"}
_EXACT = frozenset({"آب"})  # without its mark it is a father


def _groups(months: tuple[tuple[str, ...], ...]) -> str:
    """Two groups a month: its certain names, its ambiguous ones."""
    groups = []
    for names in months:
        for ambiguous in (False, True):
            chosen = [name for name in names if (name in _AMBIGUOUS) == ambiguous]
            spelled = [_spelled(name) for name in sorted(chosen, key=len, reverse=True)]
            groups.append(f"({'|'.join(spelled) or '(?!)'})")
    return "|".join(groups)


def _spelled(name: str) -> str:
    """The name with the letters that careless spelling leaves out or joins."""
    if name in _EXACT:
        return name
    return "".join(_SPELLINGS.get(letter, letter) for letter in name)


_ARABIC = re.compile(f"(?:{_groups((*GREGORIAN_MONTHS, *HIJRI_MONTHS))})(?![^\\W\\d_])")
# Nearly no sentence names a month; these are cheap ways to see that one does not.
_FIRST_WORDS = frozenset(
    prefix + fold(name).split()[0]
    for names in (*GREGORIAN_MONTHS, *HIJRI_MONTHS)
    for name in names
    for prefix in (joining + particle for joining in ("", "و", "ف") for particle in ("", *"بلك"))
)
_WORD = re.compile(r"[^\W\d_]+")
_ENGLISH_START = re.compile(
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|m[uo]har|saf|rabi|jam|jum|raj|sha|ram|dh|du"
    r"|thu|zu)",
    re.IGNORECASE,
)
_PREFIX = re.compile(r"(?<![^\W\d_])[وف]?[بلك]?\Z")
_PREFIX_REACH = 2
_BEFORE_ARABIC = re.compile(
    r"(?:\d\s*|\d\s+من\s+|(?<![^\W\d_])(?:شهر|شهري|منتصف|مطلع|[أا]واخر|[أا]وائل|نهاية|بداية|غرة|[أا]ول|حرب|في"
    r"|منذ|خلال|قبل|بعد|حتى|[إا]لى|بين)\s+|(?<![^\W\d_])(?:ال[^\W\d_]+|[أا]ول|عشرين|ثلاثين)\s+من\s+)\Z"
)
_AFTER_ARABIC = re.compile(
    r"\s*/|\s+(?:الماضي|المقبل|القادم|الجاري|الحالي|المنصرم)(?![^\W\d_])|\s+\d{4}"
)
_ENGLISH = re.compile(rf"\b(?:{_groups(ENGLISH_MONTHS)})\b", re.IGNORECASE)
_BEFORE_ENGLISH = re.compile(
    r"(?:\d(?:st|nd|rd|th)?(?: of)? |\b(?:in|since|until|early|late|mid|last|next|of)[ -])\Z"
)
_AFTER_ENGLISH = re.compile(r"\.?,? \d")
_HIJRI_IN_ENGLISH = re.compile(
    r"\b(?:" + "|".join(f"({names})" for names in _ENGLISH_HIJRI) + r")\b", re.IGNORECASE
)
_BEFORE_HIJRI = re.compile(r"(?:\d(?:st|nd|rd|th)?(?: of)? |\b(?:mid|month of|first of) )\Z")
_REACH = 24
_SEPARATED = re.compile(r"\d\s?[-/.]\s?\d")
_NUMERIC = re.compile(r"(?<![\d/.-])(\d{1,4})\s?[-/.]\s?(\d{1,2})(?:\s?[-/.]\s?(\d{1,4}))?(?!\d)")


@dataclass(frozen=True, slots=True)
class MonthMentions:
    """The months that a text surely names, and all that it may name, as keys of either calendar.

    A numeric date may name a month of any calendar in any of its places.
    """

    certain: frozenset[str]
    possible: frozenset[str]


def arabic_months(text: str) -> MonthMentions:
    """The months in an Arabic text whose digits are ASCII."""
    text = text.translate(_MARKS)
    certain, possible = set(), _numeric_months(text)
    for match in _ARABIC.finditer(text) if _may_name_month(text) else ():
        start = match.start()
        prefix = _PREFIX.search(text, max(0, start - _PREFIX_REACH), start)
        if prefix is None:
            continue
        key, is_ambiguous = _named(match)
        possible.add(key)
        before = max(0, prefix.start() - _REACH)
        if (
            not is_ambiguous
            or _BEFORE_ARABIC.search(text, before, prefix.start())
            or _AFTER_ARABIC.match(text, match.end())
        ):
            certain.add(key)
    return MonthMentions(frozenset(certain), frozenset(possible))


def english_months(text: str) -> MonthMentions:
    """The same for an English text."""
    certain, possible = set(), _numeric_months(text)
    if not _ENGLISH_START.search(text):
        return MonthMentions(frozenset(), frozenset(possible))
    for match in _ENGLISH.finditer(text):
        key, is_ambiguous = _named(match)
        possible.add(key)
        start = match.start()
        if match[0][0].isupper() and (
            not is_ambiguous
            or _BEFORE_ENGLISH.search(text, max(0, start - _REACH), start)
            or _AFTER_ENGLISH.match(text, match.end())
        ):
            certain.add(key)
    plain = text.translate(_APOSTROPHES)
    for match in _HIJRI_IN_ENGLISH.finditer(plain):
        key = _KEYS[len(GREGORIAN_MONTHS) + (match.lastindex or 1) - 1]
        possible.add(key)
        start = match.start()
        if " " in match[0] or _BEFORE_HIJRI.search(plain, max(0, start - _REACH), start):
            certain.add(key)
    return MonthMentions(frozenset(certain), frozenset(possible))


def _may_name_month(text: str) -> bool:
    return any(
        not _FIRST_WORDS.isdisjoint((word, word[1:], word[2:]))
        for word in _WORD.findall(fold(text))
    )


def _named(match: re.Match[str]) -> tuple[str, bool]:
    """The month of a match, and whether it is by a name that may mean something else."""
    month, is_ambiguous = divmod((match.lastindex or 1) - 1, 2)
    return _KEYS[month], bool(is_ambiguous)


def _numeric_months(text: str) -> set[str]:
    if not _SEPARATED.search(text):
        return set()
    return {
        f"{calendar} {int(part)}"
        for match in _NUMERIC.finditer(text)
        for part in match.groups()
        if part and 1 <= int(part) <= len(GREGORIAN_MONTHS)
        for calendar in ("month", "hijri month")
    }
