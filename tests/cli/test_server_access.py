"""Commands at a server that asks for TLS, a client certificate and a token."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import trustme
from click.testing import CliRunner, Result

from mujaz.cli.commands import group
from tests.certificates import issue, root
from tests.cli.conftest import SECONDS, SENTENCE, address_of, mujaz, serving

pytestmark = pytest.mark.model

TOKEN_WORDS = ("tokens", "new", "--file")


def run(*words: str | Path, text: str = "", **variables: str) -> Result:
    """Runs a command inside this process, with no MUJAZ_* variables but those given."""
    none = {name: None for name in os.environ if name.startswith("MUJAZ_")}
    return CliRunner().invoke(group, list(map(str, words)), input=text, env={**none, **variables})


@dataclass(frozen=True)
class Guarded:
    """A server with everything on, and a directory of what opens it."""

    address: str
    directory: Path

    def words(self, *left_out: str) -> list[str | Path]:
        """The options that open the server, but for those left out."""
        options = {
            "--server": self.address,
            "--tls-ca": self.directory / "ca.pem",
            "--tls-cert": self.directory / "client.crt",
            "--tls-key": self.directory / "client.key",
            "--token-file": self.directory / "desk.token",
        }
        for each in left_out:
            del options[each]
        return [word for option in options.items() for word in option]


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    here = tmp_path_factory.mktemp("guarded")
    authority = trustme.CA()
    (here / "ca.pem").write_bytes(root(authority))
    issue(authority).write(here / "tls.crt", here / "tls.key")
    issue(authority, "newsdesk").write(here / "client.crt", here / "client.key")
    made = mujaz(*TOKEN_WORDS, here / "tokens", "--name", "desk", "--scope", "translate,brief")
    (here / "desk.token").write_text(made.stdout)
    flags = {
        "--tls-cert": "tls.crt",
        "--tls-key": "tls.key",
        "--client-ca": "ca.pem",
        "--tokens": "tokens",
    }
    words = [str(word) for flag, name in flags.items() for word in (flag, here / name)]
    with serving(*words, "--health-listen", "127.0.0.1:0", "--log-format", "json") as process:
        address = address_of(process)
        yield Guarded(f"localhost:{address.rpartition(':')[2]}", here)
        process.terminate()
        _, log = process.communicate(timeout=SECONDS)
        assert process.returncode == 0, log
        assert made.stdout.strip() not in log


def test_with_all_of_it_a_command_works(guarded: Guarded) -> None:
    result = run("translate", *guarded.words(), text=SENTENCE)
    assert result.exit_code == 0, result.stderr
    assert result.stdout.strip()
    assert run("health", *guarded.words("--token-file")).stdout == "SERVING\n"


def test_the_token_may_come_from_the_variable(guarded: Guarded) -> None:
    token = (guarded.directory / "desk.token").read_text()
    words = guarded.words("--token-file")
    result = run("translate", *words, text=SENTENCE, MUJAZ_TOKEN=token)
    assert result.exit_code == 0, result.stderr


@pytest.mark.parametrize(
    ("left_out", "exit_code", "problem"),
    [
        (["--token-file"], 6, "the server asks for a token; give --token-file FILE, or set"),
        (["--tls-key"], 2, "--tls-cert and --tls-key go together"),
        (["--tls-cert", "--tls-key"], 4, "if it asks for a client certificate"),
        (
            ["--tls-ca", "--tls-cert", "--tls-key", "--token-file"],
            4,
            "if it uses TLS, give --tls-ca FILE or --tls",
        ),
        (["--tls-ca"], 4, "name the CA that signed its certificate with --tls-ca FILE"),
    ],
)
def test_what_is_left_out_is_told_in_one_line(
    guarded: Guarded, left_out: list[str], exit_code: int, problem: str
) -> None:
    result = run("translate", *guarded.words(*left_out), text=SENTENCE)
    assert result.exit_code == exit_code, result.stderr
    assert problem in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_with_tls_alone_the_cas_of_the_system_are_trusted(guarded: Guarded) -> None:
    words = guarded.words("--tls-ca")
    authority = str(guarded.directory / "ca.pem")
    assert run("health", "--tls", *words, SSL_CERT_FILE=authority).stdout == "SERVING\n"


def test_a_token_without_the_scope_is_told(guarded: Guarded) -> None:
    result = run("models", "list", *guarded.words())
    assert result.exit_code == 6
    assert "does not have the scope models" in result.stderr


def test_of_several_inputs_a_refused_token_stops_at_the_first(
    guarded: Guarded, article: Path
) -> None:
    other = article.with_name("other.txt")
    shutil.copy(article, other)
    words = guarded.words("--token-file")
    result = run("translate", article, other, *words, MUJAZ_TOKEN="wrong")
    assert result.exit_code == 6
    assert result.stderr.count("not one this server knows") == 1


def test_a_token_is_not_sent_to_another_machine_in_the_clear(article: Path) -> None:
    result = run("translate", article, "--server", "translate.example:1", MUJAZ_TOKEN="secret")
    assert result.exit_code == 2
    assert "a token is not sent to translate.example:1 without TLS" in result.stderr
    assert "secret" not in result.stderr


@pytest.mark.parametrize("content", ["", "two words", "é"])
def test_a_file_that_holds_no_token_is_told_and_not_shown(
    tmp_path: Path, article: Path, content: str
) -> None:
    path = tmp_path / "token"
    path.write_text(content, encoding="utf-8")
    result = run("translate", article, "--server", "127.0.0.1:1", "--token-file", path)
    assert result.exit_code == 2
    assert content == "" or content not in result.stderr


def test_a_missing_file_is_named(tmp_path: Path, article: Path) -> None:
    for option in ("--token-file", "--tls-ca"):
        result = run("translate", article, "--server", "127.0.0.1:1", option, tmp_path / "none")
        assert result.exit_code == 2
        assert "none: No such file or directory" in result.stderr


def test_without_a_server_the_own_one_asks_for_nothing(guarded: Guarded, article: Path) -> None:
    result = mujaz(
        "translate",
        article,
        MUJAZ_TOKENS=str(guarded.directory / "tokens"),
        MUJAZ_TLS_CERT=str(guarded.directory / "tls.crt"),
        MUJAZ_TLS_KEY=str(guarded.directory / "tls.key"),
        MUJAZ_HEALTH_LISTEN="127.0.0.1:1",
    )
    assert result.returncode == 0, result.stderr


def test_health_shows_no_token(server_address: str) -> None:
    # As in a container, whose address of listening is no loopback one.
    anywhere = server_address.replace("127.0.0.1", "0.0.0.0")
    assert run("health", MUJAZ_TOKEN="secret", MUJAZ_SERVER=anywhere).stdout == "SERVING\n"


def test_health_asks_where_health_is_answered_in_the_clear(server_address: str) -> None:
    variables = {"MUJAZ_LISTEN": "127.0.0.1:1", "MUJAZ_HEALTH_LISTEN": server_address}
    assert run("health", **variables).stdout == "SERVING\n"
