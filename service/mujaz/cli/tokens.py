"""`mujaz tokens`: the file of tokens a server asks for."""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import click

from mujaz.cli.exit_codes import CommandFailed, ExitCode
from mujaz.settings import SettingInvalid
from mujaz.transport.small_file import read_small_file
from mujaz.transport.token_file import (
    HEADER,
    TokenEntry,
    is_comment,
    parse_line,
    parse_scopes,
    parse_token_file,
)
from mujaz.transport.token_store import digest_of

# Says what it is to whoever finds one, and to programs that look for secrets in repositories.
PREFIX: Final = "mujaz_"
RANDOM_BYTES: Final = 32
STANDARD_OUTPUT: Final = Path("-")


def _file_option(help: str) -> Callable[..., Any]:
    return click.option(
        "--file",
        "path",
        type=click.Path(path_type=Path),
        metavar="FILE",
        envvar="MUJAZ_TOKENS",
        show_envvar=True,
        required=True,
        help=help,
    )


@click.group(name="tokens")
def command() -> None:
    """Make, list and revoke the tokens of `mujaz serve --tokens FILE`.

    The file holds the hash of each token, its scopes and its rate, never the token itself. A
    server takes over a changed file within a second or two.
    """


@command.command(name="new")
@_file_option("The file to add the token to, made where there is none; - prints the line instead.")
@click.option("--name", required=True, help="Who it is for; stands in the log of the server.")
@click.option(
    "--scope",
    "scopes",
    required=True,
    multiple=True,
    metavar="SCOPE",
    help="translate, brief, models, or admin for all of them. May be given more than once, or with "
    "commas between.",
)
@click.option(
    "--rate",
    type=click.IntRange(min=1),
    metavar="NUMBER",
    help="Characters of text it may send a minute.  [default: no limit]",
)
@click.option(
    "--last-day",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="The last day it holds, in UTC, as 2027-06-30.  [default: no end]",
)
def new_command(
    *, path: Path, name: str, scopes: tuple[str, ...], rate: int | None, last_day: datetime | None
) -> None:
    """Make a token and print it, this once.

    Nobody can tell it from the file later. Put it where its user reads it, and nowhere else.

    \b
    Examples:
      mujaz tokens new --file tokens --name desk --scope translate,brief --rate 60000
      mujaz tokens new --file tokens --name desk --scope translate > desk.token
      mujaz tokens new --file - --name ops --scope admin --last-day 2027-06-30
    """
    token = PREFIX + secrets.token_urlsafe(RANDOM_BYTES)
    try:
        entry = TokenEntry(
            name=name,
            scopes=parse_scopes([word for value in scopes for word in value.split(",")]),
            characters_per_minute=rate,
            digest=digest_of(token),
            last_day=None if last_day is None else last_day.date(),
        )
    except ValueError as error:
        raise CommandFailed(str(error), ExitCode.USAGE) from error
    if path == STANDARD_OUTPUT:
        click.echo(f"{token}\n{entry.line()}", nl=False)
        click.echo("mujaz: the first line is the token, the second is for the file", err=True)
        return
    with _edited(path, must_exist=False) as lines:
        if any(each.name == name for each in _entries(lines, path)):
            raise CommandFailed(
                f"{path} has a token named {name}; revoke it first, or take another name",
                ExitCode.USAGE,
            )
        lines.append(entry.line())
    click.echo(token)
    click.echo(f"mujaz: added {name} to {path}; this is the only time the token is shown", err=True)


@command.command(name="list")
@_file_option("The file of tokens.")
def list_command(*, path: Path) -> None:
    """List the tokens: name, scopes, characters a minute, last day."""
    today = datetime.now(UTC).date()
    for entry in _entries(_read_lines(path), path):
        rate = "-" if entry.characters_per_minute is None else f"{entry.characters_per_minute:,}"
        scopes = ",".join(sorted(entry.scopes))
        click.echo(f"{entry.name:<24}{scopes:<28}{rate:>14}  {_end_of(entry, today)}")


@command.command(name="revoke")
@_file_option("The file of tokens.")
@click.argument("name")
def revoke_command(*, path: Path, name: str) -> None:
    """Take a token out of the file; a server refuses it within a second or two."""
    with _edited(path, must_exist=True) as lines:
        _entries(lines, path)
        kept = [line for line in lines if is_comment(line) or parse_line(line).name != name]
        if len(kept) == len(lines):
            raise CommandFailed(f"{path} has no token named {name}", ExitCode.USAGE)
        lines[:] = kept
    click.echo(f"mujaz: revoked {name}", err=True)


def _end_of(entry: TokenEntry, today: date) -> str:
    if entry.last_day is None:
        return "-"
    return entry.last_day.isoformat() + (" (expired)" if entry.last_day < today else "")


def _entries(lines: list[str], path: Path) -> tuple[TokenEntry, ...]:
    """What the lines say. Raises SettingInvalid, so that a damaged file is never written over."""
    return parse_token_file("".join(lines).encode(), origin=str(path))


def _read_lines(path: Path) -> list[str]:
    content = read_small_file(path, setting="tokens")
    try:
        return content.decode("utf-8-sig").splitlines(keepends=True)
    except UnicodeDecodeError as error:
        raise SettingInvalid(f"tokens: {path} is not UTF-8 text") from error


@contextlib.contextmanager
def _edited(path: Path, *, must_exist: bool) -> Iterator[list[str]]:
    """The lines of the file, to be changed in place; written at the end, whole or not at all.

    Nobody else who goes this way edits it meanwhile. A new file is for its owner only; one that
    was there keeps its owner and its mode.
    """
    path = path.resolve()  # what a link leads to is replaced, not the link
    try:
        with _locked(path.parent):
            exists = must_exist or path.exists()
            lines = _read_lines(path) if exists else [HEADER]
            if lines and not lines[-1].endswith("\n"):
                lines[-1] += "\n"
            yield lines
            _entries(lines, path)
            _replace(path, "".join(lines).encode(), like=path.stat() if exists else None)
    except OSError as error:
        raise CommandFailed(f"{path}: {error.strerror}", ExitCode.FAILED) from error


@contextlib.contextmanager
def _locked(directory: Path) -> Iterator[None]:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _replace(path: Path, content: bytes, *, like: os.stat_result | None) -> None:
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # of mode 0600
    try:
        with os.fdopen(descriptor, "wb") as file:
            if like is not None:
                if (like.st_uid, like.st_gid) != (os.geteuid(), os.getegid()):
                    os.chown(descriptor, like.st_uid, like.st_gid)
                os.chmod(descriptor, like.st_mode & 0o7777)
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise
