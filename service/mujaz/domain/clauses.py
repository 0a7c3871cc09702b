"""Clauses of an Arabic sentence: shortening one to a readable length without changing what it says.

The patterns are over folded text (see `stems.fold`). They are short of what a parser knows, so they
lean to one side: where a clause is not known to be free, the sentence stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from mujaz.domain.spans import Span
from mujaz.domain.stems import fold

READABLE_WORDS: Final = 40
HEADLINE_WORDS: Final = 14

_SHORTEST_KEPT_WORDS = 8
_LONGEST_ADJUNCT_WORDS = 8
# `بيروت (رويترز) - ` before a lead.
_PLACE_AND_AGENCY = re.compile(r"\A[^\n.،]{0,40}\([^()\n]{1,30}\)\s*[-–—:]\s*")
_HEADLINE_END = " \t\xa0.،؛,;:"
_CLAUSE_MARK = re.compile(r"\s*[،؛]\s*|\s*[,;]\s+")
# A straight quote opens after white space, a bracket or a one-letter preposition; what never closes
# is protected to the end.
_PROTECTED = re.compile(
    r"«[^»]*(?:»|$)|“[^”]*(?:”|$)|\([^)]*(?:\)|$)"
    r"|(?<![^\s(\[وفبلك])\"(?!\s).*?(?:(?<=\S)\"(?!\w)|$)"
)


def _opening(alternatives: str) -> re.Pattern[str]:
    """A pattern for the first words of a clause, written over several lines."""
    joined = re.sub(r"\s*\n\s*", "", alternatives)
    return re.compile(rf"\W*(?:{joined})(?!\w)")


# A clause that opens so is another statement, a result or a comment; the rest stands without it.
_DROPPABLE = _opening(
    """و(?:قال|قالت|قالوا|اضاف|اضافت|اكد|اكدت|اوضح|اوضحت|اشار|اشارت|ذكر|ذكرت|اعلن|اعلنت|لفت|لفتت|تابع|تابعت
    |شدد|شددت|اعتبر|اعتبرت|كشف|كشفت|دعا|دعت|طالب|طالبت|حذر|حذرت|اتهم|اتهمت|نفي|نفت|راي|رات|بين|بينت
    |قد|كان|كانت|كانوا|لم|لن|هو|هي|هم|ذلك|هذا|هذه|ياتي|تاتي|جاء|جاءت)
    |و?(?:فيما|بينما|حيث|كما|مما|بعدما|بعد ان|لا سيما|خصوصا|خاصه|علما)|ما|اذ|الامر الذي|بهدف|من اجل
    |و?في (?:حين|وقت|الوقت الذي|اطار|خطوه|اشاره|ظل)
    |و?(?:مشير|موكد|مؤكد|موضح|معتبر|لافت|مضيف|متهم|داعي|محذر|مطالب|مشدد|مبين|منوه|معرب|معلن)(?:ا|ه|ين)"""
)
# These can go only as a short end of the sentence: its main verb may follow a longer one.
_ADJUNCT = _opening("خلال|منذ|عقب|وسط|الذي|التي|الذين|اللذين|اللتين|اللاتي")
# A clause that opens so completes, limits or corrects what stands before it, or names its source.
_BINDING = _opening(
    """[وف]?(?:ان|انه|انها|انهم|بان|بانه|بانها|الي|علي|عن|من|في|الا|لكن|لكنه|لكنها|بل|انما|غير|سوي|بيد|باستثناء|عدا
    |اذا|لو|لولا|ان لم|ما لم|بشرط|شرط|شريطه|رغم|بالرغم|مع ان|حتي|كي|لكي)"""
)
_ATTRIBUTION = _opening(
    """و?(?:بحسب|حسب|حسبما|وفق|وفقا|نقلا
    |كما (?:قال|قالت|ذكر|ذكرت|نقل|نقلت|اعلن|اعلنت|افاد|افادت))"""
)
_CONDITION = re.compile(
    r"(?<!\w)[وف]?(?:اذا|لو|لولا|الا|ما لم|بشرط|شرط|شريطه|باستثناء|سوي|بحسب|وفقا?|نقلا)(?!\w)"
)
_CONDITIONAL = _opening("[وف]?(?:اذا|لو|لولا|ما لم|ان لم|مهما|كلما|حال|في حال)")
# A sentence that opens so has its main clause after the first mark.
_SUBORDINATE = _opening(
    """و?(?:بينما|فيما|في (?:حين|وقت|الوقت|اطار|ظل|خطوه)|عندما|حين|حينما|لما|رغم|بالرغم|علي الرغم
    |بعد|بعدما|قبل|منذ|مع|خلال|عقب|اثر|وسط|نظرا|بسبب|لان|كما|بحسب|حسب|وفق|وفقا)"""
)


def shorten(sentence: str, *, word_limit: int = READABLE_WORDS) -> str:
    """`sentence`, or its beginning up to a clause mark when it is over `word_limit` words.

    Only trailing clauses go, and only such as open like a further statement or a circumstance; none
    that holds a condition, exception, correction or source. So the result stays true if the
    sentence is, and it may stay longer than the limit. It is always a prefix of `sentence`, whole
    in its quotations, parentheses and numbers.
    """
    if len(sentence.split()) <= word_limit or _CONDITIONAL.match(fold(sentence)):
        return sentence
    marks = _clause_marks(sentence)
    ends = [*(mark.start for mark in marks[1:]), len(sentence)]
    clauses = [
        fold(sentence[mark.end : end]).strip() for mark, end in zip(marks, ends, strict=False)
    ]
    first = 1 if _SUBORDINATE.match(fold(sentence)) else 0
    kept = [
        sentence[: marks[place].start].rstrip()
        for place in range(first, len(marks))
        if _may_drop(clauses[place:])
    ]
    kept = [part for part in kept if len(part.split()) >= _SHORTEST_KEPT_WORDS]
    readable = [part for part in kept if len(part.split()) <= word_limit]
    if readable:
        return readable[-1]
    return kept[0] if kept else sentence


def headline(sentence: str) -> str:
    """A headline of at most HEADLINE_WORDS words from a lead sentence.

    Cut at a clause mark where `shorten` can; else after the last word that fits, which an ellipsis
    shows.
    """
    text = _PLACE_AND_AGENCY.sub("", sentence) or sentence
    text = shorten(text, word_limit=HEADLINE_WORDS).strip(_HEADLINE_END)
    words = text.split()
    if len(words) <= HEADLINE_WORDS:
        return text
    return " ".join(words[:HEADLINE_WORDS]).rstrip(_HEADLINE_END) + "…"


def _clause_marks(sentence: str) -> list[Span]:
    """Where clauses part, outside quotations and parentheses."""
    protected = [Span(*match.span()) for match in _PROTECTED.finditer(sentence)]
    return [
        Span(*match.span())
        for match in _CLAUSE_MARK.finditer(sentence)
        if not any(span.start < match.start() < span.end for span in protected)
    ]


def _may_drop(clauses: Sequence[str]) -> bool:
    """Whether the rest of a sentence, given as folded clauses, can go."""
    opening = clauses[0]
    if any(_ATTRIBUTION.match(each) for each in clauses):
        return False
    if any(_BINDING.match(each) and not _DROPPABLE.match(each) for each in clauses[1:]):
        return False
    is_short_end = len(clauses) == 1 and len(opening.split()) <= _LONGEST_ADJUNCT_WORDS
    return not _CONDITION.search(opening) and bool(
        _DROPPABLE.match(opening) or (is_short_end and _ADJUNCT.match(opening))
    )
