from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest
import structlog

from mujaz.errors import QuotaExceeded, TokenInvalid
from mujaz.settings import SettingInvalid
from mujaz.transport.scopes import Scope
from mujaz.transport.token_file import TokenEntry
from mujaz.transport.token_store import TokenStore, digest_of
from tests.transport.test_quota import Clock

TODAY = datetime.datetime(2026, 6, 30, 12, tzinfo=datetime.UTC).timestamp()


def line(name: str, token: str, **changes: Any) -> str:
    values: dict[str, Any] = {"scopes": frozenset({Scope.TRANSLATE}), "characters_per_minute": 600}
    return TokenEntry(name=name, digest=digest_of(token), **{**values, **changes}).line()


def stored(path: Path, *lines: str) -> tuple[TokenStore, list[Any], Clock]:
    path.write_text("".join(lines))
    log = structlog.testing.LogCapture()
    logger = structlog.wrap_logger(structlog.testing.ReturnLogger(), processors=[log])
    clock = Clock()
    return (
        TokenStore(path, logger=logger, clock=clock, wall_clock=lambda: TODAY),
        log.entries,
        clock,
    )


def test_a_token_is_known_by_its_hash(tmp_path: Path) -> None:
    store, _, _ = stored(tmp_path / "t", line("a", "A"), line("b", "B"))
    assert store.identify("B").name == "b"
    assert store.identify("A").name == "a"
    for wrong in ("", "C", "a", digest_of("A"), "\ud800"):
        with pytest.raises(TokenInvalid, match="not one this server knows"):
            store.identify(wrong)


def test_every_entry_is_compared_wherever_the_token_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, _, _ = stored(tmp_path / "t", *(line(f"t{n}", str(n)) for n in range(5)))
    compared = []

    def compare(one: str, other: str) -> bool:
        compared.append(one)
        return one == other

    monkeypatch.setattr("hmac.compare_digest", compare)
    assert store.identify("0").name == "t0"
    assert len(compared) == 5


@pytest.mark.parametrize(("days", "holds"), [(0, True), (1, True), (-1, False)])
def test_a_token_holds_to_the_end_of_its_last_day(tmp_path: Path, days: int, holds: bool) -> None:
    last_day = datetime.date(2026, 6, 30) + datetime.timedelta(days=days)
    store, _, _ = stored(tmp_path / "t", line("a", "A", last_day=last_day))
    if holds:
        assert store.identify("A").name == "a"
    else:
        with pytest.raises(TokenInvalid, match="has expired"):
            store.identify("A")


def test_a_changed_file_is_taken_over(tmp_path: Path) -> None:
    path = tmp_path / "t"
    store, log, _ = stored(path, line("a", "A"))
    store.refresh()
    assert log == []
    path.write_text(line("b", "B"))
    store.refresh()
    assert [(each["event"], each["tokens"]) for each in log] == [("tokens_reloaded", ["b"])]
    assert store.identify("B").name == "b"
    with pytest.raises(TokenInvalid):
        store.identify("A")


@pytest.mark.parametrize("rubbish", [b"\xff\xfe", b"rubbish", b"\x00" * 100, b"x" * 2_000_000])
def test_rubbish_is_told_once_and_the_old_tokens_hold(tmp_path: Path, rubbish: bytes) -> None:
    path = tmp_path / "t"
    store, log, _ = stored(path, line("a", "A"))
    path.write_bytes(rubbish)
    for _ in range(3):
        store.refresh()
    [told] = log
    assert (told["event"], told["log_level"]) == ("tokens_not_reloaded", "error")
    assert told["in_use"] == 1
    assert store.identify("A").name == "a"
    path.write_text(line("a", "A"))
    store.refresh()
    path.write_bytes(rubbish)
    store.refresh()
    assert [each["event"] for each in log] == ["tokens_not_reloaded"] * 2


def test_a_file_that_is_gone_is_told_once_and_the_old_tokens_hold(tmp_path: Path) -> None:
    path = tmp_path / "t"
    store, log, _ = stored(path, line("a", "A"))
    path.unlink()
    store.refresh()
    store.refresh()
    assert [each["event"] for each in log] == ["tokens_not_reloaded"]
    assert store.identify("A").name == "a"


def test_rubbish_at_the_start_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingInvalid, match="line 1"):
        stored(tmp_path / "t", "rubbish\n")
    with pytest.raises(SettingInvalid, match="cannot read"):
        TokenStore(tmp_path / "none", logger=structlog.get_logger())


def test_an_emptied_file_lets_nobody_in(tmp_path: Path) -> None:
    path = tmp_path / "t"
    store, _, _ = stored(path, line("a", "A"))
    path.write_text("# none\n")
    store.refresh()
    with pytest.raises(TokenInvalid):
        store.identify("A")


def test_the_budget_of_a_token_outlives_calls_and_reloads(tmp_path: Path) -> None:
    path = tmp_path / "t"
    store, _, clock = stored(path, line("a", "A"), line("b", "B", characters_per_minute=None))
    store.meter(store.identify("A")).charge(600)
    with pytest.raises(QuotaExceeded):
        store.meter(store.identify("A")).charge(1)
    path.write_text(line("a", "A", characters_per_minute=6_000) + line("c", "C"))
    store.refresh()
    with pytest.raises(QuotaExceeded):
        store.meter(store.identify("A")).charge(1)
    clock.now += 60
    store.meter(store.identify("A")).charge(6_000)
    store.meter(store.identify("C")).charge(600)


def test_without_a_rate_nothing_is_counted(tmp_path: Path) -> None:
    store, _, _ = stored(tmp_path / "t", line("b", "B", characters_per_minute=None))
    store.meter(store.identify("B")).charge(10**9)
