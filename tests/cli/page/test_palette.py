"""The colours of the page, in both themes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import mujaz.cli.page
from tests.cli.page.contrast import TEXT_CONTRAST, contrast

STYLE = (Path(mujaz.cli.page.__file__).parent / "templates" / "page.css").read_text("utf-8")
# What each colour of text may stand on.
GROUNDS = {
    "ink": ("paper", "lit", "partner"),
    "muted": ("paper", "lit", "partner"),
    "link": ("paper", "lit", "partner"),
    "check": ("check-paper", "paper", "lit", "partner"),
    "applied": ("paper", "lit", "partner"),
}


def palettes() -> dict[str, dict[str, str]]:
    """The colours by name of the light and of the dark theme."""
    blocks = re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)
    assert len(blocks) == 2
    light, dark = (dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block)) for block in blocks)
    return {"light": light, "dark": dark}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_has_contrast_on_all_it_stands_on(theme: str) -> None:
    palette = palettes()[theme]
    for text, grounds in GROUNDS.items():
        for ground in grounds:
            assert contrast(palette[text], palette[ground]) >= TEXT_CONTRAST, (text, ground)


def test_both_themes_name_the_same_colours_and_nothing_else_has_one() -> None:
    light, dark = palettes().values()
    assert light.keys() == dark.keys()
    assert len(re.findall(r"#[0-9a-fA-F]{3,8}\b|rgba?\(|hsla?\(", STYLE)) == len(light) + len(dark)
