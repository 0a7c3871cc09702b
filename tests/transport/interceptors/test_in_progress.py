"""Calls in progress, and waiting for their end."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from mujaz.transport.interceptors.in_progress import CallsInProgress
from mujaz.transport.interceptors.wrap import Call

CALL = Call(method="/mujaz.v1.Any/Method", streaming=False, context=object())  # type: ignore[arg-type]


async def test_nothing_is_waited_for_where_no_call_is_in_progress() -> None:
    await asyncio.wait_for(CallsInProgress().wait_until_none(3600.0), timeout=10)


@pytest.mark.parametrize("failing", [False, True])
async def test_the_wait_ends_with_the_last_call_however_it_ends(failing: bool) -> None:
    calls, releases = CallsInProgress(), [asyncio.Event(), asyncio.Event()]

    async def answer(release: asyncio.Event) -> Any:
        await release.wait()
        if failing:
            raise RuntimeError("defect")

    tasks = [
        asyncio.create_task(calls(CALL, lambda release=release: answer(release)))
        for release in releases
    ]
    await asyncio.sleep(0)
    waiting = asyncio.create_task(calls.wait_until_none(3600.0))
    for release in releases:
        assert not waiting.done()
        release.set()
        await asyncio.wait(tasks[:1])
        tasks.append(tasks.pop(0))
    await asyncio.wait_for(waiting, timeout=10)
    assert [task.exception() is not None for task in tasks] == [failing, failing]


async def test_the_wait_ends_with_its_time() -> None:
    calls = CallsInProgress()
    task = asyncio.create_task(calls(CALL, asyncio.Event().wait))  # type: ignore[arg-type]
    await asyncio.sleep(0)
    await asyncio.wait_for(calls.wait_until_none(0.0), timeout=10)
    assert not task.done()
    task.cancel()
