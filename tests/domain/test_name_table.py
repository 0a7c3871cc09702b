from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mujaz.domain.glossary import fold_text, folded_words, step
from mujaz.domain.name_table import Name, NameKind, NameTable, TableInvalid, table_lines

WORDS = st.sampled_from(["حلب", "حلبي", "ابو", "غريب", "دير", "الزور"])
KEYS = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)


def words_of(text: str) -> list[re.Match[str]]:
    return folded_words(fold_text(text).text)


@given(st.sets(KEYS), st.lists(WORDS, min_size=1, max_size=6))
def test_the_longest_name_is_the_one_a_scan_of_all_names_finds(
    keys: set[str], text: list[str]
) -> None:
    table = NameTable(table_lines(Name(key, key.upper(), NameKind.PLACE) for key in keys))
    words = words_of(" ".join(text))

    found = table.longest_at(words, 0, step(words, 0))

    lengths = [end for end in range(1, len(text) + 1) if " ".join(text[:end]) in keys]
    if not lengths:
        assert found is None
    else:
        key = " ".join(text[: lengths[-1]])
        assert found == (lengths[-1], Name(key, key.upper(), NameKind.PLACE))


@pytest.mark.parametrize(
    "lines",
    [
        ["حلب\tAleppo\tplace", "ابو غريب\tAbu Ghraib\tplace"],
        ["حلب\tAleppo\tplace", "حلب\tAleppo\tplace"],
        ["حلب\tAleppo"],
        ["حلب\tAleppo\tcity"],
        ["حلب\tAleppo\tHalab\tplace"],
    ],
)
def test_lines_that_are_no_sorted_table_are_refused(lines: list[str]) -> None:
    with pytest.raises(TableInvalid):
        NameTable(lines)


def test_an_empty_table_finds_nothing() -> None:
    assert NameTable().longest_at(words_of("حلب"), 0, "حلب") is None
