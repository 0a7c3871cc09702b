"""What the scheduler tells whoever counts."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from mujaz.engine.admission import SchedulerLimits
from mujaz.engine.batch import Priority
from mujaz.engine.observer import DropReason, EngineObserver, FinishedBatch, TicketUsage
from mujaz.engine.scheduler import Scheduler
from mujaz.errors import DeadlineExceeded, EngineFailed, QueueFull, ShuttingDown
from tests.engine.echo_model import OPTIONS, POISON, Clock, EchoModel, entered, open_model

WHO = {"token_count": 1, "priority": Priority.INTERACTIVE}


class Recorder:
    def __init__(self) -> None:
        self.batches: list[FinishedBatch] = []
        self.dropped: Counter[DropReason] = Counter()
        self.retried = 0
        self.refused: list[str] = []
        self.closed: list[tuple[TicketUsage, float]] = []

    def batch_finished(self, batch: FinishedBatch) -> None:
        self.batches.append(batch)

    def sequences_dropped(self, reason: DropReason, count: int) -> None:
        self.dropped[reason] += count

    def sequences_retried(self, count: int) -> None:
        self.retried += count

    def request_refused(self, reason: str) -> None:
        self.refused.append(reason)

    def request_closed(self, usage: TicketUsage, closed_at: float) -> None:
        self.closed.append((usage, closed_at))


@asynccontextmanager
async def observed(
    *, clock: Clock | None = None, request_limit: int = 8
) -> AsyncIterator[tuple[Scheduler, Recorder]]:
    recorder = Recorder()
    observer: EngineObserver = recorder
    limits = SchedulerLimits(batch_token_budget=64, request_limit=request_limit)
    given_clock = {} if clock is None else {"clock": clock}
    scheduler = Scheduler(worker_count=1, limits=limits, observer=observer, **given_clock)
    scheduler.start()
    try:
        yield scheduler, recorder
    finally:
        await scheduler.stop()


async def test_a_batch_is_told_with_its_tokens_padding_and_waits() -> None:
    async with observed(clock=Clock()) as (scheduler, recorder):
        model = open_model()
        with scheduler.open(**WHO) as ticket:
            await asyncio.gather(*ticket.submit(model, [["a"], ["b", "c", "d"]], OPTIONS))
    [batch] = recorder.batches
    assert (batch.source_token_count, batch.padded_token_count) == (4, 6)
    assert (batch.target_token_count, batch.token_budget) == (4, 64)
    assert (batch.queue_seconds, batch.model_revision) == ((0.0, 0.0), model.revision)
    [(usage, closed_at)] = recorder.closed
    assert (usage.sequence_count, usage.source_token_count) == (2, 4)
    assert usage.submitted_at == usage.began_at == usage.answered_at == closed_at == 0.0
    assert not recorder.dropped


async def test_waits_are_measured_from_submission_to_the_batch() -> None:
    clock, model = Clock(), EchoModel()
    async with observed(clock=clock) as (scheduler, recorder):
        with scheduler.open(**WHO) as first, scheduler.open(**WHO) as second:
            [running] = first.submit(model, [["a"]], OPTIONS)
            await entered(model)
            [waiting] = second.submit(model, [["b"]], OPTIONS)
            clock.now = 3.0
            model.gate.set()
            await asyncio.gather(running, waiting)
    late, early = recorder.closed  # the inner `with` ends first
    assert (late[0].queue_seconds, late[0].began_at) == (3.0, 3.0)
    assert (early[0].queue_seconds, early[0].engine_seconds) == (0.0, 3.0)


async def test_each_sequence_without_an_answer_is_dropped_for_one_reason() -> None:
    clock, model = Clock(), EchoModel()
    async with observed(clock=clock) as (scheduler, recorder):
        with scheduler.open(**WHO) as blocking, scheduler.open(**WHO, deadline=5.0) as late:
            [running] = blocking.submit(model, [["a"]], OPTIONS)
            await entered(model)
            with scheduler.open(**WHO) as gone:
                gone.submit(model, [["b"], ["c"]], OPTIONS)
            assert recorder.dropped == {DropReason.CANCELLED: 2}
            [over] = late.submit(model, [["d"]], OPTIONS)
            clock.now = 6.0
            model.gate.set()
            await running
            with pytest.raises(DeadlineExceeded):
                await over
            [poison] = blocking.submit(model, [[POISON]], OPTIONS)
            with pytest.raises(EngineFailed):
                await poison
    assert recorder.dropped == {
        DropReason.CANCELLED: 2,
        DropReason.LATE: 1,
        DropReason.FAILED: 1,
    }


async def test_what_waits_at_the_end_is_dropped_as_shutdown() -> None:
    model = EchoModel()
    async with observed() as (scheduler, recorder):
        ticket = scheduler.open(**WHO)
        [running] = ticket.submit(model, [["a"]], OPTIONS)
        await entered(model)
        [waiting] = ticket.submit(model, [["b"]], OPTIONS)
        stopping = asyncio.create_task(scheduler.stop())
        with pytest.raises(ShuttingDown):
            await waiting
        model.gate.set()
        await asyncio.gather(running, stopping)
        with pytest.raises(ShuttingDown):
            scheduler.open(**WHO)
        ticket.close()
    assert recorder.dropped == {DropReason.SHUTDOWN: 1}
    assert recorder.refused == ["SHUTTING_DOWN"]


async def test_refusals_and_retries_are_told() -> None:
    async with observed(request_limit=1) as (scheduler, recorder):
        with scheduler.open(**WHO) as ticket:
            with pytest.raises(QueueFull):
                scheduler.open(**WHO)
            await ticket.submit(open_model(), [["a"]], OPTIONS, retry=True)[0]
    assert recorder.refused == ["QUEUE_FULL"]
    assert recorder.retried == 1
    assert len(recorder.closed) == 1
