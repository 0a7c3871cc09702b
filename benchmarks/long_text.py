"""Cost per word and memory of one very long text through TranslateTextChunks.

    python benchmarks/long_text.py [--articles DIR] [--words 100000] [--repeats 3]

Texts of 1,000 words and one of `--words` are streamed in chunks of 4,096 characters over the same
connection, in turns, so that a change in the machine's speed hits both. Every sentence must come
back and the source spans must cover the text. Reported: engine and wall seconds per word of both,
their ratios, and how much the server's resident memory grew during the long text. The cache is off.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import harness

from mujaz.client import MujazClient

CHUNK_CHARACTERS = 4_096
SHORT_WORDS = 1_000


@dataclass(frozen=True, slots=True)
class Pass:
    """One text streamed through: what it cost, and the highest resident memory meanwhile."""

    words: int
    wall_seconds: float
    inference_seconds: float
    peak_bytes: int


def text_of(lines: list[str], word_count: int) -> str:
    """Lines, repeated in order, up to at least so many words."""
    chosen: list[str] = []
    words = 0
    while words < word_count:
        line = lines[len(chosen) % len(lines)]
        chosen.append(line)
        words += len(line.split())
    return "\n".join(chosen)


async def chunks_of(text: str) -> AsyncIterator[str]:
    for start in range(0, len(text), CHUNK_CHARACTERS):
        yield text[start : start + CHUNK_CHARACTERS]


async def stream_through(client: MujazClient, server: harness.ServerProcess, text: str) -> Pass:
    """Stream a text, check that nothing of it is lost, and measure."""
    began, position, peak = time.perf_counter(), 0, 0
    inference_seconds = None
    async for event in client.translate_chunks(chunks_of(text), harness.ARABIC):
        if event.WhichOneof("event") == "finished":
            duration = event.finished.stats.inference_duration
            inference_seconds = duration.seconds + duration.nanos / 1e9
            continue
        span = event.sentence.source_span
        gap = text[position : span.start_offset]
        if gap.strip() or text[span.start_offset : span.end_offset] != event.sentence.source_text:
            raise SystemExit(f"text was lost before character {span.end_offset}")
        position = span.end_offset
        peak = max(peak, server.resident_bytes())
    if inference_seconds is None or text[position:].strip():
        raise SystemExit("the text did not come back whole")
    seconds = time.perf_counter() - began
    return Pass(len(text.split()), seconds, inference_seconds, peak)


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=Path, help="a directory of *.txt")
    parser.add_argument("--words", type=int, default=100_000)
    parser.add_argument("--repeats", type=int, default=5, help="short texts before and after")
    arguments = parser.parse_args()
    articles = harness.read_articles(arguments.articles, 30)
    lines = [line for article in articles for line in article.splitlines() if line.strip()]
    # The short texts are different parts of the same material, so that both mean the same work.
    short_texts = [
        text_of(lines[start:] + lines[:start], SHORT_WORDS)
        for start in range(0, len(lines), max(1, len(lines) // arguments.repeats))
    ][: arguments.repeats]
    async with harness.server() as server, MujazClient(server.address) as client:
        await stream_through(client, server, short_texts[0])
        short = [await stream_through(client, server, text) for text in short_texts]
        before = server.resident_bytes()
        long = await stream_through(client, server, text_of(lines, arguments.words))
        short += [await stream_through(client, server, text) for text in short_texts]
    short_words = sum(each.words for each in short)
    wall = sum(each.wall_seconds for each in short) / short_words
    inference = sum(each.inference_seconds for each in short) / short_words
    figures = {
        "words": long.words,
        "seconds": round(long.wall_seconds, 1),
        "milliseconds per word, short": round(wall * 1000, 3),
        "milliseconds per word, long": round(long.wall_seconds / long.words * 1000, 3),
        "ratio, wall": round(long.wall_seconds / long.words / wall, 3),
        "ratio, engine": round(long.inference_seconds / long.words / inference, 3),
        "resident memory before, MiB": round(before / 2**20, 1),
        "resident memory growth at peak, MiB": round((long.peak_bytes - before) / 2**20, 1),
    }
    for name, figure in figures.items():
        print(f"{name}: {figure}")
    print(f"written to {harness.write_result('long_text', figures)}")


if __name__ == "__main__":
    asyncio.run(main())
