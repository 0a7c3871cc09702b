from __future__ import annotations

import asyncio
import os
import signal
import threading

import pytest

from mujaz.cli.termination import stopped_by_sigterm


def test_the_block_is_left_and_the_old_way_restored() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(asyncio.CancelledError), stopped_by_sigterm():
        os.kill(os.getpid(), signal.SIGTERM)
    assert signal.getsignal(signal.SIGTERM) == before


def test_another_thread_is_let_alone() -> None:
    ran = []

    def work() -> None:
        with stopped_by_sigterm():
            ran.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert ran == [True]
