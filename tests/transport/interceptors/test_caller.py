from __future__ import annotations

from pathlib import Path

import grpc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mujaz.transport.interceptors.caller import (
    NAME_CHARACTER_LIMIT,
    CallerName,
    host_of_peer,
    name_of_certificate,
)
from mujaz.transport.interceptors.wrap import InterceptorChain, current_caller
from tests.transport.interceptors.harness import (
    KINDS,
    Handlers,
    answers,
    echo_channel,
    encoded,
    start_call,
)


@pytest.mark.parametrize(
    ("peer", "host"),
    [
        ("ipv4:192.0.2.7:50051", "192.0.2.7"),
        ("ipv6:%5B2001:db8::1%5D:1", "2001:db8::1"),
        ("ipv6:[2001:0db8:0::1]:1", "2001:db8::1"),
        ("ipv6:%5B::ffff:192.0.2.7%5D:1", "192.0.2.7"),
        ("unix:", "unix"),
        ("unix:/run/mujaz.sock", "unix"),
        ("unix-abstract:name", "unix"),
        ("", "unknown"),
        ("vsock:3:1", "unknown"),
    ],
)
def test_a_host_has_one_name_whatever_its_port(peer: str, host: str) -> None:
    assert host_of_peer(peer) == host


@given(st.text())
def test_no_peer_is_without_a_name(peer: str) -> None:
    assert host_of_peer(peer)


def test_the_common_name_comes_before_the_alternative_names() -> None:
    names = {"x509_subject_alternative_name": [b"a.example", b"b.example"]}
    assert name_of_certificate(names) == "a.example"
    assert name_of_certificate({**names, "x509_common_name": [b"desk"]}) == "desk"
    assert name_of_certificate({"transport_security_type": [b"ssl"]}) == ""


@given(st.binary(min_size=1))
def test_a_name_from_a_certificate_is_safe_in_a_log_line(name: bytes) -> None:
    named = name_of_certificate({"x509_common_name": [name]})
    assert len(named) <= NAME_CHARACTER_LIMIT
    assert named.isascii()
    assert named == "" or named.isprintable()
    assert " " not in named


async def caller(text: str) -> str:
    return current_caller()


@pytest.mark.parametrize("kind", KINDS)
async def test_a_call_is_named_for_the_host_it_came_from(kind: str) -> None:
    async with echo_channel([CallerName()], caller) as channel:
        assert await answers(start_call(channel, kind, encoded("x")), kind) == ["127.0.0.1"]


async def test_a_call_over_a_unix_socket_is_named_unix(tmp_path: Path) -> None:
    server = grpc.aio.server(interceptors=[InterceptorChain([CallerName()])])
    server.add_generic_rpc_handlers([Handlers(caller)])
    server.add_insecure_port(f"unix:{tmp_path}/s")
    await server.start()
    try:
        async with grpc.aio.insecure_channel(f"unix:{tmp_path}/s") as channel:
            call = start_call(channel, "unary_unary", encoded("x"))
            assert await answers(call, "unary_unary") == ["unix"]
    finally:
        await server.stop(None)
