"""A repository of a hub: its commit, and the size and digest of each of its files."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Any

from mujaz.engine.manifest import ModelTask


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file of a repository. `digest` is the SHA-256 of a large file (Git LFS, Xet), and the name
    of the Git blob of another: the SHA-1 of `blob SIZE`, a zero byte, and the content."""

    name: str
    size_bytes: int
    digest: str

    @property
    def is_large(self) -> bool:
        """Whether the digest is a SHA-256."""
        return len(self.digest) == 64

    def new_hash(self) -> Any:
        """A hash to feed the content to, whose hexadecimal digest should be `digest`."""
        if self.is_large:
            return hashlib.sha256()
        # Git names blobs by SHA-1; it tells a damaged file, and the commit is what is trusted.
        return hashlib.sha1(b"blob %d\0" % self.size_bytes, usedforsecurity=False)


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository at one commit; `license` and `task` are None where its card does not say."""

    name: str
    commit: str
    license: str | None
    task: ModelTask | None
    files: tuple[RemoteFile, ...]

    @property
    def origin(self) -> str:
        """Repository and commit, which name exact bytes."""
        return f"{self.name}@{self.commit}"


def repository_of(name: str, info: Any) -> Repository:
    """What the answer of a hub (`huggingface_hub.ModelInfo`) says of a repository.

    Raises ValueError where it lacks what a download is checked against.
    """
    commit = str(info.sha)
    if not re.fullmatch("[0-9a-f]{40}", commit):
        raise ValueError("no commit")
    return Repository(
        name=name,
        commit=commit,
        license=_license_of(info.card_data),
        task=_task_of(info),
        files=tuple(_remote_file(sibling) for sibling in info.siblings or ()),
    )


def _remote_file(sibling: Any) -> RemoteFile:
    digest = str(sibling.lfs.sha256 if sibling.lfs else sibling.blob_id)
    if sibling.size is None or not re.fullmatch("[0-9a-f]{40}|[0-9a-f]{64}", digest):
        raise ValueError("no sizes or digests of files")
    return RemoteFile(name=str(sibling.rfilename), size_bytes=int(sibling.size), digest=digest)


def _license_of(card: Any) -> str | None:
    """The licences a model card names, those without a name left out."""
    if card is None:
        return None
    stated = card.get("license")
    names = stated if isinstance(stated, list) else [stated]
    named = [str(name) for name in names if name and name not in ("other", "unknown")]
    if not named and card.get("license_name"):
        named = [str(card.get("license_name"))]
    return " AND ".join(named) or None


def _task_of(info: Any) -> ModelTask | None:
    stated = {info.pipeline_tag, *(info.tags or ())}
    tasks = [task for task in ModelTask if task.value in stated]
    return tasks[0] if len(tasks) == 1 else None
