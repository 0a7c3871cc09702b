"""Plain text inside Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable

_INLINE = re.compile(r"([\\`*_\[\]<>|])")
_BLOCK_START = re.compile(r"^(\s*)([#+\-=~]|\d+(?=[.)]))", re.MULTILINE)


def escape(text: str) -> str:
    """The text so that Markdown shows it as it is, on one line."""
    one_line = _INLINE.sub(r"\\\1", " ".join(text.split()))
    return _BLOCK_START.sub(_escape_block_start, one_line)


def table_row(cells: Iterable[str]) -> str:
    """One row of a table; the cells are escaped already."""
    return f"| {' | '.join(cells)} |\n"


def _escape_block_start(match: re.Match[str]) -> str:
    # A number may not be escaped itself: the dot after it is.
    return f"{match[1]}{match[2]}\\" if match[2].isdigit() else f"{match[1]}\\{match[2]}"
