"""`mujaz`: the group of all commands."""

from __future__ import annotations

from typing import Any

import click

import mujaz
from mujaz.cli import batch, brief, evaluate, health, models, serve, tokens, translate
from mujaz.cli.connection import reported
from mujaz.cli.exit_codes import EXIT_CODES_HELP


class Commands(click.Group):
    """A group whose commands end every foreseeable failure in one line and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        """Runs a command."""
        with reported():
            return super().invoke(ctx)


@click.group(
    cls=Commands, epilog=EXIT_CODES_HELP, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(mujaz.__version__, prog_name="mujaz")
def group() -> None:
    """Arabic articles into English translations and short bilingual briefs.

    With --server the commands talk to a server that `mujaz serve` runs; without it they run the
    same service inside their own process.

    \b
    Examples:
      mujaz translate article.txt
      mujaz brief article.txt
      mujaz batch articles.jsonl briefs.jsonl
      mujaz serve --listen 127.0.0.1:50051
    """


for command in (serve, translate, brief, batch, models, evaluate, health, tokens):
    group.add_command(command.command)
