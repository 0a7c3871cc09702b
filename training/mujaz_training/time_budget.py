"""How much of a run is over, by the clock, and the learning rate that follows from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .experiment import Optimization

Clock = Callable[[], float]
_LEAST_FACTOR = 0.01


@dataclass(frozen=True, slots=True)
class TimeBudget:
    """A run of so many seconds, of which `spent_seconds` had passed at `resumed_at`.

    The schedule follows it, so that a run ends on a finished decay whatever the machine's speed.
    `clock` gives seconds that never go back.
    """

    total_seconds: float
    spent_seconds: float
    resumed_at: float
    clock: Clock

    def spent(self) -> float:
        """Seconds spent so far, those before the last resumption included."""
        return self.spent_seconds + self.clock() - self.resumed_at

    def fraction(self) -> float:
        """The share of the budget that is spent, from 0 to 1."""
        return min(1.0, self.spent() / self.total_seconds)


def learning_rate_factor(fraction: float, choices: Optimization) -> float:
    """Rises to 1 until `warmup_end`, stays there, and falls in a line to 0 from `decay_start`."""
    if fraction < choices.warmup_end:
        return max(fraction / choices.warmup_end, _LEAST_FACTOR)
    if fraction < choices.decay_start:
        return 1.0
    return max(0.0, (1 - fraction) / (1 - choices.decay_start))
