"""A plot of a soak as SVG, written by hand: three lines over time need no library for it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

_WIDTH, _HEIGHT, _LEFT, _TOP, _BOTTOM = 760, 150, 70, 34, 26


def write_plot(path: Path, title: str, rows: Sequence[tuple[str, str, Sequence[float]]]) -> None:
    """One chart above the other, each a name, a colour and its values in even steps of time.

    Every axis begins at zero, so that a line that looks flat is flat.
    """
    height = _TOP + len(rows) * _HEIGHT
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}"'
        f' viewBox="0 0 {_WIDTH} {height}" font-family="sans-serif" font-size="12">',
        '<rect width="100%" height="100%" fill="white"/>',
        f'<text x="{_LEFT}" y="20" font-size="14">{escape(title)}</text>',
    ]
    for index, (name, colour, values) in enumerate(rows):
        parts += _chart(_TOP + index * _HEIGHT, name, colour, values)
    path.write_text("\n".join([*parts, "</svg>", ""]), encoding="utf-8")


def _chart(top: int, name: str, colour: str, values: Sequence[float]) -> list[str]:
    inner = _HEIGHT - _BOTTOM - 20
    greatest = max(values, default=0.0) or 1.0
    base = top + 20 + inner
    step = (_WIDTH - _LEFT - 20) / max(1, len(values) - 1)
    points = " ".join(
        f"{_LEFT + index * step:.1f},{base - value / (1.1 * greatest) * inner:.1f}"
        for index, value in enumerate(values)
    )
    return [
        f'<text x="{_LEFT}" y="{top + 14}">{escape(name)}</text>',
        f'<path d="M{_LEFT} {top + 20}V{base}H{_WIDTH - 20}" fill="none" stroke="#888"/>',
        f'<text x="{_LEFT - 6}" y="{base}" text-anchor="end">0</text>',
        f'<text x="{_LEFT - 6}" y="{base - inner / 1.1 + 4:.1f}" text-anchor="end">'
        f"{greatest:.4g}</text>",
        f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.5"/>',
    ]
