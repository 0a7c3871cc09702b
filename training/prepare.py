"""Reads the corpora of an experiment, cleans them, and makes augmented copies; the first step.

    python training/prepare.py training/experiments/starter-ar-en.toml --data corpora \
        --test-sets tests/a.ar --test-sets tests/a.en --out work/prepared

Reads the files that the experiment names, relative to --data, and the test sets to keep out: text,
a sentence a line, or JSON lines. Writes pairs.tsv and validation.tsv (group, source, target) and
report.json, which says for every corpus how many pairs were kept and why the others were not.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from mujaz_training.command import experiment_argument, recipe_errors
from mujaz_training.experiment import Experiment
from mujaz_training.overlap import NGRAM_WORDS, TestSetGuard
from mujaz_training.preparation import Preparation, read_test_sets
from mujaz_training.prepared_folder import PreparedFolder


@click.command(help=__doc__)
@experiment_argument
@click.option("--data", type=click.Path(path_type=Path), required=True, help="Corpora.")
@click.option(
    "--test-sets", type=click.Path(path_type=Path), multiple=True, required=True, help="Test sets."
)
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Output.")
@recipe_errors
def main(experiment: Experiment, *, data: Path, test_sets: tuple[Path, ...], out: Path) -> None:
    """Prepares the pairs and prints what became of each corpus."""
    preparation = Preparation(experiment, data, TestSetGuard(read_test_sets(test_sets)))
    folder = PreparedFolder(out)
    groups = folder.write_groups(preparation.groups())
    report = {
        "experiment": experiment.name,
        "test_sets": sorted(path.name for path in test_sets),
        "overlap_words": NGRAM_WORDS,
        "groups": groups,
        **asdict(preparation.counts),
    }
    folder.write_report(report)
    for name, counts in preparation.counts.corpora.items():
        print(name, " ".join(f"{key}={count}" for key, count in counts.items()))
    for group in groups:
        print(f"{group['name']}: {group['pairs']} pairs, share {group['share']:g}")


if __name__ == "__main__":
    main()
