"""Runs the engine: admission, a few threads, and exactly one answer for each sequence.

The event loop submits and never blocks; engine threads choose a batch, compute it while
CTranslate2 releases the GIL, and hand the answers back to the loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from time import monotonic

import structlog

from mujaz.engine.admission import Admission, Load, SchedulerLimits, Work
from mujaz.engine.batch import Priority
from mujaz.engine.observer import DropReason, EngineObserver, SilentObserver, TicketUsage
from mujaz.engine.protocols import DecodingOptions, SequenceModel
from mujaz.engine.queue import Completed, Job, JobFlow, JobQueue
from mujaz.engine.report import report_answers
from mujaz.engine.speed import Speed
from mujaz.engine.workers import Answer, Workers
from mujaz.errors import DeadlineExceeded, EngineFailed, MujazError, ShuttingDown


@dataclass(frozen=True, slots=True)
class SchedulerState:
    """A snapshot for health, metrics and tests; the last three count since the start."""

    queued_tokens: int
    queued_sequences: int
    running_sequences: int
    open_tickets: int
    batch_count: int
    failed_count: int
    late_count: int


@dataclass(slots=True, eq=False)
class Ticket:
    """One request's place at the engine; closing it takes out of the queue what still waits."""

    scheduler: Scheduler
    work: Work
    deadline: float | None
    flow: JobFlow
    usage: TicketUsage
    jobs: set[Job] = field(default_factory=set)
    closed: bool = False

    def __enter__(self) -> Ticket:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def window_tokens(self) -> int:
        """How many tokens may wait, run or be unread beside the next sentence."""
        return self.scheduler.window_tokens(self)

    def submit(
        self,
        model: SequenceModel,
        sequences: Sequence[Sequence[str]],
        options: DecodingOptions,
        *,
        urgent: bool = False,
        retry: bool = False,
    ) -> list[asyncio.Future[Completed]]:
        """Queue sequences of at least one token each; futures come in the same order.

        `retry` says that they were decoded before, for those who count. A future fails with
        DeadlineExceeded, EngineFailed or ShuttingDown.
        """
        return self.scheduler.submit(self, model, sequences, options, urgent=urgent, retry=retry)

    def close(self) -> None:
        """Cancel what still waits; harmless when repeated."""
        self.scheduler.close(self)

    def forget(self, job: Job, future: asyncio.Future[Completed]) -> None:
        """Let go of a job that is settled; one whose caller gave it up need not run any more."""
        self.jobs.discard(job)
        self.scheduler.progress(self, answered=job.token_count)
        if future.cancelled():
            self.scheduler.give_up(job)
        elif future.exception() is None:  # a caller that failed on another job never reads this one
            self.scheduler.note_usage(self.usage, job, future.result())


