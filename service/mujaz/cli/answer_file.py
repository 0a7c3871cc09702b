"""The answers of a batch, one JSON object a line, which a later run adds to."""

from __future__ import annotations

import fcntl
import json
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from mujaz.cli.exit_codes import CommandFailed, ExitCode


class AnswerFile:
    """Answers by article id. `answered` and `failed` are the ids that have an answer or an error.

    Each answer is one write, so a run that is cut off loses at most the line it was writing.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.answered: set[str] = set()
        self.failed: set[str] = set()

    def append(self, article_id: str, answer: dict[str, Any]) -> None:
        """Adds the answer for one article; an `error` in it makes it a failed one."""
        line = json.dumps({"article_id": article_id, **answer}, ensure_ascii=False)
        self._stream.write(line.encode("utf-8") + b"\n")
        self._stream.flush()
        self.note(article_id, answer)

    def note(self, article_id: str, answer: dict[str, Any]) -> None:
        """Remembers that an article has its answer."""
        (self.failed if "error" in answer else self.answered).add(article_id)


@contextmanager
def open_answer_file(path: Path, *, retry_failed: bool) -> Iterator[AnswerFile]:
    """The file at `path`, made where there is none, with a half-written last line taken away.

    With `retry_failed` the errors in it are taken away as well. Nobody else can add to it
    meanwhile. Raises CommandFailed.
    """
    try:
        _require_regular(path)
        if retry_failed and path.exists():
            _remove_errors(path)
        with _locked(path) as stream:
            file = AnswerFile(stream)
            for _, answer in _read_answers(stream, path):
                file.note(answer["article_id"], answer)
            yield file
    except OSError as error:
        raise CommandFailed(f"{path}: {error.strerror}", ExitCode.FAILED) from error


def _require_regular(path: Path) -> None:
    """A device or pipe holds no answers to go on from, and reading one may never end."""
    if path.exists() and not stat.S_ISREG(path.stat().st_mode):
        raise CommandFailed(
            f"{path}: not a regular file; the answers need one, to go on from after a break",
            ExitCode.BAD_INPUT,
        )


@contextmanager
def _locked(path: Path) -> Iterator[IO[bytes]]:
    number = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    with os.fdopen(number, "r+b") as stream:
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
            ours = os.path.samestat(os.fstat(number), os.stat(path))  # else it was just replaced
        except BlockingIOError:
            ours = False
        if not ours:
            raise CommandFailed(f"{path}: another batch is writing to it", ExitCode.FAILED)
        yield stream


def _remove_errors(path: Path) -> None:
    """Replaces the file by one without its errors, whole or not at all."""
    with (
        _locked(path) as stream,
        tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as kept,
    ):
        try:
            for line, answer in _read_answers(stream, path):
                if "error" not in answer:
                    kept.write(line)
            kept.flush()
            os.fchmod(kept.fileno(), os.fstat(stream.fileno()).st_mode & 0o777)
            os.replace(kept.name, path)
        except BaseException:
            os.unlink(kept.name)
            raise


def _read_answers(stream: IO[bytes], path: Path) -> Iterator[tuple[bytes, dict[str, Any]]]:
    """Each line with the answer in it; afterwards the stream stands at the end of the last."""
    end = 0
    for number, line in enumerate(stream, start=1):
        answer = _parse(line)
        if answer is not None and line.endswith(b"\n"):
            end += len(line)
            yield line, answer
        elif line.endswith(b"\n"):
            raise CommandFailed(
                f"{path}: line {number} is not an answer of a batch; name another file",
                ExitCode.BAD_INPUT,
            )
    stream.seek(end)
    stream.truncate()


def _parse(line: bytes) -> dict[str, Any] | None:
    try:
        answer = json.loads(line)
    except ValueError:
        return None
    if isinstance(answer, dict) and isinstance(answer.get("article_id"), str):
        return answer
    return None
