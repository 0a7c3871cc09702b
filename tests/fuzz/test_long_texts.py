"""Long texts of one shape: what is twice as long takes about twice as long."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable
from typing import Any

import pytest

from mujaz.domain.segment import MAXIMUM_SENTENCE_LENGTH
from tests.fuzz.adversarial import SHAPES, repeated
from tests.fuzz.alarm import alarm
from tests.fuzz.functions import FUNCTIONS, SENTENCE_FUNCTIONS, TEXT_FUNCTIONS

FACTOR = int(os.environ.get("MUJAZ_FUZZ_FACTOR", "1"))
# Beyond what functions look at together, such as a few sentences side by side.
LENGTH = 16_000 * FACTOR
LONGEST_TEXT = 200_000
LIMIT_SECONDS = 5.0
# Below, a clock tells too little; and a quadratic function that takes less takes seconds at most
# for the longest text there may be.
LEAST_SECONDS = 0.05
# A quadratic function takes four times as long. What allocates more memory takes a little over two.
MOST_TIMES = 3.3
ATTEMPTS = 4
SENTENCE_SECONDS = 0.5


def seconds(function: Callable[[str], Any], text: str) -> float:
    """Processor time, which other work on the machine hardly changes.

    Without the collector: how often it runs, and how long, depends on all the objects there are.
    """
    gc.disable()
    try:
        began = time.process_time()
        function(text)
        return time.process_time() - began
    finally:
        gc.enable()


@pytest.mark.parametrize("name", TEXT_FUNCTIONS)
def test_time_grows_as_the_text_does(name: str) -> None:
    function = TEXT_FUNCTIONS[name]
    slow = {}
    with alarm() as start:
        for shape in SHAPES:
            start(LIMIT_SECONDS)
            short, long = repeated(shape, LENGTH), repeated(shape, 2 * LENGTH)
            once = seconds(function, short)
            if once < LEAST_SECONDS:
                continue
            ratios = []
            for _ in range(ATTEMPTS):
                start(LIMIT_SECONDS)
                ratios.append(seconds(function, long) / seconds(function, short))
                if ratios[-1] < MOST_TIMES:
                    break
            if min(ratios) >= MOST_TIMES:
                slow[shape] = ratios
    assert not slow


@pytest.mark.parametrize("name", SENTENCE_FUNCTIONS)
def test_the_longest_sentence_takes_little_time(name: str) -> None:
    function = SENTENCE_FUNCTIONS[name]
    with alarm() as start:
        for shape in SHAPES:
            start(LIMIT_SECONDS)
            text = repeated(shape, MAXIMUM_SENTENCE_LENGTH)
            assert seconds(function, text) < SENTENCE_SECONDS, shape


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("normalized", "mixed combining classes"),
        ("normalize", "mixed combining classes"),
        ("shorten", "spaced commas"),
        ("headline", "spaced commas"),
        ("number mismatch", "scales"),
        ("number retention", "number words"),
        ("terms", "names"),
        ("segment", "nested quotes"),
        ("article", "spaces and line ends"),
        ("mentions", "names"),
        ("passthrough", "e-mail"),
    ],
)
def test_the_longest_text_takes_under_five_seconds(name: str, shape: str) -> None:
    with alarm() as start:
        text = repeated(shape, LONGEST_TEXT)
        start(LIMIT_SECONDS)
        FUNCTIONS[name](text)
    assert len(text) == LONGEST_TEXT
