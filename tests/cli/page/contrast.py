"""The contrast of colours, as WCAG 2.2 defines it."""

from __future__ import annotations

import re

# Success criterion 1.4.3: what text needs.
TEXT_CONTRAST = 4.5


def contrast(first: str, second: str) -> float:
    """The ratio of two colours written `#rrggbb` or `rgb(r, g, b)`, from 1 to 21."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    channels = [
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in _channels(color)
    ]
    return sum(
        weight * value for weight, value in zip((0.2126, 0.7152, 0.0722), channels, strict=True)
    )


def _channels(color: str) -> list[float]:
    if found := re.fullmatch(r"#(..)(..)(..)", color):
        return [int(value, 16) / 255 for value in found.groups()]
    found = re.fullmatch(r"rgb\((\d+), (\d+), (\d+)\)", color)
    assert found, color
    return [int(value) / 255 for value in found.groups()]
