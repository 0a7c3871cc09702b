"""Isolation, endings, and exactly one answer for each sequence."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
import structlog
from hypothesis import given, settings
from hypothesis import strategies as st

from mujaz.engine.admission import SchedulerLimits
from mujaz.engine.batch import Priority
from mujaz.engine.protocols import Decoded, DecodingOptions
from mujaz.engine.scheduler import Scheduler
from mujaz.errors import (
    DeadlineExceeded,
    EngineFailed,
    MujazError,
    ShuttingDown,
)
from tests.engine.echo_model import OPTIONS, POISON, Clock, EchoModel, entered, open_model


@st.composite
def workloads(draw: st.DrawFn) -> list[tuple[str, int]]:
    """Requests as (what happens to it, number of sequences)."""
    fate = st.sampled_from(["kept", "cancelled", "late", "poisoned"])
    return draw(st.lists(st.tuples(fate, st.integers(1, 6)), min_size=1, max_size=12))


@given(workload=workloads(), workers=st.integers(1, 3))
@settings(max_examples=60, deadline=None)
def test_every_sequence_is_answered_exactly_once(
    workload: list[tuple[str, int]], workers: int
) -> None:
    async def run() -> None:
        clock, model = Clock(), EchoModel()
        limits = SchedulerLimits(batch_token_budget=12)
        scheduler = Scheduler(worker_count=workers, limits=limits, clock=clock)
        scheduler.start()
        expected: list[tuple[asyncio.Future[object], str, str]] = []
        for number, (fate, count) in enumerate(workload):
            deadline = 1.0 if fate == "late" else None
            ticket = scheduler.open(
                token_count=count, priority=Priority.INTERACTIVE, deadline=deadline
            )
            texts = [f"r{number} s{i}" for i in range(count)]
            if fate == "poisoned":
                texts[0] = f"r{number} {POISON}"
            futures = ticket.submit(model, [t.split() for t in texts], OPTIONS)
            expected += [(f, fate, t) for f, t in zip(futures, texts, strict=True)]
            if fate == "cancelled":
                ticket.close()
        clock.now = 2.0
        model.gate.set()
        settled = await asyncio.gather(*(f for f, _, _ in expected), return_exceptions=True)
        for outcome, (_, fate, text) in zip(settled, expected, strict=True):
            if fate == "cancelled":
                assert isinstance(outcome, asyncio.CancelledError)
            elif isinstance(outcome, DeadlineExceeded):
                assert fate == "late"  # unless an engine thread had already taken it
            elif POISON in text:
                assert isinstance(outcome, EngineFailed)
            else:
                assert outcome.decoded.text == text  # type: ignore[union-attr]  # a Completed
        for ticket in list(scheduler._tickets):
            ticket.close()
        assert await scheduler.drain(5)
        state = scheduler.state
        assert (state.queued_tokens, state.running_sequences, state.open_tickets) == (0, 0, 0)
        await scheduler.stop()

    asyncio.run(run())


async def test_a_poisonous_sequence_fails_alone() -> None:
    model = EchoModel()
    scheduler = Scheduler(worker_count=1)
    scheduler.start()
    with scheduler.open(token_count=0, priority=Priority.INTERACTIVE) as ticket:
        futures = ticket.submit(model, [["a"], [POISON], ["c"]], OPTIONS)
        model.gate.set()
        outcomes = await asyncio.gather(*futures, return_exceptions=True)
    assert [getattr(o, "decoded", None) and o.decoded.text for o in outcomes] == ["a", None, "c"]  # type: ignore[union-attr]  # a Completed
    assert isinstance(outcomes[1], EngineFailed)
    assert scheduler.state.failed_count == 1
    await scheduler.stop()


async def test_a_wrong_number_of_outputs_fails_instead_of_hanging() -> None:
    class ShortModel(EchoModel):
        def decode_batch(
            self, batch: Sequence[Sequence[str]], options: DecodingOptions
        ) -> list[Decoded]:
            return []

    scheduler = Scheduler(worker_count=1)
    scheduler.start()
    with scheduler.open(token_count=0, priority=Priority.INTERACTIVE) as ticket:
        (future,) = ticket.submit(ShortModel(), [["a"]], OPTIONS)
        with pytest.raises(EngineFailed):
            await future
    await scheduler.stop()


async def test_work_submitted_while_stopping_is_refused_and_not_forgotten() -> None:
    model = EchoModel()
    scheduler = Scheduler(worker_count=1)
    scheduler.start()
    ticket = scheduler.open(token_count=0, priority=Priority.INTERACTIVE)
    futures = ticket.submit(model, [["a"]], OPTIONS)
    await entered(model)
    stopping = asyncio.create_task(scheduler.stop())
    await asyncio.sleep(0)
    with pytest.raises(ShuttingDown):
        ticket.submit(model, [["b"]], OPTIONS)
    model.gate.set()
    await asyncio.gather(stopping, *futures)


async def test_other_work_does_not_wait_for_the_parts_of_a_failed_batch() -> None:
    model = EchoModel()
    scheduler = Scheduler(worker_count=1)
    scheduler.start()
    bad = scheduler.open(token_count=0, priority=Priority.INTERACTIVE)
    futures = bad.submit(model, [[POISON, str(i)] for i in range(20)], OPTIONS)
    await entered(model)
    good = scheduler.open(token_count=0, priority=Priority.INTERACTIVE)
    futures += good.submit(model, [["good"]], OPTIONS)
    bad.close()
    model.gate.set()
    outcomes = await asyncio.gather(*futures, return_exceptions=True)
    assert outcomes[-1].decoded.text == "good"  # type: ignore[union-attr]  # a Completed
    good.close()
    assert await scheduler.drain(5)
    assert len(model.batches) == 2
    await scheduler.stop()


async def test_a_log_that_cannot_be_written_costs_no_answer() -> None:
    def broken(*_: object) -> dict[str, object]:
        raise BrokenPipeError

    model = open_model()
    scheduler = Scheduler(worker_count=1)
    scheduler._log = structlog.wrap_logger(structlog.testing.ReturnLogger(), processors=[broken])
    scheduler.start()
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda *_: None)
    with scheduler.open(token_count=0, priority=Priority.INTERACTIVE) as ticket:
        with pytest.raises(EngineFailed):
            await ticket.submit(model, [[POISON]], OPTIONS)[0]
        answer = await ticket.submit(model, [["good"]], OPTIONS)[0]
    assert answer.decoded.text == "good"
    await scheduler.stop()


async def test_closing_a_ticket_empties_its_part_of_the_queue() -> None:
    model = EchoModel()
    scheduler = Scheduler(worker_count=1)
    scheduler.start()
    ticket = scheduler.open(token_count=0, priority=Priority.INTERACTIVE)
    running = ticket.submit(model, [["a"]], OPTIONS)
    await entered(model)
    waiting = ticket.submit(model, [["b"]] * 5, OPTIONS)
    ticket.close()
    assert scheduler.state.queued_tokens == 0
    assert all(f.cancelled() for f in running + waiting)
    model.gate.set()
    assert await scheduler.drain(5)
    assert model.batches == [["a"]]
    await scheduler.stop()


async def test_draining_finishes_admitted_work_and_refuses_new() -> None:
    model = EchoModel()
    scheduler = Scheduler(worker_count=1)
    scheduler.start()
    ticket = scheduler.open(token_count=0, priority=Priority.INTERACTIVE)
    (future,) = ticket.submit(model, [["a"]], OPTIONS)
    draining = asyncio.create_task(scheduler.drain(5))
    await entered(model)
    with pytest.raises(ShuttingDown):
        scheduler.open(token_count=0, priority=Priority.INTERACTIVE)
    model.gate.set()
    assert (await future).decoded.text == "a"
    ticket.close()
    assert await draining
    await scheduler.stop()


async def test_stopping_answers_what_still_waits() -> None:
    model = EchoModel()
    scheduler = Scheduler(worker_count=1)
    scheduler.start()
    ticket = scheduler.open(token_count=0, priority=Priority.INTERACTIVE)
    (running,) = ticket.submit(model, [["a"]], OPTIONS)
    await entered(model)
    (waiting,) = ticket.submit(model, [["b"]], OPTIONS)
    stopping = asyncio.create_task(scheduler.stop())
    with pytest.raises(ShuttingDown):
        await waiting
    model.gate.set()
    await stopping
    assert (await running).decoded.text == "a"
    with pytest.raises(MujazError):
        ticket.submit(model, [["c"]], OPTIONS)
