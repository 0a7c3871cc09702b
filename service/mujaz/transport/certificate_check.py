"""Tries certificates out before they are served, with the `ssl` module alone.

A handshake of the certificate with itself in memory checks what a parser would not: that the key
belongs to it, that it holds today, and that it may be used for a server.
"""

from __future__ import annotations

import re
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mujaz.settings import SettingInvalid

_CERTIFICATE: Final = re.compile(
    rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL
)
_PRIVATE_KEY: Final = re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----")
# More turns than any handshake needs.
_TURN_LIMIT: Final = 10


@dataclass(frozen=True, slots=True)
class CertificateFiles:
    """Where the certificate, its key and the CA of the clients are, as in the settings."""

    certificate: Path
    key: Path
    client_ca: Path | None = None


def check_server_certificate(files: CertificateFiles, chain: bytes, key: bytes) -> float:
    """The Unix time at which the first of the chain ends.

    `chain` and `key` are what the files hold. Raises SettingInvalid where no client would accept
    them.
    """
    found = _CERTIFICATE.findall(chain)
    if not found:
        raise SettingInvalid(
            f"tls_cert: {files.certificate} holds no certificate in PEM; convert it with "
            "openssl x509 -inform DER"
        )
    if not _PRIVATE_KEY.search(key):
        raise SettingInvalid(
            f"tls_key: {files.key} holds no private key in PEM; convert it with "
            "openssl pkey -inform DER"
        )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        server.load_cert_chain(files.certificate, files.key, password=_no_pass_phrase)
    except ValueError as error:
        raise SettingInvalid(
            f"tls_key: {files.key} has a pass phrase; take it off with "
            "openssl pkey -in KEY -out NEW_KEY, and keep the new file safe"
        ) from error
    except ssl.SSLError as error:
        if error.reason == "KEY_VALUES_MISMATCH":
            raise SettingInvalid(
                f"tls_key: {files.key} is not the key of the first certificate in "
                f"{files.certificate}; give the one it was made with"
            ) from error
        raise SettingInvalid(
            f"tls_cert: {files.certificate} with {files.key} cannot be used "
            f"({error.reason or 'not PEM'}); see openssl x509 -text -in and openssl pkey -check -in"
        ) from error
    ends = _handshake_with_itself(server, found[0], files.certificate)
    return min([ends, *_ends_of_authorities(b"\n".join(found))])


def check_client_ca(path: Path, authorities: bytes, *, now: float) -> float:
    """The Unix time at which the last CA of the clients ends.

    `authorities` is what the file holds, `now` a Unix time. Raises SettingInvalid where there is
    none, or all have ended.
    """
    try:
        ends = _ends_of_authorities(b"\n".join(_CERTIFICATE.findall(authorities)))
    except ssl.SSLError as error:
        raise SettingInvalid(
            f"client_ca: {path} has a certificate that cannot be read ({error.reason}); see "
            "openssl x509 -text -in"
        ) from error
    if not ends:
        raise SettingInvalid(
            f"client_ca: {path} holds no CA certificate in PEM; give the one that signs the "
            "certificates of the clients, not one of theirs"
        )
    if max(ends) <= now:
        raise SettingInvalid(
            f"client_ca: every certificate in {path} has ended, so that no client could connect; "
            "give one that holds"
        )
    return max(ends)


def _handshake_with_itself(server_context: ssl.SSLContext, own: bytes, path: Path) -> float:
    """The Unix time at which the certificate `own` of `server_context` ends."""
    client_context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client_context.check_hostname = False  # the names are for the clients to check
    client_context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    try:
        client_context.load_verify_locations(cadata=own.decode("ascii", errors="replace"))
        to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
        server = server_context.wrap_bio(to_server, to_client, server_side=True)
        client = client_context.wrap_bio(to_client, to_server)
        for _ in range(_TURN_LIMIT):
            if _advance(client):
                break
            _advance(server)
    except ssl.SSLCertVerificationError as error:
        raise SettingInvalid(
            f"tls_cert: no client accepts {path}: {error.verify_message}; renew it, and see that "
            "the clock of this machine is right"
        ) from error
    except ssl.SSLError as error:
        raise SettingInvalid(
            f"tls_cert: {path} cannot be used ({error.reason}); see openssl x509 -text -in"
        ) from error
    certificate = client.getpeercert() or {}
    return _end_of(certificate["notAfter"])


def _advance(side: ssl.SSLObject) -> bool:
    """Whether this side is done with the handshake."""
    try:
        side.do_handshake()
    except ssl.SSLWantReadError:
        return False
    return True


def _ends_of_authorities(certificates: bytes) -> list[float]:
    """When each CA certificate among `certificates` ends; raises ssl.SSLError."""
    if not certificates:
        return []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=certificates.decode("ascii", errors="replace"))
    return [_end_of(authority["notAfter"]) for authority in context.get_ca_certs()]


def _end_of(not_after: object) -> float:
    return float(ssl.cert_time_to_seconds(str(not_after)))


def _no_pass_phrase() -> str:
    # Without this OpenSSL would ask on the terminal.
    raise ValueError("no pass phrase")
