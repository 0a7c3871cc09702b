"""TLS as a client meets it, and certificates that change while the server runs."""

from __future__ import annotations

import asyncio
import socket
import ssl
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import grpc
import pytest
import structlog
import trustme
from cryptography import x509
from grpc_health.v1 import health_pb2

from mujaz.settings import SettingInvalid, Settings
from mujaz.transport.certificate_check import CertificateFiles
from mujaz.transport.credentials import DAY_SECONDS, ServerCertificates
from mujaz.transport.health import LIVENESS, SERVING
from mujaz.transport.lifecycle import Service
from mujaz.v1 import translation_service_pb2_grpc
from mujaz.v1.translation_service_pb2 import DetectLanguageRequest
from tests.certificates import NOW, Pair, issue, root, trusting
from tests.conftest import RunningServer, running_server

REQUEST = DetectLanguageRequest(content="أعلنت الوزارة اليوم عن خطة جديدة.")


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def files(tmp_path: Path, authority: trustme.CA) -> CertificateFiles:
    """A good certificate and its key."""
    files = CertificateFiles(tmp_path / "tls.crt", tmp_path / "tls.key")
    issue(authority).write(files.certificate, files.key)
    return files


class Clock:
    """A wall clock that stands where it is put."""

    def __init__(self) -> None:
        self.now = NOW.timestamp()

    def __call__(self) -> float:
        return self.now


def watched(
    files: CertificateFiles, clock: Clock | None = None
) -> tuple[ServerCertificates, list[Any]]:
    log = structlog.testing.LogCapture()
    logger = structlog.wrap_logger(structlog.testing.ReturnLogger(), processors=[log])
    return ServerCertificates(files, logger=logger, clock=clock or Clock()), log.entries


def shown_serial(address: str) -> int:
    """The serial number of the certificate that a new connection is shown."""
    host, _, port = address.rpartition(":")
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_alpn_protocols(["h2"])
    with (
        socket.create_connection((host, int(port)), timeout=10) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as secure,
    ):
        shown = secure.getpeercert(binary_form=True)
    assert shown is not None
    return _serial(ssl.DER_cert_to_PEM_cert(shown).encode())


def _serial(pem: bytes) -> int:
    return x509.load_pem_x509_certificate(pem).serial_number


# -- What the files hold, and what of it is served


def test_a_changed_certificate_is_taken_over(
    files: CertificateFiles, authority: trustme.CA
) -> None:
    certificates, log = watched(files)
    before = certificates.ends_at
    certificates.refresh()
    assert log == []
    issue(authority, days=300).write(files.certificate, files.key)
    certificates.refresh()
    certificates.refresh()
    assert [line["event"] for line in log] == ["certificates_reloaded"]
    assert certificates.ends_at > before


def rubbish(authority: trustme.CA) -> dict[str, Pair]:
    good = issue(authority)
    return {
        "expired": issue(authority, days=-1),
        "mixed": Pair(good.chain, issue(authority).key),
        "empty": Pair(b"", b""),
        "cut": Pair(good.chain[:200], good.key),
    }


@pytest.mark.parametrize("kind", ["expired", "mixed", "empty", "cut"])
def test_a_bad_one_is_told_once_and_the_old_one_stays(
    files: CertificateFiles, authority: trustme.CA, kind: str
) -> None:
    certificates, log = watched(files)
    ends_at = certificates.ends_at
    rubbish(authority)[kind].write(files.certificate, files.key)
    for _ in range(3):
        certificates.refresh()
    [line] = log
    assert (line["event"], line["log_level"]) == ("certificates_not_reloaded", "error")
    assert str(files.certificate) in line["problem"] or str(files.key) in line["problem"]
    assert certificates.ends_at == ends_at
    issue(authority, days=300).write(files.certificate, files.key)
    certificates.refresh()
    assert log[-1]["event"] == "certificates_reloaded"


def test_one_that_is_gone_is_told_once_and_the_old_one_stays(files: CertificateFiles) -> None:
    certificates, log = watched(files)
    content = files.key.read_bytes()
    files.key.unlink()
    certificates.refresh()
    certificates.refresh()
    files.key.write_bytes(content)
    certificates.refresh()
    files.key.unlink()
    certificates.refresh()
    assert [line["event"] for line in log] == ["certificates_not_reloaded"] * 2
    assert "No such file or directory" in log[0]["problem"]


