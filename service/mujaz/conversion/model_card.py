"""What the README of a checkpoint says of it in its front matter."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from mujaz.engine.manifest import ModelTask

_FRONT_MATTER = re.compile(r"\A\ufeff?---\r?\n(.*?)^---\s*$", re.DOTALL | re.MULTILINE)
# What the hub writes where it has no name for the terms.
_NO_LICENSE = frozenset({"other", "unknown"})


@dataclass(frozen=True, slots=True)
class ModelCard:
    """The licence and the task a model card states, where it does."""

    license: str | None = None
    task: ModelTask | None = None


def read_model_card(directory: Path) -> ModelCard:
    """The card of a checkpoint; empty where there is none, or none that can be read."""
    try:
        text = (directory / "README.md").read_text(encoding="utf-8")
        match = _FRONT_MATTER.match(text)
        facts = yaml.safe_load(match[1]) if match else None
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return ModelCard()
    if not isinstance(facts, dict):
        return ModelCard()
    return ModelCard(license=_license(facts), task=_task(facts))


def _license(facts: dict[str, Any]) -> str | None:
    value = facts.get("license")
    if isinstance(value, list):
        names = [str(item).strip() for item in value]
    else:
        names = [str(value or "").strip()]
    named = [name for name in names if name and name.lower() not in _NO_LICENSE]
    if not named and facts.get("license_name"):
        named = [str(facts["license_name"]).strip()]
    return " AND ".join(named) or None


def _task(facts: dict[str, Any]) -> ModelTask | None:
    tags = facts.get("tags") or []
    stated = {str(facts.get("pipeline_tag", "")), *map(str, tags if isinstance(tags, list) else [])}
    tasks = [task for task in ModelTask if task.value in stated]
    return tasks[0] if len(tasks) == 1 else None
