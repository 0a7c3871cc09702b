"""How a sentence is decoded for the second time depends on what was wrong with the first."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mujaz.app.pipeline import Decodings
from mujaz.domain.checks import QualityFlag
from mujaz.engine.protocols import DecodingOptions

FIRST = DecodingOptions(beam_size=4, repetition_penalty=1.1)
SECOND = DecodingOptions(beam_size=6, repetition_penalty=1.3, no_repeat_ngram_size=3)


@pytest.mark.parametrize("others", [(), (QualityFlag.LOW_SCORE,)])
def test_numbers_alone_are_tried_again_without_penalties(others: tuple[QualityFlag, ...]) -> None:
    decoding = Decodings(FIRST, SECOND).second_for((QualityFlag.NUMBER_MISMATCH, *others))
    assert decoding == DecodingOptions(beam_size=1)


@given(st.sets(st.sampled_from(QualityFlag)))
def test_other_defects_are_tried_again_as_the_model_says(flags: set[QualityFlag]) -> None:
    flags.add(QualityFlag.REPETITION)
    assert Decodings(FIRST, SECOND).second_for(flags) == SECOND


def test_a_second_decoding_is_never_the_first_one_again() -> None:
    greedy = DecodingOptions(beam_size=1)
    assert Decodings(greedy, SECOND).second_for({QualityFlag.NUMBER_MISMATCH}) == SECOND


def test_there_is_no_second_decoding_where_none_is_wanted() -> None:
    assert Decodings(FIRST, None).second_for({QualityFlag.NUMBER_MISMATCH}) is None