def test_a_bad_one_at_the_start_is_refused(files: CertificateFiles, authority: trustme.CA) -> None:
    issue(authority, days=-1).write(files.certificate, files.key)
    with pytest.raises(SettingInvalid, match="certificate has expired; renew it"):
        Service(Settings(listen="127.0.0.1:0", tls_cert=files.certificate, tls_key=files.key))


def test_its_end_is_warned_of_once_a_day(files: CertificateFiles) -> None:
    clock = Clock()
    certificates, log = watched(files, clock)
    clock.now = certificates.ends_at - 15 * DAY_SECONDS
    certificates.refresh()
    assert log == []
    for days_left, event in [
        (13.9, "certificate_ends_soon"),
        (13.5, None),
        (12.8, "certificate_ends_soon"),
        (-0.1, "certificate_ended"),
    ]:
        told = len(log)
        clock.now = certificates.ends_at - days_left * DAY_SECONDS
        certificates.refresh()
        assert [line["event"] for line in log[told:]] == ([event] if event else [])
    assert log[0]["log_level"] == "warning"
    assert log[0]["days_left"] == 13.9
    assert log[-1]["log_level"] == "error"


def test_one_that_ends_soon_is_told_of_at_the_start(
    files: CertificateFiles, authority: trustme.CA
) -> None:
    issue(authority, days=3).write(files.certificate, files.key)
    _, log = watched(files)
    assert [line["event"] for line in log] == ["certificate_ends_soon"]


# -- Over a real socket


@asynccontextmanager
async def serving(
    files: CertificateFiles, authority: trustme.CA, **settings: Any
) -> AsyncIterator[RunningServer]:
    async with running_server(
        credentials=trusting(authority), tls_cert=files.certificate, tls_key=files.key, **settings
    ) as server:
        yield server


async def detect(server: RunningServer, credentials: grpc.ChannelCredentials) -> None:
    """One call over a connection of its own."""
    options = [("grpc.use_local_subchannel_pool", 1)]
    async with grpc.aio.secure_channel(server.target, credentials, options) as channel:
        stub = translation_service_pb2_grpc.TranslationServiceStub(channel)
        response = await stub.DetectLanguage(REQUEST, timeout=30)
        assert response.languages[0].language_code == "ar"


@pytest.mark.model
async def test_calls_are_encrypted_and_plaintext_is_refused(
    files: CertificateFiles, authority: trustme.CA
) -> None:
    async with serving(files, authority) as server:
        assert (await server.translation.DetectLanguage(REQUEST)).languages
        [line] = [line for line in server.log_lines if line["event"] == "listening"]
        assert line["tls"] is True
        async with grpc.aio.insecure_channel(server.target) as plain:
            stub = translation_service_pb2_grpc.TranslationServiceStub(plain)
            with pytest.raises(grpc.aio.AioRpcError) as caught:
                await stub.DetectLanguage(REQUEST, timeout=10)
            assert caught.value.code() is grpc.StatusCode.UNAVAILABLE
        with pytest.raises(grpc.aio.AioRpcError):
            await detect(server, trusting(trustme.CA()))


@pytest.mark.model
async def test_with_tls_any_address_may_be_listened_on(
    files: CertificateFiles, authority: trustme.CA
) -> None:
    async with serving(files, authority, listen="0.0.0.0:0") as server:
        port = server.target.rpartition(":")[2]
        async with grpc.aio.secure_channel(f"127.0.0.1:{port}", trusting(authority)) as channel:
            stub = translation_service_pb2_grpc.TranslationServiceStub(channel)
            assert (await stub.DetectLanguage(REQUEST)).languages


@pytest.mark.model
async def test_a_client_must_show_a_certificate_of_the_ca_and_is_named_by_it(
    files: CertificateFiles, authority: trustme.CA, tmp_path: Path
) -> None:
    clients, others = trustme.CA(), trustme.CA()
    client_ca = tmp_path / "clients.pem"
    client_ca.write_bytes(root(clients))
    async with serving(files, authority, client_ca=client_ca) as server:
        await detect(server, trusting(authority, issue(clients, "newsdesk")))
        for credentials in (
            trusting(authority),
            trusting(authority, issue(others, "newsdesk")),
            trusting(authority, issue(clients, "newsdesk", days=-1)),
        ):
            with pytest.raises(grpc.aio.AioRpcError) as caught:
                await detect(server, credentials)
            assert caught.value.code() is grpc.StatusCode.UNAVAILABLE
        # Another CA is taken over as well.
        client_ca.write_bytes(root(others))
        await detect(server, trusting(authority, issue(others, "archive")))
        with pytest.raises(grpc.aio.AioRpcError):
            await detect(server, trusting(authority, issue(clients, "newsdesk")))
    # A line may be written after its answer has arrived.
    finished = [line for line in server.log_lines if line["event"] == "request_finished"]
    assert [line["caller"] for line in finished] == ["newsdesk", "archive"]


