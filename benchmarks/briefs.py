"""How good the points of our briefs are, beside what takes no model and well-known extractors.

    python benchmarks/briefs.py --briefs FILE [--briefs FILE ...] [--names FILE.tsv ...]
        [--model models/ar-brief] [--limit N]

FILE is of JSON Lines (or .xz): `title`, `text` and `summary` a line, or `title`, `sentences` and
`points` with the `text` and the `evidence` (numbers of sentences, from 1) of each. All systems give
the same number of points an article, at most one for two sentences:

- ours, EXTRACTIVE, AUTO and ABSTRACTIVE: the points before they are translated;
- the first sentences, and random ones (mean of 5 draws);
- TextRank and LexRank of sumy (extra `benchmarks`), on our sentences and words between spaces, no
  stop words.

`rouge*` is F1 against what people wrote, over Unicode words. `beyond_first` is the share of
articles with a point from behind the first sentences; `evidence_hit` the share of points' sentences
that people named as evidence, `points_covered` the share of people's points with a sentence among
ours.
`numbers` and `names` count what points state and their article lacks, by a checker of its own
(`mujaz.evaluation.facts`); the names are those of `--names` (Arabic, tab, English). The result goes
to `results/briefs.json`; `--render` prints the tables of docs/quality-briefs.md from it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Any

from brief_data import ReferenceArticle, read_articles, read_names
from harness import MODELS, RESULTS, SEED, write_result
from sumy.models.dom import ObjectDocumentModel, Paragraph
from sumy.models.dom import Sentence as SumySentence
from sumy.summarizers.lex_rank import LexRankSummarizer
from sumy.summarizers.text_rank import TextRankSummarizer

from mujaz.app.summarize import write_points
from mujaz.domain.drafts import PointDraft, WrittenPoint, compose_points
from mujaz.domain.points import point_limit
from mujaz.domain.rouge import SIGNATURE, rouge
from mujaz.domain.salience import salience
from mujaz.engine.batch import Priority
from mujaz.engine.model import LoadedModel
from mujaz.engine.scheduler import Scheduler, Ticket
from mujaz.engine.threads import available_core_count, thread_policy
from mujaz.evaluation.facts import ArticleFacts, FactChecker, FactCount

POINT_COUNTS = (1, 2, 3)
RANDOM_DRAWS = 5
ARTICLES_IN_WORK = 16
FACTS = ("numbers", "names")

Points = Sequence[PointDraft]
Choice = Callable[[ReferenceArticle, int], Points]


@dataclass(frozen=True, slots=True)
class System:
    """A way to choose points; `draw_count` is over one where chance is in it."""

    name: str
    choose: Choice
    draw_count: int = 1


class SpacedWords:
    """The part of a sumy tokenizer that its summarizers use."""

    def to_words(self, text: str) -> tuple[str, ...]:
        """Words between spaces."""
        return tuple(text.split())


def sentences_at(article: ReferenceArticle, positions: Iterable[int]) -> list[PointDraft]:
    return [PointDraft(article.sentences[p], (p,), extractive=True) for p in sorted(positions)]


def first_sentences(article: ReferenceArticle, limit: int) -> Points:
    return sentences_at(article, range(limit))


def random_sentences(chance: random.Random) -> Choice:
    def choose(article: ReferenceArticle, limit: int) -> Points:
        return sentences_at(article, chance.sample(range(len(article.sentences)), limit))

    return choose


def sumy_sentences(summarizer: Any) -> Choice:
    def choose(article: ReferenceArticle, limit: int) -> Points:
        tokenizer = SpacedWords()
        given = [SumySentence(text, tokenizer) for text in article.sentences]
        place = {id(sentence): position for position, sentence in enumerate(given)}
        document = ObjectDocumentModel([Paragraph(given)])
        return sentences_at(article, [place[id(each)] for each in summarizer(document, limit)])

    return choose


def ours(written: dict[int, tuple[WrittenPoint, ...]], *, only_written: bool = False) -> Choice:
    """Our points, with what a model wrote of each article (by identity); nothing where it lacks."""

    def choose(article: ReferenceArticle, limit: int) -> Points:
        scores = salience(article.sentences, title=article.title)
        points = written.get(id(article), ())
        return compose_points(points, article.sentences, scores, limit, only_written=only_written)

    return choose


async def write_all(
    directory: Path, articles: Sequence[ReferenceArticle]
) -> dict[int, tuple[WrittenPoint, ...]]:
    """What the summarization model of a directory writes of each article."""
    threads = thread_policy(available_core_count())
    model = await asyncio.to_thread(LoadedModel.load, directory, threads)
    scheduler = Scheduler(worker_count=threads.worker_count)
    scheduler.start()
    room = asyncio.Semaphore(ARTICLES_IN_WORK)

    async def write(article: ReferenceArticle, ticket: Ticket) -> tuple[WrittenPoint, ...]:
        async with room:
            return (await write_points(model, ticket, article.sentences)).points

    try:
        with scheduler.open(token_count=0, priority=Priority.INTERACTIVE) as ticket:
            written = await asyncio.gather(*(write(article, ticket) for article in articles))
    finally:
        await scheduler.stop()
        model.unload()
    return {id(article): points for article, points in zip(articles, written, strict=True)}


def measure(
    system: System, articles: Sequence[ReferenceArticle], count: int, checker: FactChecker
) -> dict[str, Any]:
    """The figures of one system at `count` points an article."""
    pairs = [
        (article, system.choose(article, point_limit(len(article.sentences), count)))
        for article in articles
        for _ in range(system.draw_count)
    ]
    texts = [" ".join(point.text for point in points) for _, points in pairs]
    found = [
        rouge(text, article.reference) for text, (article, _) in zip(texts, pairs, strict=True)
    ]
    figures = {
        "rouge1": percent(each.rouge1 for each in found),
        "rouge2": percent(each.rouge2 for each in found),
        "rouge_l": percent(each.rouge_l for each in found),
        "mean_word_count": round(mean(len(text.split()) for text in texts), 1),
        "mean_point_count": round(mean(len(points) for _, points in pairs), 2),
        "beyond_first": percent(is_beyond_first(*pair, count) for pair in pairs),
        "written": percent(not point.extractive for _, points in pairs for point in points),
        **evidence_figures(pairs),
    }
    return figures | fact_figures(pairs, checker)


def is_beyond_first(article: ReferenceArticle, points: Points, count: int) -> bool:
    """Whether a point rests on a sentence behind as many first ones as there are points."""
    limit = point_limit(len(article.sentences), count)
    return any(position >= limit for point in points for position in point.evidence)


def evidence_figures(pairs: Sequence[tuple[ReferenceArticle, Points]]) -> dict[str, float]:
    """How the sentences of the points meet the evidence that people named; empty without any."""
    named = [(article.evidence, points) for article, points in pairs if article.evidence and points]
    if not named:
        return {}
    chosen = [{position for p in points for position in p.evidence} for _, points in named]
    return {
        "evidence_hit": percent(
            len(sentences & frozenset().union(*evidence)) / max(1, len(sentences))
            for (evidence, _), sentences in zip(named, chosen, strict=True)
        ),
        "points_covered": percent(
            mean(bool(sentences & each) for each in evidence)
            for (evidence, _), sentences in zip(named, chosen, strict=True)
        ),
    }


def fact_figures(
    pairs: Sequence[tuple[ReferenceArticle, Points]], checker: FactChecker
) -> dict[str, Any]:
    numbers, names = FactCount(), FactCount()
    for article, points in pairs:
        facts = ArticleFacts(f"{article.title}\n{article.text}")
        for point in points:
            numbers.add(checker.numbers(point.text, facts))
            names.add(checker.names(point.text, facts))

    def figures(count: FactCount) -> dict[str, int]:
        return {"stated": count.stated, "unsupported": count.unsupported}

    return {"numbers": figures(numbers), "names": figures(names)}


def percent(values: Iterable[float]) -> float:
    found = list(values)
    return round(100 * mean(found), 2) if found else 0.0


def systems(written: dict[int, tuple[WrittenPoint, ...]] | None) -> list[System]:
    chosen = [System("ours, EXTRACTIVE", ours({}))]
    if written is not None:
        chosen.append(System("ours, AUTO", ours(written)))
        chosen.append(System("ours, ABSTRACTIVE", ours(written, only_written=True)))
    return [
        *chosen,
        System("first sentences", first_sentences),
        System("random sentences", random_sentences(random.Random(SEED)), RANDOM_DRAWS),
        System("TextRank (sumy)", sumy_sentences(TextRankSummarizer())),
        System("LexRank (sumy)", sumy_sentences(LexRankSummarizer())),
    ]


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    checker = FactChecker(read_names(arguments.names))
    figures: dict[str, Any] = {"rouge": SIGNATURE, "known_names": len(checker), "sets": {}}
    for path in arguments.briefs:
        articles = read_articles(path, arguments.limit)
        written = asyncio.run(write_all(arguments.model, articles)) if arguments.model else None
        rows = {
            system.name: {
                f"{count}": measure(system, articles, count, checker) for count in POINT_COUNTS
            }
            for system in systems(written)
        }
        name = path.name.split(".")[0]
        figures["sets"][name] = {"article_count": len(articles), "systems": rows}
    return figures


def render(figures: dict[str, Any]) -> str:
    """The tables of three points, in Markdown."""
    lines = []
    for name, test_set in figures["sets"].items():
        has_evidence = any("evidence_hit" in row["3"] for row in test_set["systems"].values())
        heads = ["points by", "ROUGE-1", "ROUGE-2", "ROUGE-L", "words", "beyond the first"]
        heads += ["on evidence", "points covered"] * has_evidence
        heads += ["foreign numbers", "foreign names"]
        lines += [f"### {name}", "", f"{test_set['article_count']:,} articles, three points.", ""]
        lines += [f"| {' | '.join(heads)} |", f"|{' --- |' * len(heads)}"]
        for system, counts in test_set["systems"].items():
            row = counts["3"]
            cells = [system, *(f"{row[key]:.1f}" for key in ("rouge1", "rouge2", "rouge_l"))]
            cells += [f"{row['mean_word_count']:.0f}", f"{row['beyond_first']:.0f} %"]
            if has_evidence:
                cells += [f"{row[key]:.1f} %" for key in ("evidence_hit", "points_covered")]
            cells += [f"{row[k]['unsupported']} of {row[k]['stated']:,}" for k in FACTS]
            lines.append(f"| {' | '.join(cells)} |")
        lines.append("")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--briefs", type=Path, action="append", default=[])
    parser.add_argument("--names", type=Path, nargs="*", default=[])
    parser.add_argument("--model", type=Path, default=MODELS / "ar-brief")
    parser.add_argument("--no-model", dest="model", action="store_const", const=None)
    parser.add_argument("--limit", type=int)
    parser.add_argument("--render", action="store_true", help="print the tables of the last run")
    arguments = parser.parse_args()
    if not arguments.render:
        write_result("briefs", run(arguments))
    result = json.loads((RESULTS / "briefs.json").read_text(encoding="utf-8"))
    print(render(result["figures"]))


if __name__ == "__main__":
    main()
