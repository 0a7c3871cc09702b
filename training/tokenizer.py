"""Trains the SentencePiece model, or takes one, and turns the pairs into ids; the second step.

    python training/tokenizer.py training/experiments/starter-ar-en.toml --prepared work/prepared
    python training/tokenizer.py ... --model models/ar-en/sentencepiece.model

To go on from released weights, give their SentencePiece model with --model. --extra names text, a
sentence a line, that the SentencePiece model learns from too. Reads what prepare.py wrote; writes
sentencepiece.model, train.npz and validation.npz into the same folder.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from mujaz.domain.normalize import normalized
from mujaz_training.command import experiment_argument, recipe_errors
from mujaz_training.corpus import NORMALIZATION, read_lines
from mujaz_training.encoding import pack_pairs
from mujaz_training.experiment import Experiment
from mujaz_training.packed_pairs import save_packed
from mujaz_training.prepared_folder import TRAIN, VALIDATION, GroupedPairs, PreparedFolder
from mujaz_training.tokenization import open_tokenizer, train_tokenizer


@click.command(help=__doc__)
@experiment_argument
@click.option("--prepared", type=click.Path(path_type=Path), required=True, help="Pairs.")
@click.option("--model", type=click.Path(exists=True, path_type=Path), help="Take this model.")
@click.option(
    "--extra",
    type=click.Path(exists=True, path_type=Path),
    multiple=True,
    help="More text to learn pieces from.",
)
@recipe_errors
def main(
    experiment: Experiment, *, prepared: Path, model: Path | None, extra: tuple[Path, ...]
) -> None:
    """Writes the SentencePiece model and the packed pairs, and prints their sizes."""
    folder = PreparedFolder(prepared)
    train = folder.read(TRAIN)
    if model is None:
        serialized = train_tokenizer(_texts(train, extra), experiment.tokenizer.piece_count)
    else:
        serialized = model.read_bytes()
    processor = open_tokenizer(serialized)
    (prepared / "sentencepiece.model").write_bytes(serialized)
    for name, pairs in ((TRAIN, train), (VALIDATION, folder.read(VALIDATION))):
        packed = pack_pairs(processor, pairs, experiment.tokenizer, folder.shares())
        output = prepared / {TRAIN: "train.npz", VALIDATION: "validation.npz"}[name]
        save_packed(output, packed)
        print(
            f"{output.name}: {len(packed)} of {len(pairs.pairs)} pairs short enough, "
            f"{len(packed.source)} source and {len(packed.target)} target tokens"
        )


def _texts(train: GroupedPairs, extra: tuple[Path, ...]) -> Iterator[str]:
    for pair in train.pairs:
        yield pair.source
        yield pair.target
    for path in extra:
        for line in read_lines(path):
            yield normalized(line, NORMALIZATION)


if __name__ == "__main__":
    main()
