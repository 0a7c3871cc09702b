"""The line that says how far the work is."""

from __future__ import annotations

import io

from mujaz.cli.progress import QUIET_SECONDS, Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_nothing_is_drawn_where_nobody_watches() -> None:
    stream, clock = io.StringIO(), Clock()
    progress = Progress(enabled=True, stream=stream, now=clock)
    clock.now = 100
    progress.show("3 sentences")
    progress.clear()
    assert stream.getvalue() == ""


def test_nothing_is_drawn_where_the_output_is_on_the_terminal() -> None:
    stream, clock = Terminal(), Clock()
    progress = Progress(enabled=False, stream=stream, now=clock)
    clock.now = 100
    progress.show("3 sentences")
    assert stream.getvalue() == ""


def test_short_work_draws_nothing() -> None:
    stream, clock = Terminal(), Clock()
    progress = Progress(enabled=True, stream=stream, now=clock)
    clock.now = QUIET_SECONDS - 0.01
    progress.show("3 sentences")
    progress.clear()
    assert stream.getvalue() == ""


def test_long_work_is_drawn_now_and_then_and_erased() -> None:
    stream, clock = Terminal(), Clock()
    progress = Progress(enabled=True, stream=stream, now=clock)
    for step in range(1, 5):
        clock.now = QUIET_SECONDS + step * 0.06
        progress.show(f"{step} sentences")
    progress.clear()
    progress.clear()
    assert stream.getvalue() == "\r\x1b[K1 sentences\r\x1b[K3 sentences\r\x1b[K"
