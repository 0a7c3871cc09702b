"""From a checkpoint on the hub to a model directory: licence, space, download, conversion."""

from __future__ import annotations

import contextlib
import importlib.util
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from mujaz.conversion.checkpoint_files import checkpoint_files, holds_pickle
from mujaz.conversion.download import Download, Patience, patiently
from mujaz.conversion.hub import EXTRA_MISSING, Hub
from mujaz.conversion.licenses import check_accepted, display_name
from mujaz.conversion.repository import Repository
from mujaz.conversion.request import ConversionRequest, check_fields
from mujaz.conversion.staging import check_output
from mujaz.engine.manifest import ModelTask, Quantization
from mujaz.errors import CheckpointNotFound, ConversionFailed, FieldInvalid, LicenseNotAccepted

Convert = Callable[..., Path]


@dataclass(frozen=True, slots=True)
class PullRequest:
    """What to fetch, and what to make of it in the directory `models`.

    Where `task` or `license` is None, the model card must say it; where `target_language` is None,
    it is English, and the source language for a summarizer. `accepted_license` is the licence the
    user agreed to by name. `prefix` tells the model what to do, where its checkpoint does not say.
    `cache` is where downloads are kept, None for a place of the hub's own.
    """

    repository: str
    revision: str
    name: str
    models: Path
    quantization: Quantization
    task: ModelTask | None = None
    source_language: str = "ar"
    target_language: str | None = None
    license: str | None = None
    accepted_license: str | None = None
    prefix: str | None = None
    cache: Path | None = None
    keep_download: bool = False
    force: bool = False

    @property
    def output(self) -> Path:
        """The model directory to make."""
        return self.models / self.name

    def target(self, task: ModelTask) -> str:
        """The language the model writes."""
        default = self.source_language if task is ModelTask.SUMMARIZATION else "en"
        return self.target_language or default


def model_name(name: str) -> str:
    """A name for a model directory made from the name of a preset or a repository."""
    plain = re.sub(r"[^a-z0-9._-]+", "-", name.rpartition("/")[2].lower())
    return plain[:63].strip("._-")


def pull(
    request: PullRequest,
    *,
    hub: Hub,
    convert: Convert,
    report: Callable[[str], None],
    progress: Callable[[int, int], None],
    patience: Patience,
    free_bytes: Callable[[Path], int],
) -> Path:
    """The new model directory, whose self-test has passed.

    `convert` makes it of the downloaded files. `report` is told each step in a line, `progress` the
    bytes that are there and those there will be. Raises ConversionFailed and the classes below it,
    and FieldInvalid where the output exists. What was downloaded stays unless all went well.
    """
    _check_packages()
    check_fields(
        name=request.name,
        source_language=request.source_language,
        target_language=request.target_language,
    )
    check_output(request.output, force=request.force)
    if request.license is not None:  # known without asking the hub
        check_accepted(request.license, request.accepted_license, model=request.name)
    repository = patiently(lambda: hub.describe(request.repository, request.revision), patience)
    license_name = _license(request, repository)
    task = _task(request, repository)
    files = checkpoint_files(repository)
    directory = _directory(request, repository, hub)
    download = Download(hub, repository, files, directory, patience=patience, progress=progress)
    report(
        f"{repository.origin}: {size_text(download.total_bytes)} in {len(files)} files, "
        f"licence {license_name}"
    )
    if holds_pickle(files):
        report("its weights come as a pickle, which is read without running what it may hold")
    try:
        _check_space(request, download, free_bytes)
        download.run()
    except OSError as error:
        raise ConversionFailed(
            f"{directory}: cannot keep the download there: {error.strerror or error}"
        ) from error
    conversion = _conversion(request, directory, repository, task, license_name)
    try:
        path = convert(conversion, report=report)
    except (ConversionFailed, FieldInvalid):
        report(f"the checkpoint is kept in {directory}, for `mujaz models convert` or another try")
        raise
    if not request.keep_download:
        shutil.rmtree(directory, ignore_errors=True)
        with contextlib.suppress(OSError):  # another commit is kept beside it
            directory.parent.rmdir()
    return path


def size_text(byte_count: int) -> str:
    """A size as people read it, in megabytes or gigabytes."""
    megabytes = byte_count / 1e6
    return f"{megabytes / 1e3:.1f} GB" if megabytes >= 1e3 else f"{megabytes:.0f} MB"


def free_bytes_at(path: Path) -> int:
    """What is free on the disk where `path` is, or will be."""
    return shutil.disk_usage(_existing(path)).free


def _check_packages() -> None:
    """Raises ConversionFailed before a download that could not be converted."""
    if any(importlib.util.find_spec(name) is None for name in ("torch", "transformers")):
        raise ConversionFailed(EXTRA_MISSING)


def _license(request: PullRequest, repository: Repository) -> str:
    name = request.license or repository.license
    if name is None:
        raise LicenseNotAccepted(
            f"{repository.name} does not say its licence; find out, and name it with --license"
        )
    name = display_name(name)
    check_accepted(name, request.accepted_license, model=repository.name)
    return name


def _task(request: PullRequest, repository: Repository) -> ModelTask:
    task = request.task or repository.task
    if task is None:
        raise CheckpointNotFound(
            f"{repository.name} does not say what it does; name it with --task translation or "
            "--task summarization"
        )
    return task


def _directory(request: PullRequest, repository: Repository, hub: Hub) -> Path:
    """One directory a commit, so that bytes of different revisions never meet."""
    cache = request.cache or Path(hub.cache_directory) / "mujaz"
    return cache / repository.name.replace("/", "--") / repository.commit


def _check_space(
    request: PullRequest, download: Download, free_bytes: Callable[[Path], int]
) -> None:
    """Raises ConversionFailed where the download, or the model made of it, will not fit."""
    missing = download.total_bytes - download.present_bytes
    # Integers of 8 bits take at most half of what the hub keeps, which is mostly 16 or 32 bits.
    is_small = request.quantization.value.startswith("int8")
    model = download.total_bytes // 2 if is_small else download.total_bytes
    places = [(download.directory, missing, "the download"), (request.models, model, "the model")]
    if _is_same_disk(download.directory, request.models):
        places = [(download.directory, missing + model, "the download and the model")]
    for place, needed, what in places:
        free = free_bytes(place)
        if free < needed:
            raise ConversionFailed(
                f"{place}: {what} need about {size_text(needed)}, and {size_text(free)} are "
                "free; make room, or choose another place with --cache or --models"
            )


def _is_same_disk(first: Path, second: Path) -> bool:
    return _existing(first).stat().st_dev == _existing(second).stat().st_dev


def _existing(path: Path) -> Path:
    """The nearest directory above that exists, or `path` itself."""
    while not path.exists():
        path = path.parent
    return path


def _conversion(
    request: PullRequest,
    directory: Path,
    repository: Repository,
    task: ModelTask,
    license_name: str,
) -> ConversionRequest:
    return ConversionRequest(
        source=directory,
        output=request.output,
        name=request.name,
        task=task,
        source_language=request.source_language,
        target_language=request.target(task),
        quantization=request.quantization,
        license=license_name,
        force=request.force,
        origin=repository.origin,
        prefix=request.prefix,
    )
