"""How a command reaches the service: a server it is given, or one in its own process."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import functools
import re
import signal
import tempfile
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import click
import grpc

from mujaz.cli import configuration
from mujaz.cli.exit_codes import CommandFailed, ExitCode, failed_call, failed_start
from mujaz.cli.input_texts import InputText
from mujaz.cli.output import output_closed
from mujaz.cli.server_access import ServerAccess, access_options
from mujaz.client import MujazClient, RpcFailed
from mujaz.errors import MujazError
from mujaz.settings import SettingInvalid, Settings
from mujaz.telemetry import configure_logging

# Failures that every other input would meet as well.
_HOPELESS = frozenset({ExitCode.UNAVAILABLE, ExitCode.OUTPUT_CLOSED, ExitCode.DENIED})

# A path of a unix socket holds 107 bytes at most (man 7 unix).
SOCKET_PATH_BYTES = 107


@dataclass(frozen=True, slots=True)
class Target:
    """Which service to use: a server's address, or the directory of models for an own one.

    `glossary` are glossaries the own one holds besides its others, as NAME=FILE; `access` is for
    a server only.
    """

    server: str | None
    models: str | None
    glossary: tuple[str, ...] = ()
    access: ServerAccess = dataclasses.field(default_factory=ServerAccess)

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[MujazClient]:
        """A client of a service that answers; raises CommandFailed."""
        if self.server is None:
            async with _own_server(self.settings()) as address, MujazClient(address) as client:
                yield client
            return
        async with self.access.client(self.server) as client:
            status = await ask_health(client, self.server)
            if status != "SERVING":
                raise CommandFailed(
                    f"{self.server} takes no work now: it is {status}", ExitCode.UNAVAILABLE
                )
            yield client

    def settings(self) -> Settings:
        """The settings of the service in this process, from its flags and MUJAZ_* variables."""
        settings = configuration.load({"models": self.models})
        return dataclasses.replace(settings, glossary=(*settings.glossary, *self.glossary))

    def run(self, work: Coroutine[Any, Any, None]) -> None:
        """Runs a command to its end, as the function `run` does."""
        run(work, server=self.server)

    async def work_through(
        self, texts: Sequence[InputText], work: Callable[[InputText], Awaitable[None]]
    ) -> None:
        """Does the work for each input; of several, one that fails does not stop the others.

        Raises CommandFailed at the end where some failed, and at once where no other can do
        better: there is no server, or nobody reads the output.
        """
        failure_count = 0
        for text in texts:
            try:
                await work(text)
            except (CommandFailed, RpcFailed) as error:
                failure = error
                if isinstance(failure, RpcFailed):
                    failure = failed_call(failure, server=self.server)
                if failure.exit_code in _HOPELESS:
                    raise failure from error
                failure = _about(text, failure)
                if len(texts) == 1:
                    raise failure from error
                failure.show()
                failure_count += 1
        if failure_count:
            raise CommandFailed(
                f"{failure_count} of {len(texts)} inputs failed", ExitCode.SOME_FAILED
            )


async def ask_health(
    client: MujazClient, server: str, *, service: str = "", timeout_seconds: float = 5.0
) -> str:
    """The serving status of a server; raises CommandFailed where none answers in time."""
    try:
        return await client.check_health(service, timeout_seconds=timeout_seconds)
    except RpcFailed as failure:
        if failure.code is not grpc.StatusCode.DEADLINE_EXCEEDED:
            raise
        raise CommandFailed(
            f"cannot reach {server}: no answer in {timeout_seconds:g} s", ExitCode.UNAVAILABLE
        ) from failure


def run(work: Coroutine[Any, Any, None], *, server: str | None = None) -> None:
    """Runs a command to its end; raises as `reported` does."""
    with reported(server):
        asyncio.run(_until_terminated(work))


@contextlib.contextmanager
def reported(server: str | None = None) -> Iterator[None]:
    """Makes CommandFailed of every failure that can be foreseen."""
    try:
        yield
    except KeyboardInterrupt:
        raise CommandFailed("stopped by Ctrl-C", ExitCode.INTERRUPTED) from None
    except BrokenPipeError as error:
        raise output_closed() from error
    except asyncio.CancelledError:
        raise CommandFailed("stopped by SIGTERM", ExitCode.TERMINATED) from None
    except RpcFailed as failure:
        raise failed_call(failure, server=server) from failure
    except SettingInvalid as error:
        raise CommandFailed(str(error), ExitCode.USAGE) from error
    except MujazError as error:
        raise failed_start(error) from error


def _about(text: InputText, failure: CommandFailed) -> CommandFailed:
    """The same failure, with the input named once."""
    if failure.message.startswith(f"{text.label}: "):
        return failure
    return CommandFailed(f"{text.label}: {failure.message}", failure.exit_code)


def target_options(command: Callable[..., None]) -> Callable[..., None]:
    """Gives a click command `--server`, how to get in there, and `--models`, all as `target`."""

    @functools.wraps(command)
    def with_target(
        *, server: str | None, models: str | None, access: ServerAccess, **rest: Any
    ) -> None:
        command(target=Target(server, models, access=access), **rest)

    server = server_option(
        "The server to use, as HOST:PORT or unix:/path. Without it the command runs the same "
        "service inside its own process."
    )
    models = click.option(
        "--models",
        metavar="DIR",
        help="Without --server: the directory of models.  [default: ./models; MUJAZ_MODELS]",
    )
    return server(access_options(models(with_target)))


def server_option(help: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """`--server` with that help."""
    return click.option(
        "--server",
        metavar="HOST:PORT",
        envvar="MUJAZ_SERVER",
        show_envvar=True,
        callback=_check_server,
        help=help,
    )


def _check_server(
    context: click.Context, parameter: click.Parameter, value: str | None
) -> str | None:
    if value is None or re.fullmatch(r"(unix|dns|ipv4|ipv6):.+|[^:/]+:\d{1,5}|\[.+\]:\d+", value):
        return value
    raise click.BadParameter(f"{value!r} is not HOST:PORT or unix:/path")


@asynccontextmanager
async def _own_server(settings: Settings) -> AsyncIterator[str]:
    """The service on a socket that only this user can reach, for as long as the block runs."""
    # A client of a server does without the engine, which takes a while to import.
    from mujaz.transport.lifecycle import Service  # noqa: PLC0415

    configure_logging("console", "error")
    with _private_directory() as directory:
        address = f"unix:{directory}/mujaz.sock"
        # The drain needs no time, as no call is left by then.
        own = dataclasses.replace(
            settings,
            listen=address,
            # Nobody else reaches the socket, and what a server here would ask for is not for us.
            tls_cert=None,
            tls_key=None,
            client_ca=None,
            tokens=None,
            health_listen=None,
            drain_delay_seconds=0.0,
            drain_grace_seconds=0.0,
        )
        service = Service(own)
        await service.start()
        try:
            yield address
        finally:
            await service.stop()


@contextlib.contextmanager
def _private_directory() -> Iterator[str]:
    """A new directory of mode 0700, with a path short enough for a socket in it."""
    too_long = len(tempfile.gettempdir().encode()) > SOCKET_PATH_BYTES - 40
    with tempfile.TemporaryDirectory(
        prefix="mujaz-", dir="/tmp" if too_long else None, ignore_cleanup_errors=True
    ) as directory:
        yield directory


async def _until_terminated(work: Coroutine[Any, Any, None]) -> None:
    """Awaits `work`, which SIGTERM cancels, so that what it opened is closed again."""
    task = asyncio.current_task()
    if task is not None and threading.current_thread() is threading.main_thread():
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    await work
