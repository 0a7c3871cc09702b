"""Who is let in, who is refused, and who goes first."""

from __future__ import annotations

import asyncio

import pytest

from mujaz.engine.admission import SchedulerLimits
from mujaz.engine.batch import Priority
from mujaz.engine.scheduler import Scheduler
from mujaz.errors import QueueFull, WaitExceedsDeadline
from tests.engine.echo_model import OPTIONS, Clock, EchoModel, entered, open_model


class SlowClock(Clock):
    """A clock on which each look takes a second."""

    def __call__(self) -> float:
        self.now += 1.0
        return self.now


async def test_a_full_queue_refuses_at_once_with_a_delay() -> None:
    model = EchoModel()
    scheduler = Scheduler(worker_count=1, limits=SchedulerLimits(queue_token_limit=3))
    scheduler.start()
    with scheduler.open(token_count=0, priority=Priority.INTERACTIVE) as ticket:
        ticket.submit(model, [["a"]], OPTIONS)
        await entered(model)
        ticket.submit(model, [["b", "c", "d"]], OPTIONS)
        with pytest.raises(QueueFull) as refused:
            scheduler.open(token_count=1, priority=Priority.INTERACTIVE)
        assert refused.value.retry_after_seconds > 0
        model.gate.set()
    await scheduler.stop()


async def test_work_that_cannot_finish_in_time_is_refused_before_it_starts() -> None:
    clock = SlowClock()
    limits = SchedulerLimits(batch_token_budget=4)
    scheduler = Scheduler(worker_count=1, limits=limits, clock=clock)
    scheduler.start()
    with scheduler.open(token_count=0, priority=Priority.INTERACTIVE) as ticket:
        await ticket.submit(open_model(), [["a"]], OPTIONS)[0]
    with pytest.raises(WaitExceedsDeadline):
        scheduler.open(token_count=1000, priority=Priority.INTERACTIVE, deadline=clock.now + 50)
    scheduler.open(token_count=1, priority=Priority.INTERACTIVE, deadline=clock.now + 50).close()
    await scheduler.stop()


async def test_a_batch_that_is_nearly_empty_does_not_set_the_expected_speed() -> None:
    clock = SlowClock()
    limits = SchedulerLimits(batch_token_budget=100)
    scheduler = Scheduler(worker_count=1, limits=limits, clock=clock)
    scheduler.start()
    with scheduler.open(token_count=0, priority=Priority.INTERACTIVE) as ticket:
        await ticket.submit(open_model(), [["a"]], OPTIONS)[0]
    deadline = clock.now + 50
    scheduler.open(token_count=1000, priority=Priority.INTERACTIVE, deadline=deadline).close()
    await scheduler.stop()


async def test_a_headline_overtakes_a_long_article() -> None:
    model = EchoModel()
    limits = SchedulerLimits(batch_token_budget=2)
    scheduler = Scheduler(worker_count=1, limits=limits)
    scheduler.start()
    article = scheduler.open(token_count=0, priority=Priority.INTERACTIVE)
    futures = article.submit(model, [["article", str(i)] for i in range(9)], OPTIONS)
    await entered(model)
    headline = scheduler.open(token_count=0, priority=Priority.INTERACTIVE)
    futures += headline.submit(model, [["head", "line"]], OPTIONS)
    model.gate.set()
    await asyncio.gather(*futures)
    assert ["head line"] in model.batches[:3]
    await scheduler.stop()


async def test_bulk_work_gives_way_and_still_moves() -> None:
    model = EchoModel()
    limits = SchedulerLimits(batch_token_budget=2)
    scheduler = Scheduler(worker_count=1, limits=limits)
    scheduler.start()
    bulk = scheduler.open(token_count=0, priority=Priority.BULK)
    futures = bulk.submit(model, [["bulk", str(i)] for i in range(8)], OPTIONS)
    await entered(model)
    person = scheduler.open(token_count=0, priority=Priority.INTERACTIVE)
    futures += person.submit(model, [["person", str(i)] for i in range(40)], OPTIONS)
    model.gate.set()
    await asyncio.gather(*futures)
    kinds = [batch[0].split()[0] for batch in model.batches]
    served_early = kinds[1:21].count("bulk")
    assert 1 <= served_early <= 4
    await scheduler.stop()


@pytest.mark.parametrize("priority", Priority)
async def test_a_steady_flow_of_headlines_starves_nobody(priority: Priority) -> None:
    model = EchoModel()
    scheduler = Scheduler(worker_count=1, limits=SchedulerLimits(batch_token_budget=2))
    scheduler.start()
    article = scheduler.open(token_count=0, priority=priority)
    futures = article.submit(model, [["text", str(i)] for i in range(4)], OPTIONS)
    headlines = 0

    async def flow() -> None:
        nonlocal headlines
        while not all(future.done() for future in futures):
            with scheduler.open(token_count=2, priority=Priority.INTERACTIVE) as ticket:
                await ticket.submit(model, [["head", "line"]], OPTIONS, urgent=True)[0]
            headlines += 1
            assert headlines < 1000

    flows = [asyncio.create_task(flow()) for _ in range(5)]
    model.gate.set()
    await asyncio.gather(*futures, *flows)
    assert headlines > 3
    await scheduler.stop()


