"""`mujaz health`."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from tests.cli.conftest import mujaz

pytestmark = pytest.mark.model


@pytest.mark.parametrize("service", ["", "liveness", "mujaz.v1.BriefService"])
def test_a_ready_server_is_serving(invoke: Any, service: str) -> None:
    result = invoke("health", "--service", service)
    assert (result.exit_code, result.stdout) == (0, "SERVING\n")


def test_a_service_that_is_not_there_fails(invoke: Any) -> None:
    result = invoke("health", "--service", "none")
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1


def test_no_server_ends_with_exit_code_4() -> None:
    result = mujaz("health", "--server", "127.0.0.1:1")
    assert result.returncode == 4
    assert result.stderr == "mujaz: cannot reach 127.0.0.1:1: Connection refused (111)\n"


def test_a_server_that_never_answers_ends_with_exit_code_4() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"127.0.0.1:{silent.getsockname()[1]}"
        result = mujaz("health", "--server", address, "--timeout", "0.2")
    assert result.returncode == 4
    assert result.stderr == f"mujaz: cannot reach {address}: no answer in 0.2 s\n"


def test_the_address_is_the_one_serve_would_take(server_address: str) -> None:
    assert mujaz("health", MUJAZ_LISTEN=server_address).returncode == 0
    assert mujaz("health", MUJAZ_LISTEN="nowhere").returncode == 2


def test_how_the_server_was_opened_to_others_does_not_matter(server_address: str) -> None:
    settings = {"MUJAZ_LISTEN": "0.0.0.0:50051", "MUJAZ_HEALTH_LISTEN": server_address}
    assert mujaz("health", **settings).stdout == "SERVING\n"
