"""Output that appears whole or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from mujaz.cli.exit_codes import CommandFailed, ExitCode
from mujaz.cli.output import Output, open_output


def write_and_fail(path: Path) -> None:
    with open_output(path) as output:
        output.write("new")
        raise RuntimeError("the work failed")


def test_a_file_appears_only_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "out.txt"
    with open_output(path) as output:
        output.write("خبر")
        assert not path.exists()
    assert path.read_text(encoding="utf-8") == "خبر"


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "out.txt"
    path.write_text("old", encoding="utf-8")
    with pytest.raises(RuntimeError, match="the work failed"):
        write_and_fail(path)
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_new_file_has_the_usual_permissions_and_an_old_one_keeps_its_own(tmp_path: Path) -> None:
    path = tmp_path / "out.txt"
    mask = os.umask(0o027)
    try:
        with open_output(path) as output:
            output.write("a")
        assert stat.S_IMODE(path.stat().st_mode) == 0o640
        path.chmod(0o604)
        with open_output(path) as output:
            output.write("b")
        assert stat.S_IMODE(path.stat().st_mode) == 0o604
    finally:
        os.umask(mask)


def test_the_target_of_a_link_is_written_and_the_link_stays(tmp_path: Path) -> None:
    target, link = tmp_path / "target.txt", tmp_path / "link.txt"
    link.symlink_to(target)
    with open_output(link) as output:
        output.write("خبر")
    assert link.is_symlink()
    assert target.read_text(encoding="utf-8") == "خبر"


def test_a_device_is_written_and_not_replaced() -> None:
    with open_output(Path("/dev/null")) as output:
        output.write("خبر")
    assert not Path("/dev/null").is_file()


@pytest.mark.parametrize(
    ("path", "problem"),
    [("/dev/full", "No space left on device"), ("/nonexistent/out", "No such file or directory")],
)
def test_what_cannot_be_written_is_one_clear_failure(path: str, problem: str) -> None:
    with pytest.raises(CommandFailed, match=problem) as caught, open_output(Path(path)) as output:
        output.write("خبر")
    assert caught.value.exit_code == ExitCode.FAILED


def test_text_is_written_at_once(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    with os.fdopen(writer, "wb") as stream, os.fdopen(reader, "rb", buffering=0) as other:
        Output(stream, is_terminal=False).write("خبر")
        assert other.read(100) == "خبر".encode()
