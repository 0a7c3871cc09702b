"""Clauses of an Arabic sentence: shortening one to a readable length without changing what it says.

The patterns are over folded text (see `stems.fold`). They are short of what a parser knows, so they
lean to one side: where a clause is not known to be free, the sentence stays as it is.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Final

from mujaz.domain.number_words import spelled_numbers
from mujaz.domain.quotation import open_bracket, open_quotation
from mujaz.domain.saying import SAID
from mujaz.domain.spans import Span
from mujaz.domain.stems import fold, is_content_word

READABLE_WORDS: Final = 40
HEADLINE_WORDS: Final = 14

_SHORTEST_KEPT_WORDS = 8
_LONGEST_ADJUNCT_WORDS = 8
# `بيروت (رويترز) - ` before a lead.
_PLACE_AND_AGENCY = re.compile(r"\A[^\n.،]{0,40}\([^()\n]{1,30}\)\s*[-–—:]\s*")
_HEADLINE_END = " \t\xa0.،؛,;:"
# A headline breaks off as late as it can, before the first of these only for want of a place.
_SHORTEST_HEADLINES = (8, 4)
_MARKS = ("،", "؛", ",", ";")
_WORD = re.compile(r"\S+")
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
    f"""و(?:{fold("|".join(SAID))}
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

# A headline can do without the circumstance that opens a sentence, up to its first mark.
_CIRCUMSTANCE = _opening(
    """و?(?:بينما|فيما|في (?:حين|وقت|الوقت|اطار|ظل|خطوه)|عندما|حين|حينما|بعد|بعدما
    |قبل|قبيل|خلال|عقب|اثر|وسط)"""
)

# No name or number goes on with one of these.
_PHRASE = _opening(
    """في|من|الي|عن|بعد|بعدما|قبل|قبيل|خلال|اثناء|منذ|عقب|اثر|وسط|ضد|حول|بشان|بسبب|لدي|عند|عندما|عبر|بين|تجاه
    |نحو|مع|حتي|رغم|دون|بدون|بهدف|بموجب|ضمن|امام|خلف|داخل|خارج|مقابل|حيث|بينما|فيما|كما|التي|الذي|الذين"""
)

# Nor with these, but what stands before them says less. Not folded: علي is a name, على is not.
_STATEMENT = re.compile(
    r"\W*(?:على|أن|إن|أنه|إنه|أنها|إنها|أنهم|إنهم|بأن|بأنه|بأنها|لكن|لكنه|لكنها|ثم|قد|قوله|قولها"
    r"|وفق|بحسب|حسب|ما|أكثر|أقل|له|لها|لهم|به|بها|عليه|عليها|إليه|إليها|فيه|فيها|س[يت]\w{3,})(?!\w)"
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
    word_starts = [match.start() for match in _WORD.finditer(sentence)]
    kept = [
        (bisect_left(word_starts, marks[place].start), marks[place].start)
        for place in _droppable_from(clauses)
        if place >= first
    ]
    kept = [(count, end) for count, end in kept if count >= _SHORTEST_KEPT_WORDS]
    readable = [(count, end) for count, end in kept if count <= word_limit]
    if not kept:
        return sentence
    _, end = readable[-1] if readable else kept[0]
    return sentence[:end].rstrip()


def headline(sentence: str) -> str:
    """A headline of at most HEADLINE_WORDS words from a lead sentence.

    Cut at a clause mark where `shorten` can; else, with an ellipsis, before a word that opens a
    phrase or statement or after a comma or semicolon, as names and numbers have none inside. Only
    where there is no such place, after the last word that fits.
    """
    text = _main_clause(_PLACE_AND_AGENCY.sub("", sentence) or sentence)
    text = shorten(text, word_limit=HEADLINE_WORDS).strip(_HEADLINE_END)
    words = text.split()
    if len(words) <= HEADLINE_WORDS:
        return text
    return " ".join(words[: _headline_length(words)]).rstrip(_HEADLINE_END) + "…"


def _main_clause(text: str) -> str:
    """What follows an opening circumstance, where that is a statement; else all of it."""
    marks = _clause_marks(text) if _CIRCUMSTANCE.match(fold(text)) else []
    following = text[marks[0].end :] if marks else ""
    is_statement = len(following.split()) >= _SHORTEST_KEPT_WORDS
    opens_another = any(each.match(fold(following)) for each in (_CIRCUMSTANCE, _BINDING, _ADJUNCT))
    return following if is_statement and not opens_another else text


def _headline_length(words: Sequence[str]) -> int:
    """After how many of its words a longer sentence may break off."""
    whole = [count for count in range(HEADLINE_WORDS, 0, -1) if _is_whole(words[:count])]
    phrases = [count for count in whole if _PHRASE.match(fold(words[count]))]
    marks = [count for count in whole if words[count - 1].endswith(_MARKS)]
    statements = [count for count in whole if _STATEMENT.match(words[count])]
    for shortest in _SHORTEST_HEADLINES:
        for count in (*phrases, *marks, *statements):
            if count >= shortest:
                return count
    return next(iter(whole), HEADLINE_WORDS)


def _is_whole(words: Sequence[str]) -> bool:
    """Whether words that something follows end neither in a number, which may have a unit, nor in a
    word that announces another, nor within a quotation or brackets."""
    text, last = " ".join(words), fold(words[-1]).strip(_HEADLINE_END)
    is_number = any(map(str.isdigit, last)) or bool(spelled_numbers(last))
    is_open = open_quotation(text, " ") >= 0 or open_bracket(text) >= 0
    return not is_number and not is_open and is_content_word(last)


def _clause_marks(sentence: str) -> list[Span]:
    """Where clauses part, outside quotations and parentheses."""
    protected = [match.span() for match in _PROTECTED.finditer(sentence)]
    ends = [end for _, end in protected]
    marks = []
    for match in _CLAUSE_MARK.finditer(sentence):
        index = bisect_right(ends, match.start())
        if index == len(protected) or match.start() <= protected[index][0]:
            marks.append(Span(*match.span()))
    return marks


def _droppable_from(clauses: Sequence[str]) -> list[int]:
    """From which of the folded clauses on the rest of a sentence can go."""
    places: list[int] = []
    for place in range(len(clauses) - 1, -1, -1):
        opening = clauses[place]
        if _ATTRIBUTION.match(opening):
            break
        drops = _DROPPABLE.match(opening) is not None
        is_short_end = place == len(clauses) - 1 and (
            len(opening.split()) <= _LONGEST_ADJUNCT_WORDS and _ADJUNCT.match(opening) is not None
        )
        if (drops or is_short_end) and not _CONDITION.search(opening):
            places.append(place)
        if _BINDING.match(opening) and not drops:
            break
    return places[::-1]
