"""How a command gets in at a server: TLS, client certificate and token."""

from __future__ import annotations

import functools
import os
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import click
import grpc

from mujaz.cli.exit_codes import CommandFailed, ExitCode
from mujaz.client import MujazClient

TOKEN_VARIABLE: Final = "MUJAZ_TOKEN"


@dataclass(frozen=True, slots=True)
class ServerAccess:
    """What was said on the command line; nothing is read before a client is made."""

    tls: bool = False
    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None
    token_file: Path | None = None
    insecure_any: bool = False

    def client(self, server: str, *, shows_token: bool = True) -> MujazClient:
        """A client of that server. Raises CommandFailed."""
        token = self._token() if shows_token else None
        try:
            return MujazClient(
                server,
                credentials=self._credentials(),
                token=token,
                insecure_any=self.insecure_any,
            )
        except ValueError as error:
            raise CommandFailed(
                f"{error}; give --tls-ca FILE or --tls, or look into the file of the token",
                ExitCode.USAGE,
            ) from error

    def _credentials(self) -> grpc.ChannelCredentials | None:
        if (self.certificate is None) != (self.key is None):
            raise CommandFailed("--tls-cert and --tls-key go together", ExitCode.USAGE)
        if not self.tls and self.ca is None and self.certificate is None:
            return None
        return grpc.ssl_channel_credentials(
            _system_authorities() if self.ca is None else _read(self.ca),
            None if self.key is None else _read(self.key),
            None if self.certificate is None else _read(self.certificate),
        )

    def _token(self) -> str | None:
        if self.token_file is None:
            return os.environ.get(TOKEN_VARIABLE, "").strip() or None
        content = _read(self.token_file).decode("utf-8", errors="replace").split()
        if len(content) != 1:
            raise CommandFailed(
                f"{self.token_file} must hold one token and nothing else", ExitCode.USAGE
            )
        return content[0]


def access_options(command: Callable[..., None]) -> Callable[..., None]:
    """Gives a click command the options of `ServerAccess`, which it gets as `access`."""

    @functools.wraps(command)
    def with_access(
        *,
        tls: bool,
        tls_ca: Path | None,
        tls_cert: Path | None,
        tls_key: Path | None,
        token_file: Path | None,
        insecure_any: bool,
        **rest: Any,
    ) -> None:
        access = ServerAccess(tls, tls_ca, tls_cert, tls_key, token_file, insecure_any)
        command(access=access, **rest)

    for option in reversed(_OPTIONS):
        with_access = option(with_access)
    return with_access


def _file(name: str, help: str, **more: Any) -> Callable[..., Any]:
    return click.option(name, type=click.Path(path_type=Path), metavar="FILE", help=help, **more)


_OPTIONS: Final = (
    click.option(
        "--tls",
        is_flag=True,
        envvar="MUJAZ_TLS",
        show_envvar=True,
        help="Encrypts, and trusts the CAs that this system trusts.",
    ),
    _file(
        "--tls-ca",
        "Encrypts, and trusts the CA certificates in FILE.",
        envvar="MUJAZ_TLS_CA",
        show_envvar=True,
    ),
    _file("--tls-cert", "The certificate to show to a server that asks for one, with --tls-key."),
    _file("--tls-key", "The private key of --tls-cert."),
    _file(
        "--token-file",
        f"The token for a server that asks for one; else it is taken from {TOKEN_VARIABLE}.",
        envvar="MUJAZ_TOKEN_FILE",
        show_envvar=True,
    ),
    click.option(
        "--insecure-any",
        is_flag=True,
        help="Sends the token to another machine without encryption.",
    ),
)


def _system_authorities() -> bytes | None:
    """The CA certificates this system trusts; None, which are those of gRPC, where it has none."""
    paths = ssl.get_default_verify_paths()
    # Debian has the certificates one by one in that directory, and all of them in this file.
    candidates = (paths.cafile, paths.capath and f"{paths.capath}/ca-certificates.crt")
    for candidate in candidates:
        if candidate and Path(candidate).is_file():
            return _read(Path(candidate))
    return None


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CommandFailed(f"{path}: {error.strerror}", ExitCode.USAGE) from error
