"""How much of an article each of its sentences carries.

A weighted sum of features known to work for news: position (the lead), centrality (Radev et al.,
2004: cosine with the centroid of the TF-ISF vectors, so that the cost is linear in the sentences),
overlap with the title (Edmundson, 1969), length, numbers, and what speaks against a sentence.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import Final

from mujaz.domain.stems import content_stems, words


@dataclass(frozen=True, slots=True)
class SalienceFeatures:
    """What is known of one sentence, each from 0 to 1; as weights, what each counts."""

    position: float
    centrality: float
    title: float
    length: float
    number: float
    quotation: float
    question: float
    exclamation: float
    background: float

    def dot(self, weights: SalienceFeatures) -> float:
        """The weighted sum."""
        pairs: Iterable[tuple[float, float]] = zip(astuple(self), astuple(weights), strict=True)
        return sum(value * weight for value, weight in pairs)


# Tuned by `benchmarks/brief_extractive.py`.
WEIGHTS: Final = SalienceFeatures(
    position=0.7,
    centrality=0.25,
    title=0.1,
    length=0.5,
    number=0.2,
    quotation=-0.45,
    question=-0.7,
    exclamation=-0.3,
    background=-0.05,
)

# Fuller sentences carry more, up to about this many words.
_FULL_LENGTH_WORDS = 40
_QUOTED = re.compile(r'"[^"]*"|“[^”]*”|«[^»]*»')
_TRAILING = " \t\xa0\"'”»)]"
# What opens a paragraph of background: "it is worth noting that".
_BACKGROUND = re.compile(
    r"\W*[وف]?(?:يذكر|يشار|تجدر|الجدير|جدير|من الجدير|من المعروف|للتذكير|للإشارة|للاشارة)\b"
)


def salience(sentences: Sequence[str], *, title: str) -> tuple[float, ...]:
    """A score for each sentence of an article, in source order; higher carries more.

    `title` may be empty. Scores compare only within one article.
    """
    return tuple(each.dot(WEIGHTS) for each in sentence_features(sentences, title=title))


def sentence_features(sentences: Sequence[str], *, title: str) -> tuple[SalienceFeatures, ...]:
    """The features of each sentence; the cost is linear in the text."""
    stems = [Counter(content_stems(sentence)) for sentence in sentences]
    centralities = _centralities(stems, _inverse_sentence_frequency(stems))
    title_stems = frozenset(content_stems(title))
    return tuple(
        _features(sentence, index, centralities[index], _covered(title_stems, stems[index]))
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


def _covered(title_stems: frozenset[str], stems: Mapping[str, int]) -> float:
    """The share of the title's stems that a sentence has."""
    if not title_stems:
        return 0.0
    return sum(stem in stems for stem in title_stems) / len(title_stems)


def _features(sentence: str, index: int, centrality: float, title: float) -> SalienceFeatures:
    tokens = words(sentence)
    quoted = sum(len(match.group()) for match in _QUOTED.finditer(sentence))
    ending = sentence.rstrip(_TRAILING)
    return SalienceFeatures(
        position=1 / (1 + index),
        centrality=centrality,
        title=title,
        length=min(len(tokens), _FULL_LENGTH_WORDS) / _FULL_LENGTH_WORDS,
        number=float(any(token[0].isdigit() for token in tokens)),
        quotation=quoted / max(1, len(sentence)),
        question=float(ending.endswith(("؟", "?"))),
        exclamation=float(ending.endswith("!")),
        background=float(bool(_BACKGROUND.match(sentence))),
    )
