"""Turns the weights of a released model back into a checkpoint to train on from.

    python training/restore.py training/experiments/starter-ar-en.toml --model models/ar-en \
        --out work/start.pt
    python training/train.py ... --initial work/start.pt

Reads model.bin of a model that this recipe made, quantized or not, and checks that it has the shape
of the experiment. Writes a checkpoint, which train.py takes with --initial; the optimizers start
anew. Give the model's own sentencepiece.model to tokenizer.py with --model.
"""

from __future__ import annotations

from pathlib import Path

import click

from mujaz_training.checkpoint import save_checkpoint
from mujaz_training.command import experiment_argument, recipe_errors
from mujaz_training.experiment import Experiment
from mujaz_training.restoration import restore_checkpoint


@click.command(help=__doc__)
@experiment_argument
@click.option(
    "--model",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    required=True,
    help="Model directory.",
)
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Checkpoint to write.")
@recipe_errors
def main(experiment: Experiment, *, model: Path, out: Path) -> None:
    """Restores and prints what was found."""
    checkpoint = restore_checkpoint(model / "model.bin", experiment.model)
    out.parent.mkdir(parents=True, exist_ok=True)
    save_checkpoint(out, checkpoint)
    million = sum(weight.numel() for weight in checkpoint.weights.values()) / 1e6
    print(f"{out}: {million:.1f}M parameters over {checkpoint.vocabulary_size} pieces")


if __name__ == "__main__":
    main()
