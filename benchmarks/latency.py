"""Latency through the idle server against CTranslate2 alone, in one run on one machine.

    python benchmarks/latency.py [--articles DIR] [--repeats 200]

Two questions. One short sentence: p50 and p95 of a unary call against `translate_batch` on the
same tokens. An article of 3,000 words: time to its first sentence, against that sentence alone
through the same server. The cache and the second decoding are off in both.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from pathlib import Path
from typing import Any

import harness

from mujaz.client import MujazClient
from mujaz.engine.model import LoadedModel
from mujaz.engine.threads import ThreadPolicy

SHORT_SENTENCE = "أعلنت وزارة الخارجية أن الاجتماع سيعقد في القاهرة يوم الأحد."
LONG_ARTICLE_WORDS = 3_000


def long_article(articles: list[str]) -> str:
    """An article of 3,000 words, put together from several."""
    words: list[str] = []
    lines: list[str] = []
    for line in (line for article in articles for line in article.splitlines()):
        if len(words) >= LONG_ARTICLE_WORDS:
            break
        words += line.split()
        lines.append(line)
    return "\n".join(lines)


def milliseconds(samples: list[float]) -> dict[str, float]:
    return {
        "p50_milliseconds": round(harness.percentile(samples, 0.5) * 1000, 2),
        "p95_milliseconds": round(harness.percentile(samples, 0.95) * 1000, 2),
    }


async def time_to_first(client: MujazClient, text: str) -> float:
    """Seconds until the first sentence of a text arrives; the rest is abandoned."""
    began = time.perf_counter()
    stream = client.stream_translate(text, harness.ARABIC)
    async for event in stream:
        if event.WhichOneof("event") == "sentence":
            break
    elapsed = time.perf_counter() - began
    await stream.aclose()
    return elapsed


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=Path, help="a directory of *.txt")
    parser.add_argument("--repeats", type=int, default=200)
    arguments = parser.parse_args()
    article = long_article(harness.read_articles(arguments.articles, 30))
    first = harness.sentences_of(article)[0]
    model = LoadedModel.load(harness.MODELS / "ar-en", threads=ThreadPolicy(1, 1))
    engine = harness.raw_engine(model, worker_count=harness.available_cores())
    options = harness.raw_options(model)
    tokens = [model.encode(SHORT_SENTENCE)]
    figures: dict[str, Any] = {"long_article_words": len(article.split())}
    raw: list[float] = []
    served: list[float] = []
    async with harness.server("--no-retry") as server, MujazClient(server.address) as client:
        for number in range(arguments.repeats + 10):
            began = time.perf_counter()
            engine.translate_batch(tokens, **options)
            middle = time.perf_counter()
            await client.translate_text(SHORT_SENTENCE, harness.ARABIC)
            ended = time.perf_counter()
            if number >= 10:  # the first calls warm up both sides
                raw.append(middle - began)
                served.append(ended - middle)
        alone: list[float] = []
        in_article: list[float] = []
        for _ in range(max(10, arguments.repeats // 10)):
            alone.append(await time_to_first(client, first))
            in_article.append(await time_to_first(client, article))
            await asyncio.sleep(1)  # let batches of the abandoned article run out
    figures["short sentence, raw"] = milliseconds(raw)
    figures["short sentence, server"] = milliseconds(served)
    p50_raw, p50 = (harness.percentile(samples, 0.5) * 1000 for samples in (raw, served))
    figures["short sentence, p50 against 1.15 × raw + 2 ms"] = round(p50 / (1.15 * p50_raw + 2), 3)
    figures["first sentence alone"] = milliseconds(alone)
    figures["first sentence of the article"] = milliseconds(in_article)
    figures["first sentence, ratio at p50"] = round(
        harness.percentile(in_article, 0.5) / harness.percentile(alone, 0.5), 3
    )
    for name, figure in figures.items():
        print(f"{name}: {figure}")
    print(f"written to {harness.write_result('latency', figures)}")


if __name__ == "__main__":
    asyncio.run(main())
