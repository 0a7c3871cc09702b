"""Text that Markdown shows as it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from mujaz.cli.markdown import escape, table_row


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("plain text", "plain text"),
        ("*stars* and `code`", r"\*stars\* and \`code\`"),
        ("1. first", r"1\. first"),
        ("# title", r"\# title"),
        ("- item", r"\- item"),
        ("two\nlines  here", "two lines here"),
    ],
)
def test_marks_are_escaped(text: str, escaped: str) -> None:
    assert escape(text) == escaped


def shown(text: str) -> str:
    """What a reader sees of one paragraph."""
    blocks = MarkdownIt("commonmark").parse(text)
    assert [block.type for block in blocks] == ["paragraph_open", "inline", "paragraph_close"]
    inline = blocks[1].children or []
    assert {token.type for token in inline} <= {"text", "text_special"}
    return "".join(token.content for token in inline)


@given(st.text("aب 1.)#+-*_`~<>[]|\\=&!\n", min_size=1).filter(str.strip))
def test_a_paragraph_is_shown_as_the_text_it_was(text: str) -> None:
    assert shown(escape(text)) == " ".join(text.split())


def test_a_row_of_a_table() -> None:
    assert table_row(("1", escape("a|b"))) == "| 1 | a\\|b |\n"
