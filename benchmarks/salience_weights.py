"""Fits the weights of `mujaz.domain.salience`.

    python benchmarks/salience_weights.py SUMMARIES.jsonl BRIEFS.jsonl[.xz] [--steps N]

SUMMARIES holds `title`, `text` and `summary` a line, BRIEFS `title`, `sentences` and `points` with
the `text` and the `evidence` of each. A random search from the weights in use maximizes ROUGE of
three points against the summaries and against the points, the share of points whose evidence is
chosen, and ROUGE of one point against the summaries. Only the even articles of BRIEFS are used; the
odd ones are for `briefs.py`. What speaks against a sentence stays negative, so that each weight
still says what its feature means. It prints each better set of weights, which goes into the code by
hand. A step takes seconds.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from statistics import mean

from brief_data import ReferenceArticle, read_articles

from mujaz.domain.clauses import shorten
from mujaz.domain.points import point_limit, select_points
from mujaz.domain.rouge import rouge
from mujaz.domain.salience import WEIGHTS, SalienceFeatures, sentence_features

POINT_COUNT = 3
STEP = 0.1
# How much each part counts.
SUMMARY_SHARE, FIRST_POINT_SHARE, BRIEF_SHARE, EVIDENCE_SHARE = 2.5, 0.25, 1.0, 0.6
PENALTIES = ("excess", "fragment", "quotation", "question", "exclamation", "continuation")
# A cross-head often repeats the title, which ROUGE rewards and a reader does not.
LEAST_PENALTY = {"fragment": 0.3}


@dataclass(frozen=True, slots=True)
class FittedArticle:
    """An article with what does not change with the weights."""

    article: ReferenceArticle
    features: Sequence[SalienceFeatures]
    shortened: Sequence[str]


def prepare(articles: Sequence[ReferenceArticle]) -> list[FittedArticle]:
    return [
        FittedArticle(
            article,
            sentence_features(article.sentences, title=article.title),
            [shorten(sentence) for sentence in article.sentences],
        )
        for article in articles
    ]


def choose(fitted: FittedArticle, weights: SalienceFeatures, count: int) -> tuple[int, ...]:
    scores = [features.dot(weights) for features in fitted.features]
    sentences = fitted.article.sentences
    return select_points(scores, sentences, point_limit(len(sentences), count))


def rouge_mean(articles: Sequence[FittedArticle], weights: SalienceFeatures, count: int) -> float:
    """The mean of ROUGE-1 and ROUGE-2, in per cent."""
    values = []
    for fitted in articles:
        text = " ".join(fitted.shortened[i] for i in choose(fitted, weights, count))
        found = rouge(text, fitted.article.reference)
        values.append((found.rouge1 + found.rouge2) / 2)
    return 100 * mean(values)


def evidence_covered(articles: Sequence[FittedArticle], weights: SalienceFeatures) -> float:
    """The share of people's points with a chosen sentence among their evidence, in per cent."""
    shares = []
    for fitted in articles:
        chosen = set(choose(fitted, weights, POINT_COUNT))
        shares.append(mean(bool(chosen & each) for each in fitted.article.evidence))
    return 100 * mean(shares)


def objective(
    weights: SalienceFeatures, summaries: Sequence[FittedArticle], briefs: Sequence[FittedArticle]
) -> float:
    return (
        SUMMARY_SHARE * rouge_mean(summaries, weights, POINT_COUNT)
        + FIRST_POINT_SHARE * rouge_mean(summaries, weights, 1)
        + BRIEF_SHARE * rouge_mean(briefs, weights, POINT_COUNT)
        + EVIDENCE_SHARE * evidence_covered(briefs, weights)
    )


def moved(weights: SalienceFeatures, chance: random.Random) -> SalienceFeatures:
    """The weights with one, two or three of them moved a little."""
    names = [each.name for each in fields(SalienceFeatures)]
    changes = {}
    for name in chance.sample(names, chance.choice((1, 1, 2, 3))):
        value = round(getattr(weights, name) + chance.gauss(0, STEP), 2)
        if name in PENALTIES:
            value = min(value, -LEAST_PENALTY.get(name, 0.0))
        changes[name] = value
    return replace(weights, **changes)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("summaries", type=Path)
    parser.add_argument("briefs", type=Path)
    parser.add_argument("--steps", type=int, default=200)
    parser.add_argument("--limit", type=int, help="articles of each file, for a quick look")
    arguments = parser.parse_args()
    summaries = prepare(read_articles(arguments.summaries, arguments.limit))
    briefs = prepare(read_articles(arguments.briefs, arguments.limit)[::2])
    chance = random.Random(1)
    best, best_value = WEIGHTS, objective(WEIGHTS, summaries, briefs)
    print(f"{best_value:.3f} {best}", flush=True)
    for _ in range(arguments.steps):
        candidate = moved(best, chance)
        value = objective(candidate, summaries, briefs)
        if value > best_value:
            best, best_value = candidate, value
            print(f"{best_value:.3f} {best}", flush=True)


if __name__ == "__main__":
    main()
