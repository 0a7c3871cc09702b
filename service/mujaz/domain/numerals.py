"""Numbers written in digits, and the ways to read each of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mujaz.domain.number_words import canonical

# One way to read a number as written: the values that must all be there. `15.10.2017` has three.
Reading = tuple[str, ...]
Readings = tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class Mention:
    """One number where it stands: the ways to read it, and the values it can answer for.

    `5 million` may be met by a 5 whose scale is written elsewhere, yet answers for 5,000,000 only.
    """

    readings: Readings
    values: tuple[str, ...]


_DIGITS: Mapping[int, str] = dict(
    zip(map(ord, "٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹"), "01234567890123456789", strict=True)
)
_ARABIC_DIGIT = re.compile("[٠-٩۰-۹]")
# Some agencies write the decimal point as ر: `5ر1` for 1.5.
_NUMBER = re.compile(r"[0-9]+(?:[.,٫٬،ر][0-9]+)*")
_SEPARATOR = re.compile("[.,٫٬،ر]")
_ALWAYS_DECIMAL = "٫ر"
_SPACED = re.compile(r"[0-9]{1,3}(?:[ \u00a0\u202f][0-9]{3})+(?![0-9])")
_CLOCK = re.compile(r"(?:[01]?[0-9]|2[0-3]):[0-5][0-9]")
_ZONE = re.compile(" ?(?:GMT|UTC)")
_CENTURIES = ("18", "19", "20")
_SCALE = re.compile(
    r"[\s+)-]*(?:(ألف|آلاف|الف|آلف|الاف|ألاف|thousand|k\b)|(mn?\b)|(مليون|ملايين|million)"
    r"|(مليار|مليارات|بليون|billion|bn\b)|(تريليون|trillion)|(مئة|مائة|hundred))",
    re.IGNORECASE,
)
# By group: the zeros, and whether the other language must have them too (`m` may mean metres).
_SCALES = ((3, True), (6, False), (6, True), (9, True), (12, True), (2, False))
_NO_SCALE = (0, False)
_RANGE = re.compile(r"\s*(?:[-–_/]|إلى|الى|و|أو|to|and|or)\s*")
# The rest of a compound, as 260 in `مليون و260 ألف`, which English writes 1.26 million.
_TAIL = re.compile(r"(?:مليون|ملايين|مليار|مليارات|ألف|آلاف)\w*\s+و\s*\Z")
_TAIL_REACH = 16
# Half and quarter may be words: `an hour and a half` for 1.5.
_FRACTIONS = {"5": "0.5", "25": "0.25"}
_EXACT_DIGITS = 15
_DIGITS_ONLY = re.compile("[0-9]+")
_DECADE = re.compile("[0-9]{2}00s")
# Groups of digits that make no number together, but one to call.
_PHONE = re.compile(r"(?<![\w.,])[+]?[0-9]{1,5}(?:[ ()-]{1,2}[0-9]{2,4}){2,}(?![0-9])")
_LEAST_PHONE_DIGITS = 9
# Numerals of kings, popes and wars follow a name.
_ROMAN = re.compile(r"(?<=[A-Z][a-z]{2})[a-z]* ([IVX]{2,7})\b")
_ROMAN_FORM = re.compile("(X{0,3})(IX|IV|V?I{0,3})")
_ROMAN_DIGITS = {
    "": 0,
    "I": 1,
    "II": 2,
    "III": 3,
    "IV": 4,
    "V": 5,
    "VI": 6,
    "VII": 7,
    "VIII": 8,
    "IX": 9,
}


def numbers(text: str) -> Counter[str]:
    """The numbers written in digits, in either language, each as often as it stands there.

    Canonical: ASCII digits, no thousands separators, a point for decimals. A date gives its parts.
    """
    found: Counter[str] = Counter()
    for token in _NUMBER.findall(text.translate(_DIGITS)):
        found.update(_readings(token)[0])
    return found


def with_ascii_digits(text: str) -> str:
    """`text` with the digits that Arabic and Persian use written as ASCII ones."""
    return text.translate(_DIGITS) if _ARABIC_DIGIT.search(text) else text


def numeral_mentions(text: str) -> list[Mention]:
    """Each number of `text` (ASCII digits), with all the ways to read it where it stands."""
    mentions: list[Mention] = []
    matches = [*_NUMBER.finditer(text)]
    phones = _phones(text)
    spaced_value, spaced_end = "", 0
    for match, (zeros, binding) in zip(matches, _scales(text, matches), strict=True):
        token, start, end = match[0], match.start(), match.end()
        if len(token) <= 3 and _TAIL.search(text, max(0, start - _TAIL_REACH), start):
            if mentions:
                mentions[-1] = _with_tail(mentions[-1], _scaled(_readings(token)[0][0], zeros))
            continue
        readings = list(_readings(token))
        if _CLOCK.match(text, start):
            readings.append((str((int(token) + 12) % 24),))
        four_digits = len(token) == 4 and token.isdecimal()
        if four_digits and token.startswith(_CENTURIES):
            readings.append((_integer(token[2:]),))
        if _DECADE.match(text, start):
            readings.append((str(int(token[:2]) + 1),))
        if four_digits and _ZONE.match(text, end):
            readings.append((_integer(token[:2]), _integer(token[2:])))
        if start >= spaced_end and (spaced := _SPACED.match(text, start)):
            spaced_value, spaced_end = _integer("".join(spaced[0].split())), spaced.end()
        if start < spaced_end:
            readings.append((spaced_value,))
        readings.extend((phone,) for phone in phones.get(start, ()))
        unscaled = len(readings)
        if zeros:
            readings.extend([(_scaled(value, zeros),) for value, *rest in readings if not rest])
        answers = (binding and readings[unscaled:]) or readings
        values = [value for reading in answers for value in reading]
        if four_digits:
            values.append(str(int(token[:2]) + 1))
        mentions.append(Mention(readings=tuple(readings), values=tuple(values)))
    return mentions


def roman_mentions(text: str) -> list[Mention]:
    """The Roman numerals after names: `Pope John XXIII`."""
    found = []
    for match in _ROMAN.finditer(text):
        if form := _ROMAN_FORM.fullmatch(match[1]):
            value = str(10 * len(form[1]) + _ROMAN_DIGITS[form[2]])
            found.append(Mention(readings=((value,),), values=(value,)))
    return found


def _phones(text: str) -> dict[int, tuple[str, ...]]:
    """By the start of each group of digits, the number to call that it is part of."""
    found: dict[int, tuple[str, ...]] = {}
    for match in _PHONE.finditer(text):
        groups = [*_DIGITS_ONLY.finditer(match[0])]
        digits = "".join(group[0] for group in groups)
        if len(digits) >= _LEAST_PHONE_DIGITS:
            for group in groups:
                found[match.start() + group.start()] = (_integer(digits),)
    return found


def _with_tail(head: Mention, tail: str) -> Mention:
    """The whole of a compound: 8,500 of `8 آلاف و500`."""
    value = head.readings[-1][0]
    if max(len(value), len(tail)) > _EXACT_DIGITS:
        return head
    total = canonical(float(value) + float(tail))
    return Mention(readings=(*head.readings, (total,)), values=(*head.values, total))


def _scales(text: str, matches: Sequence[re.Match[str]]) -> list[tuple[int, bool]]:
    """The scale word after each number; in `8 to 9 million` it may be meant for both."""
    scales = []
    for match in matches:
        scale = _SCALE.match(text, match.end())
        scales.append(_SCALES[scale.lastindex - 1] if scale and scale.lastindex else _NO_SCALE)
    for index in range(len(matches) - 2, -1, -1):
        end, next_start = matches[index].end(), matches[index + 1].start()
        if scales[index] == _NO_SCALE and _RANGE.fullmatch(text, end, next_start):
            scales[index] = scales[index + 1][0], False
    return scales


def _readings(token: str) -> Readings:
    """The ways to read one number, the most likely one first."""
    groups = _SEPARATOR.split(token)
    if len(groups) == 1:
        return ((_integer(token),),)
    marks = _SEPARATOR.findall(token)
    grouped = len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])
    if len(groups) == 2:
        return _two_group_readings(*groups, mark=marks[0], grouped=grouped)
    whole = (_integer("".join(groups)),)
    if grouped and len(set(marks)) == 1:
        return (whole,)
    parts = tuple(map(_integer, groups))
    if marks[-1] == marks[0]:
        return (parts,)
    return ((_decimal("".join(groups[:-1]), groups[-1]),), whole, parts)


def _two_group_readings(first: str, second: str, *, mark: str, grouped: bool) -> Readings:
    decimal, swapped = (_decimal(first, second),), (_decimal(second, first),)
    if grouped and mark not in _ALWAYS_DECIMAL and not first.startswith("0"):
        whole = (_integer(first + second),)
        if second == "000":
            return (whole,)
        return (decimal, whole, swapped) if mark == "." else (whole, decimal, swapped)
    parts = (_integer(first), _FRACTIONS.get(second, _integer(second)))
    if len(second) > 3:
        return (parts, decimal, swapped)
    if first == "000":
        return ((_integer(second + first),),)
    return (decimal, parts) if second.startswith("00") else (decimal, swapped, parts)


def _integer(digits: str) -> str:
    return digits.lstrip("0") or "0"


def _decimal(whole: str, fraction: str) -> str:
    fraction = fraction.rstrip("0")
    return f"{_integer(whole)}.{fraction}" if fraction else _integer(whole)


def _scaled(value: str, zeros: int) -> str:
    """`value` times ten to the power of `zeros`."""
    whole, _, fraction = value.partition(".")
    return _decimal(whole + fraction[:zeros].ljust(zeros, "0"), fraction[zeros:])
