"""The changelog tells users of the version they install."""

from __future__ import annotations

import re
from pathlib import Path

import mujaz

CHANGELOG = Path(__file__).resolve().parents[1] / "CHANGELOG.md"


def test_the_newest_release_of_the_changelog_is_this_version() -> None:
    headings = re.findall(r"^## \[(.+?)\]", CHANGELOG.read_text(encoding="utf-8"), re.MULTILINE)
    assert headings[:2] == ["Unreleased", mujaz.__version__]
