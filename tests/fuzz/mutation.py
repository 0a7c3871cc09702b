"""Inputs made of good ones, changed and put together. Seeded, so that they are always the same."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from tests.fuzz.adversarial import SHAPES

LONGEST_INPUT: Final = 600
_PIECES: Final = tuple(unit.encode("utf-8", "surrogatepass") for unit in SHAPES.values())
_NUMBERS: Final = (b"\x00", b"\x7f", b"\x80", b"\xff", b"\xff\xff\xff\xff\x0f", b"-1", b"1e999")


class Mutator:
    """Endless inputs from a few good ones."""

    def __init__(self, seeds: Sequence[bytes], seed: int) -> None:
        self._seeds = list(seeds) or [b""]
        self._random = random.Random(seed)
        self._changes: tuple[Callable[[bytes], bytes], ...] = (
            self._with_piece,
            self._with_piece,
            self._with_splice,
            self._with_byte,
            self._without_part,
            self._with_repeat,
            self._with_number,
        )

    def inputs(self, count: int) -> Iterator[bytes]:
        """So many inputs."""
        for _ in range(count):
            data = self._random.choice(self._seeds)
            if len(data) > LONGEST_INPUT:
                start = self._random.randrange(len(data) - LONGEST_INPUT)
                data = data[start : start + LONGEST_INPUT] if self._random.random() < 0.8 else data
            for _ in range(self._random.randint(1, 5)):
                data = self._random.choice(self._changes)(data)
            yield data[: 8 * LONGEST_INPUT]

    def _place(self, data: bytes) -> int:
        return self._random.randint(0, len(data))

    def _with_piece(self, data: bytes) -> bytes:
        at = self._place(data)
        return data[:at] + self._random.choice(_PIECES) * self._random.randint(1, 12) + data[at:]

    def _with_splice(self, data: bytes) -> bytes:
        other = self._random.choice(self._seeds)[:LONGEST_INPUT]
        return data[: self._place(data)] + other[self._place(other) :]

    def _with_byte(self, data: bytes) -> bytes:
        at = self._place(data)
        return data[:at] + self._random.randbytes(1) + data[at + 1 :]

    def _without_part(self, data: bytes) -> bytes:
        start, end = sorted((self._place(data), self._place(data)))
        return data[:start] + data[end:]

    def _with_repeat(self, data: bytes) -> bytes:
        start, end = sorted((self._place(data), self._place(data)))
        return data[:end] + data[start : min(end, start + 40)] + data[end:]

    def _with_number(self, data: bytes) -> bytes:
        at = self._place(data)
        return data[:at] + self._random.choice(_NUMBERS) + data[at + 1 :]
