"""Latency of a headline while a bulk backlog runs, against the idle server.

    python benchmarks/priority.py [--articles DIR] [--headlines 100]

The backlog is 16 streams of articles in bulk, each followed by the next at once; the headline is
one short interactive sentence at a time. Both go through one server with the cache off. Idle and
busy are measured in turn, three times each.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import grpc
import harness
from latency import SHORT_SENTENCE, milliseconds

from mujaz.client import MujazClient
from mujaz.v1.translation_service_pb2 import Priority, TranslationConfig

STREAM_COUNT = 16
ROUNDS = 3
BULK = TranslationConfig(source_language_code="ar", priority=Priority.PRIORITY_BULK)


async def headlines(client: MujazClient, count: int) -> list[float]:
    """Seconds of so many headlines, one after the other."""
    samples = []
    for _ in range(count):
        began = time.perf_counter()
        await client.translate_text(SHORT_SENTENCE, harness.ARABIC)
        samples.append(time.perf_counter() - began)
    return samples


@asynccontextmanager
async def backlog(client: MujazClient, articles: list[str]) -> AsyncIterator[None]:
    """Bulk work that never runs out, on its way for two seconds already."""
    texts = itertools.cycle(articles)

    async def stream() -> None:
        while True:
            try:
                async for _ in client.stream_translate(next(texts), BULK):
                    pass
            except grpc.aio.AioRpcError as error:
                if error.code() is not grpc.StatusCode.RESOURCE_EXHAUSTED:
                    raise
                await asyncio.sleep(1)

    streams = [asyncio.create_task(stream()) for _ in range(STREAM_COUNT)]
    await asyncio.sleep(2)
    try:
        yield
        if any(each.done() for each in streams):
            raise SystemExit("a bulk stream ended with an error")
    finally:
        for each in streams:
            each.cancel()
        await asyncio.wait(streams)


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=Path, help="a directory of *.txt")
    parser.add_argument("--headlines", type=int, default=100)
    arguments = parser.parse_args()
    articles = harness.read_articles(arguments.articles, 30)
    idle: list[float] = []
    busy: list[float] = []
    async with (
        harness.server("--no-retry") as server,
        MujazClient(server.address) as client,
        MujazClient(server.address) as bulk_client,
    ):
        await headlines(client, 10)
        for _ in range(ROUNDS):
            idle += await headlines(client, arguments.headlines // ROUNDS)
            async with backlog(bulk_client, articles):
                busy += await headlines(client, arguments.headlines // ROUNDS)
            await asyncio.sleep(2)  # let the batches of the abandoned articles run out
    figures: dict[str, Any] = {"bulk streams": STREAM_COUNT}
    figures["headline, idle"] = milliseconds(idle)
    figures["headline, bulk backlog"] = milliseconds(busy)
    for share in (0.5, 0.95):
        figures[f"ratio at p{round(share * 100)}"] = round(
            harness.percentile(busy, share) / harness.percentile(idle, share), 2
        )
    for name, figure in figures.items():
        print(f"{name}: {figure}")
    print(f"written to {harness.write_result('priority', figures)}")


if __name__ == "__main__":
    asyncio.run(main())
