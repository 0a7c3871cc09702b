"""`mujaz models convert`: a local checkpoint, made into a model."""

from __future__ import annotations

from pathlib import Path

import click

from mujaz.cli import configuration
from mujaz.cli.exit_codes import CommandFailed, ExitCode, failed_start
from mujaz.cli.model_choice import remark_on
from mujaz.cli.termination import stopped_by_sigterm
from mujaz.conversion.pull import model_name
from mujaz.conversion.request import ConversionRequest
from mujaz.engine.manifest import ModelTask, Quantization
from mujaz.errors import FieldInvalid, MujazError


@click.command(name="convert")
@click.argument("source", metavar="SOURCE", type=click.Path(path_type=Path))
@click.option(
    "--task",
    type=click.Choice([task.value for task in ModelTask]),
    help="What the model does.  [default: as the checkpoint says]",
)
@click.option(
    "--source-language",
    metavar="CODE",
    default="ar",
    show_default=True,
    help="The language it reads, as in BCP 47: ar, ar-EG, en.",
)
@click.option(
    "--target-language",
    metavar="CODE",
    default="",
    help="The language it writes.  [default: en, or for summaries the one it reads]",
)
@click.option("--name", metavar="NAME", help="What to call the model.  [default: as SOURCE]")
@click.option(
    "--output",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="The model directory to make.  [default: NAME in the directory of models]",
)
@click.option(
    "--models",
    metavar="DIR",
    help="The directory of models to add to.  [default: ./models; MUJAZ_MODELS]",
)
@click.option(
    "--quantization",
    type=click.Choice([kind.value for kind in Quantization]),
    default=Quantization.INT8.value,
    show_default=True,
    help="How to store the weights.",
)
@click.option(
    "--license",
    "license_name",
    metavar="LICENCE",
    help="The terms of the weights.  [default: as the README of the checkpoint says]",
)
@click.option(
    "--model-version",
    metavar="VERSION",
    default="1.0.0",
    show_default=True,
    help="The version in the manifest.",
)
@click.option(
    "--prefix",
    metavar="TEXT",
    help="What tells the model its work, such as 'summarize: ' (T5) or '>>eng<<' (OPUS-MT).  "
    "[default: as the checkpoint says]",
)
@click.option(
    "--self-test",
    "self_test",
    metavar="TEXT",
    default="",
    help="What the model is tried on now and at each start.  [default: a short sentence]",
)
@click.option("--force", is_flag=True, help="Replaces a model that is there, once the new works.")
def command(
    *,
    source: Path,
    task: str | None,
    source_language: str,
    target_language: str,
    name: str | None,
    output: Path | None,
    models: str | None,
    quantization: str,
    license_name: str | None,
    model_version: str,
    prefix: str | None,
    self_test: str,
    force: bool,
) -> None:
    """Make a model of a local checkpoint.

    SOURCE is the directory of a checkpoint as it was published: OPUS-MT in Marian's own files, or
    MarianMT, M2M100, NLLB, mBART, mBART-50, BART with SentencePiece (AraBART), T5, mT5, MADLAD or
    Pegasus from Hugging Face. All but OPUS-MT need `pip install 'mujaz[convert]'`.

    The model is converted and tried beside its place, and put there once it works; a conversion
    that fails or is stopped leaves nothing. `mujaz serve` finds the model at its next start. Code
    in a checkpoint is never run: pickled weights are read as tensors only.

    \b
    Examples:
      mujaz models convert ~/opus-2020-07-03 --name opus-ar-en --license CC-BY-4.0
      mujaz models convert ~/nllb-200-distilled-600M --target-language fr
      mujaz models convert ~/arabart --task summarization --quantization float32
      mujaz models convert ~/t5-news --source-language en --prefix 'summarize: ' --force
    """
    if not source.is_dir():
        raise CommandFailed(f"{source}: there is no such directory", ExitCode.BAD_INPUT)
    name = name or model_name(source.resolve().name)
    request = ConversionRequest(
        source=source,
        output=output or configuration.load({"models": models}).models / name,
        name=name,
        task=ModelTask(task) if task else None,
        source_language=source_language,
        target_language=target_language,
        quantization=Quantization(quantization),
        license=license_name,
        force=force,
        version=model_version,
        self_test_source=self_test,
        prefix=prefix,
    )
    # Takes seconds to import, which nobody should wait for who mistyped an option.
    from mujaz.conversion.convert import convert  # noqa: PLC0415

    try:
        with stopped_by_sigterm():
            path = convert(request, report=lambda line: click.echo(line, err=True))
        remark = remark_on(path, defaults=configuration.load({}).default_model)
    except FieldInvalid as error:
        raise CommandFailed(error.message, ExitCode.USAGE) from error
    except MujazError as error:
        raise failed_start(error) from error
    if remark is not None:
        click.echo(remark, err=True)
    click.echo(str(path))