async def test_of_little_work_each_worker_takes_a_share() -> None:
    model = EchoModel()
    scheduler = Scheduler(worker_count=2, limits=SchedulerLimits(batch_token_budget=40))
    scheduler.start()
    with scheduler.open(token_count=0, priority=Priority.INTERACTIVE) as ticket:
        futures = ticket.submit(model, [["a"] * 5] * 8, OPTIONS)
        for _ in range(2):
            await entered(model)
        model.gate.set()
        await asyncio.gather(*futures)
    assert len(model.batches) > 1
    assert max(map(len, model.batches)) <= 4
    await scheduler.stop()


async def test_the_first_sentence_of_a_text_does_not_wait_for_the_rest() -> None:
    model = EchoModel()
    scheduler = Scheduler(worker_count=1)
    scheduler.start()
    blocker = scheduler.open(token_count=0, priority=Priority.INTERACTIVE)
    futures = blocker.submit(model, [["busy"]], OPTIONS)
    await entered(model)
    text = scheduler.open(token_count=0, priority=Priority.INTERACTIVE)
    futures += text.submit(model, [["first"]], OPTIONS, urgent=True)
    futures += text.submit(model, [["rest"]] * 20, OPTIONS)
    model.gate.set()
    await asyncio.gather(*futures)
    assert model.batches == [["busy"], ["first"], ["rest"] * 20]
    await scheduler.stop()


async def test_a_headline_is_not_refused_for_a_backlog_that_it_overtakes() -> None:
    clock, model = SlowClock(), EchoModel()
    limits = SchedulerLimits(batch_token_budget=4)
    scheduler = Scheduler(worker_count=1, limits=limits, clock=clock)
    scheduler.start()
    text = scheduler.open(token_count=0, priority=Priority.INTERACTIVE)
    model.gate.set()
    await text.submit(model, [["a"] * 4], OPTIONS)[0]
    model.gate.clear()
    backlog = text.submit(model, [["a"] * 4] * 100, OPTIONS)
    scheduler.open(token_count=4, priority=Priority.INTERACTIVE, deadline=clock.now + 50).close()
    text.close()
    model.gate.set()
    await asyncio.gather(*backlog, return_exceptions=True)
    await scheduler.stop()


async def test_a_caller_with_many_requests_gets_no_more_than_one_with_a_single() -> None:
    model = EchoModel()
    scheduler = Scheduler(worker_count=1, limits=SchedulerLimits(batch_token_budget=2))
    scheduler.start()
    futures = []
    for _ in range(20):
        ticket = scheduler.open(token_count=8, priority=Priority.INTERACTIVE, caller="many")
        futures += ticket.submit(model, [["many", str(i)] for i in range(4)], OPTIONS)
    await entered(model)
    single = scheduler.open(token_count=40, priority=Priority.INTERACTIVE, caller="single")
    futures += single.submit(model, [["single", str(i)] for i in range(20)], OPTIONS)
    model.gate.set()
    await asyncio.gather(*futures)
    served = [batch[0].split()[0] for batch in model.batches[1:31]]
    assert 14 <= served.count("single") <= 16
    await scheduler.stop()


async def test_much_bulk_work_of_many_callers_still_gets_a_ninth() -> None:
    model = EchoModel()
    scheduler = Scheduler(worker_count=1, limits=SchedulerLimits(batch_token_budget=2))
    scheduler.start()
    futures = []
    for number in range(10):
        ticket = scheduler.open(token_count=8, priority=Priority.BULK, caller=f"caller {number}")
        futures += ticket.submit(model, [["bulk", str(i)] for i in range(4)], OPTIONS)
    await entered(model)
    desk = scheduler.open(token_count=60, priority=Priority.INTERACTIVE, caller="desk")
    futures += desk.submit(model, [["desk", str(i)] for i in range(30)], OPTIONS)
    model.gate.set()
    await asyncio.gather(*futures)
    served = [batch[0].split()[0] for batch in model.batches[1:28]]
    assert 2 <= served.count("bulk") <= 4
    await scheduler.stop()


async def test_bulk_batches_are_shorter_while_interactive_work_comes() -> None:
    clock, model = Clock(), open_model()
    limits = SchedulerLimits(batch_token_budget=40)
    scheduler = Scheduler(worker_count=1, limits=limits, clock=clock)
    scheduler.start()
    bulk = scheduler.open(token_count=0, priority=Priority.BULK)
    person = scheduler.open(token_count=0, priority=Priority.INTERACTIVE)
    sequences = [["bulk", str(number)] for number in range(40)]

    async def longest() -> int:
        model.batches.clear()
        await asyncio.gather(*bulk.submit(model, sequences, OPTIONS))
        return max(map(len, model.batches))

    assert await longest() == 20
    await person.submit(model, [["person"]], OPTIONS)[0]
    assert await longest() == 5
    clock.now = 1_000.0
    assert await longest() == 20
    await scheduler.stop()
