"""Words a second through the server against CTranslate2 alone, in one run on one machine.

    python benchmarks/throughput.py [--articles DIR] [--count 30] [--repeats 3]

Raw is one `translate_batch` over all sentences, sorted by length, at the best of several batch
sizes; its input is already tokenized. The server gets the articles as text over 1, 8 and 32
concurrent streams and segments, normalizes, tokenizes, checks and sends back each sentence; client
and server share the machine's cores. The cache is off. The ratio is reported with the second
decoding of flagged sentences off (the same work as raw) and on (what a user gets).
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

BATCH_SIZES = (512, 1024, 2048, 4096, 8192)
STREAM_COUNTS = (1, 8, 32)


def measure_raw(model: LoadedModel, sentences: list[str], repeats: int) -> dict[str, float]:
    """Seconds for all sentences by batch size in tokens, and with tokenization for the best."""
    engine = harness.raw_engine(model, worker_count=harness.available_cores())
    options = harness.raw_options(model)
    tokens = sorted((model.encode(sentence) for sentence in sentences), key=len, reverse=True)
    seconds = {}
    for size in BATCH_SIZES:
        seconds[str(size)] = harness.best_of(
            repeats,
            lambda size=size: engine.translate_batch(
                tokens, max_batch_size=size, batch_type="tokens", **options
            ),
        )
    return seconds


async def measure_server(
    articles: list[str], stream_count: int, repeats: int, *flags: str
) -> float:
    """Least seconds for all articles over so many concurrent streams, after a warm-up."""
    async with harness.server(*flags) as server, MujazClient(server.address) as client:

        async def read(queue: list[str]) -> None:
            while queue:
                async for _ in client.stream_translate(queue.pop(), harness.ARABIC):
                    pass

        async def run() -> float:
            queue = articles[::-1]
            began = time.perf_counter()
            await asyncio.gather(*(read(queue) for _ in range(stream_count)))
            return time.perf_counter() - began

        await read(articles[:2])
        return min([await run() for _ in range(repeats)])


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=Path, help="a directory of *.txt")
    parser.add_argument("--count", type=int, default=30)
    parser.add_argument("--repeats", type=int, default=3)
    arguments = parser.parse_args()
    articles = harness.read_articles(arguments.articles, arguments.count)
    words = harness.word_count(articles)
    model = LoadedModel.load(harness.MODELS / "ar-en", threads=ThreadPolicy(1, 1))
    sentences = [s for article in articles for s in harness.sentences_of(article)]
    print(f"{len(articles)} articles, {len(sentences)} sentences, {words} words")

    raw = measure_raw(model, sentences, arguments.repeats)
    best_size = min(raw, key=raw.__getitem__)
    raw_rate = words / raw[best_size]
    print(f"raw translate_batch, best batch of {best_size} tokens: {raw_rate:8.0f} words/s")
    figures: dict[str, Any] = {
        "articles": len(articles),
        "source": str(arguments.articles.name) if arguments.articles else "samples, shuffled",
        "sentences": len(sentences),
        "words": words,
        "raw_words_per_second": {size: round(words / s, 1) for size, s in raw.items()},
    }
    for label, flags in (("same work", ("--no-retry",)), ("with retries", ())):
        for count in STREAM_COUNTS:
            seconds = await measure_server(articles, count, arguments.repeats, *flags)
            rate, ratio = words / seconds, words / seconds / raw_rate
            print(f"server, {label}, {count:2d} streams: {rate:8.0f} words/s, ratio {ratio:.3f}")
            figures[f"server, {label}, {count} streams"] = {
                "words_per_second": round(rate, 1), "ratio_to_raw": round(ratio, 3)}  # fmt: skip
    # Raw again at the end: if the machine's speed drifted, the ratios are not to be trusted.
    again = measure_raw(model, sentences, 1)[best_size]
    figures["raw_drift"] = round(again / raw[best_size], 3)
    print(f"raw again: {words / again:8.0f} words/s")
    print(f"written to {harness.write_result('throughput', figures)}")


if __name__ == "__main__":
    asyncio.run(main())
