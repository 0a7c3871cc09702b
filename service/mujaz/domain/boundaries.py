"""Whether a sentence ends at a full stop, a question mark, an exclamation mark or dots.

One decision looks at most LOOKBEHIND characters back and LOOKAHEAD characters ahead, within one
line, so that a text read in pieces gets the same sentences as one read at once. What the rules aim
at, and why, is written down in tests/golden/README.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import Final

from mujaz.domain.abbreviations import is_agency, joins, owns_mark, owns_stop
from mujaz.domain.connectives import asks, depends, reports
from mujaz.domain.quotation import (
    CLOSING_BRACKETS,
    QUOTATION_MARKS,
    closing_bracket,
    closing_quotation,
    open_bracket,
    open_quotation,
)

LOOKBEHIND: Final = 300
LOOKAHEAD: Final = 300
TERMINATORS: Final = ".!?؟۔…‼⁇⁈⁉"

_FEWEST_QUOTED_WORDS = 4
_FEWEST_WORDS_OF_SPLIT_QUOTATION = 6
_FEWEST_WORDS_BESIDE_PAUSE = 3
_LONGEST_HEADLINE_CHARACTERS = 160
_LONGEST_WORD = 40

# Combining marks, variation selectors, joiners and direction marks belong to what they follow.
_TAIL = (
    "[\u0300-\u036f\u064b-\u065f\u200b-\u200f\u202a-\u202e\u2060-\u2069\u20e3\ufe00-\ufe0f\ufeff]*"
)
_STOPS = re.compile(f"[{TERMINATORS}]+{_TAIL}")
_CLOSERS = re.compile(rf"(?:[)\]}}﴾]|[{QUOTATION_MARKS}‘’'](?!\w)|[{TERMINATORS}]){_TAIL}")
_SPACED_CLOSER = re.compile(
    rf"[ \xa0\u202f]([)\]}}{QUOTATION_MARKS}])(?=\s|\Z|[،؛:,;{TERMINATORS}])"
)
_NEVER_FIRST = frozenset("،؛,;:٪%")
_CLOSING_MARKS = frozenset('"»”')
_BULLETS = (
    "🔴🟠🟡🟢🔵🟣🟤⚫⚪🔺🔻🔸🔹🔶🔷◾◽⬛⬜➡⬅⬇⬆✅☑✔❌⭕❗❓⚠🚨📌📍👈👉"
    "🆕🗓📅📆🎙🎥📷📸📹📺📢📣🗣📝📰🔗⏰✍🎟"
)
_EMOJI = re.compile(
    rf"(?:[ \xa0]?(?![{_BULLETS}])"
    "[\u2600-\u27bf\u2b00-\u2bff\U0001f1e6-\U0001f1ff\U0001f300-\U0001faff]"
    "[\ufe0f\u200d\u20e3\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]*)+"
    r"(?=\s|\Z)"
)
_BRACKETED = re.compile(r"\s?[(\[]([^()\[\]]{1,40})[)\]]\.?(?=\s|\Z)")
_LABEL = re.compile(
    r"[-–—•▪*#\s]*(?:[(\[]?(?:\d{1,3}|[ء-يA-Za-z]|[ivxIVX]{1,4})[)\]]?"
    r"|(?:أولا|ثانيا|ثالثا|رابعا|خامسا|سادسا|سابعا|ثامنا|تاسعا|عاشرا|أخيرا)ً?"
    r"|و?(?:ال)?(?:مادة|فصل|بند|فقرة|باب|قسم|جزء|سؤال|مرحلة|محور|ملحق)\s+(?:رقم\s+)?\d{1,4})\s*"
)
_TERMINATOR = re.compile(f"[{TERMINATORS}]")
_WORD = re.compile(r"[^\W_]\S*")
_FIRST_LETTERS = re.compile(r"[^\W_]+")
_LAST_LETTERS = re.compile(r"[^\W_]+\Z")
_OPEN_DASH = re.compile(r"(?:\A|\s)[-–—]\w[^-–—]*\Z")
_LIST_NUMBER = re.compile(r"(?:\A|\s)(\d{1,2})\Z")
_SHORT_NEXT_QUESTION = re.compile(r"(?:\w+|(?:أم|أو)(?:\s+\w+){1,3})\s?[?؟!]")


@dataclass(frozen=True, slots=True)
class _Stop:
    """A terminator in its place.

    `before` is the sentence so far, `marks` the terminators, `closers` the quotation marks and
    brackets that close at them, `after` the rest of the line, or as much as is looked at.
    """

    before: str
    marks: str
    closers: str
    after: str
    line_ends: bool

    @property
    def following(self) -> str:
        return self.after.lstrip()

    @property
    def length(self) -> int:
        return len(self.marks) + len(self.closers)

    @property
    def asks_or_exclaims(self) -> bool:
        return any(mark in "!?؟‼⁇⁈⁉" for mark in self.marks)

    @property
    def is_full_stop(self) -> bool:
        return self.marks[0] in ".۔" and not any(mark in TERMINATORS for mark in self.marks[1:])


def sentence_end(before: str, ahead: str) -> int:
    """How many characters of `ahead` the sentence still takes; 0 where it goes on.

    `before` is the sentence so far, or its last LOOKBEHIND characters; `ahead` begins at a
    terminator and is cut after LOOKAHEAD characters or at the end of the line.
    """
    stop = _read(before, ahead)
    following = stop.following
    if not following:
        return stop.length
    if following[0] in _NEVER_FIRST or following[0] in TERMINATORS:
        return 0
    if _is_inside_token(stop) or _belongs_to_word(stop) or _is_inside_brackets(stop):
        return 0
    if _is_held_by_quotation(stop) or (stop.asks_or_exclaims and _is_asked_on(stop)):
        return 0
    if not stop.is_full_stop and not stop.asks_or_exclaims and _is_within_clause(stop):
        return 0
    return stop.length + _trailing_length(stop)


def terminators_length(ahead: str) -> int:
    """How many characters the terminators take that `ahead` begins with."""
    match = _STOPS.match(ahead)
    return len(match[0]) if match else 0


def _read(before: str, ahead: str) -> _Stop:
    marks = ahead[: terminators_length(ahead)]
    end = len(marks)
    while True:
        match = _CLOSERS.match(ahead, end)
        if match is None and (spaced := _SPACED_CLOSER.match(ahead, end)):
            match = spaced if _closes(before, spaced[1]) else None
        if match is not None:
            end = match.end()
        elif end == len(marks) and ahead[end : end + 1] in _CLOSING_MARKS and _closes(before, '"'):
            end += 1
        else:
            return _Stop(
                before, marks, ahead[len(marks) : end], ahead[end:], len(ahead) < LOOKAHEAD
            )


def _closes(before: str, closer: str) -> bool:
    """Whether something that `closer` would close is open."""
    if closer in CLOSING_BRACKETS:
        return open_bracket(before) >= 0
    return open_quotation(before, ".") >= 0


def _is_inside_token(stop: _Stop) -> bool:
    """Whether the stop stands inside a number, an address or a name: no space follows it."""
    following = stop.after[0]
    if stop.closers or following.isspace():
        return False
    if following in "-–—":
        return _is_before_dash(stop)
    if following in "_/\\=&#@":
        return True
    if not following.isalnum():
        return False
    if following.isascii() and stop.marks.isascii() and not stop.is_full_stop:
        return True
    return stop.is_full_stop and not _is_space_missing(stop)


def _is_before_dash(stop: _Stop) -> bool:
    """Whether a dash at the stop closes an aside («-هل يعقل؟- قال») or joins words («U.S.-led»)."""
    if stop.asks_or_exclaims:
        return _OPEN_DASH.search(stop.before) is not None
    return stop.before[-1:].isascii() and stop.after[1:2].isascii() and stop.after[1:2].isalnum()


def _is_space_missing(stop: _Stop) -> bool:
    """Whether a sentence ends here and the next begins without the space between («قرار.وقال»)."""
    left = _LAST_LETTERS.search(stop.before[-_LONGEST_WORD:].rstrip())
    right = _FIRST_LETTERS.match(stop.after)
    if right is None or not stop.before or _LABEL.fullmatch(stop.before):
        return False
    if left is None:
        return not right[0].isascii()
    if right[0].isdigit():
        return len(left[0]) > 3 and _is_arabic_word(left[0]) and not stop.before[-1].isspace()
    if right[0].isascii():
        return False
    return not joins(left[0], right[0])


def _is_arabic_word(word: str) -> bool:
    return word.isalpha() and not word.isascii()


def _belongs_to_word(stop: _Stop) -> bool:
    """Whether the stop is part of an abbreviation, a list label, or a name with a mark in it."""
    if stop.closers:
        return False
    if stop.asks_or_exclaims:
        word = _LAST_LETTERS.search(stop.before[-_LONGEST_WORD:])
        return word is not None and owns_mark(word[0])
    if not stop.is_full_stop:
        return False
    first = stop.following[0]
    return (
        _LABEL.fullmatch(stop.before) is not None
        or _is_list_number(stop.before)
        or (first.isascii() and first.islower())
        or owns_stop(stop.before, stop.following)
    )


def _is_list_number(before: str) -> bool:
    """Whether `before` ends with the number of an item in a list within the sentence."""
    match = _LIST_NUMBER.search(before[-_LONGEST_WORD:])
    if match is None:
        return False
    number = int(match[1])
    lead = before[: -len(match[1])].rstrip()
    return lead.endswith(":") if number == 1 else f" {number - 1}. " in lead


def _is_inside_brackets(stop: _Stop) -> bool:
    """Whether brackets that the sentence opened go on here, or close and the sentence goes on."""
    opened = open_bracket(stop.before)
    if opened < 0:
        return False
    if any(closer in CLOSING_BRACKETS for closer in stop.closers):
        ends_again = stop.closers[-1] in TERMINATORS
        return opened > 0 and not ends_again
    return closing_bracket(stop.after) >= 0


def _is_held_by_quotation(stop: _Stop) -> bool:
    """Whether a quotation keeps the sentence together: it is short, or the reporting goes on."""
    start = open_quotation(stop.before, stop.marks)
    said = stop.before[start:] if start >= 0 else stop.before
    if any(closer in QUOTATION_MARKS for closer in stop.closers):
        if stop.closers[-1] in TERMINATORS:
            return False
        if stop.is_full_stop:
            return reports(stop.following)
        is_short = start >= 0 and _is_fewer(said, _FEWEST_QUOTED_WORDS + 1)
        return is_short or depends(stop.following)
    closing = closing_quotation(stop.after)
    if start < 0 or closing < 0:
        return False
    left, rest = stop.after[:closing], stop.after[closing + 1 :].lstrip()
    if stop.line_ends if not rest else rest[0] in TERMINATORS:
        return _is_fewer(f"{said} {left}", _FEWEST_WORDS_OF_SPLIT_QUOTATION)
    return _is_fewer(said, _FEWEST_QUOTED_WORDS) or _is_fewer(left, _FEWEST_QUOTED_WORDS)


def _is_asked_on(stop: _Stop) -> bool:
    """Whether a question goes on after its mark: more of the choice, or who asked it."""
    following = stop.following
    return bool(_SHORT_NEXT_QUESTION.match(following)) or ("؟" in stop.marks and asks(following))


def _is_within_clause(stop: _Stop) -> bool:
    """Whether dots are a pause inside a sentence: a headline, a fragment, or a dependent clause."""
    following = stop.following
    end = _TERMINATOR.search(following)
    clause = following[: end.start()] if end else following
    said = stop.before[max(0, open_quotation(stop.before, stop.marks)) :]
    return (
        _is_in_headline(stop)
        or _is_fewer(said, _FEWEST_WORDS_BESIDE_PAUSE)
        or _is_fewer(clause, _FEWEST_WORDS_BESIDE_PAUSE)
        or depends(following)
    )


def _is_in_headline(stop: _Stop) -> bool:
    """Whether the line is short and has no full stop, as headlines are and sentences are not."""
    if not stop.line_ends:
        return False
    is_short = len(stop.before) + stop.length + len(stop.after) <= _LONGEST_HEADLINE_CHARACTERS
    rest = stop.after.rstrip(" \"”»)'")
    return is_short and rest[-1:] not in {".", "…", "۔"} and ". " not in rest


def _is_fewer(text: str, word_count: int) -> bool:
    """Whether `text` has fewer words than that."""
    return next(islice(_WORD.finditer(text), word_count - 1, None), None) is None


def _trailing_length(stop: _Stop) -> int:
    """How much after the stop still belongs to the sentence: emoji, a credit, a reference mark."""
    if match := _EMOJI.match(stop.after):
        return match.end()
    match = _BRACKETED.match(stop.after)
    if match is None:
        return 0
    is_reference = match[1].isdigit() and not match[0][0].isspace()
    ends_line = stop.line_ends and not stop.after[match.end() :].strip()
    if is_reference or ends_line or is_agency(match[1]):
        return match.end()
    return 0
