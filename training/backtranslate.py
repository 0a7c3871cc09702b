"""Makes synthetic pairs: a model translates monolingual text (Sennrich et al. 2016).

    python training/backtranslate.py models/en-ar --text english.txt --out synthetic.tsv

Reads a model directory of any direction that `mujaz models verify` accepts, and text, a sentence a
line. Writes TSV, Arabic TAB English, to name as a corpus in an experiment. With an Arabic to
English model the English is the machine's, which teaches less: the side that the model shall learn
to write should be people's. An output that hit its limit, that repeats itself, or whose mean log
probability a token is under --score-floor is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import click

from mujaz.domain.checks import is_repetitive
from mujaz.engine.model import LoadedModel
from mujaz.engine.protocols import DecodingOptions
from mujaz.engine.threads import ThreadPolicy
from mujaz.errors import ModelDamaged
from mujaz_training.command import recipe_errors
from mujaz_training.corpus import read_lines
from mujaz_training.experiment import RecipeError

_BATCH_SENTENCES = 512


@click.command(help=__doc__)
@click.argument("model", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--text", type=click.Path(exists=True, path_type=Path), required=True, help="Text.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Output.")
@click.option("--score-floor", type=float, default=-1.0, show_default=True)
@click.option("--beam-size", type=int, default=4, show_default=True)
@click.option("--threads", type=int, default=2, show_default=True, help="CPU threads.")
@recipe_errors
def main(
    model: Path, *, text: Path, out: Path, score_floor: float, beam_size: int, threads: int
) -> None:
    """Translates and prints how many pairs were kept."""
    try:
        loaded = LoadedModel.load(model, ThreadPolicy(worker_count=threads, threads_per_worker=1))
    except ModelDamaged as error:
        raise RecipeError(str(error)) from error
    arabic_first = loaded.manifest.source_language == "ar"
    options = DecodingOptions(beam_size=beam_size, repetition_penalty=1.1)
    kept = total = 0
    lines = (loaded.prepare(line) for line in read_lines(text))
    with out.open("w", encoding="utf-8") as file:
        while batch := list(islice(lines, _BATCH_SENTENCES)):
            total += len(batch)
            for source, output in _translated(loaded, batch, options, score_floor=score_floor):
                file.write(f"{source}\t{output}\n" if arabic_first else f"{output}\t{source}\n")
                kept += 1
    print(f"{out}: {kept} of {total} sentences")


def _translated(
    model: LoadedModel, sources: list[str], options: DecodingOptions, *, score_floor: float
) -> Iterator[tuple[str, str]]:
    """Sources and outputs worth keeping; sources over the model's own length are left out."""
    limit = model.max_source_token_count
    encoded = [(source, model.encode(source)) for source in sources]
    short = sorted(
        ((source, tokens) for source, tokens in encoded if 0 < len(tokens) <= limit),
        key=lambda item: len(item[1]),
    )
    outputs = model.decode_batch([tokens for _, tokens in short], options)
    for (source, _), output in zip(short, outputs, strict=True):
        is_bad = output.hit_limit or is_repetitive(output.text) or output.score < score_floor
        if not is_bad and output.text:
            yield source, output.text


if __name__ == "__main__":
    main()
