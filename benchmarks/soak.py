"""Whether a server at full load grows: its memory, descriptors and threads over many minutes.

    python benchmarks/soak.py [--minutes 20] [--articles DIR] [--note TEXT]

One server process with the starter models and a cache so small that it is full early. Around it,
without a pause: readers of single sentences, streams, chunks, briefs, a desk with many articles,
clients that cancel, clients whose connection breaks off, bad input, and a reload by SIGHUP every
two minutes, or four times in a shorter run, each with a new revision of the model. The run is cut
into 20 equal periods, or into minutes. A period's memory is the mean of a sample a second; the last
is compared with the fifth.
`--check` ends with an error where a bound does not hold.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import shutil
import signal
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

import harness
from soak_load import Load, Tally, Writer
from soak_plot import write_plot

from mujaz.client import MujazClient

PERIOD_COUNT = 20
REFERENCE_PERIOD = 5
RELOAD_SECONDS = 120.0
CACHE_BYTES = 1024 * 1024
DRAIN_SECONDS = 60.0
# Long enough for every kind of work to have been done once: threads and pools are there.
WARM_UP_SECONDS = 6.0


@dataclass(frozen=True, slots=True)
class Sample:
    """What a process holds."""

    resident_mebibytes: float
    descriptors: int
    threads: int


@dataclass
class Period:
    """A part of the run: samples, one a second, and what was answered."""

    samples: list[Sample] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)
    seconds: float = 0.0

    @property
    def resident_mebibytes(self) -> float:
        return statistics.fmean(sample.resident_mebibytes for sample in self.samples)

    def figures(self) -> dict[str, Any]:
        """The period as it is kept."""
        latencies = [1_000 * each for each in self.tally.latencies] or [0.0]
        return {
            "resident_mebibytes": round(self.resident_mebibytes, 1),
            "resident_mebibytes_peak": round(max(s.resident_mebibytes for s in self.samples), 1),
            "descriptors": max(sample.descriptors for sample in self.samples),
            "threads": max(sample.threads for sample in self.samples),
            "sentence_p50_milliseconds": round(harness.percentile(latencies, 0.5)),
            "sentence_p95_milliseconds": round(harness.percentile(latencies, 0.95)),
            "words_per_second": round(self.tally.words / self.seconds),
        }


class Server:
    """`mujaz serve` on models of its own, which a reload replaces."""

    def __init__(self, process: asyncio.subprocess.Process, address: str, models: Path) -> None:
        self.process = process
        self.address = address
        self._models = models
        self._revision = 0

    def sample(self) -> Sample:
        """What the process holds now, from /proc."""
        text = Path(f"/proc/{self.process.pid}/status").read_text()
        numbers = dict(re.findall(r"^(VmRSS|Threads):\s+(\d+)", text, re.MULTILINE))
        return Sample(
            int(numbers["VmRSS"]) / 1024,
            len(os.listdir(f"/proc/{self.process.pid}/fd")),
            int(numbers["Threads"]),
        )

    def reload(self) -> None:
        """Puts the same weights in place under another revision, and has them read."""
        self._revision += 1
        manifest = self._models / "ar-en" / "manifest.json"
        new = manifest.with_name(".new")
        new.write_bytes(manifest.read_bytes() + b"\n")
        new.replace(manifest)
        self.process.send_signal(signal.SIGHUP)


@asynccontextmanager
async def soaked_server(log: Path) -> AsyncIterator[Server]:
    """A server on a free port, which must end with 0 after SIGTERM."""
    models = Path(shutil.copytree(harness.MODELS, log.parent / "models"))
    command = [sys.executable, "-m", "mujaz", "serve", "--listen", "127.0.0.1:0"]
    command += ["--models", str(models), "--cache-bytes", str(CACHE_BYTES)]
    command += ["--log-format", "json", "--log-level", "info"]
    with log.open("wb") as lines:
        process = await asyncio.create_subprocess_exec(
            *command, stdout=asyncio.subprocess.PIPE, stderr=lines
        )
    try:
        first = await process.stdout.readline() if process.stdout else b""
        address = re.search(rb"127\.0\.0\.1:\d+", first)
        if address is None:
            raise SystemExit("the server did not start")
        yield Server(process, address[0].decode(), models)
        process.terminate()
        if await asyncio.wait_for(process.wait(), DRAIN_SECONDS):
            raise SystemExit(f"the server ended with {process.returncode}")
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def soak(
    server: Server, load: Load, minutes: float, *, scale: int = 1, progress: TextIO | None = None
) -> list[Period]:
    """Loads the server for so long; the periods of the run, each told to `progress`."""
    task = asyncio.create_task(load.run(scale))
    period_seconds = 60 * minutes / PERIOD_COUNT if minutes < PERIOD_COUNT else 60.0
    reload_seconds = min(RELOAD_SECONDS, 60 * minutes / 4)
    began = reloaded = time.monotonic()
    periods: list[Period] = []
    try:
        while (now := time.monotonic()) < began + 60 * minutes:
            periods.append(period := Period())
            while time.monotonic() < now + period_seconds:
                period.samples.append(server.sample())
                await asyncio.sleep(min(1.0, period_seconds / 4))
                if time.monotonic() > reloaded + reload_seconds:
                    reloaded = time.monotonic()
                    server.reload()
            period.tally, period.seconds = load.take(), time.monotonic() - now
            if progress:
                print(f"{len(periods)}: {json.dumps(period.figures())}", file=progress, flush=True)
    finally:
        load.ending.set()
        await task
    return periods


async def settled(server: Server, wanted: Sample) -> Sample:
    """What the process holds with the load gone: as few descriptors as before, or a minute on."""
    deadline = time.monotonic() + DRAIN_SECONDS
    while (now := server.sample()).descriptors > wanted.descriptors + 2:
        if time.monotonic() > deadline:
            break
        await asyncio.sleep(0.5)
    return now


async def answers(address: str) -> bool:
    """Whether a sentence is still translated."""
    async with MujazClient(address) as client:
        response = await client.translate_text("أعلنت الوزارة اليوم عن خطة جديدة.", harness.ARABIC)
    return bool(response.translated_text)


def logged(log: Path) -> Counter[str]:
    """How often each line of a warning or an error was logged, and each reload."""
    counts: Counter[str] = Counter()
    for line in log.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line) if line.startswith("{") else {"event": line, "level": "error"}
        if entry.get("level") not in (None, "debug", "info") or "reload" in entry["event"]:
            counts[entry["event"]] += 1
    return counts


def summary(
    periods: list[Period], *, idle: Sample, after: Sample, log: Counter[str], minutes: float
) -> dict[str, Any]:
    """The figures of a run."""
    reference = periods[min(REFERENCE_PERIOD, len(periods)) - 1]
    last = periods[-1]
    done, refused = Counter[str](), Counter[str]()
    for period in periods:
        done.update(period.tally.done)
        refused.update(period.tally.refused)
    return {
        "minutes": minutes,
        "cache_bytes": CACHE_BYTES,
        "memory_ratio_last_to_fifth": round(
            last.resident_mebibytes / reference.resident_mebibytes, 3
        ),
        "idle": vars_of(idle),
        "after": vars_of(after),
        "calls_done": dict(sorted(done.items())),
        "calls_refused": dict(sorted(refused.items())),
        "defects": [defect for period in periods for defect in period.tally.defects],
        "log": dict(sorted(log.items())),
        "periods": [period.figures() for period in periods],
    }


def vars_of(sample: Sample) -> dict[str, float]:
    """A sample as it is kept."""
    return {
        "resident_mebibytes": round(sample.resident_mebibytes, 1),
        "descriptors": sample.descriptors,
        "threads": sample.threads,
    }


def broken_bounds(figures: dict[str, Any], *, memory_ratio: float) -> list[str]:
    """What a run shows that it should not."""
    broken = list(dict.fromkeys(figures["defects"]))[:10]
    if figures["memory_ratio_last_to_fifth"] > memory_ratio:
        broken.append(f"memory grew by {figures['memory_ratio_last_to_fifth']}")
    if figures["after"]["descriptors"] > figures["idle"]["descriptors"] + 2:
        broken.append(f"descriptors: {figures['idle']} before, {figures['after']} after")
    periods = figures["periods"]
    for name in ("threads", "descriptors"):
        early = max(period[name] for period in periods[:REFERENCE_PERIOD])
        late = max(period[name] for period in periods[-REFERENCE_PERIOD:])
        if late > 1.25 * early + 4:
            broken.append(f"{name}: {early} early, {late} late")
    if not all(figures["calls_done"].get(role) for role in ("reader", "streamer", "briefer")):
        broken.append(f"not every kind of call was answered: {figures['calls_done']}")
    return broken


def plot(path: Path, figures: dict[str, Any]) -> None:
    """Draws the periods of a run."""
    periods = figures["periods"]
    rows = (
        ("resident memory, MiB", "#1f5fa8", "resident_mebibytes"),
        ("descriptors", "#777777", "descriptors"),
        ("threads", "#777777", "threads"),
        ("one sentence, p95 in ms", "#a8481f", "sentence_p95_milliseconds"),
        ("words a second", "#2d7a3a", "words_per_second"),
    )
    write_plot(
        path,
        f"Soak of {figures['minutes']:g} minutes at full load",
        [(name, colour, [period[key] for period in periods]) for name, colour, key in rows],
    )


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=20.0)
    parser.add_argument("--articles", type=Path, help="a directory of *.txt to take words from")
    parser.add_argument("--scale", type=int, default=1, help="callers of each kind")
    parser.add_argument("--note", default="", help="what else there is to know of the run")
    parser.add_argument("--check", action="store_true", help="fail where something grew")
    parser.add_argument("--memory-ratio", type=float, default=1.05, help="the bound of --check")
    parser.add_argument("--write", type=Path, help="where to write the JSON, if not to results/")
    arguments = parser.parse_args()
    directory = arguments.articles or harness.ROOT / "samples"
    texts = [file.read_text(encoding="utf-8") for file in sorted(directory.glob("*.txt"))]
    with tempfile.TemporaryDirectory() as scratch:
        log = Path(scratch) / "log"
        async with soaked_server(log) as server:
            await soak(server, Load(server.address, Writer(texts)), WARM_UP_SECONDS / 60)
            idle = await settled(server, server.sample())
            load = Load(server.address, Writer(texts[::-1]))
            periods = await soak(
                server, load, arguments.minutes, scale=arguments.scale, progress=sys.stdout
            )
            after = await settled(server, idle)
            if not await answers(server.address):
                raise SystemExit("the server no longer translates")
        figures = summary(
            periods, idle=idle, after=after, log=logged(log), minutes=arguments.minutes
        )
    if arguments.note:
        figures = {"note": arguments.note, **figures}
    if arguments.write:
        arguments.write.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    else:
        print(f"written to {harness.write_result('soak', figures)}")
        plot(harness.RESULTS / "soak.svg", figures)
    print(f"memory, last period to fifth: {figures['memory_ratio_last_to_fifth']}")
    broken = broken_bounds(figures, memory_ratio=arguments.memory_ratio)
    if arguments.check and broken:
        raise SystemExit("\n".join(broken))


if __name__ == "__main__":
    asyncio.run(main())
