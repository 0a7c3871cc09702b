"""A client that knows only proto/ against a server started from the command line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import MODELS
from tests.contract.generated import CLIENT, generate_client_code

pytestmark = pytest.mark.model

CLIENT_SECONDS = 180
STOP_SECONDS = 30


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generate_client_code(tmp_path_factory.mktemp("generated"))


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server process, which ends in order when it is told to."""
    listen = f"unix:{tmp_path_factory.mktemp('server')}/s"
    command = [sys.executable, "-m", "mujaz", "serve", "--listen", listen, "--models", str(MODELS)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield listen
        finally:
            process.terminate()
            _, lines = process.communicate(timeout=STOP_SECONDS)
    assert process.returncode == 0, lines


@pytest.fixture(scope="module")
def report(generated: Path, target: str) -> dict[str, Any]:
    result = subprocess.run(
        [sys.executable, str(CLIENT), target],
        env={**os.environ, "PYTHONPATH": str(generated)},
        capture_output=True,
        text=True,
        timeout=CLIENT_SECONDS,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    parsed: dict[str, Any] = json.loads(result.stdout)
    assert Path(parsed["module"]).is_relative_to(generated)
    return parsed


def sentences(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [event["sentence"] for event in events if "sentence" in event]


def test_it_translates(report: dict[str, Any]) -> None:
    translation, content = report["translation"], report["content"]
    assert translation["translated_text"]
    assert translation["detected_language"]["language_code"] == "ar"
    assert len(translation["sentences"]) == 3
    for sentence in translation["sentences"]:
        span = sentence["source_span"]
        part = content[span.get("start_offset", 0) : span["end_offset"]]
        assert part == sentence["source_text"]


def test_it_streams(report: dict[str, Any]) -> None:
    events = report["events"]
    assert events[0]["started"]["sentence_count"] == 3
    assert "finished" in events[-1]
    assert [s["source_text"] for s in sentences(events)] == [
        s["source_text"] for s in report["translation"]["sentences"]
    ]


def test_it_resumes_after_every_event(report: dict[str, Any]) -> None:
    whole = sentences(report["events"])
    done = 0
    for event, rest in zip(report["events"], report["resumed"], strict=True):
        done += "sentence" in event
        assert sentences(rest) == whole[done:]
        assert bool(rest) == ("finished" not in event)


def test_it_sends_chunks(report: dict[str, Any]) -> None:
    assert [s["source_span"] for s in sentences(report["chunks"])] == [
        s["source_span"] for s in report["translation"]["sentences"]
    ]
    assert "finished" in report["chunks"][-1]


def test_it_detects_the_language(report: dict[str, Any]) -> None:
    assert report["languages"]["languages"][0]["language_code"] == "ar"


def test_it_gets_a_brief(report: dict[str, Any]) -> None:
    brief = report["brief"]["brief"]
    assert brief["headline"]["translated_text"]
    assert brief["points"]
    assert all(point["evidence_spans"] for point in brief["points"])
    assert len(report["brief"]["sentences"]) == 3


def test_it_streams_a_brief(report: dict[str, Any]) -> None:
    events = report["brief_events"]
    assert "headline" in events[0]
    assert "finished" in events[-1]
    assert sum("point" in event for event in events) == len(report["brief"]["brief"]["points"])


def test_it_gets_one_answer_an_article(report: dict[str, Any]) -> None:
    answers = {answer["article_id"]: answer for answer in report["answers"]}
    assert len(report["answers"]) == 3
    assert "brief" in answers["first"]
    assert "brief" in answers["second"]
    assert answers["empty"]["reason"] == "CONTENT_EMPTY"


def test_it_lists_the_models(report: dict[str, Any]) -> None:
    assert [model["name"] for model in report["models"]] == ["models/ar-brief", "models/ar-en"]
