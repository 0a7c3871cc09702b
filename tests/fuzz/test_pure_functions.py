"""Tens of thousands of changed inputs through everything that reads what callers and files say."""

from __future__ import annotations

import os
import time

import pytest

from tests.fuzz.alarm import alarm
from tests.fuzz.mutation import Mutator
from tests.fuzz.targets import TARGETS

# MUJAZ_FUZZ_FACTOR makes a longer run, with other inputs.
FACTOR = int(os.environ.get("MUJAZ_FUZZ_FACTOR", "1"))
INPUTS_PER_TARGET = 4_000 * FACTOR
LIMIT_SECONDS = 5.0


@pytest.mark.parametrize("name", TARGETS)
def test_no_input_breaks_what_holds(name: str) -> None:
    target = TARGETS[name]
    tried, began = 0, time.monotonic()
    with alarm() as start:
        for data in Mutator(target.seeds(), seed=FACTOR).inputs(INPUTS_PER_TARGET):
            start(LIMIT_SECONDS)
            try:
                target.check(data)
            except Exception as error:
                error.add_note(f"{name}: {data!r}")
                raise
            tried += 1
    print(f"{name}: {tried} inputs in {time.monotonic() - began:.1f} s")
    assert tried == INPUTS_PER_TARGET


def test_the_targets_together_get_over_100_000_inputs() -> None:
    assert INPUTS_PER_TARGET * len(TARGETS) > 100_000
