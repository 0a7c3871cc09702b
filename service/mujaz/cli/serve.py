"""`mujaz serve`: the server."""

from __future__ import annotations

from pathlib import Path

import click

from mujaz.cli import configuration
from mujaz.cli.connection import run
from mujaz.settings import Value
from mujaz.telemetry import configure_logging


@click.command(name="serve")
@click.option(
    "--config",
    "file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A TOML file of settings, named as their variables without MUJAZ_, in lower case.  "
    f"[{configuration.CONFIG_VARIABLE}]",
)
@click.option(
    "--print-config",
    is_flag=True,
    help="Prints the settings that hold, as a file for --config, and ends.",
)
@configuration.settings_options
def command(*, file: Path | None, print_config: bool, **flags: Value | None) -> None:
    """Serve gRPC until SIGTERM or Ctrl-C.

    Prints the address on standard output once every model has passed its self-test and calls are
    answered; the log goes to standard error. On SIGTERM, health says NOT_SERVING, calls in
    progress are finished, and then the process ends with 0.

    Every setting is a flag, a MUJAZ_* variable or a line of the --config file; the first that is
    given holds. A value outside its range ends the start with exit code 2.

    \b
    Examples:
      mujaz serve
      mujaz serve --listen 127.0.0.1:0 --models /srv/models
      MUJAZ_LOG_FORMAT=json mujaz serve --config mujaz.toml --queue-token-limit 100000
      mujaz serve --print-config > mujaz.toml
    """
    settings = configuration.load(flags, file=file)
    if print_config:
        click.echo(configuration.to_toml(settings), nl=False)
        return
    # A client does without the engine, which takes a while to import.
    from mujaz.transport.lifecycle import serve  # noqa: PLC0415

    configure_logging(settings.log_format, settings.log_level)
    run(serve(settings, on_ready=lambda address: click.echo(f"listening on {address}")))
