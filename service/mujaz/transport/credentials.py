"""The certificate of the server, read again when its files change, without a restart."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import grpc
from structlog.typing import FilteringBoundLogger

from mujaz.settings import SettingInvalid, Settings
from mujaz.transport.certificate_check import (
    CertificateFiles,
    check_client_ca,
    check_server_certificate,
)
from mujaz.transport.small_file import read_small_file

DAY_SECONDS: Final = 24 * 3600.0
WARN_BEFORE_SECONDS: Final = 14 * DAY_SECONDS
# How often files may change while they are checked before the attempt is given up.
_READING_LIMIT: Final = 5

# What the files hold: the chain, the key, the CA certificates of the clients.
_Contents = tuple[bytes, bytes, bytes | None]


@dataclass(frozen=True, slots=True)
class _Checked:
    contents: _Contents
    ends_at: float

    def configuration(self) -> grpc.ServerCertificateConfiguration:
        chain, key, client_ca = self.contents
        return grpc.ssl_server_certificate_configuration([(key, chain)], client_ca)


def certificate_files(settings: Settings) -> CertificateFiles | None:
    """Where the settings say the certificates are; None without TLS."""
    if settings.tls_cert is None or settings.tls_key is None:
        return None
    return CertificateFiles(settings.tls_cert, settings.tls_key, settings.client_ca)


class ServerCertificates:
    """Serves what the files hold, or what they held before where that can no longer be used.

    `refresh` may be called from any thread; gRPC calls it before each handshake. Raises
    SettingInvalid when made, where the files cannot be used.
    """

    def __init__(
        self,
        files: CertificateFiles,
        *,
        logger: FilteringBoundLogger,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._files = files
        self._logger = logger
        self._clock = clock
        self._lock = threading.Lock()
        self._current = _read_and_check(files, clock())
        self._served = self._current
        self._refused: _Contents | str | None = None
        self._warned_at: float | None = None
        self._warn_before_end()

    @property
    def ends_at(self) -> float:
        """The Unix time at which the first of the certificates ends."""
        return self._current.ends_at

    def credentials(self) -> grpc.ServerCredentials:
        """Credentials that follow the files; for one port only."""
        return grpc.dynamic_ssl_server_credentials(
            self._served.configuration(),
            self._changed_configuration,  # type: ignore[arg-type]  # None: go on with the last one
            require_client_authentication=self._files.client_ca is not None,
        )

    def refresh(self) -> None:
        """Take over what the files hold now; what cannot be used is logged, once."""
        with self._lock:
            self._refresh()
            self._warn_before_end()

    def _refresh(self) -> None:
        try:
            contents = _read(self._files)
        except SettingInvalid as error:
            self._refuse(str(error), error)
            return
        if contents in (self._current.contents, self._refused):
            if contents == self._current.contents:
                self._refused = None
            return
        try:
            self._current = _read_and_check(self._files, self._clock())
        except SettingInvalid as error:
            self._refuse(contents, error)
            return
        self._refused = None
        self._warned_at = None
        self._logger.info("certificates_reloaded", ends_at=_iso(self._current.ends_at))

    def _refuse(self, refused: _Contents | str, error: SettingInvalid) -> None:
        if refused != self._refused:
            self._refused = refused
            self._logger.error(
                "certificates_not_reloaded",
                problem=str(error),
                served_until=_iso(self._current.ends_at),
            )

    def _changed_configuration(self) -> grpc.ServerCertificateConfiguration | None:
        self.refresh()
        with self._lock:
            if self._served is self._current:
                return None
            self._served = self._current
            return self._served.configuration()

    def _warn_before_end(self) -> None:
        now = self._clock()
        left = self._current.ends_at - now
        told_today = self._warned_at is not None and now - self._warned_at < DAY_SECONDS
        if left >= WARN_BEFORE_SECONDS or told_today:
            return
        self._warned_at = now
        tell = self._logger.warning if left > 0 else self._logger.error
        tell(
            "certificate_ends_soon" if left > 0 else "certificate_ended",
            ends_at=_iso(self._current.ends_at),
            days_left=round(left / DAY_SECONDS, 1),
        )


def _read(files: CertificateFiles) -> _Contents:
    return (
        read_small_file(files.certificate, setting="tls_cert"),
        read_small_file(files.key, setting="tls_key"),
        None if files.client_ca is None else read_small_file(files.client_ca, setting="client_ca"),
    )


def _read_and_check(files: CertificateFiles, now: float) -> _Checked:
    """What the files hold. The check reads them by path, so they must not change meanwhile."""
    for _ in range(_READING_LIMIT):
        contents = _read(files)
        chain, key, client_ca = contents
        try:
            ends_at = check_server_certificate(files, chain, key)
            if files.client_ca is not None:
                ends_at = min(ends_at, check_client_ca(files.client_ca, client_ca or b"", now=now))
        except SettingInvalid:
            if _read(files) == contents:
                raise
            continue
        if _read(files) == contents:
            return _Checked(contents, ends_at)
    raise SettingInvalid(f"tls_cert: {files.certificate} changes all the time; write it once")


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