class Scheduler:
    """Owns the queue and the engine threads. All public methods belong to one event loop."""

    def __init__(
        self,
        *,
        worker_count: int,
        limits: SchedulerLimits | None = None,
        clock: Callable[[], float] = monotonic,
        observer: EngineObserver | None = None,
    ) -> None:
        self._worker_count = worker_count
        self._observer = observer or SilentObserver()
        self._limits = limits or SchedulerLimits()
        self._clock = clock
        self._log = structlog.get_logger("mujaz.engine")
        self._queue = JobQueue(
            worker_count=worker_count,
            batch_token_budget=self._limits.batch_token_budget,
            clock=clock,
        )
        self._speed = Speed(
            worker_count=worker_count, batch_token_budget=self._limits.batch_token_budget
        )
        self._admission = Admission(self._limits, self._speed)
        self._tickets: set[Ticket] = set()
        self._workers: Workers | None = None
        self._answered = asyncio.Event()
        self._accepting = False
        self._unanswered = self._unanswered_tokens = 0
        self._batch_count = self._failed_count = self._late_count = 0

    def start(self) -> None:
        """Start the engine threads; answers go to the running event loop."""
        self._workers = Workers(
            self._queue,
            count=self._worker_count,
            loop=asyncio.get_running_loop(),
            answer=self._answer,
            clock=self._clock,
        )
        self._accepting = True

    def open(
        self,
        *,
        token_count: int,
        priority: Priority,
        deadline: float | None = None,
        caller: str = "",
    ) -> Ticket:
        """Admit a request of about so many source tokens, 0 where that is unknown.

        Callers share the engine equally, whatever the number of their requests; those without a
        name count as one. Raises QueueFull, CallerShareExceeded, WaitExceedsDeadline or
        ShuttingDown, before any work.
        """
        now = self._clock()
        work = Work(caller, priority, token_count)
        try:
            self._enter(work, deadline, now)
        except MujazError as refusal:
            self._observer.request_refused(refusal.reason)
            raise
        flow = self._queue.flow_for(priority, caller)
        ticket = Ticket(self, work, deadline, flow, TicketUsage(now))
        self._tickets.add(ticket)
        return ticket

    def _enter(self, work: Work, deadline: float | None, now: float) -> None:
        if not self._accepting:
            raise ShuttingDown("The server is shutting down; send the request to another replica.")
        remaining_seconds = None if deadline is None else deadline - now
        load = self._load(work.caller)
        self._admission.enter(work, load, remaining_seconds=remaining_seconds, now=now)

    def window_tokens(self, ticket: Ticket) -> int:
        """What `Ticket.window_tokens` says."""
        caller = ticket.work.caller
        return self._admission.window_tokens(caller, self._load(caller))

    def is_alive(self, stall_seconds: float) -> bool:
        """Whether the engine threads make progress: no batch takes longer than that, and none is
        idle that long while work waits. True before the start."""
        return self._workers is None or self._workers.alive(stall_seconds)

    @property
    def worker_count(self) -> int:
        """How many engine threads there are."""
        return self._worker_count

    @property
    def limits(self) -> SchedulerLimits:
        """The bounds it was made with."""
        return self._limits

    @property
    def state(self) -> SchedulerState:
        """What the engine is doing now."""
        return SchedulerState(
            queued_tokens=self._queue.token_count,
            queued_sequences=len(self._queue),
            running_sequences=self._unanswered - len(self._queue),
            open_tickets=len(self._tickets),
            batch_count=self._batch_count,
            failed_count=self._failed_count,
            late_count=self._late_count,
        )

    async def drain(self, timeout_seconds: float) -> bool:
        """Take no new requests and wait until all work is answered; False when time ran out."""
        self._accepting = False
        try:
            async with asyncio.timeout(timeout_seconds):
                while self._tickets or self._unanswered:
                    self._answered.clear()
                    await self._answered.wait()
        except TimeoutError:
            return False
        return True

    async def stop(self) -> None:
        """End the threads after their current batches; what still waits fails with ShuttingDown."""
        self._accepting = False
        error = ShuttingDown("The server shut down before this work ran; send it elsewhere.")
        self._answer([(job, error) for job in self._queue.close()])
        if self._workers is not None:
            workers, self._workers = self._workers, None
            await asyncio.to_thread(workers.join)

    def submit(
        self,
        ticket: Ticket,
        model: SequenceModel,
        sequences: Sequence[Sequence[str]],
        options: DecodingOptions,
        *,
        urgent: bool,
        retry: bool,
    ) -> list[asyncio.Future[Completed]]:
        """What `Ticket.submit` does."""
        if ticket.closed:
            raise ShuttingDown("The request is closed; send it again.")
        loop = asyncio.get_running_loop()
        now = self._clock()
        jobs = [
            Job(
                token_count=len(tokens),
                priority=ticket.work.priority,
                caller=ticket.work.caller,
                flow=ticket.flow,
                deadline=ticket.deadline,
                model=model,
                tokens=tokens,
                options=options,
                future=loop.create_future(),
                enqueued_at=now,
                urgent=urgent,
            )
            for tokens in sequences
        ]
        self._queue.put(jobs)
        ticket.jobs.update(jobs)
        self._unanswered += len(jobs)
        token_count = sum(job.token_count for job in jobs)
        self._unanswered_tokens += token_count
        self._admission.progress(ticket.work, submitted=token_count)
        if ticket.usage.submitted_at is None:
            ticket.usage.submitted_at = now
        if retry:
            self._observer.sequences_retried(len(jobs))
        for job in jobs:
            job.future.add_done_callback(partial(ticket.forget, job))
        return [job.future for job in jobs]

    def progress(self, ticket: Ticket, *, answered: int) -> None:
        """So many tokens of a request are settled."""
        if not ticket.closed:
            self._admission.progress(ticket.work, answered=answered)

    def close(self, ticket: Ticket) -> None:
        """What `Ticket.close` does."""
        if ticket.closed:
            return
        ticket.closed = True
        self._tickets.discard(ticket)
        self._cancelled(self._queue.remove(list(ticket.jobs)))
        self._admission.leave(ticket.work)
        for job in list(ticket.jobs):
            job.future.cancel()
        self._answered.set()
        self._observer.request_closed(ticket.usage, self._clock())

    def give_up(self, job: Job) -> None:
        """Take a job out of the queue, if it still waits."""
        self._cancelled(self._queue.remove([job]))
        self._answered.set()

    def note_usage(self, usage: TicketUsage, job: Job, completed: Completed) -> None:
        """Count the answer to one sequence of a request."""
        began_at = job.enqueued_at + completed.queue_seconds
        if usage.began_at is None or began_at < usage.began_at:
            usage.began_at = began_at
        usage.answered_at = self._clock()
        usage.sequence_count += 1
        usage.source_token_count += job.token_count
        usage.queue_seconds = max(usage.queue_seconds, completed.queue_seconds)
        usage.engine_seconds += completed.inference_seconds

    def _load(self, caller: str) -> Load:
        queued = self._queue.token_count
        return Load(
            queued_tokens=queued,
            queued_tokens_of_caller=self._queue.tokens_of(caller),
            running_tokens=max(0, self._unanswered_tokens - queued),
        )

    def _cancelled(self, jobs: Sequence[Job]) -> None:
        self._settle(jobs)
        if jobs:
            self._observer.sequences_dropped(DropReason.CANCELLED, len(jobs))

    def _settle(self, jobs: Sequence[Job]) -> None:
        """Count as answered what an engine thread has answered, or will never take."""
        self._unanswered -= len(jobs)
        self._unanswered_tokens -= sum(job.token_count for job in jobs)

    def _answer(self, answers: Sequence[Answer]) -> None:
        """Settle futures on the event loop; those cancelled meanwhile need no answer."""
        self._settle([job for job, _ in answers])
        token_count, seconds = 0, 0.0
        failed: list[tuple[Job, EngineFailed]] = []
        for job, outcome in answers:
            if isinstance(outcome, Completed):
                token_count += job.token_count
                seconds += outcome.inference_seconds
                if not job.future.done():
                    job.future.set_result(outcome)
                continue
            self._late_count += isinstance(outcome, DeadlineExceeded)
            if not job.future.done():
                job.future.set_exception(outcome)
                if isinstance(outcome, EngineFailed):
                    failed.append((job, outcome))
        if token_count:
            self._batch_count += 1
            priority = answers[0][0].priority
            self._speed.add_batch(token_count, seconds, priority=priority, now=self._clock())
        self._answered.set()
        self._failed_count += len(failed)
        budget = self._limits.batch_token_budget
        report_answers(self._observer, answers, token_budget=budget)
        for job, failure in failed:  # last, as a log that cannot be written raises
            self._log.error(
                "sequence_failed",
                model=job.model.revision,
                error=type(failure.__cause__).__name__,
                token_count=job.token_count,
            )
