"""How fast the engine is, as measured: what estimates of a wait rest on."""

from __future__ import annotations

from typing import Final

from mujaz.engine.batch import Priority

# Weights of the newest batch and the newest request in moving averages.
BATCH_WEIGHT: Final = 0.2
REQUEST_WEIGHT: Final = 0.05
# Interactive work that came within so many seconds may come again.
RECENT_SECONDS: Final = 60.0
_INFLATION_RANGE: Final = (0.25, 4.0)


class Speed:
    """Follows the speed of the engine and the work that requests turn into.

    Instants are seconds of one clock.
    """

    def __init__(self, *, worker_count: int, batch_token_budget: int) -> None:
        self._worker_count = worker_count
        self._batch_token_budget = batch_token_budget
        self._seconds_per_token: float | None = None
        self._inflation = 1.0
        self._interactive_at: float | None = None

    def seconds_for(self, token_count: float) -> float:
        """How long the engine takes for so many tokens; 0 until the first batch was measured."""
        return token_count * (self._seconds_per_token or 0.0) / self._worker_count

    @property
    def inflation(self) -> float:
        """Tokens decoded for each token that requests were estimated at: second decodings add
        some, the cache and copied text save some."""
        return self._inflation

    def bulk_part(self, now: float) -> float:
        """The part of the engine that bulk work surely gets: all, or what interactive work leaves
        at its most."""
        at = self._interactive_at
        if at is None or now - at > RECENT_SECONDS:
            return 1.0
        return 1 / (1 + Priority.BULK.cost)

    def add_batch(
        self, token_count: int, seconds: float, *, priority: Priority, now: float
    ) -> None:
        """A batch is done. One that is nearly empty says little about a full queue."""
        if priority is Priority.INTERACTIVE:
            self._interactive_at = now
        if token_count < self._batch_token_budget / 4:
            return
        newest = seconds / token_count
        known = newest if self._seconds_per_token is None else self._seconds_per_token
        self._seconds_per_token = known + BATCH_WEIGHT * (newest - known)

    def add_request(self, estimated_tokens: int, decoded_tokens: int) -> None:
        """A request ended with all its work done."""
        low, high = _INFLATION_RANGE
        newest = min(high, max(low, decoded_tokens / estimated_tokens))
        self._inflation += REQUEST_WEIGHT * (newest - self._inflation)
