"""Several times the work the engine can do, from several callers and of both priorities.

What holds does not depend on the speed of the machine: all that is let in ends well, all that is
refused is told when to come back, health answers throughout, and afterwards all is as before.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.rpc import error_details_pb2
from grpc_health.v1 import health_pb2

from mujaz.transport.health import LIVENESS, SERVING
from mujaz.v1.translation_service_pb2 import Priority, TranslateTextRequest, TranslationConfig
from tests.conftest import RunningServer, running_server
from tests.faults.calls import new_text
from tests.transport.failures import failure

pytestmark = pytest.mark.model

CALLS = {"greedy": 500, "modest": 40}
QUEUE_TOKEN_LIMIT = 2_048
REQUEST_LIMIT = 60
OVERLOAD_REASONS = {"QUEUE_FULL", "CALLER_SHARE_EXCEEDED", "WAIT_EXCEEDS_DEADLINE"}
# Far beyond what a slow machine needs for what is let in.
DEADLINE_SECONDS = 120.0


def requests(count: int) -> Iterator[TranslateTextRequest]:
    """Single sentences, and now and then a longer text in bulk."""
    for number in range(count):
        bulk = number % 10 == 0
        priority = Priority.PRIORITY_BULK if bulk else Priority.PRIORITY_INTERACTIVE
        config = TranslationConfig(source_language_code="ar", beam_size=1, priority=priority)
        yield TranslateTextRequest(content=new_text(8 if bulk else 1), config=config)


async def watch(server: RunningServer, ended: asyncio.Event) -> tuple[Counter[int], int]:
    """The states health gave, and the most tokens that ever waited."""
    states: Counter[int] = Counter()
    most = 0
    while not ended.is_set():
        for name in ("", LIVENESS):
            request = health_pb2.HealthCheckRequest(service=name)
            states[(await server.health.Check(request, timeout=30)).status] += 1
        state = server.scheduler_state
        most = max(most, state.queued_tokens)
        assert state.open_tickets <= REQUEST_LIMIT
        await asyncio.sleep(0.02)
    return states, most


async def test_overload_is_refused_in_words_and_all_that_is_let_in_ends_well(
    tmp_path: Path,
) -> None:
    tokens = tmp_path / "tokens"
    digests = {name: hashlib.sha256(name.encode()).hexdigest() for name in CALLS}
    tokens.write_text("".join(f"{n} translate - {d} -\n" for n, d in digests.items()))
    async with running_server(
        tokens=tokens,
        queue_token_limit=QUEUE_TOKEN_LIMIT,
        request_limit=REQUEST_LIMIT,
        max_concurrent_streams=1_000,
    ) as server:

        def call(name: str, request: TranslateTextRequest) -> Any:
            metadata = (("authorization", f"Bearer {name}"),)
            return server.translation.TranslateText(
                request, timeout=DEADLINE_SECONDS, metadata=metadata
            )

        ended = asyncio.Event()
        watching = asyncio.create_task(watch(server, ended))
        # The greedy one comes first, and all at once.
        calls = [(name, call(name, r)) for name, count in CALLS.items() for r in requests(count)]
        codes = await asyncio.gather(*(each.code() for _, each in calls))
        ended.set()
        states, most_queued_tokens = await watching

        served: Counter[str] = Counter()
        refused: Counter[str] = Counter()
        for (name, each), code in zip(calls, codes, strict=True):
            if code is grpc.StatusCode.OK:
                served[name] += 1
                continue
            refused[name] += 1
            answer = await failure(each)
            assert answer.code is grpc.StatusCode.RESOURCE_EXHAUSTED
            assert answer.reason in OVERLOAD_REASONS
            delay = answer.detail(error_details_pb2.RetryInfo()).retry_delay
            assert delay.ToTimedelta().total_seconds() > 0
        assert refused["greedy"] > 0
        assert served["greedy"] > 0
        assert served["modest"] > 0  # the greedy caller was first, and did not keep it out
        assert set(states) == {SERVING}
        # A request that is let in may bring one sentence over the limit.
        assert most_queued_tokens < 2 * QUEUE_TOKEN_LIMIT

        for name in CALLS:  # as before: nothing waits, and nobody is refused
            (request,) = requests(1)
            assert (await call(name, request)).translated_text
        state = server.scheduler_state
        assert (state.queued_tokens, state.running_sequences, state.open_tickets) == (0, 0, 0)
