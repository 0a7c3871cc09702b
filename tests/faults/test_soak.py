"""A short soak at full load: memory, descriptors and threads of the server stay where they are."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "benchmarks" / "soak.py"
MINUTES = "0.3"
# In so short a run, caches and pools still fill; the bound of 1.05 is for twenty minutes.
MEMORY_RATIO = "1.5"

pytestmark = pytest.mark.model


async def test_a_short_soak_stays_within_its_bounds(tmp_path: Path) -> None:
    result = tmp_path / "soak.json"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, str(SCRIPT), "--minutes", MINUTES, "--check"),
        *("--memory-ratio", MEMORY_RATIO, "--write", str(result)),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    assert process.returncode == 0, output.decode()[-3_000:]
    figures = json.loads(result.read_text())
    assert figures["defects"] == []
    assert figures["after"]["descriptors"] <= figures["idle"]["descriptors"] + 2
    assert figures["calls_done"]["vanisher"] > 0
    assert figures["calls_done"]["canceller"] > 0
    assert figures["calls_refused"]["FIELD_INVALID"] > 0
