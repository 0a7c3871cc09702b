"""What settings allow, and what they say of themselves."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path
from typing import Any

import pytest

from mujaz.settings import Declaration, SettingInvalid, Settings, declaration_of

FIELDS = dataclasses.fields(Settings)
RANGED = [field for field in FIELDS if declaration_of(field).minimum is not None]
CHOSEN = [field for field in FIELDS if declaration_of(field).choices]


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
def test_every_setting_explains_itself(field: dataclasses.Field[Any]) -> None:
    assert declaration_of(field).help.endswith(".")


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
def test_no_setting_has_a_variable_that_kubernetes_makes(field: dataclasses.Field[Any]) -> None:
    # For a Service called mujaz every pod gets MUJAZ_PORT, MUJAZ_PORT_50051_TCP and the like.
    assert not field.name.startswith(("port", "service"))


@pytest.mark.parametrize("field", RANGED, ids=lambda field: field.name)
def test_the_ends_of_a_range_are_allowed_and_what_lies_beyond_is_not(
    field: dataclasses.Field[Any],
) -> None:
    declaration = declaration_of(field)
    assert declaration.minimum is not None
    assert declaration.maximum is not None
    for value in (declaration.minimum, declaration.maximum):
        assert getattr(Settings(**{field.name: value}), field.name) == value
    for value in (declaration.minimum - 1, declaration.maximum + 1, math.nan):
        with pytest.raises(SettingInvalid, match=f"{field.name}: must be {declaration.range}"):
            Settings(**{field.name: value})


@pytest.mark.parametrize("field", CHOSEN, ids=lambda field: field.name)
def test_only_the_choices_are_allowed(field: dataclasses.Field[Any]) -> None:
    for value in declaration_of(field).choices:
        assert getattr(Settings(**{field.name: value}), field.name) == value
    with pytest.raises(SettingInvalid, match=f"{field.name}: must be one of"):
        Settings(**{field.name: "purple"})


def test_a_range_is_readable() -> None:
    assert Declaration("", 1, 65_536).range == "from 1 to 65,536"
    assert Declaration("", choices=("a", "b")).range == "one of a, b"
    assert Declaration("").range == ""


@pytest.mark.parametrize(
    "listen",
    ["127.0.0.1:0", "localhost:50051", "127.8.9.1:65535", "[::1]:50051", "unix:/run/mujaz.sock"],
)
def test_addresses_of_this_machine_need_no_leave(listen: str) -> None:
    assert Settings(listen=listen).listen == listen


@pytest.mark.parametrize("listen", ["0.0.0.0:50051", "[::]:50051", "10.0.0.7:1", "mujaz.example:1"])
def test_addresses_others_can_reach_need_leave(listen: str) -> None:
    with pytest.raises(SettingInvalid, match="--insecure-any"):
        Settings(listen=listen)
    assert Settings(listen=listen, insecure_any=True).listen == listen


@pytest.mark.parametrize(
    "listen",
    ["", "50051", "localhost", "localhost:", "localhost:65536", "::1:50051", "unix:", "a:b"],
)
def test_what_is_no_address_is_refused(listen: str) -> None:
    with pytest.raises(SettingInvalid, match=r"listen: .* is not HOST:PORT"):
        Settings(listen=listen, insecure_any=True)


def test_models_of_the_working_directory_come_before_those_of_the_checkout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    checkout = Path(__file__).resolve().parents[1] / "models"
    assert Settings().models == checkout
    (tmp_path / "models").mkdir()
    assert Settings().models == Path("models")


def test_with_tls_any_address_may_be_listened_on() -> None:
    tls = {"tls_cert": Path("tls.crt"), "tls_key": Path("tls.key")}
    assert Settings(listen="0.0.0.0:50051", **tls).listen == "0.0.0.0:50051"


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"tls_cert": Path("tls.crt")}, "tls_key: TLS needs it"),
        ({"tls_key": Path("tls.key")}, "tls_cert: TLS needs it"),
        ({"client_ca": Path("ca.pem")}, "tls_cert: TLS needs it"),
        ({"health_listen": "50052"}, "health_listen: '50052' is not HOST:PORT"),
    ],
)
def test_what_belongs_together_is_asked_for(given: dict[str, Any], problem: str) -> None:
    with pytest.raises(SettingInvalid, match=problem):
        Settings(**given)


def test_health_alone_may_be_answered_anywhere_in_the_clear() -> None:
    assert Settings(health_listen="0.0.0.0:50052").health_listen == "0.0.0.0:50052"
