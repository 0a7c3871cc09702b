"""`mujaz`: the command line."""

from __future__ import annotations

import sys

import click

import mujaz
from mujaz.cli import batch, brief, health, models, serve, translate
from mujaz.cli.exit_codes import EXIT_CODES_HELP, ExitCode


@click.group(epilog=EXIT_CODES_HELP, context_settings={"help_option_names": ["-h", "--help"]})
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


for command in (serve, translate, brief, batch, models, health):
    group.add_command(command.command)


def main() -> None:
    """Runs the command line and exits."""
    try:
        group(prog_name="mujaz")
    except KeyboardInterrupt:  # pressed before a command had begun
        click.echo("mujaz: stopped by Ctrl-C", err=True)
        sys.exit(ExitCode.INTERRUPTED)
