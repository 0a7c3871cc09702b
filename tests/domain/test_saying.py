"""Verbs of saying, each once."""

from __future__ import annotations

from mujaz.domain.saying import SAID, SAYS


def test_no_verb_is_listed_twice() -> None:
    assert len({*SAID, *SAYS}) == len(SAID) + len(SAYS)
