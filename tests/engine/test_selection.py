from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mujaz.engine.manifest import Manifest, ModelTask, read_manifest
from mujaz.engine.selection import first_that_serves, in_order_of_choice, taken_instead_of

TRANSLATOR = read_manifest(Path(__file__).parents[2] / "models" / "ar-en")
NAMES = ("a", "b", "c", "d")
TRANSLATORS = [replace(TRANSLATOR, name=name) for name in NAMES]


def names_of(manifests: list[Manifest]) -> list[str]:
    return [manifest.name for manifest in manifests]


@given(st.permutations(TRANSLATORS), st.lists(st.sampled_from([*NAMES, "models/b", "gone"])))
def test_defaults_come_first_in_their_order_and_the_others_by_name(
    manifests: list[Manifest], defaults: list[str]
) -> None:
    wanted = [name.removeprefix("models/") for name in defaults]
    first = [name for name in dict.fromkeys(wanted) if name in NAMES]
    rest = [name for name in NAMES if name not in first]
    assert names_of(in_order_of_choice(manifests, defaults)) == first + rest


@given(st.permutations(TRANSLATORS), st.lists(st.sampled_from(NAMES), max_size=2))
def test_exactly_one_of_those_that_do_the_same_is_the_default(
    manifests: list[Manifest], defaults: list[str]
) -> None:
    taken = [m.name for m in manifests if taken_instead_of(m, manifests, defaults) is None]
    assert taken == [(defaults or ["a"])[0]]


@pytest.mark.parametrize(
    ("source", "target", "name"),
    [("ar", "en", "a"), ("ar-EG", "en", "a"), ("", "", "a"), ("en", "fr", "b"), ("ar", "de", None)],
)
def test_a_default_is_passed_over_where_it_does_not_fit(
    source: str, target: str, name: str | None
) -> None:
    manifests = [
        TRANSLATORS[0],
        replace(TRANSLATORS[1], source_language="en", target_language="fr"),
        replace(TRANSLATORS[2], task=ModelTask.SUMMARIZATION, target_language="ar"),
    ]
    ordered = in_order_of_choice(manifests, ["c", "a"])
    found = first_that_serves(ordered, ModelTask.TRANSLATION, source, target)
    assert (found and found.name) == name
