"""Chooses what the engine computes next: a pure function over what waits."""

from __future__ import annotations

from enum import IntEnum


class Priority(IntEnum):
    """Which work goes first; named as in the contract."""

    INTERACTIVE = 1
    BULK = 2
