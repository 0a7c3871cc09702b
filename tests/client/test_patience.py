"""When a failure is worth another attempt."""

from __future__ import annotations

import grpc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mujaz.client import RetryPolicy, RpcFailed
from mujaz.client.patience import Patience
from tests.client.scripted_server import Waits


def unavailable(retry_after_seconds: float | None = None) -> RpcFailed:
    return RpcFailed(grpc.StatusCode.UNAVAILABLE, "gone", retry_after_seconds=retry_after_seconds)


@given(st.integers(0, 60), st.floats(0, 1), st.none() | st.floats(0, 100))
def test_a_wait_is_between_half_and_all_of_its_length_and_never_under_the_hint(
    failure_count: int, jitter: float, hint: float | None
) -> None:
    policy = RetryPolicy(jitter=lambda: jitter)
    delay = policy.delay_seconds(failure_count, unavailable(hint))
    full = min(5.0, 0.2 * 2**failure_count)
    assert max(full / 2, hint or 0) <= delay <= max(full, hint or 0)


async def test_waits_double_up_to_the_limit_and_then_the_failure_is_raised() -> None:
    waits = Waits(attempts=6)
    patience = Patience(waits.policy, timeout_seconds=600)
    for _ in range(6):
        await patience.wait(unavailable())
    assert waits.seconds == [0.2, 0.4, 0.8, 1.6, 3.2, 5.0]
    with pytest.raises(RpcFailed, match="gone"):
        await patience.wait(unavailable())


async def test_an_answer_starts_the_count_anew() -> None:
    waits = Waits(attempts=1)
    patience = Patience(waits.policy, timeout_seconds=600)
    for _ in range(3):
        await patience.wait(unavailable())
        patience.renew()
    assert waits.seconds == [0.2, 0.2, 0.2]


@pytest.mark.parametrize(
    "code", [code for code in grpc.StatusCode if code is not grpc.StatusCode.UNAVAILABLE]
)
async def test_only_an_absent_server_is_tried_again(code: grpc.StatusCode) -> None:
    waits = Waits()
    with pytest.raises(RpcFailed):
        await Patience(waits.policy, timeout_seconds=600).wait(RpcFailed(code, "no"))
    assert waits.seconds == []


async def test_a_wait_beyond_the_deadline_is_not_begun() -> None:
    waits = Waits()
    patience = Patience(waits.policy, timeout_seconds=10)
    with pytest.raises(RpcFailed):
        await patience.wait(unavailable(retry_after_seconds=20))
    assert waits.seconds == []
