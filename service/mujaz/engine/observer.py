"""What the scheduler tells whoever counts; numbers only, never text."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class DropReason(StrEnum):
    """Why a sequence was never answered with a text."""

    CANCELLED = "cancelled"
    FAILED = "failed"
    LATE = "late"
    SHUTDOWN = "shutdown"


@dataclass(frozen=True, slots=True)
class FinishedBatch:
    """One batch. `queue_seconds` has the wait of each of its sequences; padded tokens are the
    longest sequence times their number."""

    model_revision: str
    source_token_count: int
    target_token_count: int
    padded_token_count: int
    token_budget: int
    queue_seconds: tuple[float, ...]
    engine_seconds: float


@dataclass(slots=True)
class TicketUsage:
    """What one request cost at the engine. Instants are of the scheduler's clock, None for what did
    not happen; `queue_seconds` is the longest wait, `engine_seconds` its share of all batches."""

    opened_at: float
    submitted_at: float | None = None
    began_at: float | None = None
    answered_at: float | None = None
    sequence_count: int = 0
    source_token_count: int = 0
    queue_seconds: float = 0.0
    engine_seconds: float = 0.0


class EngineObserver(Protocol):
    """Called on the event loop; must neither block nor raise."""

    def batch_finished(self, batch: FinishedBatch) -> None:
        """A batch was computed and its sequences are answered."""
        ...

    def sequences_dropped(self, reason: DropReason, count: int) -> None:
        """So many sequences end without a text."""
        ...

    def sequences_retried(self, count: int) -> None:
        """So many sequences were queued once more, as checks objected to the first output."""
        ...

    def request_refused(self, reason: str) -> None:
        """Admission said no, with this reason of an error."""
        ...

    def request_closed(self, usage: TicketUsage, closed_at: float) -> None:
        """A request has left the engine. Runs in the context of the request."""
        ...


class SilentObserver:
    """Counts nothing."""

    def batch_finished(self, batch: FinishedBatch) -> None:
        """Nothing."""

    def sequences_dropped(self, reason: DropReason, count: int) -> None:
        """Nothing."""

    def sequences_retried(self, count: int) -> None:
        """Nothing."""

    def request_refused(self, reason: str) -> None:
        """Nothing."""

    def request_closed(self, usage: TicketUsage, closed_at: float) -> None:
        """Nothing."""
