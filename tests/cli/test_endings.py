"""Commands that are stopped: one clear line, the exit code of the table, nothing left behind."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from mujaz.cli.commands import group
from mujaz.cli.exit_codes import EXIT_CODES_HELP, ExitCode
from tests.cli.conftest import COMMAND, SECONDS, SENTENCE, environment

pytestmark = pytest.mark.model


def start(*arguments: str | Path, **variables: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [*COMMAND, *map(str, arguments)],
        env=environment(**variables),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


@pytest.mark.parametrize("own_server", [True, False])
@pytest.mark.parametrize(
    ("number", "exit_code", "message"),
    [
        (signal.SIGINT, 130, "mujaz: stopped by Ctrl-C\n"),
        (signal.SIGTERM, 143, "mujaz: stopped by SIGTERM\n"),
    ],
)
def test_a_signal_while_text_is_awaited(
    server_address: str,
    tmp_path: Path,
    *,
    own_server: bool,
    number: signal.Signals,
    exit_code: int,
    message: str,
) -> None:
    arguments = () if own_server else ("--server", server_address)
    with start("translate", *arguments, TMPDIR=str(tmp_path)) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"{SENTENCE}\n".encode())
        process.stdin.flush()
        # Its translation shows that the command is at work, and waits for more.
        assert process.stdout.read(1)
        process.send_signal(number)
        _, error = process.communicate(timeout=SECONDS)
    assert error.decode() == message
    assert process.returncode == exit_code
    assert list(tmp_path.iterdir()) == []


def test_a_reader_that_leaves(server_address: str) -> None:
    with start("translate", "--server", server_address) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"{SENTENCE}\n".encode())
        process.stdin.flush()
        assert process.stdout.read(1)
        process.stdout.close()
        process.stdin.write(f"{SENTENCE}\n{SENTENCE}\n".encode())
        process.stdin.close()
        assert process.stderr is not None
        error = process.stderr.read()
        assert process.wait(timeout=SECONDS) == 141
    assert error.decode() == "mujaz: stopped, as nobody reads the output any more\n"


def test_a_reader_that_was_never_there() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    result = subprocess.run(
        [*COMMAND, "models", "list"],
        env=environment(),
        stdout=writer,
        stderr=subprocess.PIPE,
        timeout=SECONDS,
        check=False,
    )
    os.close(writer)
    assert result.returncode == 141
    assert result.stderr.decode() == "mujaz: stopped, as nobody reads the output any more\n"


def test_a_full_disk(server_address: str, article: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        result = subprocess.run(
            [*COMMAND, "translate", str(article), "--server", server_address],
            env=environment(),
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=SECONDS,
            check=False,
        )
    assert result.returncode == 1
    assert result.stderr.decode() == f"mujaz: {article}: cannot write: No space left on device\n"


@pytest.mark.parametrize(
    ("number", "message"),
    [(0, "standard input: it is closed"), (1, "standard output is closed")],
)
def test_a_closed_stream(server_address: str, number: int, message: str) -> None:
    result = subprocess.run(
        [*COMMAND, "translate", "--server", server_address],
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        timeout=SECONDS,
        check=False,
        preexec_fn=lambda: os.close(number),  # no threads are about to fork
    )
    assert result.stderr.decode() == f"mujaz: {message}\n"
    assert result.returncode == (5 if number == 0 else 1)


def test_help_and_documentation_list_every_exit_code() -> None:
    listed = dict(re.findall(r"^ {2}(\d+) +(.+)$", EXIT_CODES_HELP, re.MULTILINE))
    assert {int(code) for code in listed} == set(ExitCode)
    assert "Exit codes:" in CliRunner().invoke(group, ["--help"]).stdout
    page = Path(__file__).resolve().parents[2] / "docs" / "command-line.md"
    text = page.read_text(encoding="utf-8")
    assert dict(re.findall(r"^\| (\d+) \| (.+) \|$", text, re.MULTILINE)) == listed


@pytest.mark.parametrize(
    "command",
    ["serve", "translate", "brief", "batch", "models", "models list", "health"],
)
def test_every_command_teaches_with_an_example(command: str) -> None:
    result = CliRunner().invoke(group, [*command.split(), "--help"])
    assert result.exit_code == 0
    if " " not in command:
        assert f"mujaz {command}" in result.stdout.partition("Examples:")[2]
