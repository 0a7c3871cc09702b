"""How many processor cores this process may use, and how the engine divides them."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final, TypeVar

Result = TypeVar("Result")

# Of two threads that compete for a core, the one ten levels nicer gets a tenth of it.
NICENESS: Final = 10

_CGROUP_ROOT = Path("/sys/fs/cgroup")
_CGROUP_OF_PROCESS = Path("/proc/self/cgroup")


@dataclass(frozen=True, slots=True)
class ThreadPolicy:
    """So many batches computed at a time, each by so many threads."""

    worker_count: int
    threads_per_worker: int


def thread_policy(core_count: int, requested: int = 0) -> ThreadPolicy:
    """One worker a core, or as many as requested; one thread each.

    Workers share the weights, and batches of sentences scale better over workers than over the
    threads of one (https://opennmt.net/CTranslate2/parallel.html).
    """
    return ThreadPolicy(worker_count=requested or core_count, threads_per_worker=1)


def run_nicer(function: Callable[[], Result]) -> Result:
    """What `function` returns or raises, run in a thread that is nicer than this one on Linux.

    Threads it starts inherit that. Those of the engine have work for every core, and whoever only
    answers, as the event loop does, should not wait for them.
    """
    outcome: Future[Result] = Future()

    def run() -> None:
        if sys.platform == "linux":  # elsewhere niceness belongs to the process
            current = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), min(19, current + NICENESS))
        try:
            outcome.set_result(function())
        except BaseException as error:
            outcome.set_exception(error)

    threading.Thread(target=run, name="mujaz-open").start()
    return outcome.result()


def available_core_count(
    *, cgroup_root: Path = _CGROUP_ROOT, cgroup_of_process: Path = _CGROUP_OF_PROCESS
) -> int:
    """Whole cores within the CPU affinity and every cgroup quota above this process, at least 1.

    Reads cgroup v2 `cpu.max` and v1 `cpu.cfs_quota_us`; what cannot be read limits nothing.
    """
    limits = [float(_affinity_count())]
    for group in _groups(cgroup_root, cgroup_of_process):
        quota = _quota_v2(group) or _quota_v1(group)
        if quota is not None:
            limits.append(quota)
    return max(1, int(min(limits)))


def _affinity_count() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _groups(root: Path, of_process: Path) -> list[Path]:
    """The directories of the process's cgroups that can hold a CPU quota, up to their root.

    A line is `hierarchy:controllers:path`; v2 has no controllers. Inside a container the path may
    be the host's and not exist below the root, yet the root itself is then the container's group.
    """
    groups: list[Path] = []
    for line in _read(of_process).splitlines():
        _, controllers, path = line.split(":", 2)
        if controllers == "":
            mount = root
        elif "cpu" in controllers.split(","):
            mount = root / controllers
        else:
            continue
        inner = PurePosixPath(path.lstrip("/"))
        groups.extend(mount / part for part in (inner, *inner.parents))
    return groups


def _quota_v2(group: Path) -> float | None:
    return _ratio(*_read(group / "cpu.max").split()[:2])


def _quota_v1(group: Path) -> float | None:
    return _ratio(
        *_read(group / "cpu.cfs_quota_us").split(), *_read(group / "cpu.cfs_period_us").split()
    )


def _ratio(quota: str = "", period: str = "") -> float | None:
    # "max" and -1 mean no quota.
    if quota.isdigit() and period.isdigit() and int(period) > 0:
        return int(quota) / int(period)
    return None


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""
