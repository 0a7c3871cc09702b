from __future__ import annotations

import pytest

from mujaz.engine.batch import Priority
from mujaz.engine.speed import RECENT_SECONDS, Speed


def make() -> Speed:
    return Speed(worker_count=2, batch_token_budget=400)


def test_nothing_is_expected_before_the_first_batch() -> None:
    assert make().seconds_for(1_000) == 0


def test_full_batches_set_the_speed_of_all_workers_and_nearly_empty_ones_do_not() -> None:
    speed = make()
    speed.add_batch(400, 4.0, priority=Priority.BULK, now=0)
    speed.add_batch(10, 4.0, priority=Priority.BULK, now=0)
    assert speed.seconds_for(100) == pytest.approx(0.5)


def test_second_decodings_and_cached_answers_change_what_a_request_is_taken_for() -> None:
    more, less = make(), make()
    for _ in range(100):
        more.add_request(100, 150)
        less.add_request(100, 0)
    assert more.inflation == pytest.approx(1.5, abs=0.01)
    assert less.inflation == pytest.approx(0.25, abs=0.01)


def test_bulk_work_has_the_engine_unless_interactive_work_came_lately() -> None:
    speed = make()
    assert speed.bulk_part(0) == 1
    speed.add_batch(10, 1.0, priority=Priority.INTERACTIVE, now=5)
    assert speed.bulk_part(6) == pytest.approx(1 / 9)
    assert speed.bulk_part(6 + RECENT_SECONDS) == 1
