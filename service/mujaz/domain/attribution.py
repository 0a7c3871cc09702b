"""Who says what a sentence quotes.

News quotes at length: one sentence names the speaker and opens the quotation, and the next ones are
words of the speaker alone. Taken out of the article, such a sentence would read as a statement of
the article itself, so it takes its speaker with it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mujaz.domain.quotation import QUOTATION_MARKS, closing_quotation, open_quotation
from mujaz.domain.saying import SAID, SAYS
from mujaz.domain.stems import fold

# A quotation is followed over so many sentences; what stays open longer was never closed.
_REACH = 6
_CLOSING = {"«": "»", "“": "”", "„": "“", "‹": "›"}
_EDGES = " \t\xa0:،,-–—"
# Outside its quotations a sentence needs more words than this to say something of its own.
_STRAY_WORDS = 2
_LONGEST_CLAUSE_WORDS = 25
_LONGEST_PAIR_WORDS = 60
_QUOTED = re.compile(r'"[^"]*"|“[^”]*”|«[^»]*»')
_WORD = re.compile(r"[^\W\d_]+")
_REPORTING = """
    أردف أردفت استطرد كتب كتبت غرد غردت أبلغ أبلغت علق علقت أعرب أعربت أجاب أجابت رد ردت زاد سأل
    سألت تساءل تساءلت تحدث تحدثت اعترف اعترفت روى روت يعلن تعلن يصرح يكتب يتابع يشدد
    يعتبر تعتبر يحذر تحذر يرى ترى يروي تروي يقولون قوله قولها قولهم قائلا قائلة قائلين مضيفا مضيفة
    مؤكدا مؤكدة موضحا موضحة معلقا معلقة بحسب حسب حسبما وفق وفقا نقلا
"""
_SPEECH_WORDS = "|".join(fold(" ".join((*SAID, *SAYS, _REPORTING))).split())
_SPEECH = re.compile(rf"(?<!\w)[وف]?(?:{_SPEECH_WORDS})(?:ه|ها|نا)?(?!\w)")
# A verb of saying and at once what is said: who says it stands in a sentence before. A quotation of
# few words may be the speaker: ذكرت "واتساب" أن.
_SUBJECTLESS = re.compile(
    rf"""\W*(?:كما\ )?[وف]?(?:{_SPEECH_WORDS})(?:\ في\ \w+|\ الي|\ ايضا)?
    (?:\ [وبف]?(?:ان|انه|انها|انهم)(?!\w)|\ ?:|\ ["«“](?:[^"»”\s]+\s+){{3}})""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class AttributedText:
    """A quotation with its speaker, and the positions of the sentences both are taken from."""

    text: str
    positions: tuple[int, ...]


def is_bare_quotation(text: str) -> bool:
    """Whether `text` is a quotation and hardly anything beside it."""
    return bool(_QUOTED.search(text)) and _is_bare(_QUOTED.sub(" ", text))


def lacks_speaker(sentences: Sequence[str], position: int) -> bool:
    """Whether the sentence at `position` says what somebody said, but not who."""
    text = sentences[position]
    if _opening(sentences, position) is None:
        return is_bare_quotation(text) or _SUBJECTLESS.match(fold(text)) is not None
    end = closing_quotation(text)
    outside = _QUOTED.sub(" ", text[end + 1 :]) if end >= 0 else ""
    return not _SPEECH.search(fold(outside))


def attribute(
    sentences: Sequence[str], position: int, *, shortened: str | None = None
) -> AttributedText | None:
    """The sentence at `position` with who says it; None where those before it do not tell.

    `shortened` stands for the sentence where it is given. The speaker is named by the clause that
    opens the quotation, or by the sentence before one that is all quotation.
    """
    text = sentences[position] if shortened is None else shortened
    opened = _opening(sentences, position)
    if opened is not None:
        index, mark = opened
        clause = sentences[index][:mark].strip(_EDGES)
        if not _names_speaker(clause):
            return None
        opening = sentences[index][mark]
        closing = "" if closing_quotation(text) >= 0 else _CLOSING.get(opening, opening)
        return AttributedText(f"{clause}: {opening}{text}{closing}", (index, position))
    before = sentences[position - 1] if position else ""
    pair = f"{before} {text}"
    if not _SPEECH.search(fold(before)) or len(pair.split()) > _LONGEST_PAIR_WORDS:
        return None
    if lacks_speaker(sentences, position - 1):
        return None
    return AttributedText(pair, (position - 1, position))


def _opening(sentences: Sequence[str], position: int) -> tuple[int, int] | None:
    """Which sentence opens the quotation that `position` begins in, and where its mark stands."""
    start = max(0, position - _REACH)
    before = " ".join(sentences[start:position])
    opened = open_quotation(before, " ")
    following = " ".join(sentences[position : position + _REACH])
    if opened < 0 or closing_quotation(following) < 0:
        return None
    place = opened - 1
    for index in range(start, position):
        if place < len(sentences[index]):
            return (index, place) if sentences[index][place] in QUOTATION_MARKS else None
        place -= len(sentences[index]) + 1
    return None


def _is_bare(outside: str) -> bool:
    return len(_WORD.findall(outside)) <= _STRAY_WORDS and not _SPEECH.search(fold(outside))


def _names_speaker(clause: str) -> bool:
    word_count = len(_WORD.findall(clause))
    is_clause = 2 <= word_count <= _LONGEST_CLAUSE_WORDS
    return is_clause and bool(_SPEECH.search(fold(clause)))
