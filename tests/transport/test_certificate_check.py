from __future__ import annotations

import datetime
import os
from pathlib import Path

import pytest
import trustme

from mujaz.settings import SettingInvalid
from mujaz.transport.certificate_check import (
    CertificateFiles,
    check_client_ca,
    check_server_certificate,
)
from mujaz.transport.small_file import BYTE_LIMIT, read_small_file
from tests.certificates import NOW, Pair, for_clients_only, issue, root, with_pass_phrase

DAY_SECONDS = 86_400.0


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def check(directory: Path, pair: Pair) -> float:
    files = CertificateFiles(directory / "tls.crt", directory / "tls.key")
    pair.write(files.certificate, files.key)
    return check_server_certificate(files, pair.chain, pair.key)


def test_a_good_one_tells_when_it_ends(tmp_path: Path, authority: trustme.CA) -> None:
    ends_at = check(tmp_path, issue(authority, days=90))
    assert ends_at == pytest.approx(NOW.timestamp() + 90 * DAY_SECONDS, abs=2)


def test_of_a_chain_the_first_to_end_counts(tmp_path: Path) -> None:
    top = trustme.CA()
    between = trustme.CA(parent_cert=top, path_length=0)
    pair = issue(between, days=20_000)
    assert pair.chain.count(b"BEGIN CERTIFICATE") == 2
    ends_at = check(tmp_path, pair)
    leaf_only = Pair(pair.chain[: pair.chain.index(b"-----END") + 26], pair.key)
    assert ends_at <= check(tmp_path, leaf_only)


@pytest.mark.parametrize(
    ("days", "problem"), [(-1, "certificate has expired"), (-150, "certificate has expired")]
)
def test_one_that_has_ended_is_refused(
    tmp_path: Path, authority: trustme.CA, days: float, problem: str
) -> None:
    with pytest.raises(SettingInvalid, match=f"tls_cert: .*{problem}; renew it"):
        check(tmp_path, issue(authority, days=days))


def test_one_that_does_not_hold_yet_is_refused(tmp_path: Path, authority: trustme.CA) -> None:
    leaf = authority.issue_cert(
        "localhost",
        not_before=NOW + datetime.timedelta(days=1),
        not_after=NOW + datetime.timedelta(days=9),
    )
    pair = Pair(leaf.cert_chain_pems[0].bytes(), leaf.private_key_pem.bytes())
    with pytest.raises(SettingInvalid, match="not yet valid"):
        check(tmp_path, pair)


def test_the_key_of_another_one_is_refused(tmp_path: Path, authority: trustme.CA) -> None:
    mixed = Pair(issue(authority).chain, issue(authority).key)
    with pytest.raises(SettingInvalid, match="is not the key of the first certificate"):
        check(tmp_path, mixed)


def test_a_key_with_a_pass_phrase_is_refused_and_never_asked_for(
    tmp_path: Path, authority: trustme.CA
) -> None:
    pair = issue(authority)
    locked = with_pass_phrase(pair.key)
    with pytest.raises(SettingInvalid, match="has a pass phrase; take it off"):
        check(tmp_path, Pair(pair.chain, locked))


@pytest.mark.parametrize(
    ("chain", "key", "problem"),
    [
        (b"", None, "tls_cert: .* holds no certificate in PEM"),
        (b"\x30\x82\x01", None, "holds no certificate in PEM"),
        (None, b"", "tls_key: .* holds no private key in PEM"),
        (None, b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "cannot be used"),
        (
            b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
            None,
            "cannot be used",
        ),
        (b"-----BEGIN CERTIFICATE-----\n\xff\xfe\n-----END CERTIFICATE-----\n", None, "cannot be"),
    ],
)
def test_rubbish_is_refused(
    tmp_path: Path,
    authority: trustme.CA,
    chain: bytes | None,
    key: bytes | None,
    problem: str,
) -> None:
    good = issue(authority)
    rubbish = Pair(good.chain if chain is None else chain, good.key if key is None else key)
    with pytest.raises(SettingInvalid, match=problem):
        check(tmp_path, rubbish)


@pytest.mark.parametrize("second", [b"AAAA", b"\xff\xfe", b"", b"MIIB"])
def test_rubbish_after_the_first_certificate_is_refused(
    tmp_path: Path, authority: trustme.CA, second: bytes
) -> None:
    good = issue(authority)
    more = b"-----BEGIN CERTIFICATE-----\n" + second + b"\n-----END CERTIFICATE-----\n"
    with pytest.raises(SettingInvalid, match="cannot be used"):
        check(tmp_path, Pair(good.chain + more, good.key))


def test_a_certificate_for_clients_only_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingInvalid, match="purpose"):
        check(tmp_path, for_clients_only())


def test_the_ca_of_the_clients_is_checked(tmp_path: Path, authority: trustme.CA) -> None:
    path = tmp_path / "clients.pem"
    now = NOW.timestamp()
    ends_at = check_client_ca(path, root(authority), now=now)
    assert ends_at > now
    with pytest.raises(SettingInvalid, match=r"every certificate in .* has ended"):
        check_client_ca(path, root(authority), now=ends_at + 1)
    for rubbish in (b"", b"x", issue(authority).chain):
        with pytest.raises(SettingInvalid, match="holds no CA certificate"):
            check_client_ca(path, rubbish, now=now)
    broken = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
    with pytest.raises(SettingInvalid, match="cannot be read"):
        check_client_ca(path, broken, now=now)


def test_a_small_file_is_a_regular_file_and_small(tmp_path: Path) -> None:
    fifo, large, missing = tmp_path / "fifo", tmp_path / "large", tmp_path / "missing"
    os.mkfifo(fifo)
    large.write_bytes(bytes(BYTE_LIMIT))
    assert len(read_small_file(large, setting="tokens")) == BYTE_LIMIT
    large.write_bytes(bytes(BYTE_LIMIT + 1))
    for path, problem in [
        (fifo, "is not a regular file"),
        (tmp_path, "is not a regular file"),
        (large, "is over 1 MiB"),
        (missing, "No such file or directory"),
    ]:
        with pytest.raises(SettingInvalid, match=f"tokens: .*{problem}"):
            read_small_file(path, setting="tokens")
