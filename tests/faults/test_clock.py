"""A wall clock that jumps: nothing that waits, runs or is limited depends on it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from mujaz.v1.translation_service_pb2 import StreamTranslateTextRequest
from tests.conftest import FAKETIME
from tests.faults.calls import CONFIG, check_answers, new_text, translation
from tests.faults.server_process import own_channel, server_process
from tests.transport.failures import everything

pytestmark = [pytest.mark.model, pytest.mark.faketime]


async def test_calls_and_deadlines_go_on_when_the_clock_jumps(tmp_path: Path) -> None:
    clock = tmp_path / "clock"
    clock.write_text("+0")
    variables = {
        "LD_PRELOAD": str(FAKETIME),
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_NO_CACHE": "1",
        # As when an operator or NTP sets the clock: that of the wall moves, the monotonic does not.
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "DONT_FAKE_MONOTONIC": "1",
    }
    async with server_process(**variables) as server, own_channel(server.address) as channel:
        await check_answers(channel)
        request = StreamTranslateTextRequest(content=new_text(200), config=CONFIG)
        # Two hours ahead would be past this deadline, which was set before.
        stream = translation(channel).StreamTranslateText(request, timeout=120)
        assert (await stream.read()).started.sentence_count == 200
        for jump in ("+7200", "-86400"):
            clock.write_text(jump)
            await check_answers(channel)
        events = await everything(stream)
        assert len(events) == 201
        assert events[-1].HasField("finished")
        assert await server.stopped() == 0
    finished = [line for line in server.lines if line["event"] == "request_finished"]
    times = [datetime.fromisoformat(line["timestamp"]) for line in finished]
    assert (times[1] - times[0]).total_seconds() > 7_000
    assert (times[2] - times[1]).total_seconds() < -80_000
    assert all(0 <= line["seconds"] < 120 for line in finished)
