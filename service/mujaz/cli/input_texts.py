"""The texts a command works on: files, directories of them, or standard input."""

from __future__ import annotations

import asyncio
import codecs
import contextlib
import errno
import os
import sys
import threading
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, TypeVar

import click

from mujaz.cli.exit_codes import CommandFailed, ExitCode
from mujaz.client import OPEN_TIMEOUT_SECONDS

Command = TypeVar("Command", bound=Callable[..., Any])

STANDARD_INPUT = "-"
READ_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class InputText:
    """One text to read; `path` is None for standard input."""

    path: Path | None
    encoding: str

    @property
    def name(self) -> str:
        """The input as it was named on the command line."""
        return STANDARD_INPUT if self.path is None else str(self.path)

    @property
    def label(self) -> str:
        """The input as a message calls it."""
        return "standard input" if self.path is None else str(self.path)

    async def pieces(self) -> AsyncGenerator[str, None]:
        """The text as it arrives, without a byte order mark; raises CommandFailed."""
        decoder = _Decoder(self.encoding)
        try:
            with _opened(self.path) as stream:
                while block := await _read_block(stream):
                    if piece := decoder.decode(block):
                        yield piece
            if piece := decoder.decode(b"", final=True):
                yield piece
        except OSError as error:
            raise CommandFailed(f"{self.label}: {error.strerror}", ExitCode.BAD_INPUT) from error
        except UnicodeError as error:
            raise CommandFailed(f"{self.label}: {error}", ExitCode.BAD_INPUT) from error

    async def read(self) -> str:
        """The whole text; raises CommandFailed."""
        return "".join([piece async for piece in self.pieces()])


def find_inputs(arguments: Iterable[str], encoding: str) -> list[InputText]:
    """The inputs behind the arguments of a command, standard input where there are none.

    A directory stands for its `*.txt` files, sorted by name. Raises CommandFailed.
    """
    inputs: list[InputText] = []
    for argument in arguments or [STANDARD_INPUT]:
        path = Path(argument)
        if argument == STANDARD_INPUT:
            inputs.append(InputText(None, encoding))
        elif path.is_dir():
            inputs.extend(InputText(file, encoding) for file in _text_files(path))
        else:
            inputs.append(InputText(path, encoding))
    return inputs


def input_options(command: Command) -> Command:
    """Gives a click command `--output`, `--encoding` and `--timeout` (as `timeout_seconds`)."""
    output = click.option(
        "--output",
        "-o",
        callback=_output_path,
        metavar="FILE|DIR",
        help="Writes to a file, which appears once everything is done, instead of to standard "
        "output; to a directory with --format html only.",
    )
    encoding = click.option(
        "--encoding",
        default="utf-8",
        show_default=True,
        callback=_check_encoding,
        help="How the texts were saved, for example windows-1256.",
    )
    timeout = click.option(
        "--timeout",
        "timeout_seconds",
        type=click.FloatRange(min=0, min_open=True),
        default=OPEN_TIMEOUT_SECONDS,
        metavar="SECONDS",
        help="How long one input may take.  [default: a day]",
    )
    return output(encoding(timeout(command)))


def _output_path(
    context: click.Context, parameter: click.Parameter, value: str | None
) -> Path | None:
    """The path; a directory that is not there yet would be taken for a file."""
    if value is not None and value.endswith(os.sep) and not os.path.isdir(value):
        raise click.BadParameter(f"there is no directory {value!r}; make it first")
    return None if value is None else Path(value)


def _check_encoding(context: click.Context, parameter: click.Parameter, value: str) -> str:
    try:
        "".encode(value)
    except LookupError as error:
        raise click.BadParameter(f"{value!r} is not the name of a text encoding") from error
    return value


def _text_files(directory: Path) -> list[Path]:
    try:
        files = sorted(path for path in directory.iterdir() if path.suffix.lower() == ".txt")
    except OSError as error:
        raise CommandFailed(f"{directory}: {error.strerror}", ExitCode.BAD_INPUT) from error
    if not files:
        raise CommandFailed(f"{directory}: there are no .txt files in it", ExitCode.BAD_INPUT)
    return files


@contextmanager
def _opened(path: Path | None) -> Iterator[IO[bytes]]:
    """The unbuffered bytes of a file or of standard input, which stays open."""
    if path is not None:
        with path.open("rb", buffering=0) as stream:
            yield stream
        return
    if sys.stdin is None:
        raise OSError(errno.EBADF, "it is closed")
    if sys.stdin.isatty():
        click.echo("Reading from the terminal; Ctrl-D on an empty line ends the text.", err=True)
    # A thread that waits in a buffered read would keep the interpreter from exiting.
    yield getattr(sys.stdin.buffer, "raw", sys.stdin.buffer)


async def _read_block(stream: IO[bytes]) -> bytes:
    """The next bytes, empty at the end.

    Read in a thread of its own that nobody waits for: a read from a terminal cannot be
    interrupted, and must not hold up Ctrl-C.
    """
    loop = asyncio.get_running_loop()
    future: asyncio.Future[bytes] = loop.create_future()

    def settle(block: bytes | None, error: Exception | None) -> None:
        if future.done():
            return
        if error is None and block is None:
            error = OSError(errno.EAGAIN, os.strerror(errno.EAGAIN))
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(block or b"")

    def read() -> None:
        block, error = None, None
        try:
            block = stream.read(READ_BYTES)
        except (OSError, ValueError) as caught:  # ValueError: closed, as the reader has gone
            error = caught
        with contextlib.suppress(RuntimeError):  # the loop was closed, as the reader has gone
            loop.call_soon_threadsafe(settle, block, error)

    threading.Thread(target=read, daemon=True).start()
    return await future


class _Decoder:
    """Decodes blocks of bytes cut anywhere; raises UnicodeError with a message for people."""

    def __init__(self, encoding: str) -> None:
        self._encoding = encoding
        self._decoder = codecs.getincrementaldecoder(encoding)("strict")
        self._byte_count = 0
        self._at_start = True

    def decode(self, block: bytes, *, final: bool = False) -> str:
        """The characters that `block` completes."""
        kept_bytes = len(self._decoder.getstate()[0])
        try:
            text = self._decoder.decode(block, final)
        except UnicodeDecodeError as error:
            offset = self._byte_count - kept_bytes + error.start
            looks_wide = offset == 0 and block[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
            guess = "utf-16" if looks_wide else "windows-1256"
            raise UnicodeError(
                f"byte {offset} is not {self._encoding.upper()}; name the encoding the text was "
                f"saved in, for example --encoding {guess}"
            ) from error
        self._byte_count += len(block)
        if self._at_start and text:
            self._at_start = False
            text = text.removeprefix("\ufeff")
        return text
