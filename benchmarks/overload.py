"""Ten times the work the server can do, from several callers at once, and how it holds.

    python benchmarks/overload.py [--seconds 120] [--factor 10] [--articles DIR]

First the capacity of the mix is measured with a few calls always in work. Then calls arrive on a
schedule, whatever the server answers: one caller sends seven tenths of them, the second two, the
third one; of the words a fifth are single sentences (interactive, due in 5 s), the rest articles of
about 300 words (bulk, due in 30 s). Client and server share the machine's cores, so requests are
serialized before and answers are not read. The cache is off.

Reported: accepted calls that ended well, the time to refuse a call, health checks on a connection
of their own, resident memory, each caller's part of the words translated, and how long after the
end a sentence is again answered within four times its idle time.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import random
import secrets
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
import harness
from grpc_health.v1 import health_pb2, health_pb2_grpc

from mujaz.v1.translation_service_pb2 import Priority, TranslateTextRequest, TranslationConfig

METHOD = "/mujaz.v1.TranslationService/TranslateText"
ARRIVAL_SHARES = {"first": 0.7, "second": 0.2, "third": 0.1}
PROBE = "probe"
INTERACTIVE_WORD_SHARE = 0.2
INTERACTIVE_SECONDS, BULK_SECONDS = 5.0, 30.0
ARTICLE_WORDS = 300
CAPACITY_DEADLINE_SECONDS = 600.0
STATUS_KEY = "grpc-status-details-bin"
RETRY_INFO = b"google.rpc.RetryInfo"


@dataclass(frozen=True, slots=True)
class Request:
    """A serialized request and what it is."""

    data: bytes
    word_count: int
    interactive: bool

    @property
    def deadline_seconds(self) -> float:
        return INTERACTIVE_SECONDS if self.interactive else BULK_SECONDS


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one call ended, in seconds of `time.perf_counter`."""

    caller: str
    request: Request
    began: float
    ended: float
    code: grpc.StatusCode
    has_retry_info: bool

    @property
    def seconds(self) -> float:
        return self.ended - self.began


@dataclass(slots=True)
class Observations:
    """What was seen while calls arrived."""

    outcomes: list[Outcome] = field(default_factory=list)
    health_seconds: list[float] = field(default_factory=list)
    health_failures: int = 0
    resident_bytes: list[int] = field(default_factory=list)
    late_seconds: list[float] = field(default_factory=list)


class Caller:
    """A connection with the credentials of one caller."""

    def __init__(self, name: str, channel: grpc.aio.Channel, token: str) -> None:
        self.name = name
        self._translate = channel.unary_unary(METHOD)  # bytes in, bytes out
        self._metadata = (("authorization", f"Bearer {token}"),)

    async def call(self, request: Request, *, deadline_seconds: float | None = None) -> Outcome:
        began = time.perf_counter()
        code, details = grpc.StatusCode.OK, b""
        try:
            await self._translate(
                request.data,
                timeout=deadline_seconds or request.deadline_seconds,
                metadata=self._metadata,
            )
        except grpc.aio.AioRpcError as error:
            code = error.code()
            trailers = error.trailing_metadata() or ()
            details = b"".join(value for key, value in trailers if key == STATUS_KEY)
        ended = time.perf_counter()
        return Outcome(self.name, request, began, ended, code, RETRY_INFO in details)


def requests_of(texts: Sequence[str], *, interactive: bool) -> list[Request]:
    priority = Priority.PRIORITY_INTERACTIVE if interactive else Priority.PRIORITY_BULK
    config = TranslationConfig(source_language_code="ar", priority=priority)
    return [
        Request(
            TranslateTextRequest(content=text, config=config).SerializeToString(),
            len(text.split()),
            interactive,
        )
        for text in texts
    ]


def make_requests(articles: Sequence[str]) -> tuple[list[Request], list[Request]]:
    """Single sentences of usual length, and articles of about 300 words."""
    sentences = [s for article in articles for s in harness.sentences_of(article)]
    short = [s for s in sentences if 6 <= len(s.split()) <= 25]
    long: list[str] = []
    lines: list[str] = []
    for sentence in sentences:
        lines.append(sentence)
        if harness.word_count(lines) >= ARTICLE_WORDS:
            long.append("\n".join(lines))
            lines = []
    return requests_of(short, interactive=True), requests_of(long, interactive=False)


class Mix:
    """Draws requests so that a fifth of the words are interactive."""

    def __init__(self, short: Sequence[Request], long: Sequence[Request], seed: int) -> None:
        self._short, self._long = short, long
        self._random = random.Random(seed)
        short_words, long_words = mean_words(short), mean_words(long)
        per_word = INTERACTIVE_WORD_SHARE / short_words, (1 - INTERACTIVE_WORD_SHARE) / long_words
        self._short_chance = per_word[0] / sum(per_word)
        self.mean_words = 1 / sum(per_word)

    def draw(self) -> Request:
        kind = self._short if self._random.random() < self._short_chance else self._long
        return self._random.choice(kind)

    def gap(self, calls_per_second: float) -> float:
        return self._random.expovariate(calls_per_second)


