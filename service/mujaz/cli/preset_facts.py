"""What `mujaz models pull --list` says of the presets."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from mujaz.cli.model_facts import table, to_json
from mujaz.conversion.licenses import is_non_commercial
from mujaz.conversion.presets import PRESETS
from mujaz.conversion.pull import size_text


def preset_lines(format_name: str) -> Iterator[str]:
    """All presets: as JSON, or a table and then what to know of each."""
    if format_name == "json":
        yield to_json(
            [
                {
                    **dataclasses.asdict(preset),
                    "is_pinned": preset.is_pinned,
                    "is_non_commercial": is_non_commercial(preset.license),
                }
                for preset in PRESETS
            ]
        )
        return
    yield from table(
        [
            (
                preset.name,
                preset.task.value,
                f"{preset.source_language}→{preset.target_language}",
                size_text(preset.download_bytes),
                preset.license,
                "to be accepted" if is_non_commercial(preset.license) else "",
            )
            for preset in PRESETS
        ]
    )
    yield ""
    for preset in PRESETS:
        yield f"{preset.name}: {preset.description}"
