from __future__ import annotations

import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mujaz.engine.threads import (
    NICENESS,
    ThreadPolicy,
    available_core_count,
    run_nicer,
    thread_policy,
)

CORE_COUNT = 16


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(CORE_COUNT)), raising=False)
    return tmp_path / "cgroup"


def core_count(root: Path, of_process: str) -> int:
    path = root.parent / "of_process"
    path.write_text(of_process)
    return available_core_count(cgroup_root=root, cgroup_of_process=path)


def write(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)


def test_the_affinity_is_the_limit_without_cgroups(root: Path) -> None:
    missing = root / "missing"
    assert available_core_count(cgroup_root=root, cgroup_of_process=missing) == CORE_COUNT


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("200000 100000", 2),
        ("250000 100000", 2),
        ("50000 100000", 1),
        ("max 100000", CORE_COUNT),
        ("9900000 100000", CORE_COUNT),
        ("", CORE_COUNT),
        ("100000 0", CORE_COUNT),
    ],
)
def test_version_2_quota_is_rounded_down_to_whole_cores(
    root: Path, content: str, expected: int
) -> None:
    write(root / "cpu.max", content)
    assert core_count(root, "0::/\n") == expected


def test_the_tightest_of_the_nested_quotas_counts(root: Path) -> None:
    write(root / "kubepods" / "cpu.max", "800000 100000")
    write(root / "kubepods" / "pod" / "cpu.max", "300000 100000")
    write(root / "kubepods" / "pod" / "container" / "cpu.max", "max 100000")
    assert core_count(root, "0::/kubepods/pod/container\n") == 3


def test_the_root_counts_where_the_path_is_the_hosts(root: Path) -> None:
    write(root / "cpu.max", "400000 100000")
    assert core_count(root, "0::/system.slice/docker-0123.scope\n") == 4


def test_version_1_quota_is_read_from_the_cpu_controller(root: Path) -> None:
    write(root / "cpu,cpuacct" / "pod" / "cpu.cfs_quota_us", "500000\n")
    write(root / "cpu,cpuacct" / "pod" / "cpu.cfs_period_us", "100000\n")
    write(root / "cpuset" / "pod" / "cpu.cfs_quota_us", "100000\n")
    write(root / "cpuset" / "pod" / "cpu.cfs_period_us", "100000\n")
    assert core_count(root, "5:cpuset:/pod\n4:cpu,cpuacct:/pod\n1:name=systemd:/pod\n") == 5


def test_version_1_without_a_quota_limits_nothing(root: Path) -> None:
    write(root / "cpu" / "cpu.cfs_quota_us", "-1\n")
    write(root / "cpu" / "cpu.cfs_period_us", "100000\n")
    assert core_count(root, "4:cpu:/\n") == CORE_COUNT


def test_this_machine_has_a_core() -> None:
    assert 1 <= available_core_count() <= len(os.sched_getaffinity(0))


@given(st.integers(min_value=1, max_value=512))
def test_each_core_gets_one_single_threaded_worker(cores: int) -> None:
    assert thread_policy(cores) == ThreadPolicy(worker_count=cores, threads_per_worker=1)


def test_a_requested_count_is_kept() -> None:
    assert thread_policy(8, 3) == ThreadPolicy(worker_count=3, threads_per_worker=1)


@pytest.mark.skipif(sys.platform != "linux", reason="niceness belongs to the process elsewhere")
def test_threads_of_the_engine_are_nicer_than_the_one_that_opens_it() -> None:
    mine = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    def of_a_thread_it_starts() -> int:
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(
                lambda: os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
            ).result()

    assert run_nicer(of_a_thread_it_starts) == min(19, mine + NICENESS)
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == mine


def test_what_fails_in_the_nicer_thread_fails_here() -> None:
    with pytest.raises(ZeroDivisionError):
        run_nicer(lambda: 1 // 0)
