"""How a command ends: the exit codes, and the one line that says why."""

from __future__ import annotations

from enum import IntEnum
from typing import IO, Any, Final

import click
import grpc

from mujaz.client import RpcFailed
from mujaz.errors import MujazError


class ExitCode(IntEnum):
    """The exit codes of every command; documented in `mujaz --help`."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    SOME_FAILED = 3
    UNAVAILABLE = 4
    BAD_INPUT = 5
    DENIED = 6
    INTERRUPTED = 130
    OUTPUT_CLOSED = 141
    TERMINATED = 143


EXIT_CODES_HELP = """\b
Exit codes:
  0    everything was done
  1    the work failed
  2    wrong usage, or a setting outside its range
  3    some inputs or articles failed, the others were done
  4    no server, or the server takes no work now: try again later
  5    bad input: missing, empty, unreadable or in another encoding or language
  6    the server asks for a token, or for another one
  130  stopped by Ctrl-C
  141  nobody reads the output any more
  143  stopped by SIGTERM"""


# What TLS that does not fit looks like from this side.
_CONNECTION_HINTS: Final = {
    "Socket closed": "if it uses TLS, give --tls-ca FILE or --tls, and --tls-cert and --tls-key "
    "if it asks for a client certificate",
    "Invalid certificate verification": "see that it uses TLS at that port",
    "WRONG_VERSION_NUMBER": "see that it uses TLS at that port",
    "local issuer certificate": "name the CA that signed its certificate with --tls-ca FILE",
    "self-signed certificate": "name the CA that signed its certificate with --tls-ca FILE",
}


class CommandFailed(click.ClickException):
    """Ends a command with one line on standard error and an exit code."""

    exit_code: ExitCode  # type: ignore[misc]  # one for each failure, not for the class

    def __init__(self, message: str, exit_code: ExitCode) -> None:
        super().__init__(message)
        self.exit_code = exit_code

    def show(self, file: IO[Any] | None = None) -> None:
        """Prints the line."""
        click.echo(f"mujaz: {self.message}", file=file, err=file is None)


def failed_call(failure: RpcFailed, *, server: str | None) -> CommandFailed:
    """What a person is told of a failed call; `server` is None for the one of this process."""
    message = failure.message
    if failure.code is grpc.StatusCode.UNAVAILABLE and not failure.reason:
        # gRPC names every address and layer it went through; the cause stands last.
        cause = message.rpartition(": ")[2]
        message = f"cannot reach {server or 'the server of this process'}: {cause}"
        for words, hint in _CONNECTION_HINTS.items():
            message += f"; {hint}" if words in cause else ""
    if failure.reason == "TOKEN_MISSING":
        message = "the server asks for a token; give --token-file FILE, or set MUJAZ_TOKEN"
    if failure.retry_after_seconds is not None:
        message += f" (try again in {failure.retry_after_seconds:.0f} s)"
    if failure.code is grpc.StatusCode.INTERNAL and failure.request_id:
        message += f" (request {failure.request_id})"
    return CommandFailed(message, _exit_code_of(failure))


def failed_start(error: MujazError, *, about: str = "") -> CommandFailed:
    """What a person is told when models cannot be loaded; `about` names what it is about."""
    facts = "; ".join(f"{name}: {value}" for name, value in error.metadata.items() if value)
    message = f"{about}: {error.message}" if about else error.message
    return CommandFailed(f"{message} ({facts})" if facts else message, ExitCode.FAILED)


def _exit_code_of(failure: RpcFailed) -> ExitCode:
    if failure.code in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.RESOURCE_EXHAUSTED):
        return ExitCode.UNAVAILABLE
    if failure.code in (grpc.StatusCode.UNAUTHENTICATED, grpc.StatusCode.PERMISSION_DENIED):
        return ExitCode.DENIED
    if failure.reason in ("CONTENT_EMPTY", "CONTENT_TOO_LONG", "LANGUAGE_UNSUPPORTED"):
        return ExitCode.BAD_INPUT
    if failure.reason in ("FIELD_INVALID", "MODEL_NOT_FOUND", "GLOSSARY_NOT_FOUND"):
        return ExitCode.USAGE
    return ExitCode.FAILED
