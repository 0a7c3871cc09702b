"""Cuts a sentence the model could not hold into parts it can, at the best places."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable
from itertools import chain

from mujaz.domain.saying import SAID, SAYS
from mujaz.domain.spans import Span

# Parts are planned to fill this share of the limit, which leaves room to choose where to cut.
_FILL = 0.85
# How far from the even cut to look, as a share of a part; farther where nothing near will do.
_REACHES = (0.4, 0.8)

_SAYING = "|".join((*SAID, *SAYS, "كان", "كانت"))
# Words whose own first letter is a و, so that no clause begins with them.
_NOT_AND = (
    "وزير|وزيرة|وزراء|وزارة|وزارات|واشنطن|وكالة|وكالات|وكيل|وقت|وسط|وسائل|وفق|وفقا|وفقاً|وفد|وفاة"
    "|وضع|وجود|وجه|وصول|وحدة|وحدات|واحد|واحدة|ولاية|ولايات|وطن|وطني|وطنية|والد|والدة|والده|وثيقة"
    "|وثائق|وراء|ورق|ورقة|وعد|وعود|وقف|وقوع|وسيط|وسيلة|واسع|واسعة|واقع|واضح|واضحة|واجب|وظيفة|وظائف"
    "|ولد|ولادة|ولي|وباء|وقود|وزن"
)
_CONJUNCTIONS = (
    "ثم|أو|لكن|لكنه|لكنها|حيث|إذ|التي|الذي|الذين|اللذين|بينما|فيما|كما|لأن|عندما|مما|بأن"
)
_CLOSING = "[\"»”’')\\]]*"
# From the best place to the worst; the cut is where the match ends.
_CUTS = tuple(
    (rank, re.compile(pattern))
    for rank, pattern in (
        (0.0, rf"\n|[؛;](?![\d/]){_CLOSING}|[.!?؟۔…]{_CLOSING}(?=\s)"),
        (0.5, rf"[،,:](?![\d/]){_CLOSING}"),
        (1.0, rf"\s(?=[وف](?:{_SAYING})\b)"),
        (2.0, rf"\s(?=و?(?:{_CONJUNCTIONS})\b|(?!(?:{_NOT_AND})\b)و\w{{3}})"),
        (3.0, r"\s"),
    )
)
_LOOK_AHEAD = 12

_SPACE = re.compile(r"\s")
_EDGES = re.compile(r"\S(?:.*\S)?", re.DOTALL)
_PROTECTED = re.compile(
    r"\d[\d.,٫٬/:-]*\d|\"[^\"\n]*\"|«[^«»\n]*»|“[^“”\n]*”|‘[^‘’\n]*[‘’]"
    r"|(?P<parenthesis>\([^()\n]*\))"
)
_LONGEST_QUOTATION_WORDS = 8
# More than any rank and distance: a cut inside is made only where there is none outside.
_PROTECTED_PENALTY = 5.0
_JOINERS = "\u200d\ufe0e\ufe0f\u20e3"


def split_long(
    text: str, *, count_tokens: Callable[[str], int], token_limit: int
) -> tuple[Span, ...]:
    """Parts of `text` of at most `token_limit` tokens each; white space between them is left out.

    A text that fits costs one call of `count_tokens`; one that does not, about two a part. A single
    character over the limit is a part of its own.
    """
    edges = _EDGES.search(text)
    if edges is None:
        return ()
    waiting = [(Span(*edges.span()), count_tokens(edges[0]))]
    if waiting[0][1] <= token_limit:
        return (waiting[0][0],)
    parts: list[Span] = []
    protected = _protected_spans(text)
    while waiting:
        span, tokens = waiting.pop()
        if tokens <= token_limit or len(span) == 1:
            parts.append(span)
            continue
        part_count = _part_count(tokens, token_limit)
        cut = _cut(text, span, part_count=part_count, protected=protected)
        for side in (Span(cut, span.end), Span(span.start, cut)):
            edges = _EDGES.search(text, side.start, side.end)
            if edges is not None:
                waiting.append((Span(*edges.span()), count_tokens(edges[0])))
    return tuple(parts)


def _part_count(tokens: int, token_limit: int) -> int:
    return max(2, -int(-tokens // max(1.0, token_limit * _FILL)))


def _protected_spans(text: str) -> tuple[Span, ...]:
    """Numbers, short quotations and parentheses."""
    return tuple(
        Span(*match.span())
        for match in _PROTECTED.finditer(text)
        if match.lastgroup or len(match[0].split()) <= _LONGEST_QUOTATION_WORDS
    )


def _cut(text: str, span: Span, *, part_count: int, protected: tuple[Span, ...]) -> int:
    """Where to cut, strictly inside `span` and near where half of its parts should end."""
    part = len(span) / part_count
    target = span.start + round(part * (part_count // 2))
    best = None
    for reach in _REACHES:
        best = _best_cut(text, span, target, reach=max(1, round(part * reach)), protected=protected)
        if best is not None and best[0] < _PROTECTED_PENALTY:
            break
    return best[1] if best is not None else _forced_cut(text, span, target)


def _best_cut(
    text: str, span: Span, target: int, *, reach: int, protected: tuple[Span, ...]
) -> tuple[float, int] | None:
    """The cost of the best cut within `reach` of `target`, and where it is."""
    low, high = max(span.start + 1, target - reach), min(span.end - 1, target + reach)
    best: tuple[float, int] | None = None
    for rank, pattern in _CUTS:
        if best is not None and best[0] <= rank:
            break
        for match in pattern.finditer(text, low - 1, min(span.end, high + _LOOK_AHEAD)):
            cut = match.end()
            if low <= cut <= high:
                cost = rank + abs(cut - target) / (2 * reach)
                if _is_inside(cut, protected):
                    cost += _PROTECTED_PENALTY
                if best is None or cost < best[0]:
                    best = (cost, cut)
    return best


def _is_inside(cut: int, protected: tuple[Span, ...]) -> bool:
    index = bisect_left(protected, cut, key=_start) - 1
    return index >= 0 and cut < protected[index].end


def _start(span: Span) -> int:
    return span.start


def _forced_cut(text: str, span: Span, target: int) -> int:
    """The white space nearest to `target`, else the nearest place that splits no character."""
    spaces = [match.start() for match in _SPACE.finditer(text, span.start, span.end)]
    if spaces:
        return min(spaces, key=lambda space: abs(space - target))
    for place in chain(range(target, span.end), range(target - 1, span.start, -1)):
        if not _continues(text, place):
            return place
    return target


def _continues(text: str, place: int) -> bool:
    """Whether the character at `place` belongs to the one before it (UAX #29, the main cases)."""
    character = text[place]
    return (
        unicodedata.category(character).startswith("M")
        or character in _JOINERS
        or "\U0001f3fb" <= character <= "\U0001f3ff"
        or text[place - 1] == "\u200d"
    )
