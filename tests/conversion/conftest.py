"""Tests of what needs the extra `convert` run where `scripts/setup full` has installed it."""

from __future__ import annotations

import importlib.util

_PACKAGES = ("huggingface_hub", "torch", "transformers")
_NEEDING_THEM = [
    "test_download.py",
    "test_hub.py",
    "test_hugging_face.py",
    "test_parity.py",
    "test_pull.py",
]

collect_ignore = [] if all(map(importlib.util.find_spec, _PACKAGES)) else _NEEDING_THEM
