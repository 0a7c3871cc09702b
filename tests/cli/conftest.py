"""The command line as a process of its own, and a server for it to talk to."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from mujaz.cli.commands import group
from tests.conftest import MODELS

SECONDS = 120
SENTENCE = "قال الرئيس إن الوضع جيد."
TEXT = f"{SENTENCE}\n\nأعلنت الوزارة عن خطة جديدة. ثم عاد الوزير إلى العاصمة.\n"
COMMAND = (sys.executable, "-m", "mujaz")


def environment(**variables: str) -> dict[str, str]:
    """The variables of this process, with the models named, and those given."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MUJAZ_")}
    return {**kept, "MUJAZ_MODELS": str(MODELS), **variables}


def mujaz(
    *arguments: str | Path, text: str | bytes = b"", **variables: str
) -> subprocess.CompletedProcess[str]:
    """Runs a command to its end, with `text` as its standard input."""
    done = subprocess.run(
        [*COMMAND, *map(str, arguments)],
        input=text.encode() if isinstance(text, str) else text,
        env=environment(**variables),
        capture_output=True,
        timeout=SECONDS,
        check=False,
    )
    out, err = done.stdout.decode("utf-8"), done.stderr.decode("utf-8")
    assert "Traceback" not in err, err
    return subprocess.CompletedProcess(done.args, done.returncode, out, err)


def serving(*arguments: str, **variables: str) -> subprocess.Popen[str]:
    """A server process that has said it is ready; `address_of` reads where."""
    return subprocess.Popen(
        [*COMMAND, "serve", "--listen", "127.0.0.1:0", *arguments],
        env=environment(**variables),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def address_of(process: subprocess.Popen[str]) -> str:
    """Waits for a server to be ready and gives its address."""
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line.startswith("listening on "), process.communicate()
    return line.removeprefix("listening on ").strip()


@pytest.fixture(scope="session")
def server_address() -> Iterator[str]:
    """A server for all tests of the command line; it must end well."""
    with serving("--log-level", "error") as process:
        yield address_of(process)
        process.terminate()
        _, log = process.communicate(timeout=SECONDS)
        assert process.returncode == 0, log


@pytest.fixture
def article(tmp_path: Path) -> Path:
    """A file of two paragraphs and three sentences."""
    path = tmp_path / "article.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


@pytest.fixture
def invoke(server_address: str) -> Any:
    """Runs a command inside this process against the server: `invoke("translate", path)`."""

    def run(*arguments: str | Path, text: str | bytes | None = None) -> Any:
        words = [*map(str, arguments), "--server", server_address]
        return CliRunner().invoke(group, words, input=text)

    return run
