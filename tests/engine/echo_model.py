"""A model whose every batch can be held back, and a clock that only moves when told to."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

from mujaz.engine.protocols import Decoded, DecodingOptions

OPTIONS = DecodingOptions()
POISON = "poison"


@dataclass
class EchoModel:
    """Answers a sequence with its own tokens; a poisonous one fails its whole batch.

    `gate` holds every batch back until it is set, which makes the order of service observable.
    """

    revision: str = "models/echo@1"
    gate: threading.Event = field(default_factory=threading.Event)
    batches: list[list[str]] = field(default_factory=list)
    entered: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def encode(self, text: str) -> tuple[str, ...]:
        return tuple(text.split())

    def decode_batch(
        self, batch: Sequence[Sequence[str]], options: DecodingOptions
    ) -> list[Decoded]:
        self.entered.release()
        assert self.gate.wait(10)
        self.batches.append([" ".join(tokens) for tokens in batch])
        if any(POISON in tokens for tokens in batch):
            raise RuntimeError("cannot decode")
        return [Decoded(" ".join(t), len(t), -0.1, hit_limit=False) for t in batch]


class Clock:
    """A clock that only moves when told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def open_model() -> EchoModel:
    model = EchoModel()
    model.gate.set()
    return model


async def entered(model: EchoModel) -> None:
    """Wait until the engine is inside the model."""
    assert await asyncio.to_thread(model.entered.acquire, timeout=10)
