"""The numbers a text states, and whether a translation states the same ones."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from mujaz.domain.number_words import canonical, spelled_numbers

# One way to read a number as written: the values that must all be there. `15.10.2017` has three.
Reading = tuple[str, ...]
Readings = tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class _Mention:
    """One number where it stands: the ways to read it, and the values it can answer for.

    `5 million` may be met by a 5 whose scale is written elsewhere, yet answers for 5,000,000 only.
    """

    readings: Readings
    values: tuple[str, ...]


_DIGITS: Mapping[int, str] = dict(
    zip(map(ord, "٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹"), "01234567890123456789", strict=True)
)
_DIGIT = re.compile("[0-9٠-٩۰-۹]")
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
    r"[\s+-]*(?:(ألف|آلاف|الف|آلف|الاف|ألاف|thousand|k\b)|(mn?\b)|(مليون|ملايين|million)"
    r"|(مليار|مليارات|بليون|billion|bn\b)|(تريليون|trillion)|(مئة|مائة|hundred))",
    re.IGNORECASE,
)
# By group: the zeros, and whether the other language must have them too (`m` may mean metres).
_SCALES = ((3, False), (6, False), (6, True), (9, True), (12, True), (2, False))
_NO_SCALE = (0, False)
_MILLIONS = re.compile("مليون|ملايين|مليار|بليون|تريليون")
_RANGE = re.compile(r"\s*(?:[-–_/]|إلى|الى|و|أو|to|and|or)\s*")
# The rest of a compound, as 260 in `مليون و260 ألف`, which English writes 1.26 million.
_TAIL = re.compile(r"(?:مليون|ملايين|مليار|مليارات|ألف|آلاف)\w*\s+و\s*\Z")
_TAIL_REACH = 16
# Half and quarter may be words: `an hour and a half` for 1.5.
_FRACTIONS = {"5": "0.5", "25": "0.25"}
# Digits of a name that the other language may spell as letters: `T-4`, `G20`, `COVID-19`.
_NAME = re.compile(r"\b(?:[A-Z]|COVID)-?[0-9]+|(?<=[A-Za-z])[0-9]+(?=[A-Za-z])")
_DUAL = re.compile(r"\w{2}(?:ان|ين|تا|تي)\b")
_ROUNDING = 0.05
_SMALLEST_ROUNDED = 10_000
_EXACT_DIGITS = 15


def numbers(text: str) -> Counter[str]:
    """The numbers written in digits, in either language, each as often as it stands there.

    Canonical: ASCII digits, no thousands separators, a point for decimals. A date gives its parts.
    """
    found: Counter[str] = Counter()
    for token in _NUMBER.findall(text.translate(_DIGITS)):
        found.update(_readings(token)[0])
    return found


def number_mismatch(source: str, target: str) -> bool:
    """Whether a number in digits on one side has no counterpart on the other.

    Digits may answer number words, month names and scale words, order and formatting are free, and
    decimals printed in reverse (`5,3` for 3.5, as some Arabic pages have them) count as the same.
    """
    if not (_DIGIT.search(source) or _DIGIT.search(target)):
        return False
    source, target = _with_ascii_digits(source), _with_ascii_digits(target)
    same_digits = sorted(_NUMBER.findall(source)) == sorted(_NUMBER.findall(target))
    if same_digits and not _MILLIONS.search(source):
        return False
    in_source, in_target = _mentions(source), _mentions(target)
    if _missing(in_source, in_target, lambda: spelled_numbers(target)):
        return True
    unnamed = _mentions(_NAME.sub("", target)) if _NAME.search(target) else in_target
    return bool(_missing(unnamed, in_source, lambda: spelled_numbers(source) | _implied(source)))


def number_retention(source: str, target: str) -> tuple[int, int]:
    """How many numbers in digits `source` has, and how many of them `target` states.

    Met as in `number_mismatch`: by digits of either kind, number words, scales or rounding.
    """
    source, target = _with_ascii_digits(source), _with_ascii_digits(target)
    in_source = _mentions(source)
    lost = _missing(in_source, _mentions(target), lambda: spelled_numbers(target))
    return len(in_source), len(in_source) - len(lost)


def _with_ascii_digits(text: str) -> str:
    return text.translate(_DIGITS) if _ARABIC_DIGIT.search(text) else text


def _implied(source: str) -> set[str]:
    """What Arabic says without a number: none and one, and two where a word may be a dual."""
    return {"0", "1", "2"} if _DUAL.search(source) else {"0", "1"}


def _missing(
    mentions: Sequence[_Mention], others: Sequence[_Mention], spelled: Callable[[], set[str]]
) -> list[_Mention]:
    """The mentions that no other one, and nothing spelled in words, answers for."""
    available = {value for mention in others for value in mention.values}
    unmatched = [mention for mention in mentions if not _is_met(mention, available)]
    if not unmatched:
        return []
    available |= spelled()
    large = sorted(value for value in map(float, available) if value >= _SMALLEST_ROUNDED)
    round_ones = [value for value in large if _is_round(value)]
    return [
        mention
        for mention in unmatched
        if not _is_met(mention, available) and not _is_rounded(mention, large, round_ones)
    ]


def _is_met(mention: _Mention, available: set[str]) -> bool:
    return any(available.issuperset(reading) for reading in mention.readings)


def _is_rounded(mention: _Mention, large: Sequence[float], round_ones: Sequence[float]) -> bool:
    """Whether one side rounds what the other states in full, as `5 million` for 5,012,345."""
    values = [float(reading[0]) for reading in mention.readings if len(reading) == 1]
    return any(
        _is_near(value, large if _is_round(value) else round_ones)
        for value in values
        if value >= _SMALLEST_ROUNDED
    )


def _is_near(value: float, others: Sequence[float]) -> bool:
    index = bisect_left(others, value * (1 - _ROUNDING))
    return index < len(others) and others[index] <= value * (1 + _ROUNDING)


def _is_round(value: float) -> bool:
    return float(f"{value:.3g}") == value


def _mentions(text: str) -> list[_Mention]:
    """Each number of `text` (ASCII digits), with all the ways to read it where it stands."""
    mentions: list[_Mention] = []
    matches = [*_NUMBER.finditer(text)]
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
        if four_digits and _ZONE.match(text, end):
            readings.append((_integer(token[:2]), _integer(token[2:])))
        if start >= spaced_end and (spaced := _SPACED.match(text, start)):
            spaced_value, spaced_end = _integer("".join(spaced[0].split())), spaced.end()
        if start < spaced_end:
            readings.append((spaced_value,))
        unscaled = len(readings)
        if zeros:
            readings.extend([(_scaled(value, zeros),) for value, *rest in readings if not rest])
        answers = (binding and readings[unscaled:]) or readings
        values = [value for reading in answers for value in reading]
        mentions.append(_Mention(readings=tuple(readings), values=tuple(values)))
    return mentions


def _with_tail(head: _Mention, tail: str) -> _Mention:
    """The whole of a compound: 8,500 of `8 آلاف و500`."""
    value = head.readings[-1][0]
    if max(len(value), len(tail)) > _EXACT_DIGITS:
        return head
    total = canonical(float(value) + float(tail))
    return _Mention(readings=(*head.readings, (total,)), values=(*head.values, total))


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
