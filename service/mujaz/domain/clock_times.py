"""Hours of the day with the half of the day they are in, in Arabic and in English."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

_AM, _PM = "am", "pm"
Hour = tuple[int, str]
"""The hour on a dial, 1 to 12, and `am` or `pm`."""

_ARABIC_HOURS = "واحده ثانيه ثالثه رابعه خامسه سادسه سابعه ثامنه تاسعه عاشره حاديه+عشره ثانيه+عشره"
_ENGLISH_HOURS = "one two three four five six seven eight nine ten eleven twelve"
_HOURS: Mapping[str, int] = {
    word.replace("+", " "): number
    for words in (_ARABIC_HOURS, _ENGLISH_HOURS)
    for number, word in enumerate(words.split(), start=1)
}
_WORDS = "|".join(sorted(_HOURS, key=len, reverse=True))
_HOUR = rf"(?:(?<![\d:.,])(?P<hour>\d{{1,2}})(?:[:.,]\d{{2}})?|\b(?:ال)?(?P<word>{_WORDS})\b)"

_ARABIC = re.compile(
    rf"{_HOUR}(?: (?:والنصف|والربع|والثلث|الا ربعا?|الا الربع|الا ثلثا?|و\d+ دقيقه))?"
    r" ?(?:من )?(?:ال)?(?P<half>صباح|فجر|مساء|ظهر|عصر|ليل|قبل الظهر|بعد الظهر)(?:ا|ه)?(?!\w)"
)
# Alone, م and ص are metres and pages: minutes or the word for the hour must be there.
_ARABIC_SHORT = re.compile(
    r"(?:(?<![\d:])(?P<hour>\d{1,2}):\d{2}|الساعه (?P<word>\d{1,2})) ?(?P<half>[صم])(?!\w)"
)
_ENGLISH = re.compile(
    rf"{_HOUR}(?: o'?clock)? ?(?P<half>[ap]\.?m\b|in the (?:morning|afternoon|evening)|at night)"
)
_DIAL_24 = re.compile(r"(?<![\d:])(0?0|1[3-9]|2[0-3]):[0-5]\d(?![\d:])")
_NAMED = re.compile(r"\b(?:(noon|midday)|midnight)\b")
_EVIDENT = re.compile(r":|\d ?[صم](?!\w)|الساعه|صباح|مساء|فجر|عصر|ظهر|ليل")


def hour_conflict(source: str, target: str) -> bool:
    """Whether an English text puts an hour of the Arabic one into the other half of the day.

    Both texts are folded, their digits are ASCII. A time without its half is in no conflict.
    """
    if not _EVIDENT.search(source):
        return False
    told = {*_dial_hours(source), *_arabic_hours(source)}
    if not told:
        return False
    answered = {*_dial_hours(target), *_english_hours(target)}
    return any(
        (hour, _PM if half == _AM else _AM) in answered
        for hour, half in told
        if (hour, half) not in answered
    )


def _arabic_hours(text: str) -> Iterator[Hour]:
    for pattern in (_ARABIC, _ARABIC_SHORT):
        for match in pattern.finditer(text):
            hour = _dial_hour(match)
            if hour is not None:
                yield hour, _arabic_half(match["half"], hour)


def _english_hours(text: str) -> Iterator[Hour]:
    for match in _ENGLISH.finditer(text):
        hour, half = _dial_hour(match), match["half"]
        if hour is not None:
            yield hour, _english_half(half, hour)
    for match in _NAMED.finditer(text):
        yield 12, _PM if match[1] else _AM


def _dial_hours(text: str) -> Iterator[Hour]:
    """Times on the 24-hour dial that can be nothing else."""
    for match in _DIAL_24.finditer(text):
        hour = int(match[1])
        yield hour % 12 or 12, _PM if hour else _AM


def _dial_hour(match: re.Match[str]) -> int | None:
    hour = _HOURS[match["word"]] if match["word"] in _HOURS else int(match["hour"] or match["word"])
    return hour if 1 <= hour <= 12 else None


def _arabic_half(word: str, hour: int) -> str:
    if word in ("صباح", "فجر", "ص", "قبل الظهر"):
        return _AM
    if word == "ظهر":
        return _AM if hour in (10, 11) else _PM
    if word == "ليل":
        return _AM if hour == 12 or hour < 5 else _PM
    return _PM


def _english_half(words: str, hour: int) -> str:
    if words == "at night":
        return _AM if hour == 12 or hour < 5 else _PM
    return _AM if words == "in the morning" or words.startswith("a") else _PM
