"""When the engine threads count as alive."""

from __future__ import annotations

import pytest

from mujaz.engine.batch import Priority
from mujaz.engine.scheduler import Scheduler
from tests.engine.echo_model import OPTIONS, Clock, EchoModel, entered

STALL_SECONDS = 30.0


async def test_a_batch_that_runs_too_long_is_a_stall_and_its_end_is_life_again() -> None:
    clock, model = Clock(), EchoModel()
    scheduler = Scheduler(worker_count=2, clock=clock)
    scheduler.start()
    with scheduler.open(token_count=1, priority=Priority.INTERACTIVE) as ticket:
        (future,) = ticket.submit(model, [["a"]], OPTIONS)
        await entered(model)
        clock.now = STALL_SECONDS
        assert scheduler.is_alive(STALL_SECONDS)
        clock.now = STALL_SECONDS + 1
        assert not scheduler.is_alive(STALL_SECONDS)
        model.gate.set()
        await future
        assert scheduler.is_alive(STALL_SECONDS)
    await scheduler.stop()


async def test_an_engine_without_work_is_alive_for_ever() -> None:
    clock = Clock()
    scheduler = Scheduler(worker_count=1, clock=clock)
    assert scheduler.is_alive(STALL_SECONDS)
    scheduler.start()
    clock.now = 1e6
    assert scheduler.is_alive(STALL_SECONDS)
    await scheduler.stop()
    assert scheduler.is_alive(STALL_SECONDS)


async def test_work_that_nobody_takes_is_a_stall(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    scheduler = Scheduler(worker_count=1, clock=clock)
    scheduler.start()
    with scheduler.open(token_count=1, priority=Priority.BULK) as ticket:
        with monkeypatch.context() as lost:  # the job waits, and the thread is not told
            lost.setattr(scheduler._queue._changed, "notify", lambda count: None)
            ticket.submit(EchoModel(), [["a"]], OPTIONS)
        clock.now = STALL_SECONDS + 1
        assert not scheduler.is_alive(STALL_SECONDS)
    assert scheduler.is_alive(STALL_SECONDS)
    await scheduler.stop()


async def test_a_thread_that_ended_is_not_alive() -> None:
    scheduler = Scheduler(worker_count=1)
    scheduler.start()
    scheduler._queue.close()
    assert scheduler._workers is not None
    scheduler._workers.join()
    assert not scheduler.is_alive(STALL_SECONDS)
    await scheduler.stop()
