"""The brief of the sample article, as reviewed; see tests/golden/README.md."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mujaz.app.story import Story, read_story
from mujaz.domain.clauses import headline
from mujaz.domain.drafts import compose_points, headline_draft
from mujaz.domain.points import point_limit

ROOT = Path(__file__).parents[2]
SAMPLE = (ROOT / "samples" / "raqqa.txt").read_text(encoding="utf-8")
GOLDEN = json.loads((ROOT / "tests/golden/raqqa_briefs.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def story() -> Story:
    return read_story(SAMPLE, "")


@pytest.mark.parametrize("brief", GOLDEN, ids=lambda brief: f"{brief['point_count']} points")
def test_the_sample_has_the_reviewed_points(story: Story, brief: dict[str, Any]) -> None:
    limit = point_limit(len(story.texts), brief["point_count"])
    drafts = compose_points((), story.texts, story.scores, limit, only_written=False)
    found = [
        {"sentences": list(story.indices(draft.evidence)), "text": draft.text} for draft in drafts
    ]
    assert found == brief["points"]
    assert headline(headline_draft(drafts).text) == brief["headline_without_title"]


def test_the_points_go_beyond_the_first_paragraph() -> None:
    first_paragraph = GOLDEN[0]["points"][0]["sentences"][0]
    for brief in GOLDEN[1:]:
        indices = [index for point in brief["points"] for index in point["sentences"]]
        assert max(indices) > first_paragraph + 1
