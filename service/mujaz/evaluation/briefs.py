"""Scores summaries and headlines of articles by ROUGE, beside what takes no model at all."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import mean
from typing import Any, Final

from mujaz.domain.clauses import headline
from mujaz.domain.drafts import PointDraft, compose_points, headline_draft
from mujaz.domain.points import point_limit
from mujaz.domain.rouge import SIGNATURE, rouge, rouge_words
from mujaz.domain.segment import segment
from mujaz.evaluation.decoding import Summaries, Summary
from mujaz.evaluation.results import BriefResult, RougeRow, RowKind
from mujaz.evaluation.test_data import ArticleTestSet, SummarizedArticle

POINT_COUNTS: Final = (1, 2, 3)
RANDOM_SENTENCES: Final = 3
RANDOM_DRAWS: Final = 20
SEED: Final = 1


@dataclass(frozen=True, slots=True)
class ModelSummaries:
    """What a model made of the articles of a test set; `name` stands in the table."""

    name: str
    size_bytes: int
    summaries: Summaries


def score_briefs(test_set: ArticleTestSet, models: Sequence[ModelSummaries]) -> BriefResult:
    """The models' rows, then the baselines.

    A model is scored on what it wrote from as much of an article as it reads at once, and on the
    points that the service makes of that.
    """
    articles = test_set.articles
    summaries = [row for model in models for row in _model_rows(articles, model)]
    headlines = [_headline_row(articles, model) for model in models]
    return BriefResult(
        test_set=test_set.name,
        article_count=len(articles),
        signature=f"{SIGNATURE}|random:{RANDOM_DRAWS}x seed {SEED}",
        summaries=(*summaries, *_baselines(articles)),
        headlines=(*headlines, _headline_baseline(articles)),
    )


def _model_rows(articles: Sequence[SummarizedArticle], model: ModelSummaries) -> list[RougeRow]:
    summaries = model.summaries.summaries
    rows = [
        _summary_row(
            f"{model.name}, as written",
            RowKind.MODEL,
            articles,
            [summary.first_part for summary in summaries],
            speed=model.summaries.speed,
            size_bytes=model.size_bytes,
        )
    ]
    for count in POINT_COUNTS:
        briefs = [_points(each, count) for each in summaries]
        written = [not draft.extractive for brief in briefs for draft in brief]
        row = _summary_row(
            f"{model.name}, brief of {count} point{'s' * (count > 1)}",
            RowKind.MODEL,
            articles,
            [" ".join(draft.text for draft in brief) for brief in briefs],
            written_share=round(mean(written), 4),
        )
        rows.append(row)
    return rows


def _points(summary: Summary, count: int, *, only_written: bool = False) -> list[PointDraft]:
    """The points of a brief as the service composes them, by itself or of what the model wrote."""
    story = summary.story
    limit = point_limit(len(story.texts), count)
    return compose_points(
        summary.points, story.texts, story.scores, limit, only_written=only_written
    )


def _headline_row(articles: Sequence[SummarizedArticle], model: ModelSummaries) -> RougeRow:
    """The headline the service would make of the model's points if the article had no title."""
    most = max(POINT_COUNTS)
    drafts = [
        _points(summary, most, only_written=True) or _points(summary, most)
        for summary in model.summaries.summaries
    ]
    written = [headline(headline_draft(each).text) for each in drafts]
    return _row(model.name, RowKind.MODEL, written, [article.title for article in articles])


def _headline_baseline(articles: Sequence[SummarizedArticle]) -> RougeRow:
    candidates = [headline(_sentences(article)[0]) for article in articles]
    titles = [article.title for article in articles]
    return _row("first sentence, shortened", RowKind.BASELINE, candidates, titles)


def _baselines(articles: Sequence[SummarizedArticle]) -> list[RougeRow]:
    sentences = [_sentences(article) for article in articles]
    rows = [
        _summary_row(
            "first sentence" if count == 1 else f"first {count} sentences",
            RowKind.BASELINE,
            articles,
            [" ".join(each[:count]) for each in sentences],
        )
        for count in POINT_COUNTS
    ]
    titles = [article.title for article in articles]
    return [
        *rows,
        _random_row(articles, sentences),
        _summary_row("title", RowKind.BASELINE, articles, titles),
    ]


def _random_row(
    articles: Sequence[SummarizedArticle], sentences: Sequence[Sequence[str]]
) -> RougeRow:
    """The mean of several draws of sentences, each in source order."""
    chance = random.Random(SEED)
    draws = [" ".join(_draw(each, chance)) for each in sentences for _ in range(RANDOM_DRAWS)]
    repeated = [article for article in articles for _ in range(RANDOM_DRAWS)]
    return _summary_row(f"random {RANDOM_SENTENCES} sentences", RowKind.BASELINE, repeated, draws)


def _draw(sentences: Sequence[str], chance: random.Random) -> list[str]:
    count = min(RANDOM_SENTENCES, len(sentences))
    return [sentences[index] for index in sorted(chance.sample(range(len(sentences)), count))]


def _summary_row(
    name: str,
    kind: RowKind,
    articles: Sequence[SummarizedArticle],
    candidates: Sequence[str],
    **of_model: Any,
) -> RougeRow:
    references = [article.summary for article in articles]
    return _row(name, kind, candidates, references, **of_model)


def _row(
    name: str,
    kind: RowKind,
    candidates: Sequence[str],
    references: Sequence[str],
    **of_model: Any,
) -> RougeRow:
    scores = [rouge(*pair) for pair in zip(candidates, references, strict=True)]

    def percent(score: Callable[[Any], float]) -> float:
        return round(100 * mean(map(score, scores)), 2)

    return RougeRow(
        name=name,
        kind=kind,
        rouge1=percent(lambda each: each.rouge1),
        rouge2=percent(lambda each: each.rouge2),
        rouge_l=percent(lambda each: each.rouge_l),
        mean_word_count=round(mean(len(rouge_words(text)) for text in candidates), 1),
        **of_model,
    )


def _sentences(article: SummarizedArticle) -> list[str]:
    return [sentence.span.of(article.text) for sentence in segment(article.text)]
