"""Where a command writes: standard output, or a file that appears whole or not at all."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from mujaz.cli.exit_codes import CommandFailed, ExitCode


class Output:
    """Writes text as UTF-8, whatever the locale, and at once."""

    def __init__(self, stream: IO[bytes], *, is_terminal: bool) -> None:
        self._stream = stream
        self.is_terminal = is_terminal

    def write(self, text: str) -> None:
        """Raises CommandFailed where nobody reads the output, or it has no room."""
        try:
            # A file name that is not UTF-8 has characters that UTF-8 lacks; they are shown escaped.
            self._stream.write(text.encode("utf-8", "backslashreplace"))
            self._stream.flush()
        except BrokenPipeError as error:
            raise output_closed() from error
        except OSError as error:
            raise CommandFailed(f"cannot write: {error.strerror}", ExitCode.FAILED) from error


@contextmanager
def open_output(path: Path | None) -> Iterator[Output]:
    """Standard output, or the file at `path` once everything has been written without an error.

    Raises CommandFailed.
    """
    if path is None:
        if sys.stdout is None:
            raise CommandFailed("standard output is closed", ExitCode.FAILED)
        stream = sys.stdout.buffer
        yield Output(stream, is_terminal=stream.isatty())
        return
    try:
        target = path.resolve()
        if target.exists() and not target.is_file():  # a device or a pipe is written, not replaced
            with target.open("wb") as stream:
                yield Output(stream, is_terminal=False)
            return
        with _replacement(target) as stream:
            yield Output(stream, is_terminal=False)
    except OSError as error:
        raise CommandFailed(f"{path}: cannot write: {error.strerror}", ExitCode.FAILED) from error


@contextmanager
def _replacement(target: Path) -> Iterator[IO[bytes]]:
    """A temporary file beside `target` that takes its place when the block ends well."""
    number, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(number, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(number)
            os.fchmod(number, _mode_of(target))
        os.replace(name, target)
    except BaseException:
        os.unlink(name)
        raise


def _mode_of(target: Path) -> int:
    """The permissions of the file to replace, or those a new file would get."""
    if target.exists():
        return target.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def output_closed() -> CommandFailed:
    """The end of a command whose reader has gone.

    What standard output still holds is thrown away, or the interpreter would complain at exit.
    """
    with open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
    return CommandFailed("stopped, as nobody reads the output any more", ExitCode.OUTPUT_CLOSED)
