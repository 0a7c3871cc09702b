"""Tokens that resume a stream, and refuse to resume any other."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mujaz.app.resume import ResumePoint, decode_token, encode_token, work_digest
from mujaz.errors import FieldInvalid, ResumeTokenStale

DIGEST = work_digest("نص", "config", "models/ar-en@0123456789ab")
points = st.builds(ResumePoint, st.integers(0, 50), st.integers(0, 2**31))
parts = st.lists(st.text(), max_size=4)


@given(points)
def test_a_token_stands_for_the_point_it_was_made_from(point: ResumePoint) -> None:
    assert decode_token(encode_token(point, DIGEST), DIGEST, event_count=50) == point


def test_no_token_is_the_start() -> None:
    assert decode_token("", DIGEST, event_count=3) == ResumePoint(0, 0)


@given(parts, parts)
def test_other_work_has_another_digest(first: list[str], second: list[str]) -> None:
    assert (work_digest(*first) == work_digest(*second)) == (first == second)


def test_a_token_of_other_work_is_stale() -> None:
    token = encode_token(ResumePoint(1, 10), DIGEST)
    with pytest.raises(ResumeTokenStale):
        decode_token(token, work_digest("another"), event_count=3)


def test_a_token_beyond_the_end_is_stale() -> None:
    token = encode_token(ResumePoint(4, 10), DIGEST)
    with pytest.raises(ResumeTokenStale):
        decode_token(token, DIGEST, event_count=3)


@given(st.text(max_size=60).filter(bool) | st.binary(max_size=60).map(
    lambda raw: base64.urlsafe_b64encode(raw).decode()).filter(bool))  # fmt: skip
def test_anything_else_is_refused_and_never_crashes(token: str) -> None:
    with pytest.raises((FieldInvalid, ResumeTokenStale)):
        decode_token(token, DIGEST, event_count=3)
