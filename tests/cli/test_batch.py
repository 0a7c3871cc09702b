"""`mujaz batch` against a real server: stopped, gone on with, and full of bad lines."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import COMMAND, SECONDS, TEXT, environment, mujaz

pytestmark = pytest.mark.model


def articles(path: Path, values: list[Any]) -> Path:
    file = path / "in.jsonl"
    lines = [value if isinstance(value, str) else json.dumps(value) for value in values]
    file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return file


def answers(path: Path) -> dict[str, Any]:
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    by_id = {line["article_id"]: line for line in lines}
    assert len(by_id) == len(lines)
    return by_id


def test_every_article_gets_one_line(invoke: Any, tmp_path: Path) -> None:
    given = articles(
        tmp_path,
        [
            {"article_id": "وكالة/1", "title": "خطة جديدة", "body": TEXT},
            {"body": TEXT},
            {"article_id": "empty", "body": " "},
            "not JSON",
            {"article_id": "وكالة/1", "body": TEXT},
        ],
    )
    out = tmp_path / "out.jsonl"
    result = invoke("batch", given, out)
    assert result.exit_code == 3
    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert sorted(line["article_id"] for line in lines) == [
        "empty", "line-2", "line-4", "وكالة/1", "وكالة/1",
    ]  # fmt: skip
    errors = {line["article_id"]: line["error"] for line in lines if "error" in line}
    assert errors["empty"]["reason"] == "CONTENT_EMPTY"
    assert errors["line-4"]["message"].startswith("line 4: not JSON")
    assert errors["وكالة/1"]["message"] == (
        "line 5: another line before it has the same article_id"
    )
    good = next(line for line in lines if line["article_id"] == "line-2")
    assert list(good) == ["article_id", "brief", "sentences", "stats"]
    assert good["brief"]["points"]


def test_a_second_run_leaves_answers_alone(invoke: Any, tmp_path: Path) -> None:
    given = articles(tmp_path, [{"article_id": f"a{n}", "body": TEXT} for n in range(3)])
    out = tmp_path / "out.jsonl"
    assert invoke("batch", given, out).exit_code == 0
    before = out.read_bytes()
    result = invoke("batch", given, out)
    assert result.exit_code == 0
    assert out.read_bytes() == before
    assert result.stderr == "mujaz: 0 articles answered, 3 left as they were, 0 errors\n"


def test_what_failed_is_tried_again_only_when_asked(invoke: Any, tmp_path: Path) -> None:
    values = [{"article_id": "a", "body": TEXT}, {"article_id": "b", "body": ""}]
    given, out = articles(tmp_path, values), tmp_path / "out.jsonl"
    assert invoke("batch", given, out).exit_code == 3
    articles(tmp_path, [values[0], {"article_id": "b", "body": TEXT}])
    assert invoke("batch", given, out).exit_code == 3
    assert invoke("batch", given, out, "--retry-failed").exit_code == 0
    assert set(answers(out)) == {"a", "b"}
    assert all("brief" in answer for answer in answers(out).values())


def test_a_stopped_batch_goes_on_where_it_was(server_address: str, tmp_path: Path) -> None:
    sample = Path(__file__).resolve().parents[2] / "samples" / "raqqa.txt"
    body = sample.read_text(encoding="utf-8")
    # Each sentence differs from article to article, so that none comes from the cache.
    values = [{"article_id": f"a{n}", "body": body.replace(".", f" {n}.")} for n in range(8)]
    given, out = articles(tmp_path, values), tmp_path / "out.jsonl"
    arguments = ["batch", str(given), str(out), "--server", server_address, "--window", "2"]
    arguments += ["--method", "extractive", "--points", "1"]
    with subprocess.Popen(
        [*COMMAND, *arguments], env=environment(), stderr=subprocess.PIPE, text=True
    ) as process:
        while not out.exists() or not out.read_bytes().endswith(b"\n"):
            assert process.poll() is None
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        _, error = process.communicate(timeout=SECONDS)
    assert process.returncode == 130, error
    assert error.splitlines()[-1] == "mujaz: stopped by Ctrl-C"
    done = answers(out)
    assert 1 <= len(done) < len(values)
    result = mujaz(*arguments)
    assert result.returncode == 0, result.stderr
    assert set(answers(out)) == {value["article_id"] for value in values}
    assert f"{len(done)} left as they were" in result.stderr


def test_articles_come_from_standard_input_too(invoke: Any, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    result = invoke("batch", "-", out, text=json.dumps({"article_id": "a", "body": TEXT}))
    assert result.exit_code == 0
    assert set(answers(out)) == {"a"}


def test_a_missing_file_is_bad_input_and_makes_no_answers(invoke: Any, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    result = invoke("batch", tmp_path / "none.jsonl", out)
    assert result.exit_code == 5
    assert "none.jsonl: No such file or directory" in result.stderr
    assert not out.exists()


def test_one_file_is_not_both(invoke: Any, tmp_path: Path) -> None:
    given = articles(tmp_path, [{"article_id": "a", "body": TEXT}])
    before = given.read_bytes()
    assert invoke("batch", given, given).exit_code == 2
    assert given.read_bytes() == before


def test_bytes_that_are_not_utf_8_end_the_batch_after_what_came_before(
    invoke: Any, tmp_path: Path
) -> None:
    given, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    given.write_bytes(json.dumps({"article_id": "a", "body": TEXT}).encode() + b"\n\xff\n")
    result = invoke("batch", given, out)
    assert result.exit_code == 5
    assert "is not UTF-8" in result.stderr
