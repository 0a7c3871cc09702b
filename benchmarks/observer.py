"""What counting costs the engine: the time a batch takes to be reported, and to be computed.

    .venv/bin/python benchmarks/observer.py

Microseconds to report a batch of 16 sequences without and with the counters of Prometheus, and
those the starter model takes to compute it in one thread; medians.
"""

from __future__ import annotations

import asyncio
import statistics
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Final

import harness

from mujaz.engine.admission import SchedulerLimits
from mujaz.engine.batch import Priority
from mujaz.engine.model import LoadedModel
from mujaz.engine.observer import EngineObserver, SilentObserver
from mujaz.engine.protocols import Decoded, DecodingOptions
from mujaz.engine.queue import Completed, Job, JobFlow
from mujaz.engine.report import report_answers
from mujaz.engine.threads import thread_policy
from mujaz.engine.workers import Answer
from mujaz.transport.metrics import ServiceMetrics

SENTENCE: Final = "أعلنت الوزارة اليوم عن خطة جديدة لدعم المزارعين في المحافظات الشمالية."
SEQUENCES: Final = 16
ROUNDS: Final = 2_000


def microseconds(action: Callable[[], object], rounds: int) -> float:
    """The median of some rounds."""
    times = []
    for _ in range(rounds):
        began = perf_counter()
        action()
        times.append(perf_counter() - began)
    return statistics.median(times) * 1e6


async def main() -> None:
    model = LoadedModel.load(Path("models/ar-en"), thread_policy(1))
    tokens, options = model.encode(SENTENCE), DecodingOptions()
    future: asyncio.Future[Completed] = asyncio.get_running_loop().create_future()
    job = Job(
        token_count=len(tokens),
        flow=JobFlow(),
        caller="",
        priority=Priority.INTERACTIVE,
        model=model,
        tokens=tokens,
        options=options,
        future=future,
        enqueued_at=0.0,
    )
    completed = Completed(Decoded("", 20, -0.1, hit_limit=False), 0.1, 0.02)
    answers: list[Answer] = [(job, completed)] * SEQUENCES
    budget = SchedulerLimits().batch_token_budget
    observers: dict[str, EngineObserver] = {
        "silent": SilentObserver(),
        "prometheus": ServiceMetrics(),
    }
    figures: dict[str, float] = {"sequences": SEQUENCES, "tokens_each": len(tokens)}
    for name, observer in observers.items():
        spent = microseconds(
            lambda observer=observer: report_answers(observer, answers, token_budget=budget),
            ROUNDS,
        )
        figures[f"report_{name}_microseconds"] = round(spent, 1)
    batch = microseconds(lambda: model.decode_batch([tokens] * SEQUENCES, options), 20)
    figures["compute_microseconds"] = round(batch, 1)
    print(figures)
    print(harness.write_result("observer", figures))


if __name__ == "__main__":
    asyncio.run(main())
