"""Downloads that break, go on, and are not what they should be."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mujaz.conversion.download import Download, Patience, patiently
from mujaz.conversion.hub import Hub, TransferBroken
from mujaz.errors import ConversionFailed, HubUnavailable
from tests.conversion.hub_server import StandIn, serving

pytestmark = pytest.mark.conversion

CONTENT = bytes(range(256)) * 1000
FILES = {"config.json": b'{"a": 1}', "model.safetensors": CONTENT}


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    with serving(StandIn(dict(FILES))) as hub:
        yield hub


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def download(stand_in: StandIn, waits: list[float], tmp_path: Path) -> Download:
    hub = Hub(stand_in.url)
    repository = hub.describe("owner/tiny", "main")
    patience = Patience(try_count=3, sleep=waits.append)
    return Download(hub, repository, repository.files, tmp_path / "files", patience=patience)


def downloaded(directory: Path) -> dict[str, bytes]:
    return {
        path.name: path.read_bytes()
        for path in directory.iterdir()
        if not path.name.startswith(".")
    }


def test_files_come_whole_and_progress_is_told(download: Download) -> None:
    told: list[tuple[int, int]] = []
    download.progress = lambda done, total: told.append((done, total))
    download.run()
    assert downloaded(download.directory) == FILES
    total = sum(map(len, FILES.values()))
    assert told[-1] == (total, total)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_what_is_there_is_not_asked_for_again(download: Download, stand_in: StandIn) -> None:
    download.run()
    stand_in.requests.clear()
    download.run()
    assert stand_in.requests == []


def test_a_broken_download_goes_on_by_itself(
    download: Download, stand_in: StandIn, waits: list[float]
) -> None:
    stand_in.file_troubles = [("none", 0), ("break", 100_000), ("break", 1_000)]
    download.run()
    assert downloaded(download.directory) == FILES
    ranges = stand_in.ranges_of("model.safetensors")
    assert ranges == [None, "bytes=100000-", "bytes=101000-"]
    # What makes progress is not out of luck yet: the wait does not grow.
    assert waits == [1.0, 1.0]


def test_a_stopped_download_goes_on_at_the_next_run(
    download: Download, stand_in: StandIn, waits: list[float]
) -> None:
    stand_in.file_troubles = [("none", 0), ("break", 100_000), *[("status", 503)] * 2]
    with pytest.raises(HubUnavailable, match=r"HTTP 503.*run the same command again"):
        download.run()
    assert set(downloaded(download.directory)) == {"config.json", "model.safetensors.part"}
    assert waits == [1.0, 0.0]  # the stand-in asks to wait for no time
    stand_in.requests.clear()
    download.run()
    assert downloaded(download.directory) == FILES
    assert stand_in.ranges_of("model.safetensors") == ["bytes=100000-"]
    assert stand_in.ranges_of("config.json") == []


def test_a_hub_that_starts_again_leaves_no_double_part(
    download: Download, stand_in: StandIn
) -> None:
    stand_in.ignores_range = True
    stand_in.file_troubles = [("none", 0), ("break", 100_000)]
    download.run()
    assert downloaded(download.directory) == FILES


def test_waits_double_while_nothing_comes(
    download: Download, stand_in: StandIn, waits: list[float]
) -> None:
    stand_in.file_troubles = [("status", 500)] * 3
    with pytest.raises(HubUnavailable, match="HTTP 500"):
        download.run()
    assert waits == [1.0, 2.0]


@pytest.mark.parametrize("name", FILES)
def test_a_file_with_another_digest_is_removed(
    download: Download, stand_in: StandIn, name: str
) -> None:
    stand_in.wrong_digests.add(name)
    repository = download.hub.describe("owner/tiny", "main")
    download.files = repository.files
    with pytest.raises(ConversionFailed, match=f"{name} is not what the hub says"):
        download.run()
    assert not [path for path in downloaded(download.directory) if path.startswith(name)]


def test_a_file_that_is_longer_than_stated_is_removed(
    download: Download, stand_in: StandIn
) -> None:
    stand_in.files["model.safetensors"] += b"more"
    with pytest.raises(ConversionFailed, match=r"model\.safetensors is not what the hub says"):
        download.run()
    assert set(downloaded(download.directory)) == {"config.json"}


def test_a_file_damaged_on_the_disk_is_fetched_again(download: Download) -> None:
    download.run()
    path = download.directory / "model.safetensors"
    path.write_bytes(b"x" + CONTENT[1:])
    download.run()
    assert downloaded(download.directory) == FILES


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(part=st.binary(max_size=40), cut=st.integers(0, len(CONTENT)))
def test_whatever_part_is_left_the_file_comes_right_or_not_at_all(
    download: Download, part: bytes, cut: int
) -> None:
    target = download.directory / "model.safetensors"
    for old in (target, target.with_name("model.safetensors.part")):
        old.unlink(missing_ok=True)
    download.directory.mkdir(exist_ok=True)
    left = CONTENT[:cut] + part
    target.with_name("model.safetensors.part").write_bytes(left)
    try:
        download.run()
    except ConversionFailed:
        assert not target.exists()
        download.run()
    assert target.read_bytes() == CONTENT


def test_two_never_write_the_same_files(download: Download) -> None:
    download.directory.mkdir(parents=True)
    with (download.directory / ".lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(ConversionFailed, match="another `mujaz models pull`"):
            download.run()
    download.run()
    assert downloaded(download.directory) == FILES


def test_a_busy_hub_is_asked_again(stand_in: StandIn, waits: list[float]) -> None:
    stand_in.api_troubles = [("status", 429), ("status", 500)]
    hub = Hub(stand_in.url)
    patience = Patience(sleep=waits.append)
    repository = patiently(lambda: hub.describe("owner/tiny", "main"), patience)
    assert repository.name == "owner/tiny"
    assert waits == [0.0, 2.0]


def test_a_hub_that_stays_busy_is_given_up(stand_in: StandIn, waits: list[float]) -> None:
    stand_in.api_troubles = [("status", 429)] * 9
    hub = Hub(stand_in.url)
    with pytest.raises(HubUnavailable, match=r"HTTP 429.*try again later"):
        patiently(
            lambda: hub.describe("owner/tiny", "main"), Patience(try_count=3, sleep=waits.append)
        )
    assert len(waits) == 2


def test_nobody_waits_for_a_hub_that_is_not_there(waits: list[float]) -> None:
    def unreachable() -> None:
        raise TransferBroken("cannot reach it")

    with pytest.raises(HubUnavailable, match="check the network"):
        patiently(unreachable, Patience(sleep=waits.append))
    assert waits == []


def test_a_wait_that_is_too_long_is_not_waited(waits: list[float]) -> None:
    broken = TransferBroken("busy")
    broken.retry_after_seconds = 3600.0
    assert not Patience(sleep=waits.append).wait(broken, 1)
    assert waits == []
