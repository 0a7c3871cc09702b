"""Tests of `training/`; those in `network/` need PyTorch, which the extra `training` brings."""

from __future__ import annotations

import importlib.util

HAS_TORCH = importlib.util.find_spec("torch") is not None

collect_ignore = [] if HAS_TORCH else ["network"]


def pytest_report_header() -> str | None:
    """Says so where the tests of the network are left out."""
    return None if HAS_TORCH else "training: without PyTorch, tests/training/network is left out"
