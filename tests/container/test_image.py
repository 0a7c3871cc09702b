"""The image, built for real and run for real: no network, a read-only root, no privileges."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import trustme

from mujaz.cli.exit_codes import ExitCode
from mujaz.settings import Settings
from tests.certificates import issue
from tests.container.image import (
    CERTIFICATES,
    ROOT,
    Image,
    Storage,
    build,
    health_command,
    inner_process,
    inside,
    make_bases,
    running,
)
from tests.contract.generated import CLIENT, generate_client_code

pytestmark = pytest.mark.container

MEBIBYTE = 1024 * 1024
FULL_MEBIBYTES = 350
STOP_SECONDS = 60
PLAINTEXT = {"MUJAZ_INSECURE_ANY": "true"}


@pytest.fixture(scope="module")
def storage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Storage]:
    storage = Storage(tmp_path_factory.mktemp("storage"))
    make_bases(storage)
    yield storage
    storage.buildah("umount", "--all")
    storage.buildah("rm", "--all")
    subprocess.run(["rm", "-rf", str(storage.directory)], check=True)


@pytest.fixture(scope="module")
def image(storage: Storage) -> Image:
    return build(storage, "full")


@pytest.fixture(scope="module")
def server(image: Image) -> Iterator[subprocess.Popen[str]]:
    with running(image, **PLAINTEXT) as process:
        wait_for_line(process, "ready")
        yield process


def wait_for_line(process: subprocess.Popen[str], event: str) -> dict[str, Any]:
    """Read the log up to `event`; ends with the process, and with its output where it failed."""
    assert process.stdout is not None
    seen = []
    for line in process.stdout:
        seen.append(line)
        if line.startswith("{") and json.loads(line)["event"] == event:
            return dict(json.loads(line))
    raise AssertionError("".join(seen))


def test_the_image_answers_the_contract_client(
    server: subprocess.Popen[str], tmp_path: Path
) -> None:
    generated = generate_client_code(tmp_path)
    output = inside(
        server, [sys.executable, str(CLIENT), "127.0.0.1:50051"], PYTHONPATH=str(generated)
    )
    report = json.loads(output)
    assert report["translation"]["translated_text"]
    assert {each["article_id"] for each in report["answers"]} == {"first", "empty", "second"}


def test_its_health_check_succeeds(image: Image, server: subprocess.Popen[str]) -> None:
    assert health_command(image, server) == 0


def test_the_process_has_no_privileges(server: subprocess.Popen[str]) -> None:
    lines = Path(f"/proc/{inner_process(server)}/status").read_text().splitlines()
    status = dict(line.split(":\t", 1) for line in lines)
    assert status["Uid"].split() == ["65532"] * 4
    assert status["Gid"].split() == ["65532"] * 4
    assert status["Groups"].split() == []
    assert int(status["CapEff"], 16) == int(status["CapPrm"], 16) == 0


def test_it_is_process_one_without_a_shell_and_ends_in_order(image: Image) -> None:
    with running(image, **PLAINTEXT) as process:
        wait_for_line(process, "ready")
        inner = inner_process(process)
        arguments = Path(f"/proc/{inner}/cmdline").read_bytes().split(b"\0")
        assert b"sh" not in {argument.rpartition(b"/")[2] for argument in arguments}
        assert "NSpid:\t" in Path(f"/proc/{inner}/status").read_text()
        os.kill(inner, signal.SIGTERM)
        wait_for_line(process, "stopped")
        assert process.wait(STOP_SECONDS) == 0


def test_with_certificates_and_tokens_it_answers_who_has_one(image: Image, tmp_path: Path) -> None:
    authority = trustme.CA()
    secrets, token_file = tmp_path / "secrets", tmp_path / "desk.token"
    secrets.mkdir()
    issue(authority).write(secrets / "tls.crt", secrets / "tls.key")
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    mujaz = [sys.executable, "-m", "mujaz"]
    new = ["tokens", "new", "--file", str(secrets / "tokens"), "--name", "desk", "--scope"]
    token_file.write_bytes(subprocess.check_output([*mujaz, *new, "translate"]))
    for path in (secrets, *secrets.iterdir()):
        os.chown(path, 65532, 65532)
    settings = {
        "MUJAZ_TLS_CERT": "/secrets/tls.crt",
        "MUJAZ_TLS_KEY": "/secrets/tls.key",
        "MUJAZ_TOKENS": "/secrets/tokens",
    }
    with running(image, volumes={"/secrets": str(secrets)}, **settings) as process:
        wait_for_line(process, "ready")
        assert health_command(image, process, **settings) == 0
        translate = ["translate", str(ROOT / "samples" / "raqqa.txt")]
        server = ["--server", "localhost:50051", "--tls-ca", str(tmp_path / "ca.pem")]
        token = ["--token-file", str(token_file)]
        assert "Raqqa" in inside(
            process, [*mujaz, *translate, "--glossary", "news", *server, *token]
        )
        with pytest.raises(subprocess.CalledProcessError) as refused:
            inside(process, [*mujaz, *translate, *server])
    assert refused.value.returncode == ExitCode.DENIED


def test_it_refuses_to_serve_plain_text_to_a_network_unasked(image: Image) -> None:
    with running(image) as process:
        output, _ = process.communicate(timeout=STOP_SECONDS)
    assert process.returncode == 2
    assert "--insecure-any" in output
    assert "--tls-cert" in output


def test_nobody_but_root_may_change_a_file(image: Image) -> None:
    own = [image.root / "opt" / "mujaz", image.root / "models"]
    for path in (each for top in own for each in (top, *top.rglob("*"))):
        facts = path.lstat()
        if not stat.S_ISLNK(facts.st_mode):
            assert not facts.st_mode & (stat.S_IWGRP | stat.S_IWOTH), path
            assert facts.st_mode & stat.S_IROTH, path
            assert (facts.st_uid, facts.st_gid) == (0, 0), path


def test_no_pip_and_nothing_of_the_build_is_left(image: Image) -> None:
    assert not list((image.root / "opt/mujaz").rglob("site-packages/pip*"))
    for leftover in ("source", "build", "run/secrets", "root/.cache"):
        assert not (image.root / leftover).exists(), leftover
    secret = CERTIFICATES.read_bytes()
    copies = [path for path in (image.root / "opt").rglob("*.crt") if path.read_bytes() == secret]
    assert copies == []
    packages = {path.name for path in (image.root / "opt/mujaz").rglob("site-packages/*")}
    assert not packages & {"torch", "transformers", "huggingface_hub", "pytest", "atheris"}


def test_its_configuration_is_what_an_operator_expects(image: Image) -> None:
    configuration = image.configuration
    assert configuration["User"] == "65532:65532"
    assert configuration["Entrypoint"] == ["mujaz"]
    assert set(configuration["ExposedPorts"]) == {"50051/tcp"}
    labels = configuration["Labels"]
    assert labels["org.opencontainers.image.licenses"] == "Apache-2.0"
    settings = {
        name.removeprefix("MUJAZ_").lower()
        for name in image.environment
        if name.startswith("MUJAZ_")
    }
    assert settings <= set(Settings.__dataclass_fields__)


def test_it_is_small(image: Image) -> None:
    assert image.byte_count < FULL_MEBIBYTES * MEBIBYTE


def test_the_default_image_is_the_slim_one_with_models(image: Image) -> None:
    _, last = (ROOT / "Dockerfile").read_text(encoding="utf-8").split("FROM slim AS full\n")
    assert last.splitlines() == ["COPY models /models"]
    assert image.environment["MUJAZ_MODELS"] == "/models"
