"""How well the salience of sentences finds what a human brief says.

    python benchmarks/brief_extractive.py DEV.jsonl TEST.jsonl BRIEFS.jsonl[.xz] [--tune]

DEV and TEST hold `title`, `text` and `summary` a line: the best one, two and three sentences are
scored by ROUGE F1 over Unicode words against the summary, beside the first ones. BRIEFS holds
`title`, `sentences` and `points` with the `evidence` (sentence numbers from 1) of each: three
chosen sentences are compared with the evidence, beside the first three. `--tune` searches weights
on DEV and the even articles of BRIEFS; TEST and the odd ones are only ever reported.
The result goes to `results/brief_extractive.json`.
"""

from __future__ import annotations

import argparse
import json
import lzma
import random
import sys
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from statistics import mean

from mujaz.domain.clauses import shorten
from mujaz.domain.points import point_limit, select_points
from mujaz.domain.rouge import rouge
from mujaz.domain.salience import WEIGHTS, SalienceFeatures, sentence_features
from mujaz.domain.segment import segment
from mujaz.domain.support import support

RESULT = Path(__file__).parent / "results" / "brief_extractive.json"
POINT_COUNT = 3
TUNING_STEPS = 250


@dataclass(frozen=True, slots=True)
class SummarizedArticle:
    """An article with the summary its publisher gave it."""

    sentences: Sequence[str]
    features: Sequence[SalienceFeatures]
    summary: str


@dataclass(frozen=True, slots=True)
class BriefedArticle:
    """An article with the points of a brief, and the positions of the sentences behind each."""

    sentences: Sequence[str]
    features: Sequence[SalienceFeatures]
    points: Sequence[str]
    evidence: Sequence[frozenset[int]]


def read_lines(path: Path) -> Iterable[dict]:
    opener = lzma.open if path.suffix == ".xz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def read_summarized(path: Path) -> list[SummarizedArticle]:
    articles = []
    for line in read_lines(path):
        sentences = [sentence.span.of(line["text"]) for sentence in segment(line["text"])]
        features = sentence_features(sentences, title=line["title"])
        articles.append(SummarizedArticle(sentences, features, line["summary"]))
    return articles


def read_briefed(path: Path) -> list[BriefedArticle]:
    return [
        BriefedArticle(
            line["sentences"],
            sentence_features(line["sentences"], title=line["title"]),
            [point["text"] for point in line["points"]],
            [frozenset(number - 1 for number in point["evidence"]) for point in line["points"]],
        )
        for line in read_lines(path)
    ]


def scores(features: Sequence[SalienceFeatures], weights: SalienceFeatures) -> list[float]:
    return [each.dot(weights) for each in features]


def top(article: SummarizedArticle, count: int, weights: SalienceFeatures | None) -> str:
    """The best `count` sentences in source order; the first ones without weights."""
    order = range(len(article.sentences))
    if weights is not None:
        ranked = scores(article.features, weights)
        order = sorted(order, key=lambda index: -ranked[index])
    return " ".join(article.sentences[index] for index in sorted(order[:count]))


def rouge_scores(
    articles: Sequence[SummarizedArticle], count: int, weights: SalienceFeatures | None
) -> dict[str, float]:
    found = [rouge(top(article, count, weights), article.summary) for article in articles]
    return {
        "rouge1": round(100 * mean(each.rouge1 for each in found), 2),
        "rouge2": round(100 * mean(each.rouge2 for each in found), 2),
    }


def evidence_scores(
    articles: Sequence[BriefedArticle], weights: SalienceFeatures | None
) -> dict[str, float]:
    """Per cent of chosen sentences that are evidence, and of points with evidence chosen."""
    hits, covered = [], []
    for article in articles:
        limit = point_limit(len(article.sentences), POINT_COUNT)
        chosen = set(range(limit))
        if weights is not None:
            ranked = scores(article.features, weights)
            chosen = set(select_points(ranked, article.sentences, limit))
        hits.append(len(chosen & frozenset().union(*article.evidence)) / len(chosen))
        covered.append(mean(bool(chosen & evidence) for evidence in article.evidence))
    return {
        "evidence_hit": round(100 * mean(hits), 2),
        "points_covered": round(100 * mean(covered), 2),
    }


def tune(dev: Sequence[SummarizedArticle], briefs: Sequence[BriefedArticle]) -> SalienceFeatures:
    """Coordinate search from the weights in use; both objectives count alike."""

    def objective(weights: SalienceFeatures) -> float:
        lead = rouge_scores(dev, 1, weights)
        return (lead["rouge1"] + lead["rouge2"]) / 2 + evidence_scores(briefs, weights)[
            "points_covered"
        ]

    chance = random.Random(1)
    best, best_value = WEIGHTS, objective(WEIGHTS)
    for step in range(TUNING_STEPS):
        values = list(astuple(best))
        place = chance.randrange(len(values))
        values[place] = round(values[place] + chance.gauss(0, 0.25), 2)
        candidate = SalienceFeatures(*values)
        value = objective(candidate)
        if value > best_value:
            best, best_value = candidate, value
            print(step, round(value, 3), candidate, file=sys.stderr)
    return best


def support_scores(articles: Sequence[BriefedArticle]) -> dict[str, float]:
    """Per cent of human points accepted on their own evidence, and on that of another article."""
    own, foreign = [], []
    for article, other in zip(articles, [*articles[1:], articles[0]], strict=True):
        for point, evidence in zip(article.points, article.evidence, strict=True):
            own.append(support(point, [article.sentences[i] for i in sorted(evidence)]).supported)
            foreign.append(support(point, other.sentences).supported)
    return {
        "human_points_accepted": round(100 * mean(own), 2),
        "points_of_another_article_accepted": round(100 * mean(foreign), 2),
    }


def shortening_scores(articles: Sequence[BriefedArticle]) -> dict[str, float]:
    """Of the sentences over 40 words: how many were shortened, and to how many words."""
    longer = [s for article in articles for s in article.sentences if len(s.split()) > 40]
    shortened = [(s, shorten(s)) for s in longer]
    changed = [(before, after) for before, after in shortened if before != after]
    return {
        "long_sentences": len(longer),
        "shortened_percent": round(100 * len(changed) / len(longer), 2),
        "words_before": round(mean(len(before.split()) for before, _ in changed), 1),
        "words_after": round(mean(len(after.split()) for _, after in changed), 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("dev", type=Path)
    parser.add_argument("test", type=Path)
    parser.add_argument("briefs", type=Path)
    parser.add_argument("--tune", action="store_true")
    arguments = parser.parse_args()
    dev, test = read_summarized(arguments.dev), read_summarized(arguments.test)
    briefs = read_briefed(arguments.briefs)
    if arguments.tune:
        print(tune(dev, briefs[::2]))
        return
    result: dict[str, object] = {
        "weights": {field.name: getattr(WEIGHTS, field.name) for field in fields(WEIGHTS)}
    }
    for name, articles in (("dev", dev), ("test", test)):
        for count in (1, 2, 3):
            result[f"{name}_best_{count}"] = rouge_scores(articles, count, WEIGHTS)
            result[f"{name}_first_{count}"] = rouge_scores(articles, count, None)
    for name, articles in (("tuned", briefs[::2]), ("held_out", briefs[1::2])):
        result[f"briefs_{name}_chosen_{POINT_COUNT}"] = evidence_scores(articles, WEIGHTS)
        result[f"briefs_{name}_first_{POINT_COUNT}"] = evidence_scores(articles, None)
    result["support"] = support_scores(briefs)
    result["shortening"] = shortening_scores(briefs)
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
