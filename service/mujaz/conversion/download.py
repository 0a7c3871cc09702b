"""Downloads files so that a broken download goes on where it was, and none is trusted unchecked."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from mujaz.conversion.hub import Hub, HubBusy, TransferBroken
from mujaz.conversion.repository import RemoteFile, Repository
from mujaz.errors import ConversionFailed, HubUnavailable

PARTIAL_SUFFIX = ".part"
_LOCK_NAME = ".lock"
_READ_BYTES = 1024 * 1024

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Patience:
    """How often and how long to try again; waits double from try to try."""

    try_count: int = 5
    first_wait_seconds: float = 1.0
    longest_wait_seconds: float = 60.0
    sleep: Callable[[float], None] = time.sleep

    def wait(self, broken: TransferBroken, failure_count: int) -> bool:
        """Waits before the next try; False where no more is worth it."""
        seconds = broken.retry_after_seconds
        if seconds is None:
            seconds = self.first_wait_seconds * 2.0 ** (failure_count - 1)
        if failure_count >= self.try_count or seconds > self.longest_wait_seconds:
            return False
        self.sleep(seconds)
        return True


@dataclass(slots=True)
class Download:
    """The files of one commit on their way into `directory`.

    `progress` is called with the bytes that are there and the bytes of all files.
    """

    hub: Hub
    repository: Repository
    files: Sequence[RemoteFile]
    directory: Path
    patience: Patience = field(default_factory=Patience)
    progress: Callable[[int, int], None] = lambda done, total: None

    @property
    def total_bytes(self) -> int:
        """The size of all files."""
        return sum(file.size_bytes for file in self.files)

    @property
    def present_bytes(self) -> int:
        """What is on disk of them, whole or in part."""
        return sum(max(map(_size, self._paths(file))) for file in self.files)

    def run(self) -> None:
        """Fetches what is missing.

        Raises HubUnavailable, after which what was fetched is kept, ConversionFailed for a file
        that is not what the hub says it is, which is removed, and OSError.
        """
        with _locked(self.directory):
            for file in self.files:
                target, partial = self._paths(file)
                if _size(target) == file.size_bytes and _digest(target, file) == file.digest:
                    continue
                target.unlink(missing_ok=True)
                self._fetch(file, partial)
                _check(partial, file)
                os.replace(partial, target)
            self.progress(self.total_bytes, self.total_bytes)

    def _fetch(self, file: RemoteFile, partial: Path) -> None:
        failure_count = 0
        while True:
            before = _size(partial)
            try:
                self._continue(file, partial)
                return
            except TransferBroken as broken:
                failure_count = 1 if _size(partial) > before else failure_count + 1
                if not self.patience.wait(broken, failure_count):
                    raise HubUnavailable(
                        f"{broken}; what was downloaded is kept: run the same command again, and "
                        "it goes on from there"
                    ) from broken

    def _continue(self, file: RemoteFile, partial: Path) -> None:
        """Adds to the part that is there; raises TransferBroken where the rest does not come."""
        # Unbuffered: what has arrived is there, however this process ends.
        with partial.open("ab", buffering=0) as stream:
            offset = stream.tell()
            if offset == file.size_bytes:
                return
            if offset > file.size_bytes:
                offset = stream.truncate(0)
            with self.hub.open(self.repository, file.name, offset) as content:
                stream.truncate(content.start)
                received = content.start
                others = self.present_bytes - received
                for piece in content.pieces:
                    received += len(piece)
                    if received > file.size_bytes:
                        break
                    stream.write(piece)
                    self.progress(others + received, self.total_bytes)
        if received > file.size_bytes:
            partial.unlink()
            raise _wrong(file)
        if received < file.size_bytes:
            raise TransferBroken(f"the connection ended in the middle of {file.name}")

    def _paths(self, file: RemoteFile) -> tuple[Path, Path]:
        target = self.directory / file.name
        return target, target.with_name(target.name + PARTIAL_SUFFIX)


def patiently(action: Callable[[], T], patience: Patience) -> T:
    """The result of a request that is repeated while the hub is busy; raises HubUnavailable.

    A hub that cannot be reached at all is not waited for: somebody sits in front of this.
    """
    failure_count = 0
    while True:
        try:
            return action()
        except HubBusy as busy:
            failure_count += 1
            if not patience.wait(busy, failure_count):
                raise HubUnavailable(f"{busy}; try again later") from busy
        except TransferBroken as broken:
            raise HubUnavailable(
                f"{broken}; check the network, a proxy, or HF_ENDPOINT"
            ) from broken


def _check(path: Path, file: RemoteFile) -> None:
    if _digest(path, file) != file.digest:
        path.unlink()
        raise _wrong(file)


def _wrong(file: RemoteFile) -> ConversionFailed:
    return ConversionFailed(
        f"{file.name} is not what the hub says it is (another size or digest), so it was removed; "
        "run the same command again to download it anew"
    )


def _digest(path: Path, file: RemoteFile) -> str:
    digest = file.new_hash()
    with path.open("rb") as stream:
        while piece := stream.read(_READ_BYTES):
            digest.update(piece)
    return str(digest.hexdigest())


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


@contextmanager
def _locked(directory: Path) -> Iterator[None]:
    """Keeps others from writing the same files; the lock goes when the process does."""
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / _LOCK_NAME).open("wb") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ConversionFailed("another `mujaz models pull` downloads this model") from error
        yield
