"""Quotation marks and brackets that are open at a place in a line.

Straight quotation marks say nothing of their side and are often unbalanced in news pages, so each
is judged by its neighbours, and none reaches further than the few hundred characters looked at.
"""

from __future__ import annotations

import re
from typing import Final

QUOTATION_MARKS: Final = '"“”„«»‹›'
OPENING_BRACKETS: Final = "([{"
CLOSING_BRACKETS: Final = ")]}"

_QUOTATION_MARK = re.compile(f"[{QUOTATION_MARKS}]")
_BRACKET = re.compile(r"[()\[\]{}]")
# A quotation that follows one of these without a space begins there: و"نص", لـ"نص", بال"نص".
_PROCLITIC = re.compile(r"(?:\A|[\s(\[«“\"])(?:[وف]?[بلك]?(?:ال|لل)?ـ*)\Z")
_BEFORE_OPENING = "([{-–—:/،"
_AFTER_CLOSING = "،؛:,;.!?؟…)]}-–—/"


def open_quotation(text: str, next_character: str) -> int:
    """Where in `text` the last quotation still open begins, after its mark; -1 if none is open."""
    start = -1
    for match in _QUOTATION_MARK.finditer(text):
        position = match.end()
        following = text[position : position + 1] or next_character
        is_opening = _opens(text, match.start(), following, is_open=start >= 0)
        start = position if is_opening else -1
    return start


def open_bracket(text: str) -> int:
    """Where in `text` the innermost bracket still open stands; -1 if none is open."""
    opened: list[int] = []
    for match in _BRACKET.finditer(text):
        if match[0] in OPENING_BRACKETS:
            opened.append(match.start())
        elif opened:
            opened.pop()
    return opened[-1] if opened else -1


def closing_quotation(text: str) -> int:
    """Where in `text` the open quotation closes; -1 if another opens first, or none closes."""
    match = _QUOTATION_MARK.search(text)
    if match is None:
        return -1
    position = match.start()
    return (
        -1 if _opens(text, position, text[position + 1 : position + 2], is_open=True) else position
    )


def closing_bracket(text: str) -> int:
    """Where in `text` the open bracket closes; -1 if another opens first, or none closes."""
    match = _BRACKET.search(text)
    return match.start() if match is not None and match[0] in CLOSING_BRACKETS else -1


def _opens(text: str, position: int, following: str, *, is_open: bool) -> bool:
    """Whether the quotation mark at `position` opens; `following` is the character after it."""
    before = text[max(0, position - 8) : position]
    free_before = not before or before[-1].isspace() or before[-1] in _BEFORE_OPENING
    free_after = not following or following.isspace() or following in _AFTER_CLOSING
    if free_before != free_after:
        return free_before
    if not free_before and _PROCLITIC.search(before):
        return True
    if text[position] in "«„‹":
        return True
    if text[position] in "»›":
        return False
    return not is_open
