from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from mujaz.engine.cache import SegmentCache, length_prefixed_digest, segment_key
from mujaz.engine.protocols import Decoded, DecodingOptions

CAPACITY_BYTES = 4096
ANSWER = Decoded(text="Hello.", token_count=3, score=-0.2, hit_limit=False)
OPTIONS = DecodingOptions()


@given(st.lists(st.binary(max_size=4), max_size=4), st.lists(st.binary(max_size=4), max_size=4))
def test_digests_are_equal_only_for_equal_lists(first: list[bytes], second: list[bytes]) -> None:
    assert (length_prefixed_digest(first) == length_prefixed_digest(second)) == (first == second)


@given(st.lists(st.sampled_from([b"a", b"b", b"ab", b"|", b"\x00", b""]), min_size=1, max_size=5))
def test_parts_joined_differently_never_collide(parts: list[bytes]) -> None:
    joined = b"".join(parts)
    for cut in range(len(joined) + 1):
        other = [joined[:cut], joined[cut:]]
        same = length_prefixed_digest(other) == length_prefixed_digest(parts)
        assert same == (other == parts)


def test_every_part_of_the_key_counts() -> None:
    keys = {
        segment_key("a", "models/x@1", options=OPTIONS),
        segment_key("b", "models/x@1", options=OPTIONS),
        segment_key("a", "models/x@2", options=OPTIONS),
        *(
            segment_key("a", "models/x@1", options=replace(OPTIONS, **change))
            for change in (
                {"beam_size": 1},
                {"length_penalty": 0.5},
                {"repetition_penalty": 1.5},
                {"no_repeat_ngram_size": 3},
            )
        ),
    }
    assert len(keys) == 7


def test_an_answer_is_found_again_and_counted() -> None:
    cache = SegmentCache()
    assert cache.get(b"key") is None
    cache.put(b"key", ANSWER)
    assert cache.get(b"key") is ANSWER
    assert (cache.hit_count, cache.miss_count) == (1, 1)


def test_a_capacity_of_zero_keeps_nothing() -> None:
    cache = SegmentCache(0)
    cache.put(b"key", ANSWER)
    assert cache.get(b"key") is None
    assert len(cache) == 0


def test_the_least_recently_used_answer_goes_first() -> None:
    cache = SegmentCache(2048)
    for key in (b"1", b"2", b"3"):
        cache.put(key, ANSWER)
    cache.get(b"1")
    cache.put(b"4", ANSWER)
    assert [key for key in (b"1", b"2", b"3", b"4") if cache.get(key)] == [b"1", b"3", b"4"]


def test_an_answer_over_the_whole_capacity_leaves_the_others() -> None:
    cache = SegmentCache(2048)
    cache.put(b"small", ANSWER)
    cache.put(b"great", replace(ANSWER, text="x" * 4096))
    assert cache.get(b"small") is ANSWER
    assert cache.get(b"great") is None


class CacheMachine(RuleBasedStateMachine):
    """Whatever is put and got: within its bytes, and never a wrong answer."""

    def __init__(self) -> None:
        super().__init__()
        self.cache = SegmentCache(CAPACITY_BYTES)
        self.latest: dict[bytes, Decoded] = {}

    @rule(key=st.binary(max_size=1), text=st.text(max_size=2000))
    def put(self, key: bytes, text: str) -> None:
        self.latest[key] = replace(ANSWER, text=text)
        self.cache.put(key, self.latest[key])

    @rule(key=st.binary(max_size=1))
    def get(self, key: bytes) -> None:
        assert self.cache.get(key) in (None, self.latest.get(key))

    @invariant()
    def is_bounded(self) -> None:
        assert 0 <= self.cache.size_bytes <= CAPACITY_BYTES
        assert (self.cache.size_bytes == 0) == (len(self.cache) == 0)


TestCacheMachine = CacheMachine.TestCase