def mean_words(requests: Sequence[Request]) -> float:
    return sum(request.word_count for request in requests) / len(requests)


async def measure_capacity(caller: Caller, mix: Mix, seconds: float, width: int = 16) -> float:
    """Words a second with so many calls in work for `seconds`, and until the last of them ends."""
    began = time.perf_counter()
    word_count = 0

    async def work() -> None:
        nonlocal word_count
        while time.perf_counter() < began + seconds:
            request = mix.draw()
            outcome = await caller.call(request, deadline_seconds=CAPACITY_DEADLINE_SECONDS)
            if outcome.code is not grpc.StatusCode.OK:
                raise SystemExit(f"the server answered {outcome.code} while it was not overloaded")
            word_count += request.word_count

    await asyncio.gather(*(work() for _ in range(width)))
    return word_count / (time.perf_counter() - began)


async def arrive(caller: Caller, mix: Mix, rate: float, end: float, seen: Observations) -> None:
    """Start calls on schedule until `end`, then wait for those still open."""
    calls: set[asyncio.Task[Outcome]] = set()

    def done(call: asyncio.Task[Outcome]) -> None:
        calls.discard(call)
        seen.outcomes.append(call.result())

    due = time.perf_counter()
    while (due := due + mix.gap(rate)) < end:
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        seen.late_seconds.append(time.perf_counter() - due)
        call = asyncio.create_task(caller.call(mix.draw()))
        calls.add(call)
        call.add_done_callback(done)
    while calls:
        await asyncio.wait(set(calls))


async def watch(server: harness.ServerProcess, seen: Observations, end: float) -> None:
    """Check health, readiness and liveness in turn, and look at the memory."""
    options = [("grpc.use_local_subchannel_pool", 1)]
    async with grpc.aio.insecure_channel(server.address, options) as channel:
        health = health_pb2_grpc.HealthStub(channel)
        names = ("", "liveness")
        count = 0
        while time.perf_counter() < end:
            began = time.perf_counter()
            request = health_pb2.HealthCheckRequest(service=names[count % 2])
            try:
                answer = await health.Check(request, timeout=5)
                seen.health_failures += answer.status != health_pb2.HealthCheckResponse.SERVING
            except grpc.aio.AioRpcError:
                seen.health_failures += 1
            seen.health_seconds.append(time.perf_counter() - began)
            seen.resident_bytes.append(server.resident_bytes())
            count += 1
            await asyncio.sleep(0.1)


async def recovery(caller: Caller, short: Sequence[Request], limit_seconds: float) -> float:
    """Seconds until three sentences in a row are answered within `limit_seconds`."""
    began, good = time.perf_counter(), 0
    since = began
    for number in range(10_000):
        sent = time.perf_counter()
        outcome = await caller.call(short[number % len(short)])
        if outcome.code is grpc.StatusCode.OK and outcome.seconds <= limit_seconds:
            since = sent if good == 0 else since
            good += 1
            if good == 3:
                return since - began
        else:
            good = 0
            await asyncio.sleep(0.02)
    raise SystemExit("the server did not recover")


async def idle_seconds(caller: Caller, short: Sequence[Request], count: int = 60) -> float:
    """The p95 of a sentence on an idle server."""
    samples = [(await caller.call(short[n % len(short)])).seconds for n in range(count)]
    return harness.percentile(samples[10:], 0.95)


@asynccontextmanager
async def callers(
    address: str, tokens: dict[str, str], *names: str
) -> AsyncIterator[dict[str, Caller]]:
    """One connection a caller."""
    options = [("grpc.use_local_subchannel_pool", 1)]
    async with AsyncExitStack() as stack:
        made = {}
        for name in names:
            channel = grpc.aio.insecure_channel(address, options)
            made[name] = Caller(name, await stack.enter_async_context(channel), tokens[name])
        yield made


def milliseconds(samples: Sequence[float]) -> dict[str, float]:
    if not samples:
        return {}
    return {
        f"p{round(100 * share)}_milliseconds": round(harness.percentile(samples, share) * 1000, 2)
        for share in (0.5, 0.99)
    }


