"""`mujaz models pull`: a public checkpoint, fetched from a hub and made into a model."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from mujaz.cli import configuration
from mujaz.cli.exit_codes import CommandFailed, ExitCode, failed_start
from mujaz.cli.model_choice import remark_on
from mujaz.cli.preset_facts import preset_lines
from mujaz.cli.progress import Progress
from mujaz.cli.termination import stopped_by_sigterm
from mujaz.conversion.presets import find_preset
from mujaz.conversion.pull import PullRequest, model_name, size_text
from mujaz.conversion.request import ConversionRequest
from mujaz.engine.manifest import ModelTask, Quantization
from mujaz.errors import (
    CheckpointNotFound,
    FieldInvalid,
    HubUnavailable,
    LicenseNotAccepted,
    MujazError,
)

_EXIT_CODES = {
    CheckpointNotFound: ExitCode.BAD_INPUT,
    FieldInvalid: ExitCode.USAGE,
    HubUnavailable: ExitCode.UNAVAILABLE,
    LicenseNotAccepted: ExitCode.USAGE,
}


@click.command(name="pull")
@click.argument("model", metavar="PRESET|OWNER/NAME", required=False)
@click.option(
    "--list",
    "only_lists",
    is_flag=True,
    help="Lists the presets with licence and size, and does nothing else.",
)
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to print --list.",
)
@click.option(
    "--models",
    metavar="DIR",
    help="The directory of models to add to.  [default: ./models; MUJAZ_MODELS]",
)
@click.option("--name", metavar="NAME", help="What to call the model.  [default: as the preset]")
@click.option(
    "--quantization",
    type=click.Choice([kind.value for kind in Quantization]),
    help="How to store the weights.  [default: as the preset; else int8]",
)
@click.option(
    "--accept-license",
    "accepted_license",
    metavar="LICENCE",
    help="Says that you accept a licence that forbids commercial use, by its name.",
)
@click.option(
    "--license",
    "license_name",
    metavar="LICENCE",
    help="For OWNER/NAME: the licence, where its model card does not say it.",
)
@click.option(
    "--task",
    type=click.Choice([task.value for task in ModelTask]),
    help="For OWNER/NAME: what it does, where its model card does not say it.",
)
@click.option(
    "--prefix",
    metavar="TEXT",
    help="For OWNER/NAME: what tells the model what to do, such as 'summarize: '.  "
    "[default: as the checkpoint says]",
)
@click.option(
    "--source-language", metavar="CODE", help="The language it reads.  [default: as the preset; ar]"
)
@click.option(
    "--target-language",
    metavar="CODE",
    help="The language it writes.  [default: as the preset; else en, or for summaries the one it "
    "reads]",
)
@click.option(
    "--revision",
    metavar="REVISION",
    help="The branch, tag or commit.  [default: as the preset; else main]",
)
@click.option(
    "--cache",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where downloads are kept.  [default: mujaz in HF_HOME]",
)
@click.option(
    "--keep-download/--no-keep-download",
    default=False,
    help="Keeps the checkpoint as well, to convert it again in another way.  [default: no]",
)
@click.option("--force", is_flag=True, help="Replaces a model of that name.")
@click.option("--no-progress", is_flag=True, help="Shows no progress on the terminal.")
def command(
    *, model: str | None, only_lists: bool, format_name: str, no_progress: bool, **choices: Any
) -> None:
    """Fetch a public checkpoint and make a model of it.

    Downloads the checkpoint from the Hugging Face Hub, checks each file against the digest the hub
    states, converts and quantizes it, and tries the result. It then stands in the directory of
    models, where `mujaz serve` finds it at its next start; nothing is fetched while serving.
    Needs `pip install 'mujaz[convert]'`.

    A download that was stopped goes on where it was when the same command is run again. A licence
    that forbids commercial use has to be accepted by its name. HF_TOKEN, HF_HOME, HF_ENDPOINT (for
    a mirror) and HTTPS_PROXY are honoured. Exit code 4 says that the hub could not be reached.

    \b
    Examples:
      mujaz models pull --list
      mujaz models pull opus-mt-tc-big-ar-en
      mujaz models pull nllb-200-distilled-600M --accept-license CC-BY-NC-4.0
      mujaz models pull m2m100_418M --quantization int16 --name m2m100-exact
      mujaz models pull Helsinki-NLP/opus-mt-fa-en --source-language fa --task translation
    """
    if only_lists:
        for line in preset_lines(format_name):
            click.echo(line)
        return
    if model is None:
        raise click.UsageError("name a preset or a repository; --list shows the presets")
    progress = Progress(enabled=not no_progress)
    try:
        request = _request(model, **choices)
        with stopped_by_sigterm():
            path = _pull(request, progress)
        remark = remark_on(path, defaults=configuration.load({}).default_model)
    except KeyboardInterrupt:
        progress.clear()
        raise CommandFailed(
            "stopped by Ctrl-C; what was downloaded is kept, and the same command goes on there",
            ExitCode.INTERRUPTED,
        ) from None
    except MujazError as error:
        progress.clear()
        raise _failure(error) from error
    if remark is not None:
        click.echo(remark, err=True)
    click.echo(str(path))


def _pull(request: PullRequest, progress: Progress) -> Path:
    # The other commands do without the hub's library, which takes a while to import.
    from mujaz.conversion.download import Patience  # noqa: PLC0415
    from mujaz.conversion.hub import Hub  # noqa: PLC0415
    from mujaz.conversion.pull import free_bytes_at, pull  # noqa: PLC0415

    def report(line: str) -> None:
        progress.clear()
        click.echo(line, err=True)

    def show(done: int, total: int) -> None:
        share = done / total if total else 1.0
        progress.show(f"downloading {size_text(done)} of {size_text(total)} ({share:.0%})")

    path = pull(
        request,
        hub=Hub(),
        convert=_convert,
        report=report,
        progress=show,
        patience=Patience(),
        free_bytes=free_bytes_at,
    )
    progress.clear()
    return path


def _convert(request: ConversionRequest, *, report: Callable[[str], None]) -> Path:
    # Takes seconds to import, which nobody should wait for who mistyped a name.
    from mujaz.conversion.convert import convert  # noqa: PLC0415

    return convert(request, report=report)


def _request(
    model: str,
    *,
    models: str | None,
    name: str | None,
    quantization: str | None,
    accepted_license: str | None,
    license_name: str | None,
    task: str | None,
    prefix: str | None,
    source_language: str | None,
    target_language: str | None,
    revision: str | None,
    cache: Path | None,
    keep_download: bool,
    force: bool,
) -> PullRequest:
    """The preset or the repository, with what the flags say in its place."""
    shared: Any = functools.partial(
        PullRequest,
        name=name or model_name(model),
        models=configuration.load({"models": models}).models,
        accepted_license=accepted_license,
        cache=cache,
        keep_download=keep_download,
        force=force,
    )
    if "/" in model:
        request: PullRequest = shared(
            repository=model,
            revision=revision or "main",
            quantization=Quantization(quantization or Quantization.INT8),
            task=ModelTask(task) if task else None,
            source_language=source_language or "ar",
            target_language=target_language,
            license=license_name,
            prefix=prefix,
        )
        return request
    preset = find_preset(model)
    if license_name or task or prefix:
        raise click.UsageError(
            "--license, --task and --prefix are for OWNER/NAME, not for a preset"
        )
    request = shared(
        repository=preset.repository,
        revision=revision or preset.revision,
        quantization=Quantization(quantization or preset.quantization),
        task=preset.task,
        source_language=source_language or preset.source_language,
        target_language=target_language or preset.target_language,
        license=preset.license,
    )
    return request


def _failure(error: MujazError) -> CommandFailed:
    failure = failed_start(error)
    return CommandFailed(failure.message, _EXIT_CODES.get(type(error), failure.exit_code))
