"""`mujaz health`: whether a server takes work."""

from __future__ import annotations

import click

from mujaz.cli import configuration
from mujaz.cli.connection import ask_health, run, server_option
from mujaz.cli.exit_codes import CommandFailed, ExitCode
from mujaz.cli.server_access import ServerAccess, access_options


@click.command(name="health")
@server_option("The server to ask.  [default: where `mujaz serve` would answer health checks]")
@access_options
@click.option(
    "--service",
    default="",
    metavar="NAME",
    help="Asks for one service, such as mujaz.v1.BriefService, or `liveness`, which says only "
    "that the process answers.  [default: the whole server]",
)
@click.option(
    "--timeout",
    "timeout_seconds",
    type=click.FloatRange(min=0, min_open=True),
    default=5.0,
    show_default=True,
    metavar="SECONDS",
    help="How long to wait for the answer.",
)
def command(
    *, server: str | None, access: ServerAccess, service: str, timeout_seconds: float
) -> None:
    """Say whether a server takes work: exit code 0 where it is SERVING, 1 where it is not.

    Exit code 4 says that no server answers. For containers without a gRPC probe. Health needs no
    token; a server with TLS answers it over TLS, and in the clear at its --health-listen.

    \b
    Examples:
      mujaz health
      mujaz health --server translate.example:50051
      mujaz health --service liveness
    """

    async def ask() -> None:
        async with access.client(address, shows_token=False) as client:
            status = await ask_health(
                client, address, service=service, timeout_seconds=timeout_seconds
            )
        click.echo(status)
        if status != "SERVING":
            raise CommandFailed(f"{address} takes no work now", ExitCode.FAILED)

    # How others may reach the server is checked where it starts; its flags are not known here.
    settings = configuration.load({"insecure_any": True})
    address = server or settings.health_listen or settings.listen
    run(ask(), server=address)