def figures_of(seen: Observations, seconds: float, capacity: float) -> dict[str, Any]:
    refused = [o for o in seen.outcomes if o.code is grpc.StatusCode.RESOURCE_EXHAUSTED]
    accepted = [o for o in seen.outcomes if o.code is not grpc.StatusCode.RESOURCE_EXHAUSTED]
    well = [o for o in accepted if o.code is grpc.StatusCode.OK]
    words: Counter[str] = Counter()
    for outcome in well:
        words[outcome.caller] += outcome.request.word_count
    quarter = len(seen.resident_bytes) // 4
    second, last = seen.resident_bytes[quarter : 2 * quarter], seen.resident_bytes[-quarter:]
    latencies = {
        name: milliseconds([o.seconds for o in well if o.request.interactive is interactive])
        for name, interactive in (("interactive", True), ("bulk", False))
    }
    return {
        "seconds": seconds,
        "capacity_words_per_second": round(capacity),
        "offered_calls": len(seen.outcomes),
        "offered_to_capacity": round(
            sum(o.request.word_count for o in seen.outcomes) / seconds / capacity, 2
        ),
        "started_late_p99_milliseconds": milliseconds(seen.late_seconds)["p99_milliseconds"],
        "accepted_calls": len(accepted),
        "accepted_that_ended_well": round(len(well) / len(accepted), 4),
        "accepted_that_failed": Counter(
            f"{o.code.name}, {'interactive' if o.request.interactive else 'bulk'}"
            for o in accepted
            if o.code is not grpc.StatusCode.OK
        ),
        "accepted_latency": latencies,
        "words_per_second_to_capacity": round(sum(words.values()) / seconds / capacity, 3),
        "refused_calls": len(refused),
        "refused_without_retry_info": sum(not o.has_retry_info for o in refused),
        "refused_answer": milliseconds([o.seconds for o in refused]),
        "health_checks": len(seen.health_seconds),
        "health_failures": seen.health_failures,
        "health_answer": milliseconds(seen.health_seconds),
        "memory_last_quarter_to_second": round(
            (sum(last) / len(last)) / (sum(second) / len(second)), 4
        ),
        "memory_peak_mebibytes": round(max(seen.resident_bytes) / 2**20, 1),
        "share_of_words": {
            name: round(words[name] / max(1, sum(words.values())), 3) for name in ARRIVAL_SHARES
        },
        "share_of_arrivals": ARRIVAL_SHARES,
        "words": sum(words.values()),
    }


async def measure(
    articles: Sequence[str], *, seconds: float, factor: float, server_flags: Sequence[str] = ()
) -> dict[str, Any]:
    short, long = make_requests(articles)
    mixes = {
        name: Mix(short, long, seed=number) for number, name in enumerate((*ARRIVAL_SHARES, PROBE))
    }
    with tempfile.TemporaryDirectory() as directory:
        tokens, flags = write_tokens(Path(directory) / "tokens", (*ARRIVAL_SHARES, PROBE))
        # Calls must not wait in the client.
        flags += ["--max-concurrent-streams", "100000", *server_flags]
        async with (
            harness.server(*flags) as server,
            callers(server.address, tokens, *ARRIVAL_SHARES, PROBE) as made,
        ):
            probe = made[PROBE]
            idle = await idle_seconds(probe, short)
            capacity = await measure_capacity(probe, mixes[PROBE], max(10.0, seconds / 6))
            calls_per_second = factor * capacity / mixes[PROBE].mean_words
            seen = Observations()
            end = time.perf_counter() + seconds
            watching = asyncio.create_task(watch(server, seen, end))
            arriving = [
                asyncio.create_task(
                    arrive(made[name], mixes[name], calls_per_second * share, end, seen)
                )
                for name, share in ARRIVAL_SHARES.items()
            ]
            await watching
            recovered = await recovery(probe, short, 4 * idle)
            await asyncio.gather(*arriving)
    figures = figures_of(seen, seconds, capacity)
    figures["idle_sentence_p95_milliseconds"] = round(idle * 1000, 1)
    figures["seconds_to_recover"] = round(recovered, 2)
    return figures


def write_tokens(path: Path, names: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """A token for each caller, and the flags of a server that knows them."""
    tokens = {name: secrets.token_urlsafe(24) for name in names}
    lines = [
        f"{name} translate - {hashlib.sha256(token.encode()).hexdigest()} -\n"
        for name, token in tokens.items()
    ]
    path.write_text("".join(lines), encoding="utf-8")
    path.chmod(0o600)
    return tokens, ["--tokens", str(path)]


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=Path, help="a directory of *.txt")
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--factor", type=float, default=10.0)
    arguments = parser.parse_args()
    articles = harness.read_articles(arguments.articles, 30)
    figures = await measure(articles, seconds=arguments.seconds, factor=arguments.factor)
    for name, figure in figures.items():
        print(f"{name}: {figure}")
    print(f"written to {harness.write_result('overload', figures)}")


if __name__ == "__main__":
    asyncio.run(main())
