"""A disk that takes no more, for a batch, and one that takes nothing, for the server."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from pathlib import Path

import pytest

from mujaz.client import Article, MujazClient
from tests.cli.conftest import COMMAND, environment
from tests.conftest import MODELS
from tests.faults.calls import CONFIG, check_answers, new_text
from tests.faults.server_process import limited, own_channel, server_process

pytestmark = pytest.mark.model

ARTICLE_COUNT = 40
BLOCKS = 16  # of 512 bytes, as `ulimit -f` counts


def batch(articles: Path, answers: Path, *wrapper: str) -> subprocess.CompletedProcess[str]:
    """Runs `mujaz batch`, perhaps with a limit on the size of what it writes."""
    words = [*wrapper, *COMMAND, "batch", str(articles), str(answers)]
    return subprocess.run(
        words, env=environment(), capture_output=True, text=True, timeout=120, check=False
    )


def answered(path: Path) -> list[str]:
    lines = path.read_bytes().split(b"\n")
    whole = [json.loads(line) for line in lines[:-1]]
    assert all(answer["brief"]["points"] for answer in whole)
    return [answer["article_id"] for answer in whole]


def test_a_batch_that_finds_no_room_loses_nothing_and_goes_on_later(tmp_path: Path) -> None:
    articles, answers = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    articles.write_text(
        "".join(
            json.dumps({"article_id": f"a{n}", "body": new_text(6)}) + "\n"
            for n in range(ARTICLE_COUNT)
        ),
        encoding="utf-8",
    )
    # A limit on the size of files fails in the middle of a write, as a full disk does.
    cut = batch(articles, answers, *limited("-f", str(BLOCKS)))
    assert cut.returncode == 1, cut.stderr
    assert "Traceback" not in cut.stderr
    last = cut.stderr.splitlines()[-1]
    assert last == f"mujaz: {answers}: File too large"
    before = answered(answers)
    assert 0 < len(before) < ARTICLE_COUNT

    done = batch(articles, answers)
    assert done.returncode == 0, done.stderr
    after = answered(answers)
    assert after[: len(before)] == before
    assert sorted(after) == sorted(f"a{n}" for n in range(ARTICLE_COUNT))
    assert f"{len(before)} left as they were" in done.stderr


async def test_a_server_writes_no_file_at_all(tmp_path: Path) -> None:
    """As in a container whose root is read-only: not one byte, for any call or a reload."""
    home = tmp_path / "home"
    home.mkdir()
    places = {name: str(home) for name in ("HOME", "TMPDIR", "XDG_CACHE_HOME")}
    before = {path: path.stat().st_mtime_ns for path in MODELS.rglob("*")}
    async with server_process(wrapper=limited("-f", "0"), cwd=home, **places) as server:
        async with own_channel(server.address) as channel:
            await check_answers(channel)
        async with MujazClient(server.address) as client:
            # Latin script makes the detector load its data.
            answer = await client.detect_language("The president met the minister on Sunday.")
            assert answer.languages[0].language_code == "en"
            assert (await client.generate_brief(Article(body=new_text(8)))).brief.points
            events = [event async for event in client.stream_translate(new_text(5), CONFIG)]
            assert events[-1].HasField("finished")
        server.signal(signal.SIGHUP)
        await server.logged("models_reloaded")
        assert await server.stopped() == 0
        assert server.plain_lines[1:] == []
    assert os.listdir(home) == []
    assert before == {path: path.stat().st_mtime_ns for path in MODELS.rglob("*")}
