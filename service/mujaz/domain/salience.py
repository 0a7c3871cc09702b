"""How much of an article each of its sentences carries.

A weighted sum of features known to work for news: position (the lead), centrality (Radev et al.,
2004: cosine with the centroid of the TF-ISF vectors, so that the cost is linear in the sentences),
overlap with the title (Edmundson, 1969), numbers, and what speaks against a sentence.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import Final

from mujaz.domain.stems import content_stems, fold, words


@dataclass(frozen=True, slots=True)
class SalienceFeatures:
    """What is known of one sentence, each from 0 to 1; as weights, what each counts."""

    position: float
    centrality: float
    title: float
    excess: float
    fragment: float
    number: float
    quotation: float
    question: float
    exclamation: float
    continuation: float

    def dot(self, weights: SalienceFeatures) -> float:
        """The weighted sum."""
        pairs: Iterable[tuple[float, float]] = zip(astuple(self), astuple(weights), strict=True)
        return sum(value * weight for value, weight in pairs)


# Fitted by `benchmarks/salience_weights.py`.
WEIGHTS: Final = SalienceFeatures(
    position=0.8,
    centrality=0.7,
    title=0.43,
    excess=-0.11,
    fragment=-0.32,
    number=0.16,
    quotation=-0.5,
    question=-0.8,
    exclamation=-0.28,
    continuation=-0.1,
)

# A point of more words than this asks for patience, at twice as many for all there is.
_COMFORTABLE_WORDS = 25
# Fewer words than this are a cross-head or half a statement.
_STATEMENT_WORDS = 8
# So many numbers make a sentence one of figures.
_MANY_NUMBERS = 4
_NUMBER = re.compile(r"\d+")
_QUOTED = re.compile(r'"[^"]*"|“[^”]*”|«[^»]*»')
_TRAILING = " \t\xa0\"'”»)]"
# Over folded letters: what opens background ("it is worth noting that") or goes on with what
# somebody said before ("he added").
_CONTINUATION = re.compile(
    r"""\W*(?:(?:كما|و|ف)?\s*(?:اضاف|تابع|اردف|استطرد|اوضح|اشار|لفت|نوه|شدد|اكمل|استدرك)(?:ت|وا)?
    |[وف]?(?:يذكر|يشار|تجدر|الجدير|جدير|من\ الجدير|من\ المعروف|للتذكير|للاشاره))(?!\w)""",
    re.VERBOSE,
)


def salience(sentences: Sequence[str], *, title: str) -> tuple[float, ...]:
    """A score for each sentence of an article, in source order; higher carries more.

    `title` may be empty. Scores compare only within one article.
    """
    return tuple(each.dot(WEIGHTS) for each in sentence_features(sentences, title=title))


def sentence_features(sentences: Sequence[str], *, title: str) -> tuple[SalienceFeatures, ...]:
    """The features of each sentence; the cost is linear in the text."""
    stems = [Counter(content_stems(sentence)) for sentence in sentences]
    rarity = _inverse_sentence_frequency(stems)
    centralities = _centralities(stems, rarity)
    title_stems = frozenset(content_stems(title))
    return tuple(
        _features(sentence, index, centralities[index], _covered(title_stems, stems[index], rarity))
        for index, sentence in enumerate(sentences)
    )


def _inverse_sentence_frequency(stems: Sequence[Counter[str]]) -> dict[str, float]:
    frequency = Counter(stem for counts in stems for stem in counts)
    return {stem: math.log(1 + len(stems) / count) for stem, count in frequency.items()}


def _centralities(stems: Sequence[Counter[str]], rarity: Mapping[str, float]) -> list[float]:
    """The cosine of each sentence with the sum of all sentences, each at unit length."""
    vectors = [_unit({stem: count * rarity[stem] for stem, count in c.items()}) for c in stems]
    total: Counter[str] = Counter()
    for vector in vectors:
        total.update(vector)
    centroid = _unit(total)
    return [sum(value * centroid[stem] for stem, value in v.items()) for v in vectors]


def _unit(vector: Mapping[str, float]) -> dict[str, float]:
    length = math.sqrt(sum(value * value for value in vector.values()))
    return {key: value / length for key, value in vector.items()} if length else {}


def _covered(
    title_stems: frozenset[str], stems: Mapping[str, int], rarity: Mapping[str, float]
) -> float:
    """The share of the title that a sentence has, its stems weighted by how rare they are."""
    unseen = max(rarity.values(), default=1.0)
    weights = {stem: rarity.get(stem, unseen) for stem in title_stems}
    total = sum(weights.values())
    return sum(weights[stem] for stem in title_stems if stem in stems) / total if total else 0.0


def _features(sentence: str, index: int, centrality: float, title: float) -> SalienceFeatures:
    word_count = len(words(sentence))
    quoted = sum(len(match.group()) for match in _QUOTED.finditer(sentence))
    folded = fold(sentence)
    ending = sentence.rstrip(_TRAILING)
    return SalienceFeatures(
        position=1 / (1 + index),
        centrality=centrality,
        title=title,
        excess=min(1.0, max(0, word_count - _COMFORTABLE_WORDS) / _COMFORTABLE_WORDS),
        fragment=max(0, _STATEMENT_WORDS - word_count) / _STATEMENT_WORDS,
        number=min(len(_NUMBER.findall(folded)), _MANY_NUMBERS) / _MANY_NUMBERS,
        quotation=quoted / max(1, len(sentence)),
        question=float(ending.endswith(("؟", "?"))),
        exclamation=float(ending.endswith("!")),
        continuation=float(bool(_CONTINUATION.match(folded))),
    )
