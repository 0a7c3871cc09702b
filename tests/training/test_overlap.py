from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mujaz_training.overlap import NGRAM_WORDS, Overlap, TestSetGuard

WORDS = st.lists(st.sampled_from(["one", "two", "three", "four"]), max_size=30)
LINE = "The minister said on Sunday that the talks will resume in Cairo next week."


@given(
    before=WORDS, shared=st.lists(st.text("abc", min_size=1), min_size=8, max_size=8), after=WORDS
)
def test_eight_shared_words_are_found_wherever_they_stand(
    before: list[str], shared: list[str], after: list[str]
) -> None:
    guard = TestSetGuard([" ".join(["zero", *shared, "nine"])])
    assert guard.find(" ".join([*before, *shared, *after])) is Overlap.NGRAM


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=40, unique=True))
def test_seven_shared_words_are_none(numbers: list[int]) -> None:
    words = [f"w{number}" for number in numbers]
    guard = TestSetGuard([" ".join([*words[: NGRAM_WORDS - 1], "end"])])
    assert guard.find(" ".join(words)) is None


def test_a_line_is_found_whatever_its_case_and_punctuation() -> None:
    guard = TestSetGuard([LINE])
    assert guard.find(LINE.upper().replace(" ", ", ")) is Overlap.LINE


def test_a_short_line_is_found_as_a_whole_only() -> None:
    guard = TestSetGuard(["Good morning", ""])
    assert guard.find("good morning!") is Overlap.LINE
    assert guard.find("Good morning, minister") is None
    assert guard.find("") is None
