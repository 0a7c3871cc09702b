"""Writes a checkpoint as a CTranslate2 model; the fourth step.

    python training/export.py work/run/final.pt --tokenizer work/prepared/sentencepiece.model \
        --out work/model
    python training/export.py work/run/snapshot-*.pt work/run/final.pt ...    # their average

Reads one checkpoint, or several of one run, whose weights are averaged. Writes model.bin,
config.json, shared_vocabulary.json and sentencepiece.model; release.py adds the manifest.
"""

from __future__ import annotations

from pathlib import Path

import click

from mujaz.engine.manifest import Quantization
from mujaz_training.checkpoint import average, load_checkpoint
from mujaz_training.command import recipe_errors
from mujaz_training.model_export import MODEL_FILES, export_model


@click.command(help=__doc__)
@click.argument("checkpoints", type=click.Path(path_type=Path), nargs=-1, required=True)
@click.option(
    "--tokenizer",
    type=click.Path(exists=True, path_type=Path),
    required=True,
    help="The SentencePiece model of the run.",
)
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Output.")
@click.option(
    "--quantization",
    type=click.Choice([kind.value for kind in Quantization]),
    default=Quantization.INT8.value,
    show_default=True,
    help="How the weights are stored.",
)
@recipe_errors
def main(checkpoints: tuple[Path, ...], *, tokenizer: Path, out: Path, quantization: str) -> None:
    """Exports and prints the size of the model."""
    checkpoint = average([load_checkpoint(path) for path in checkpoints])
    export_model(checkpoint, tokenizer.read_bytes(), out, quantization=quantization)
    megabytes = sum((out / name).stat().st_size for name in MODEL_FILES) / 1e6
    print(f"{out}: {megabytes:.1f} MB, {quantization}, of {len(checkpoints)} checkpoints")


if __name__ == "__main__":
    main()
