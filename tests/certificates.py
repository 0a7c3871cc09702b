"""Certificates for tests: a CA of their own, made anew in each run."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path

import grpc
import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

NOW = datetime.datetime.now(datetime.UTC)


@dataclass(frozen=True)
class Pair:
    """A certificate chain and its key, as PEM."""

    chain: bytes
    key: bytes

    def write(self, certificate: Path, key: Path) -> None:
        """Puts both where a server reads them."""
        certificate.write_bytes(self.chain)
        key.write_bytes(self.key)


def issue(authority: trustme.CA, name: str = "localhost", *, days: float = 90.0) -> Pair:
    """A certificate for `name`, as host and as common name, that ends in so many days."""
    leaf = authority.issue_cert(
        name,
        "127.0.0.1",
        common_name=name,
        not_before=NOW - datetime.timedelta(days=200),
        not_after=NOW + datetime.timedelta(days=days),
    )
    chain = b"".join(blob.bytes() for blob in leaf.cert_chain_pems)
    return Pair(chain, leaf.private_key_pem.bytes())


def for_clients_only() -> Pair:
    """A certificate that says it is for clients, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "desk")])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(NOW - datetime.timedelta(days=1))
        .not_valid_after(NOW + datetime.timedelta(days=1))
        .add_extension(x509.ExtendedKeyUsage([x509.ExtendedKeyUsageOID.CLIENT_AUTH]), critical=True)
        .sign(key, hashes.SHA256())
    )
    return Pair(certificate.public_bytes(serialization.Encoding.PEM), _pem(key))


def with_pass_phrase(key: bytes) -> bytes:
    """The same private key, encrypted."""
    loaded = serialization.load_pem_private_key(key, password=None)
    assert isinstance(loaded, ec.EllipticCurvePrivateKey)
    return _pem(loaded, serialization.BestAvailableEncryption(b"secret"))


def _pem(
    key: ec.EllipticCurvePrivateKey,
    encryption: serialization.KeySerializationEncryption | None = None,
) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        encryption or serialization.NoEncryption(),
    )


def root(authority: trustme.CA) -> bytes:
    """The certificate of the CA, as PEM."""
    return authority.cert_pem.bytes()


def trusting(authority: trustme.CA, own: Pair | None = None) -> grpc.ChannelCredentials:
    """Credentials of a client that trusts the CA, and shows `own` where it is given."""
    key, chain = (None, None) if own is None else (own.key, own.chain)
    return grpc.ssl_channel_credentials(root(authority), key, chain)
