"""`mujaz models pull`, as a person at a terminal sees it."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from mujaz.cli.commands import group
from mujaz.conversion.presets import PRESETS
from tests.cli.conftest import COMMAND, SECONDS, environment, mujaz
from tests.conversion.hub_server import COMMIT, StandIn, marian_files, serving

conversion = pytest.mark.conversion


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    with serving(StandIn(marian_files())) as hub:
        yield hub


def pull(
    *arguments: str | Path, hub: str, home: Path, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Runs the command against the hub at that address, with everything else in `home`."""
    return mujaz(
        *("models", "pull", *arguments, "--models", home / "models"),
        HF_ENDPOINT=hub,
        HF_HOME=str(home / "hub"),
        **variables,
    )


def last_line(result: subprocess.CompletedProcess[str]) -> str:
    return result.stderr.splitlines()[-1]


def test_the_presets_are_listed_with_licence_and_size() -> None:
    result = CliRunner().invoke(group, ["models", "pull", "--list"])
    assert result.exit_code == 0
    table, _, notes = result.stdout.partition("\n\n")
    lines = table.splitlines()
    assert len(lines) == len(PRESETS)
    for preset, line in zip(PRESETS, lines, strict=True):
        assert line.split()[0] == preset.name
        assert preset.license in line
        assert f"{preset.name}: {preset.description}" in notes
    (nllb,) = (line for line in lines if line.startswith("nllb"))
    assert nllb.endswith("to be accepted")


def test_the_presets_as_json() -> None:
    result = CliRunner().invoke(group, ["models", "pull", "--list", "--format", "json"])
    presets = {preset["name"]: preset for preset in json.loads(result.stdout)}
    assert set(presets) == {preset.name for preset in PRESETS}
    assert presets["nllb-200-distilled-600M"]["is_non_commercial"] is True
    assert presets["opus-mt-tc-big-ar-en"]["is_pinned"] is False
    assert presets["AraBART"]["task"] == "summarization"


def test_the_help_teaches_with_examples() -> None:
    result = CliRunner().invoke(group, ["models", "pull", "--help"])
    assert result.exit_code == 0
    assert "mujaz models pull opus-mt-tc-big-ar-en" in result.stdout.partition("Examples:")[2]
    assert "token" not in result.stdout.lower().replace("hf_token", "")


@pytest.mark.parametrize(
    ("arguments", "exit_code", "message"),
    [
        ((), 2, "--list shows the presets"),
        (("nllb",), 5, "there is no preset nllb"),
        (("nllb-200-distilled-600M",), 2, "add --accept-license CC-BY-NC-4.0"),
        (("mT5_multilingual_XLSum", "--accept-license", "MIT"), 2, "CC-BY-NC-SA-4.0"),
        (("opus-mt-ar-en", "--task", "translation"), 2, "not for a preset"),
        (("opus-mt-ar-en", "--name", "Ar En"), 2, "cannot be the name"),
    ],
)
@conversion
def test_what_has_to_be_said_otherwise(
    tmp_path: Path, arguments: tuple[str, ...], exit_code: int, message: str
) -> None:
    result = pull(*arguments, hub="http://127.0.0.1:9", home=tmp_path)
    assert result.returncode == exit_code
    assert message in last_line(result)
    assert result.stdout == ""
    assert not any(tmp_path.iterdir())


@conversion
def test_a_model_is_pulled_and_served(stand_in: StandIn, tmp_path: Path) -> None:
    result = pull("owner/tiny", hub=stand_in.url, home=tmp_path)
    assert result.returncode == 0, result.stderr
    assert result.stdout == f"{tmp_path / 'models' / 'tiny'}\n"
    assert "Apache-2.0" in result.stderr
    assert "\r" not in result.stderr  # no bar where there is no terminal
    # What is sent says nothing of the machine, and nobody else is asked.
    agents = {request.headers["user-agent"] for request in stand_in.requests}
    assert not any("torch" in agent or "agent/" in agent for agent in agents)
    places = {request.path.split("/")[-2] for request in stand_in.requests}
    assert places == {"revision", COMMIT, "store"}
    listed = mujaz("models", "list", "--models", tmp_path / "models")
    assert listed.stdout.startswith("models/tiny ")
    again = pull("owner/tiny", hub=stand_in.url, home=tmp_path)
    assert again.returncode == 2
    assert "--force" in last_line(again)


