"""Whether an article says what a written point says, as far as words can tell.

Words cannot prove that a statement follows. They can show that it does not: a number, a name, a
quotation or a negation without its like in the source, or too many words of its own. Arabic has no
capitals to tell a name by, so what must hold no foreign name may hold no word of its own at all,
but those by which people tell things again. What passes here is still only probably true, and
always carries its evidence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from mujaz.domain.number_words import spelled_numbers
from mujaz.domain.numerals import numbers
from mujaz.domain.retelling import RETELLING_STEMS
from mujaz.domain.stems import content_stems, is_content_word, stem, words

# The share of a point's words to be found in its evidence. On points written by people, with the
# evidence they named, see `human_points_supported` in benchmarks/results/support.json.
SUPPORTED_WORD_SHARE: Final = 0.7

_MAX_EVIDENCE = 2
# A second sentence must bring at least this share of the point's words that the first lacks.
_SECOND_GAIN = 0.15
_LATIN = re.compile(r"[A-Za-z](?:[\w.&'-]*\w)?")
_QUOTED = re.compile(r'"([^"]+)"|“([^”]+)”|«([^»]+)»')
# As `fold` leaves them; each may follow و, ف or ب.
_NEGATIONS = frozenset(
    ("لم", "لن", "لا", "ليس", "ليست", "ليسوا", "غير", "دون", "بدون", "عدم", "بلا")
)
# How far behind a negation the word it negates may stand, function words between them not counted.
_NEGATION_REACH = 1
# What everyday words may also stand for ("one of", "half", "second", "price") proves nothing.
_EVERYDAY_NUMBERS = frozenset(map(str, (0, 0.25, 0.5, 1, 2, 3, 4, 8, 15, 16, 20, 25, 30, 45, 50)))

# What is written together with the next word; so much of it must be left.
_PROCLITICS = ("و", "ف", "ب", "ل", "ك", "ول", "وب")
_SHORTEST_CORE = 3


@dataclass(frozen=True, slots=True)
class Support:
    """How well sentences back a point; the tuples hold what of the point they lack."""

    word_share: float
    missing_numbers: tuple[str, ...]
    missing_names: tuple[str, ...]
    missing_quotations: tuple[str, ...]
    missing_negations: tuple[str, ...]
    own_words: tuple[str, ...]

    @property
    def grounded(self) -> bool:
        """Whether it is supported and says nothing in words of its own that could be news."""
        return self.supported and not self.own_words

    @property
    def supported(self) -> bool:
        """Whether nothing is missing that must not be, and enough of the words are there."""
        return self.word_share >= SUPPORTED_WORD_SHARE and not (
            self.missing_numbers
            or self.missing_names
            or self.missing_quotations
            or self.missing_negations
        )


def support(point: str, evidence_texts: Sequence[str]) -> Support:
    """How far the sentences `evidence_texts` back `point`; a point without words is not backed."""
    evidence = "\n".join(evidence_texts)
    return Support(
        word_share=_word_share(point, frozenset(content_stems(evidence))),
        missing_numbers=_missing_numbers(point, evidence),
        missing_names=_missing_names(point, evidence),
        missing_quotations=_missing_quotations(point, evidence),
        missing_negations=_missing_negations(point, evidence),
        own_words=_own_words(point, evidence),
    )


def find_evidence(point: str, sentences: Sequence[str]) -> tuple[int, ...]:
    """Positions, ascending, of the one or two sentences that share the most words with `point`.

    A second sentence is named only for words that the first lacks. Empty if none shares any.
    """
    wanted = set(content_stems(point))
    stems = [frozenset(content_stems(sentence)) for sentence in sentences]
    size = len(wanted)
    chosen: list[int] = []
    while wanted and len(chosen) < _MAX_EVIDENCE:
        best = max(range(len(stems)), key=lambda index: len(wanted & stems[index]), default=None)
        if best is None:
            break
        gain = len(wanted & stems[best]) / size
        if gain == 0 or (chosen and gain < _SECOND_GAIN):
            break
        chosen.append(best)
        wanted -= stems[best]
    return tuple(sorted(chosen))


def _word_share(point: str, evidence_stems: frozenset[str]) -> float:
    stems = frozenset(content_stems(point))
    return len(stems & evidence_stems) / len(stems) if stems else 0.0


def _own_words(point: str, evidence: str) -> tuple[str, ...]:
    """Content words that the evidence lacks, words of retelling and numbers set aside, and letters
    that stand alone only here.

    Only a conjunction or preposition written together with a word may differ: a looser likeness,
    such as that of stems, would let a garbled word pass.
    """
    known = {core for word in words(evidence) for core in _cores(word)}
    return tuple(
        word
        for word in words(point)
        if (is_content_word(word) or len(word) == 1)
        and not word[0].isdigit()
        and stem(word) not in RETELLING_STEMS
        and known.isdisjoint(_cores(word))
    )


def _cores(word: str) -> set[str]:
    """A word, and what is left of it without each prefix it may have; للبلاد has البلاد."""
    word = re.sub(r"\A([وف]?)لل", r"\1ال", word)
    cores = {word.removeprefix(prefix) for prefix in _PROCLITICS}
    return {core for core in cores if len(core) >= _SHORTEST_CORE} | {word}


def _missing_numbers(point: str, evidence: str) -> tuple[str, ...]:
    """Numbers in digits without a like, and number words if none of them has one."""
    available = set(numbers(evidence)) | spelled_numbers(evidence)
    missing = [number for number in numbers(point) if number not in available]
    spelled = spelled_numbers(point) - _EVERYDAY_NUMBERS - set(numbers(point))
    if spelled and not spelled & available:
        missing.extend(sorted(spelled))
    return tuple(missing)


def _missing_names(point: str, evidence: str) -> tuple[str, ...]:
    """Words in Latin letters that the evidence lacks."""
    available = {name.casefold() for name in _LATIN.findall(evidence)}
    return tuple(name for name in _LATIN.findall(point) if name.casefold() not in available)


def _missing_quotations(point: str, evidence: str) -> tuple[str, ...]:
    """Quoted words that do not stand so, one after the other, in the evidence."""
    available = _stem_line(evidence)
    quotations = ["".join(match) for match in _QUOTED.findall(point)]
    if point.count('"') % 2:  # one that never ends hides where its words stop
        quotations.append(point[point.rindex('"') :])
        available = ""
    return tuple(each for each in quotations if _stem_line(each) not in available)


def _stem_line(text: str) -> str:
    """All stems of a text in order, set off so that a run of them can be looked for."""
    return f" {' '.join(map(stem, words(text)))} "


def _missing_negations(point: str, evidence: str) -> tuple[str, ...]:
    """Words negated on one side and affirmed on the other."""
    denied, affirmed = _polarity(point)
    evidence_denied, evidence_affirmed = _polarity(evidence)
    invented = denied - evidence_denied
    dropped = (affirmed - denied) & (evidence_denied - evidence_affirmed)
    return tuple(sorted(invented | dropped))


def _polarity(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """The cores of the content words right after a negation, and of all the others."""
    denied: set[str] = set()
    affirmed: set[str] = set()
    reach = 0
    for word in words(text):
        if _is_negation(word):
            reach = _NEGATION_REACH
        elif is_content_word(word):
            (denied if reach else affirmed).add(_verb_core(word))
            reach = max(0, reach - 1)
    return frozenset(denied), frozenset(affirmed)


def _is_negation(word: str) -> bool:
    return word in _NEGATIONS or (word[:1] in ("و", "ف", "ب") and word[1:] in _NEGATIONS)


def _verb_core(word: str) -> str:
    """A stem without the prefix of an imperfect verb: `لم يوقع` denies what `وقع` affirms."""
    core = stem(word)
    return core[1:] if len(core) > 3 and core[0] in "يتنا" else core
