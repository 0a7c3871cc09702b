"""Tables show several evaluations side by side, and only what is comparable."""

from __future__ import annotations

import pytest

from mujaz.errors import EvaluationInvalid
from mujaz.evaluation.tables import markdown
from tests.evaluation.sample import evaluation


def cells(text: str, start: str) -> list[list[str]]:
    """The rows of a table that begin with `start`."""
    lines = [line for line in text.splitlines() if line.startswith(f"| {start}")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_a_row_shows_every_figure() -> None:
    (row,) = cells(markdown([evaluation()]), "ar-en")
    assert row == [
        *("ar-en 1.0.0, int8", "12.3", "45.7", "75.0 %", "25.0 %", "50.0 %", "1,234", "13.1 MB")
    ]


def test_columns_in_which_nobody_has_a_figure_are_left_out() -> None:
    text = markdown([evaluation()])
    assert "names kept" not in text
    assert "numbers kept" in text


def test_models_of_several_evaluations_share_a_table_and_systems_stand_once() -> None:
    text = markdown([evaluation("0.1.0"), evaluation("0.2.0", bleu=20.0)])
    assert [row[0] for row in cells(text, "ar-en")] == ["ar-en 0.1.0, int8", "ar-en 0.2.0, int8"]
    assert len(cells(text, "peer")) == len(cells(text, "title")) == 1
    assert text.count("### news") == 1
    assert text.index("| ar-en 0.2.0") < text.index("| peer") < text.index("| reference")


def test_the_later_of_two_rows_with_one_name_stands() -> None:
    text = markdown([evaluation(bleu=1.0), evaluation(bleu=20.0)])
    assert [row[1] for row in cells(text, "ar-en")] == ["20.0"]


def test_a_test_set_of_another_length_is_refused() -> None:
    with pytest.raises(EvaluationInvalid, match="news has another length"):
        markdown([evaluation("0.1.0"), evaluation("0.2.0", line_count=3)])


def test_signatures_and_what_was_measured_on_are_told_once() -> None:
    text = markdown([evaluation("0.1.0", note="a training ran meanwhile"), evaluation("0.2.0")])
    notes = text.partition("### How it was measured\n\n")[2].splitlines()
    assert notes[:3] == ["- BLEU: `tok:13a`.", "- chrF: `nc:6`.", "- ROUGE: `words:unicode`."]
    speed = "source words per second of wall time, nothing cached, 2 workers of one thread; "
    assert notes[3:] == [
        f"- Speed of ar-en 0.1.0: {speed}Fast 3000, 2026-01-02; a training ran meanwhile.",
        f"- Speed of ar-en 0.2.0: {speed}Fast 3000, 2026-01-02.",
    ]


def test_every_line_of_a_table_has_the_same_number_of_cells() -> None:
    for block in markdown([evaluation()]).split("\n\n"):
        counts = {line.count("|") for line in block.splitlines() if line.startswith("|")}
        assert len(counts) <= 1
