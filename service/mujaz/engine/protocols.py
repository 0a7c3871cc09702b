"""What the scheduler and the use cases ask of an engine; adapters and test fakes give it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class DecodingOptions:
    """How the model searches. Units decoded together must share one value, hence hashable."""

    beam_size: int = 4
    length_penalty: float = 1.0
    repetition_penalty: float = 1.0
    no_repeat_ngram_size: int = 0


@dataclass(frozen=True, slots=True)
class Decoded:
    """One model output.

    `score` is the average log probability per target token, at most 0. `hit_limit` says that the
    output limit, not the model, ended the text.
    """

    text: str
    token_count: int
    score: float
    hit_limit: bool


class SequenceModel(Protocol):
    """A loaded model that turns one token sequence into one text."""

    @property
    def revision(self) -> str:
        """`models/{name}@{revision}`, which names these exact weights."""
        ...

    def encode(self, text: str) -> tuple[str, ...]:
        """The tokens the model reads for `text`, special tokens included; never cut."""
        ...

    def decode_batch(
        self, batch: Sequence[Sequence[str]], options: DecodingOptions
    ) -> list[Decoded]:
        """One output per sequence, in the same order. Blocks; called from an engine thread.

        Raises whatever the engine raises; one bad sequence may fail the whole batch.
        """
        ...
