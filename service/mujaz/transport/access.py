"""Who may reach the server, as files that are read again while it runs."""

from __future__ import annotations

import asyncio
from typing import Final

from structlog.typing import FilteringBoundLogger

from mujaz.settings import Settings
from mujaz.transport.credentials import ServerCertificates, certificate_files
from mujaz.transport.token_store import TokenStore

# How long a changed file may go unnoticed. Certificates are looked at before each handshake too.
REFRESH_SECONDS: Final = 1.0
# The mode bits of a file that give everybody anything; a group is given what it should have.
READABLE_BY_OTHERS: Final = 0o007


class Access:
    """The certificates of a server, None without TLS, and its tokens, None where it asks for none.

    Raises SettingInvalid when made, where a file cannot be used.
    """

    def __init__(self, settings: Settings, *, logger: FilteringBoundLogger) -> None:
        self._logger = logger
        files = certificate_files(settings)
        self.certificates = None if files is None else ServerCertificates(files, logger=logger)
        if files is not None and files.key.stat().st_mode & READABLE_BY_OTHERS:
            logger.warning("key_readable_by_others", remedy=f"chmod 600 {files.key}")
        self.tokens = (
            None if settings.tokens is None else TokenStore(settings.tokens, logger=logger)
        )
        if self.tokens is not None and files is None and settings.insecure_any:
            logger.warning(
                "tokens_in_the_clear", remedy="give --tls-cert and --tls-key, or end TLS before it"
            )
        self._refreshing: asyncio.Task[None] | None = None

    def refresh(self) -> None:
        """Read changed files again; those that cannot be used are logged, the old ones hold."""
        if self.certificates is not None:
            self.certificates.refresh()
        if self.tokens is not None:
            self.tokens.refresh()

    def start(self) -> None:
        """Refresh every second from now on, in the running event loop."""
        if self.certificates is not None or self.tokens is not None:
            self._refreshing = asyncio.create_task(self._refresh_often())

    async def stop(self) -> None:
        """Refresh no more."""
        if self._refreshing is not None:
            self._refreshing.cancel()
            await asyncio.wait([self._refreshing])

    async def _refresh_often(self) -> None:
        while True:
            await asyncio.sleep(REFRESH_SECONDS)
            try:
                await asyncio.to_thread(self.refresh)
            # What nobody foresaw must not end the refreshing: the next file may be right again.
            except Exception as error:
                self._logger.error("access_not_refreshed", error=type(error).__qualname__)
