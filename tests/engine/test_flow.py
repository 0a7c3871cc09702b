"""Who goes next, and what each gets of the engine."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from mujaz.engine.flow import Flow

TOKENS = 10


def serve(root: Flow[tuple[Flow, int]], count: int) -> list[Flow]:
    """The flows of the next `count` items, each of TOKENS tokens."""
    served = []
    for _ in range(count):
        item = root.first()
        assert item is not None
        item[0].remove(item)
        item[0].serve(TOKENS)
        served.append(item[0])
    return served


def fill(flow: Flow, count: int) -> None:
    for number in range(count):
        flow.add((flow, number))


@given(st.lists(st.integers(1, 12), min_size=1, max_size=6))
def test_callers_get_the_same_whatever_the_number_of_their_requests(counts: list[int]) -> None:
    root: Flow = Flow()
    callers = [Flow(root) for _ in counts]
    owner = {}
    for caller, count in zip(callers, counts, strict=True):
        for _ in range(count):
            request = Flow(caller)
            owner[request] = caller
            fill(request, 40)
    rounds = 24
    served = Counter(owner[flow] for flow in serve(root, rounds * len(callers)))
    assert max(served.values()) - min(served.get(caller, 0) for caller in callers) <= 1


@given(st.integers(2, 9))
def test_requests_of_one_caller_get_the_same(count: int) -> None:
    root: Flow = Flow()
    caller = Flow(root)
    requests = [Flow(caller) for _ in range(count)]
    for request in requests:
        fill(request, 20)
    served = Counter(serve(root, 10 * count))
    assert max(served.values()) - min(served[request] for request in requests) <= 1


def test_a_sibling_of_eight_times_the_cost_gets_one_in_nine() -> None:
    root: Flow = Flow()
    cheap, dear = Flow(root), Flow(root, cost=8.0)
    fill(cheap, 200)
    fill(dear, 200)
    assert 19 <= serve(root, 180).count(dear) <= 21


def test_who_was_idle_saves_up_no_claim_and_waits_for_nobody() -> None:
    root: Flow = Flow()
    busy, newcomer = Flow(root), Flow(root)
    fill(busy, 50)
    serve(root, 20)
    fill(newcomer, 20)
    served = serve(root, 10)
    assert newcomer in served[:2]
    assert 4 <= served.count(newcomer) <= 6


def test_items_of_a_flow_leave_in_order_and_come_back_to_their_place() -> None:
    root: Flow = Flow()
    flow = Flow(root)
    fill(flow, 3)
    first = root.first()
    assert first == (flow, 0)
    flow.remove(first)
    flow.serve(TOKENS)
    tag = flow.tag
    flow.put_back(first, TOKENS)
    assert root.first() == first
    assert flow.tag < tag


def test_what_is_served_out_of_turn_is_charged() -> None:
    root: Flow = Flow()
    greedy, other = Flow(root), Flow(root)
    fill(greedy, 10)
    fill(other, 10)
    greedy.charge(5 * TOKENS)
    assert serve(root, 5) == [other] * 5


def test_nothing_waits_once_all_is_removed() -> None:
    root: Flow = Flow()
    flow = Flow(Flow(root))
    fill(flow, 1)
    flow.remove((flow, 0))
    assert root.first() is None
