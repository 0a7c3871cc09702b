"""Tells an observer what the answers of one batch amount to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from mujaz.engine.observer import DropReason, EngineObserver, FinishedBatch
from mujaz.engine.queue import Completed
from mujaz.engine.workers import Answer
from mujaz.errors import DeadlineExceeded, MujazError, ShuttingDown


def report_answers(
    observer: EngineObserver, answers: Sequence[Answer], *, token_budget: int
) -> None:
    """What an engine thread handed over: the batch it computed, and the sequences it dropped."""
    dropped: Counter[DropReason] = Counter()
    source = target = longest = 0
    seconds = 0.0
    waits: list[float] = []
    revision = ""
    for job, outcome in answers:
        if not isinstance(outcome, Completed):
            dropped[_reason(outcome)] += 1
            continue
        revision = job.model.revision
        source += job.token_count
        target += outcome.decoded.token_count
        longest = max(longest, job.token_count)
        seconds += outcome.inference_seconds
        waits.append(outcome.queue_seconds)
    if waits:
        observer.batch_finished(
            FinishedBatch(
                model_revision=revision,
                source_token_count=source,
                target_token_count=target,
                padded_token_count=longest * len(waits),
                token_budget=token_budget,
                queue_seconds=tuple(waits),
                engine_seconds=seconds,
            )
        )
    for reason, count in dropped.items():
        observer.sequences_dropped(reason, count)


def _reason(outcome: MujazError) -> DropReason:
    if isinstance(outcome, DeadlineExceeded):
        return DropReason.LATE
    return DropReason.SHUTDOWN if isinstance(outcome, ShuttingDown) else DropReason.FAILED
