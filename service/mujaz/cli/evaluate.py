"""`mujaz evaluate`: how good a model is, on test sets of one's own."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mujaz.cli.connection import run
from mujaz.cli.exit_codes import CommandFailed, ExitCode
from mujaz.cli.output import open_output
from mujaz.cli.progress import Progress
from mujaz.errors import EvaluationInvalid

if TYPE_CHECKING:
    from mujaz.evaluation.run import Plan

_directory = click.Path(file_okay=False, path_type=Path)
_file = click.Path(dir_okay=False, path_type=Path)


@click.command(name="evaluate")
@click.argument("model_directory", metavar="MODEL_DIR", type=_directory)
@click.option(
    "--test-set",
    "test_sets",
    multiple=True,
    metavar="NAME=SOURCE,REFERENCE[,SYSTEM...]",
    help="Files with a line a sentence: the Arabic, its translation by people, and what other "
    "systems made of it. For models that translate; may be given several times.",
)
@click.option(
    "--briefs",
    "article_files",
    multiple=True,
    metavar="FILE.jsonl",
    type=_file,
    help="Articles, one JSON object with title, text and summary a line. For models that "
    "summarize; may be given several times.",
)
@click.option(
    "--beside",
    "others",
    multiple=True,
    metavar="DIR",
    type=_directory,
    help="Another model to compare with, such as the same in another quantization.",
)
@click.option(
    "--gazetteer",
    "gazetteer_files",
    multiple=True,
    metavar="FILE.tsv",
    type=_file,
    help="Names, Arabic TAB English a line, to count those that are kept.",
)
@click.option("--beam-size", type=click.IntRange(1, 32), help="In place of the model's own.")
@click.option("--no-split", is_flag=True, help="Gives the model long sentences whole.")
@click.option(
    "--no-retry", is_flag=True, help="Lets a translation stand that the checks object to."
)
@click.option("--limit", type=click.IntRange(1), metavar="N", help="Only the first N of each set.")
@click.option("--label", default="", help="Names the models in tables.  [default: their version]")
@click.option("--note", default="", help="What the machine did meanwhile; kept with the speeds.")
@click.option("--output", type=_file, metavar="FILE.json", help="Also keeps everything as JSON.")
def command(
    *,
    model_directory: Path,
    test_sets: tuple[str, ...],
    article_files: tuple[Path, ...],
    others: tuple[Path, ...],
    gazetteer_files: tuple[Path, ...],
    beam_size: int | None,
    no_split: bool,
    no_retry: bool,
    limit: int | None,
    label: str,
    note: str,
    output: Path | None,
) -> None:
    """Score a model on test sets: BLEU, chrF, ROUGE, numbers and names kept, faults, speed.

    Texts are decoded as the service decodes them, and outputs of other systems are scored by the
    same functions. Prints tables in Markdown. docs/models.md says what the figures mean. Needs the
    extra: pip install 'mujaz[evaluate]'.

    \b
    Examples:
      mujaz evaluate models/ar-en --test-set flores=flores.ar,flores.en,google.en
      mujaz evaluate converted/ --beside models/ar-en --test-set news=news.ar,news.en
      mujaz evaluate models/ar-brief --briefs news.jsonl --output result.json
    """
    # The other commands do without the engine, which takes a while to import.
    from mujaz.evaluation.decoding import DecodingChoice  # noqa: PLC0415
    from mujaz.evaluation.run import Plan  # noqa: PLC0415
    from mujaz.evaluation.test_data import (  # noqa: PLC0415
        read_articles,
        read_gazetteer,
        read_parallel,
    )

    with _bad_input():
        plan = Plan(
            models=(model_directory, *others),
            translation_sets=[read_parallel(each, limit=limit) for each in test_sets],
            article_sets=[read_articles(path, limit=limit) for path in article_files],
            gazetteer=read_gazetteer(gazetteer_files) if gazetteer_files else None,
            decoding=DecodingChoice(beam_size, split=not no_split, retry=not no_retry),
            label=label,
            note=note,
        )
    run(_evaluate(plan, output))


@contextmanager
def _bad_input() -> Iterator[None]:
    """Ends the command with the exit code of bad input where the test sets are not right."""
    try:
        yield
    except EvaluationInvalid as error:
        raise CommandFailed(error.message, ExitCode.BAD_INPUT) from error


async def _evaluate(plan: Plan, output: Path | None) -> None:
    from mujaz.evaluation.results import to_json  # noqa: PLC0415
    from mujaz.evaluation.run import evaluate  # noqa: PLC0415
    from mujaz.evaluation.tables import markdown  # noqa: PLC0415

    progress = Progress(enabled=True)
    try:
        with _bad_input():
            evaluation = await evaluate(plan, date=time.strftime("%Y-%m-%d"), report=progress.show)
    finally:
        progress.clear()
    if output is not None:
        with open_output(output) as file:
            file.write(to_json(evaluation))
    with open_output(None) as standard_output:
        standard_output.write(markdown([evaluation]))
