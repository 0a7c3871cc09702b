"""The `mujaz` command with a model that fails on one word, as a defect of the engine would."""

from __future__ import annotations

from collections.abc import Sequence

from mujaz.cli.main import main
from mujaz.engine.model import LoadedModel
from mujaz.engine.protocols import Decoded, DecodingOptions

# It comes in no text but those of the test.
POISON = "زرنيخ"


def poison() -> None:
    """Makes every batch with the word fail."""
    decode_batch = LoadedModel.decode_batch

    def decode(
        self: LoadedModel, batch: Sequence[Sequence[str]], options: DecodingOptions
    ) -> list[Decoded]:
        for tokens in batch:
            if POISON in "".join(tokens):
                raise RuntimeError(f"cannot decode {tokens}")
        return decode_batch(self, batch, options)

    LoadedModel.decode_batch = decode  # type: ignore[method-assign]


if __name__ == "__main__":
    poison()
    main()
