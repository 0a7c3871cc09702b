"""What numbers are counted in: per cent, money, and the zone of a clock time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

_NOUN_ENDINGS = ("", "ا", "ات", "ان", "ين", "ي")


class _Unit(NamedTuple):
    """The names of a unit, folded: `|` between them; `*` stands for the endings of a noun.

    A name asks for one on the other side. Other words there only answer: they may mean the unit.
    """

    arabic: str
    english: str
    other_arabic: str = ""
    other_english: str = ""


_UNITS = (
    _Unit(
        "%|٪|في المئه|في المائه|في الميه|بالمئه|بالمائه|بالميه|في مئه",
        "%|percent|per cent|pct",
        "نصف|النصف|ثلث|ثلثي|ربع|نسبه|نسبته|نسبتها|نسب|مئويه|مئوي|المئه",
        "half|halves|halved|third|thirds|quarter|quarters|fifth|percentage|percentages|percentile"
        "|percentiles|rate",
    ),
    _Unit("دولار*|$", "dollar|dollars|$|usd", "usd", "buck|bucks|cents|greenback"),
    _Unit("يورو|يوروهات|€", "euros|€|eur", "eur", "euro|eurozone"),
    _Unit("جنيه*|استرليني|£|ج.م", "£|gbp|egp", "ليره|ليرات|gbp", "pound|pounds|sterling|guineas"),
    _Unit(
        "ليره|ليرات|ليرتان|ليرتين|ل.س|ل.ل",
        "lira|liras|lire|syp|lbp",
        "",
        "pound|pounds|try",
    ),
    _Unit(
        "",
        "pound|pounds",
        "جنيه*|استرليني|الاسترليني|£|ليره|ليرات|رطل*|ارطال|باوند|كيلو|كيلوغرام*|كيلوجرام*|كغ|كجم|كلغ",
    ),
    _Unit("دينار*|دنانير|د.ك", "dinar|dinars|kwd|jod|iqd|tnd|dzd|lyd|bhd"),
    _Unit("درهم*|دراهم|د.ا", "dirham|dirhams|aed", "", "mad|dh|dhs"),
    _Unit("ريال*|﷼|ر.س", "riyal|riyals|rial|rials|sar|qar", "", "real|reals|reais|toman|tomans"),
    _Unit("الين الياباني|ين ياباني|مليون ين|مليار ين|¥", "yen|jpy", "الين|ين|ينا", "¥"),
    _Unit("يوان*|رنمينبي", "yuan|renminbi", "", "rmb|cny|¥"),
    _Unit("روبل|روبلا|روبلات|روبلان", "rouble|roubles|ruble|rubles", "", "rub"),
    _Unit("فرنك*", "franc|francs", "", "chf"),
    _Unit("شيكل*|شيقل*|شواكل", "shekel|shekels", "", "nis|ils"),
    _Unit("روبيه|روبيات", "rupee|rupees|rupiah", "", "inr|pkr|idr"),
    _Unit(
        "غرينتش|جرينتش|غرينيتش|جرينيتش|غرينتيش|ت.غ|gmt|utc",
        "gmt|utc|greenwich",
        "ت غ|العالمي|عالمي",
        "universal time|z",
    ),
)
_NO_CLUB = r"(?!\s+(?:مدريد|بيتيس|سوسيداد|سرقسطه|مايوركا|بلد الوليد))"


def _endings(names: str) -> list[str]:
    """The names of a row, written out."""
    found = []
    for name in filter(None, names.split("|")):
        found += [name[:-1] + ending for ending in _NOUN_ENDINGS] if name[-1] == "*" else [name]
    return found


def _index(rows: Iterable[str]) -> Mapping[str, frozenset[int]]:
    """For each name, the rows it stands in."""
    index: dict[str, set[int]] = {}
    for number, names in enumerate(rows):
        for name in _endings(names):
            index.setdefault(name, set()).add(number)
    return {name: frozenset(numbers) for name, numbers in index.items()}


_ARABIC_ASKING = _index(unit.arabic for unit in _UNITS)
_ENGLISH_ASKING = _index(unit.english for unit in _UNITS)
_ARABIC_ANSWERING = _index(f"{unit.arabic}|{unit.other_arabic}" for unit in _UNITS)
_ENGLISH_ANSWERING = _index(f"{unit.english}|{unit.other_english}" for unit in _UNITS)


def _pattern(names: Iterable[str], *, prefix: str, suffix: str) -> re.Pattern[str]:
    ordered = sorted(names, key=len, reverse=True)
    signs = "".join(name for name in ordered if not name[0].isalpha())
    words = "|".join(re.escape(name) for name in ordered if name[0].isalpha())
    return re.compile(rf"[{signs}]|{prefix}(?:{words}){suffix}")


_ARABIC = _pattern(
    _ARABIC_ANSWERING,
    prefix=r"(?<![^\W\d_])(?:[وف]?[بلك]?(?:ال)?|[وف]?لل)",
    suffix=rf"(?![^\W\d_]){_NO_CLUB}",
)
_ENGLISH = _pattern(_ENGLISH_ANSWERING, prefix=r"(?<![a-z])", suffix=r"(?![a-z])")


def unit_mismatch(source: str, target: str) -> bool:
    """Whether an Arabic text and an English one, both folded, differ in the units they name."""
    arabic = {_bare(match[0]) for match in _ARABIC.finditer(source)}
    english = {match[0] for match in _ENGLISH.finditer(target)}
    if not arabic and not english:
        return False
    asked = _rows(_ARABIC_ASKING, arabic) - _rows(_ENGLISH_ANSWERING, english)
    return bool(asked or _rows(_ENGLISH_ASKING, english) - _rows(_ARABIC_ANSWERING, arabic))


def _rows(index: Mapping[str, frozenset[int]], names: Iterable[str]) -> frozenset[int]:
    return frozenset().union(*(index.get(name, frozenset()) for name in names))


def _bare(word: str) -> str:
    """An Arabic name without the prefixes it was found with."""
    while word and word not in _ARABIC_ANSWERING:
        word = word[1:]
    return word
