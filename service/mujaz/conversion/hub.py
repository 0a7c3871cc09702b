"""The Hugging Face Hub: what a repository holds, and the bytes of its files.

`huggingface_hub` speaks to it, with its proxies, endpoint (HF_ENDPOINT) and token (HF_TOKEN, or the
file that `hf auth login` wrote). It is imported when needed, as only the extra `convert` brings it.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from mujaz.conversion.repository import Repository, repository_of
from mujaz.errors import CheckpointNotFound, ConversionFailed, HubUnavailable

TIMEOUT_SECONDS = 30.0
EXTRA_MISSING = (
    "pulling and converting models needs more packages; install them with "
    "`pip install 'mujaz[convert]'`"
)


@dataclass(frozen=True, slots=True)
class Content:
    """The content of a file from byte `start` on, in pieces."""

    start: int
    pieces: Iterator[bytes]


class TransferBroken(Exception):
    """The connection could not be made, or broke: the same request may succeed a little later."""

    retry_after_seconds: float | None = None


class HubBusy(TransferBroken):
    """The hub has too much to do, or an error of its own (HTTP 429, 5xx).

    `retry_after_seconds` is what it asks to wait, None where it does not say.
    """

    def __init__(self, message: str, *, retry_after_seconds: float | None) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class Hub:
    """A hub at one address; `endpoint` stands for HF_ENDPOINT or the public one where None."""

    def __init__(self, endpoint: str | None = None) -> None:
        try:
            self._library = _module("huggingface_hub")
            self._errors = _module("huggingface_hub.errors")
            self._headers = _module("huggingface_hub.utils").build_hf_headers
            self._constants = _module("huggingface_hub.constants")
        except ModuleNotFoundError as error:
            raise ConversionFailed(EXTRA_MISSING) from error
        # Nothing about this machine is to leave it. Its variable would come too late, as the
        # converters of CTranslate2 import the library, which reads it then.
        self._constants.HF_HUB_DISABLE_TELEMETRY = True
        self.endpoint = (endpoint or str(self._constants.ENDPOINT)).rstrip("/")

    @property
    def cache_directory(self) -> str:
        """Where the library keeps what it downloads: HF_HOME, or its default."""
        return str(self._constants.HF_HOME)

    def describe(self, repository: str, revision: str) -> Repository:
        """What `repository` holds at `revision`: a branch, a tag, `refs/pr/N` or a commit.

        Raises CheckpointNotFound, HubUnavailable, TransferBroken (HubBusy).
        """
        with self._explained(repository, revision):
            info = self._library.HfApi(endpoint=self.endpoint).model_info(
                repository, revision=revision, files_metadata=True, timeout=TIMEOUT_SECONDS
            )
        try:
            return repository_of(repository, info)
        except ValueError as error:
            raise HubUnavailable(
                f"{self.endpoint} does not answer as a hub should: {error}; try another mirror, or "
                "without HF_ENDPOINT"
            ) from error

    @contextmanager
    def open(self, repository: Repository, name: str, offset: int) -> Iterator[Content]:
        """The content of a file from byte `offset` on, or from 0 where the hub cannot go on.

        `huggingface_hub` (2.4) deletes what a broken download left, so the bytes are fetched here.
        Raises as `describe` does, also while they are read.
        """
        url = self._library.hf_hub_url(
            repository.name, name, revision=repository.commit, endpoint=self.endpoint
        )
        # Compressed content could not be continued in the middle.
        headers = {**self._headers(), "Accept-Encoding": "identity"}
        if offset:
            headers["Range"] = f"bytes={offset}-"
        with (
            self._explained(repository.name, repository.commit),
            self._library.get_session().stream(
                "GET", url, headers=headers, timeout=TIMEOUT_SECONDS, follow_redirects=True
            ) as response,
        ):
            self._library.hf_raise_for_status(response)
            start = offset if response.status_code == 206 else 0
            # Pieces as they arrive: a larger one would be lost with the connection.
            yield Content(start, response.iter_bytes())

    @contextmanager
    def _explained(self, repository: str, revision: str) -> Iterator[None]:
        """Turns what the library raises into errors that tell a person what to do."""
        errors = self._errors
        try:
            yield
        except errors.OfflineModeIsEnabled as error:
            raise HubUnavailable(
                "HF_HUB_OFFLINE or TRANSFORMERS_OFFLINE forbids asking the hub; unset it to pull"
            ) from error
        except errors.RevisionNotFoundError as error:
            raise CheckpointNotFound(f"{repository} has no revision {revision}") from error
        except errors.GatedRepoError as error:
            raise CheckpointNotFound(
                f"{repository} is given only to those who accepted its terms: accept them at "
                f"{self.endpoint}/{repository}, and put your token into HF_TOKEN"
            ) from error
        except errors.RepositoryNotFoundError as error:
            raise CheckpointNotFound(
                f"{self.endpoint} has no repository {repository}, or keeps it private: check the "
                "name, and for a private one put your token into HF_TOKEN"
            ) from error
        except errors.HFValidationError as error:
            raise CheckpointNotFound(
                f"{repository!r} cannot be the name of a repository"
            ) from error
        except errors.HfHubHTTPError as error:
            raise self._failure_of(error.response) from error
        except errors.HTTPError as error:
            cause = _cause_of(error)
            raise TransferBroken(f"cannot reach {self.endpoint}: {cause}") from error

    def _failure_of(self, response: Any) -> Exception:
        status = int(response.status_code)
        if status == 429 or status >= 500:
            what = "asks to slow down" if status == 429 else "has an error of its own"
            return HubBusy(
                f"{self.endpoint} {what} (HTTP {status})",
                retry_after_seconds=_seconds(response.headers.get("Retry-After")),
            )
        if status in (401, 403):
            return HubUnavailable(f"{self.endpoint} refuses access (HTTP {status}): check HF_TOKEN")
        if status == 404:
            return CheckpointNotFound(
                f"{self.endpoint} does not have {response.url.path} (HTTP 404)"
            )
        return HubUnavailable(f"{self.endpoint} refuses the request (HTTP {status})")


def _module(name: str) -> Any:
    return importlib.import_module(name)


def _seconds(header: str | None) -> float | None:
    """The value of Retry-After where it counts seconds (RFC 9110, section 10.2.3)."""
    return float(header) if header is not None and header.isdecimal() else None


def _cause_of(error: Exception) -> str:
    text = str(error).partition("\n")[0]
    return text or type(error).__name__
