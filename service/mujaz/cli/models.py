"""`mujaz models`: the models of a directory, or those a server holds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from mujaz.cli import convert, pull
from mujaz.cli.connection import Target, target_options
from mujaz.cli.exit_codes import CommandFailed, ExitCode, failed_start
from mujaz.cli.model_choice import default_names
from mujaz.cli.model_facts import (
    ModelFacts,
    details,
    facts_of_directory,
    facts_of_message,
    model_directories,
    table,
    to_json,
)
from mujaz.errors import ModelDamaged

_format_option = click.option(
    "--format",
    "format_name",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to print.",
)


@click.group(name="models")
def command() -> None:
    """List, show, verify, convert and pull models.

    Without --server, those of the directory of models; with it, those the server holds.

    \b
    Examples:
      mujaz models list
      mujaz models show ar-en --format json
      mujaz models verify
      mujaz models convert ~/opus-mt-ar-en
      mujaz models pull opus-mt-tc-big-ar-en
    """


@command.command(name="list")
@_format_option
@target_options
def list_command(*, format_name: str, target: Target) -> None:
    """List the models: name, revision, task, languages, weights, licence, and which is the default.

    The default answers who names no model: the one of --default-model that fits the task and the
    languages, else the first by name.
    """
    models = _facts(target)
    if format_name == "json":
        click.echo(to_json([facts.as_dict() for facts in models]))
        return
    for line in table([facts.line() for facts in models]):
        click.echo(line)


@command.command(name="show")
@click.argument("name")
@_format_option
@target_options
def show_command(*, name: str, format_name: str, target: Target) -> None:
    """Show everything known of one model, its scores included."""
    models = {facts.name: facts for facts in _facts(target)}
    facts = models.get(f"models/{name.removeprefix('models/')}")
    if facts is None:
        raise CommandFailed(
            f"there is no model {name}; there are {', '.join(models)}", ExitCode.BAD_INPUT
        )
    if format_name == "json":
        click.echo(to_json(facts.as_dict()))
        return
    for line in details(facts):
        click.echo(line)


@command.command(name="verify")
@target_options
def verify_command(*, target: Target) -> None:
    """Verify models: every file against its digest, then the model's self-test.

    With --server: that the server holds the same revisions as the directory of models, which it
    verified when it loaded them. Exit code 1 says that a model is not right.
    """
    directories = model_directories(target.settings().models)
    verify = _same_on_server(_facts(target)) if target.server else _self_test
    failure_count = 0
    for directory in directories:
        try:
            click.echo(f"{verify(directory)}: verified")
        except ModelDamaged as error:
            failed_start(error, about=directory.name).show()
            failure_count += 1
    if failure_count:
        raise CommandFailed(
            f"{failure_count} of {len(directories)} models are not right", ExitCode.FAILED
        )


command.add_command(convert.command)
command.add_command(pull.command)


def _facts(target: Target) -> list[ModelFacts]:
    """The models of the server, or of the directory where no server is given."""
    if target.server is None:
        settings = target.settings()
        names = default_names(settings.models, defaults=settings.default_model)
        return [
            facts_of_directory(path, default_names=names)
            for path in model_directories(settings.models)
        ]
    models: list[ModelFacts] = []

    async def ask() -> None:
        async with target.connect() as client:
            models.extend(facts_of_message(model) for model in await client.list_models())

    target.run(ask())
    return models


def _self_test(directory: Path) -> str:
    """The revision of a model that loads and translates; raises ModelDamaged."""
    # The other commands do without the engine, which takes a while to import.
    from mujaz.engine.model import LoadedModel  # noqa: PLC0415
    from mujaz.engine.threads import thread_policy  # noqa: PLC0415

    model = LoadedModel.load(directory, thread_policy(1))
    model.self_test()
    return model.revision


def _same_on_server(models: list[ModelFacts]) -> Callable[[Path], str]:
    """A check of a directory against the models that a server holds."""
    revisions = {facts.name: facts.revision for facts in models}

    def verify(directory: Path) -> str:
        facts = facts_of_directory(directory)
        held = revisions.get(facts.name, "no such model")
        if held != facts.revision:
            raise ModelDamaged(f"the server holds {held}, the directory {facts.revision}")
        return f"{facts.name}@{facts.revision}"

    return verify