@conversion
@pytest.mark.parametrize(
    ("arguments", "exit_code", "message"),
    [
        (("owner/other",), 5, "has no repository owner/other"),
        (("owner/tiny", "--revision", "v2"), 5, "owner/tiny has no revision v2"),
        (("ow ner/tiny",), 5, "cannot be the name of a repository"),
    ],
)
def test_what_the_hub_does_not_have(
    stand_in: StandIn, tmp_path: Path, arguments: tuple[str, ...], exit_code: int, message: str
) -> None:
    result = pull(*arguments, hub=stand_in.url, home=tmp_path)
    assert (result.returncode, len(result.stderr.splitlines())) == (exit_code, 1)
    assert message in result.stderr


@conversion
def test_no_network_is_one_clear_line(tmp_path: Path) -> None:
    with serving(StandIn({})) as gone:
        pass
    result = pull("opus-mt-ar-en", hub=gone.url, home=tmp_path)
    assert result.returncode == 4
    (line,) = result.stderr.splitlines()
    assert line.startswith(f"mujaz: cannot reach {gone.url}: ")
    assert line.endswith("check the network, a proxy, or HF_ENDPOINT")
    assert not any(tmp_path.iterdir())


@conversion
@pytest.mark.parametrize("variable", ["HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"])
def test_a_variable_that_forbids_the_network_is_named(
    stand_in: StandIn, tmp_path: Path, variable: str
) -> None:
    result = pull("owner/tiny", hub=stand_in.url, home=tmp_path, **{variable: "1"})
    assert result.returncode == 4
    assert variable in result.stderr
    assert stand_in.requests == []


@conversion
@pytest.mark.parametrize("status", [429, 503])
def test_a_hub_in_trouble_is_asked_again_and_then_given_up(
    stand_in: StandIn, tmp_path: Path, status: int
) -> None:
    stand_in.api_troubles = [("status", status)] * 9
    result = pull("owner/tiny", hub=stand_in.url, home=tmp_path)
    assert result.returncode == 4
    assert f"(HTTP {status}); try again later" in result.stderr
    assert len(stand_in.requests) == 5


@conversion
def test_a_wrong_digest_fails(stand_in: StandIn, tmp_path: Path) -> None:
    stand_in.wrong_digests.add("source.spm")
    result = pull("owner/tiny", hub=stand_in.url, home=tmp_path)
    assert result.returncode == 1
    assert "source.spm is not what the hub says it is" in last_line(result)
    assert not (tmp_path / "models").exists()


@conversion
@pytest.mark.parametrize(
    ("number", "exit_code", "message"),
    [
        (signal.SIGINT, 130, "mujaz: stopped by Ctrl-C; what was downloaded is kept"),
        (signal.SIGTERM, 143, "mujaz: stopped by SIGTERM"),
    ],
)
def test_what_is_there_is_kept_when_stopped(
    stand_in: StandIn, tmp_path: Path, number: signal.Signals, exit_code: int, message: str
) -> None:
    stand_in.stalls_after = 5000
    arguments = ("models", "pull", "owner/tiny", "--models", str(tmp_path / "models"))
    variables = environment(HF_ENDPOINT=stand_in.url, HF_HOME=str(tmp_path / "hub"))
    with subprocess.Popen(
        [*COMMAND, *arguments], env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        partial = tmp_path / "hub/mujaz/owner--tiny" / COMMIT / "model.safetensors.part"
        while not partial.exists() or partial.stat().st_size < 5000:
            assert not stand_in.ended.wait(0.01)
            assert process.poll() is None
        process.send_signal(number)
        _, error = process.communicate(timeout=SECONDS)
    assert process.returncode == exit_code
    assert error.decode().splitlines()[-1].startswith(message)
    assert not (tmp_path / "models").exists()
    stand_in.stalls_after = None
    stand_in.requests.clear()
    assert pull("owner/tiny", hub=stand_in.url, home=tmp_path).returncode == 0
    assert stand_in.ranges_of("model.safetensors") == ["bytes=5000-"]


@conversion
def test_a_model_that_would_not_be_chosen_says_so(stand_in: StandIn, tmp_path: Path) -> None:
    for name, is_first in (("m", True), ("z", False), ("a", True)):
        result = pull("owner/tiny", "--name", name, hub=stand_in.url, home=tmp_path)
        assert result.returncode == 0
        hint = "who names no model gets models/m; ask for --model models/"
        assert (hint in result.stderr) != is_first
