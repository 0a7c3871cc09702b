"""The hub, asked over HTTP; a stand-in answers."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator

import pytest

from mujaz.conversion.hub import Hub, HubBusy, TransferBroken
from mujaz.engine.manifest import ModelTask
from mujaz.errors import CheckpointNotFound, ConversionFailed, HubUnavailable
from tests.conversion.hub_server import COMMIT, StandIn, serving

pytestmark = pytest.mark.conversion

FILES = {"config.json": b"{}", "model.safetensors": bytes(range(256)) * 40}


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    with serving(StandIn(dict(FILES))) as hub:
        yield hub


def unused_address() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}"


def test_a_repository_is_described_at_its_commit(stand_in: StandIn) -> None:
    for revision in ("refs/pr/7", COMMIT):
        assert Hub(stand_in.url).describe("owner/tiny", revision).commit == COMMIT
    repository = Hub(stand_in.url).describe("owner/tiny", "main")
    assert repository.origin == f"owner/tiny@{COMMIT}"
    assert repository.license == "apache-2.0"
    assert repository.task is ModelTask.TRANSLATION
    sizes = {file.name: file.size_bytes for file in repository.files}
    assert sizes == {name: len(content) for name, content in FILES.items()}


@pytest.mark.parametrize("name", FILES)
def test_the_digest_of_a_file_is_that_of_its_content(stand_in: StandIn, name: str) -> None:
    repository = Hub(stand_in.url).describe("owner/tiny", "main")
    (file,) = (file for file in repository.files if file.name == name)
    digest = file.new_hash()
    digest.update(FILES[name])
    assert digest.hexdigest() == file.digest
    assert file.is_large == (name == "model.safetensors")


@pytest.mark.parametrize(
    ("stated", "license_name"),
    [(None, None), ("unknown", None), ("other", None), ("mit", "mit")],
)
def test_a_licence_without_a_name_is_none(
    stand_in: StandIn, stated: str | None, license_name: str | None
) -> None:
    stand_in.license = stated
    assert Hub(stand_in.url).describe("owner/tiny", "main").license == license_name


def test_a_card_that_does_not_say_the_task(stand_in: StandIn) -> None:
    stand_in.task = None
    assert Hub(stand_in.url).describe("owner/tiny", "main").task is None


@pytest.mark.parametrize("unstated", ["size", "blobId"])
def test_a_mirror_that_states_no_digests_is_refused(stand_in: StandIn, unstated: str) -> None:
    stand_in.unstated.add(unstated)
    with pytest.raises(HubUnavailable, match=r"no sizes or digests.*try another mirror"):
        Hub(stand_in.url).describe("owner/tiny", "main")


@pytest.mark.parametrize("commit", ["main", "../../elsewhere", "", "A" * 40])
def test_a_commit_that_is_none_is_refused(stand_in: StandIn, commit: str) -> None:
    stand_in.commit = commit
    with pytest.raises(HubUnavailable, match="no commit"):
        Hub(stand_in.url).describe("owner/tiny", "main")


def test_content_goes_on_in_the_middle(stand_in: StandIn) -> None:
    hub = Hub(stand_in.url)
    repository = hub.describe("owner/tiny", "main")
    with hub.open(repository, "model.safetensors", 1000) as content:
        assert content.start == 1000
        assert b"".join(content.pieces) == FILES["model.safetensors"][1000:]
    assert stand_in.ranges_of("model.safetensors") == ["bytes=1000-"]


def test_a_hub_that_cannot_go_on_starts_again(stand_in: StandIn) -> None:
    stand_in.ignores_range = True
    hub = Hub(stand_in.url)
    with hub.open(hub.describe("owner/tiny", "main"), "model.safetensors", 1000) as content:
        assert content.start == 0
        assert b"".join(content.pieces) == FILES["model.safetensors"]


def test_what_is_not_there_is_named(stand_in: StandIn) -> None:
    hub = Hub(stand_in.url)
    with pytest.raises(CheckpointNotFound, match=r"no repository owner/other.*HF_TOKEN"):
        hub.describe("owner/other", "main")
    with pytest.raises(CheckpointNotFound, match="owner/tiny has no revision v2"):
        hub.describe("owner/tiny", "v2")
    with pytest.raises(CheckpointNotFound, match=r"accept them at http://.*/owner/tiny"):
        hub.describe("owner/tiny", "gated")
    with pytest.raises(CheckpointNotFound, match="cannot be the name of a repository"):
        hub.describe("owner/ti ny", "main")


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_hub_in_trouble_may_be_asked_again(stand_in: StandIn, status: int) -> None:
    stand_in.api_troubles.append(("status", status))
    with pytest.raises(HubBusy, match=f"HTTP {status}") as caught:
        Hub(stand_in.url).describe("owner/tiny", "main")
    assert caught.value.retry_after_seconds == (None if status == 500 else 0)


def test_a_refused_token_is_told(stand_in: StandIn) -> None:
    stand_in.api_troubles.append(("status", 403))
    with pytest.raises(HubUnavailable, match="HF_TOKEN"):
        Hub(stand_in.url).describe("owner/tiny", "main")


def test_a_hub_that_is_not_there() -> None:
    address = unused_address()
    with pytest.raises(TransferBroken, match=f"cannot reach {address}: .*refused"):
        Hub(address).describe("owner/tiny", "main")


def test_the_token_comes_from_the_environment(
    stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_not_a_token")
    hub = Hub(stand_in.url)
    with hub.open(hub.describe("owner/tiny", "main"), "config.json", 0) as content:
        assert b"".join(content.pieces) == FILES["config.json"]
    with hub.open(hub.describe("owner/tiny", "main"), "model.safetensors", 0) as content:
        assert b"".join(content.pieces) == FILES["model.safetensors"]
    sent = [(request.path, request.headers.get("authorization")) for request in stand_in.requests]
    # Not to the store of large files, which is another host.
    assert sent.pop() == ("/store/model.safetensors", None)
    assert {token for _, token in sent} == {"Bearer hf_not_a_token"}


def test_the_extra_is_named_where_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    with pytest.raises(ConversionFailed, match=r"pip install 'mujaz\[convert\]'"):
        Hub()
