"""`mujaz serve`: how it starts, refuses to, and stops."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import pytest

from tests.cli.conftest import SECONDS, address_of, mujaz, serving

pytestmark = pytest.mark.model


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_in_order(number: signal.Signals) -> None:
    with serving("--log-format", "json") as process:
        address = address_of(process)
        assert mujaz("health", "--server", address).returncode == 0
        process.send_signal(number)
        output, log = process.communicate(timeout=SECONDS)
    assert process.returncode == 0
    assert output == ""
    events = [json.loads(line)["event"] for line in log.splitlines()]
    assert events[0] == "listening"
    assert events[-2:] == ["draining", "stopped"]


def test_an_address_that_is_taken_ends_with_exit_code_2(server_address: str) -> None:
    result = mujaz("serve", "--listen", server_address)
    assert (result.returncode, result.stdout) == (2, "")
    assert f"cannot listen on {server_address}" in result.stderr.splitlines()[-1]


def test_bad_models_end_with_exit_code_1(tmp_path: Path) -> None:
    result = mujaz("serve", "--listen", "127.0.0.1:0", "--models", tmp_path)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.splitlines()[-1].startswith("mujaz: No model was found")