@pytest.mark.model
async def test_rotation_under_load_fails_no_call(
    files: CertificateFiles, authority: trustme.CA
) -> None:
    pairs = [issue(authority) for _ in range(4)]
    async with serving(files, authority) as server:
        done = asyncio.Event()
        call_count = 0

        async def load() -> None:
            nonlocal call_count
            while not done.is_set():
                await asyncio.gather(
                    detect(server, trusting(authority)), server.translation.DetectLanguage(REQUEST)
                )
                call_count += 2

        callers = [asyncio.create_task(load()) for _ in range(4)]
        for pair in pairs:
            # In two steps, so that handshakes in between find a key that does not match.
            files.certificate.write_bytes(pair.chain)
            await detect(server, trusting(authority))
            files.key.write_bytes(pair.key)
            serial = await asyncio.to_thread(shown_serial, server.target)
            assert serial == _serial(pair.chain)
            await detect(server, trusting(authority))
        done.set()
        await asyncio.gather(*callers)
        assert call_count > len(pairs)
        events = [line["event"] for line in server.log_lines]
        assert events.count("certificates_reloaded") == len(pairs)


@pytest.mark.model
async def test_the_health_port_serves_health_and_nothing_else(
    files: CertificateFiles, authority: trustme.CA
) -> None:
    async with serving(files, authority, health_listen="127.0.0.1:0", reflection=True) as server:
        assert server.service.health_address is not None
        async with grpc.aio.insecure_channel(server.service.health_address) as channel:
            health = RunningServer(server.service, channel).health
            for name in ("", LIVENESS):
                answer = await health.Check(health_pb2.HealthCheckRequest(service=name))
                assert answer.status == SERVING
            for method in (
                "/mujaz.v1.TranslationService/DetectLanguage",
                "/mujaz.v1.ModelService/ListModels",
                "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
            ):
                with pytest.raises(grpc.aio.AioRpcError) as caught:
                    await channel.unary_unary(method)(b"")
                assert caught.value.code() is grpc.StatusCode.UNIMPLEMENTED


@pytest.mark.model
async def test_a_health_port_that_is_taken_ends_the_start() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(SettingInvalid, match=f"health_listen: cannot listen on {address}"):
            async with running_server(health_listen=address):
                pass


@pytest.mark.model
async def test_a_scrape_says_when_the_certificate_ends(
    files: CertificateFiles, authority: trustme.CA
) -> None:
    issue(authority, days=30).write(files.certificate, files.key)
    async with serving(files, authority, metrics_listen="127.0.0.1:0") as server:
        url = f"http://{server.service.metrics_address}/metrics"

        def read() -> str:
            with urllib.request.urlopen(url, timeout=10) as response:
                return str(response.read().decode())

        page = await asyncio.to_thread(read)
    samples = dict(line.rsplit(" ", 1) for line in page.splitlines() if line[:1] != "#")
    ends_at = float(samples["mujaz_certificate_expiry_timestamp_seconds"])
    assert ends_at == pytest.approx(NOW.timestamp() + 30 * DAY_SECONDS, rel=0, abs=1.0)


@pytest.mark.model
@pytest.mark.parametrize(("mode", "times"), [(0o600, 0), (0o400, 0), (0o640, 0), (0o604, 1)])
async def test_a_key_that_others_can_read_is_warned_of_once(
    files: CertificateFiles, authority: trustme.CA, mode: int, times: int
) -> None:
    files.key.chmod(mode)
    async with serving(files, authority) as server:
        lines = [line for line in server.log_lines if line["event"] == "key_readable_by_others"]
    assert len(lines) == times
    assert all(str(files.key) in line["remedy"] for line in lines)
