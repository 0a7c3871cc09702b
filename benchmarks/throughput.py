"""Words a second through the server against CTranslate2 alone, in one run on one machine.

    python benchmarks/throughput.py [--articles DIR] [--count 30] [--repeats 5]

Raw is one `translate_batch` over the same token sequences, sorted by length, at the best of several
batch sizes; its input is already tokenized and its output left in tokens. The server gets the
articles as text over 1, 8 and 32 concurrent streams and segments, normalizes, tokenizes, checks and
sends back each sentence; client and server share the machine's cores. The cache is off. The ratio
is reported with the second decoding of flagged sentences off (the same work as raw) and, at the
highest number of streams, on (what a user gets). All take turns, and medians are compared.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import time
from pathlib import Path
from typing import Any

import harness

from mujaz.client import MujazClient
from mujaz.engine.model import LoadedModel
from mujaz.engine.threads import ThreadPolicy

BATCH_SIZES = (256, 384, 512, 1024, 2048, 4096)
STREAM_COUNTS = (1, 8, 32)


async def read_all(client: MujazClient, articles: list[str], stream_count: int) -> float:
    """Seconds to translate all articles over so many concurrent streams."""
    queue = articles[::-1]

    async def stream() -> None:
        while queue:
            async for _ in client.stream_translate(queue.pop(), harness.ARABIC):
                pass

    began = time.perf_counter()
    await asyncio.gather(*(stream() for _ in range(stream_count)))
    return time.perf_counter() - began


def translate_raw(engine: Any, tokens: list[Any], size: int, options: dict[str, Any]) -> float:
    """Seconds of one call of `translate_batch` over all sequences."""
    began = time.perf_counter()
    engine.translate_batch(tokens, max_batch_size=size, batch_type="tokens", **options)
    return time.perf_counter() - began


async def measure(articles: list[str], repeats: int) -> tuple[int, dict[str, list[float]]]:
    """The best batch size of raw, and the seconds of each contestant in each round.

    All take turns in each round, so that a change in the machine's speed hits all alike.
    """
    model = LoadedModel.load(harness.MODELS / "ar-en", threads=ThreadPolicy(1, 1))
    sentences = [s for article in articles for s in harness.sentences_of(article)]
    tokens = sorted(harness.sequences_of(sentences, model), key=len, reverse=True)
    engine = harness.raw_engine(model, worker_count=harness.available_cores())
    options = harness.raw_options(model)
    sweep = {size: translate_raw(engine, tokens, size, options) for size in BATCH_SIZES}
    best_size = min(sweep, key=sweep.__getitem__)
    seconds: dict[str, list[float]] = {}
    async with (
        harness.server("--no-retry") as same,
        harness.server() as retrying,
        MujazClient(same.address) as same_client,
        MujazClient(retrying.address) as retrying_client,
    ):
        for client in (same_client, retrying_client):
            await read_all(client, articles[:2], 2)
        for _ in range(repeats):
            raw = translate_raw(engine, tokens, best_size, options)
            seconds.setdefault("raw", []).append(raw)
            for count in STREAM_COUNTS:
                name = f"server, same work, {count} streams"
                seconds.setdefault(name, []).append(await read_all(same_client, articles, count))
            name = f"server, with retries, {count} streams"
            seconds.setdefault(name, []).append(await read_all(retrying_client, articles, count))
    return best_size, seconds


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=Path, help="a directory of *.txt")
    parser.add_argument("--count", type=int, default=30)
    parser.add_argument("--repeats", type=int, default=5)
    arguments = parser.parse_args()
    articles = harness.read_articles(arguments.articles, arguments.count)
    words = harness.word_count(articles)
    print(f"{len(articles)} articles, {words} words")
    best_size, seconds = await measure(articles, arguments.repeats)
    raw = statistics.median(seconds["raw"])
    print(
        f"raw translate_batch, at its best batch of {best_size} tokens: {words / raw:.0f} words/s"
    )
    figures: dict[str, Any] = {
        "articles": len(articles),
        "source": "news articles" if arguments.articles else "samples, shuffled",
        "words": words,
        "raw_batch_tokens": best_size,
    }
    for name, times in seconds.items():
        median = statistics.median(times)
        figures[name] = {
            "words_per_second": round(words / median),
            "ratio_to_raw": round(raw / median, 3),
            "seconds": [round(each, 2) for each in times],
        }
        print(f"{name}: {words / median:.0f} words/s, ratio {raw / median:.3f}")
    print(f"written to {harness.write_result('throughput', figures)}")


if __name__ == "__main__":
    asyncio.run(main())
