from __future__ import annotations

import grpc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mujaz.client import MujazClient
from mujaz.client.credentials import is_on_this_machine, with_token

TLS = grpc.ssl_channel_credentials()
TOKEN = "mujaz_abc-DEF_123"


@pytest.mark.parametrize(
    "target",
    [
        "127.0.0.1:1",
        "localhost:50051",
        "[::1]:1",
        "dns:///localhost:1",
        "dns:127.0.0.1:1",
        "ipv4:127.0.0.1:1,127.0.0.2:1",
        "ipv6:[::1]:1",
        "unix:/run/mujaz.sock",
        "unix-abstract:mujaz",
    ],
)
def test_on_this_machine_the_token_goes_in_the_clear(target: str) -> None:
    assert is_on_this_machine(target)
    metadata = (("authorization", f"Bearer {TOKEN}"),)
    assert with_token(TOKEN, None, target=target) == (None, metadata)


@pytest.mark.parametrize(
    "target",
    [
        "translate.example:50051",
        "localhost.example:1",
        "10.0.0.7:1",
        "0.0.0.0:1",
        "[2001:db8::1]:1",
        "dns:///translate.example:1",
        "dns://127.0.0.1/translate.example:1",
        "ipv4:127.0.0.1:1,10.0.0.7:1",
        "xds:///mujaz",
        "",
    ],
)
def test_to_another_machine_it_goes_over_tls_or_when_told(target: str) -> None:
    assert not is_on_this_machine(target)
    with pytest.raises(ValueError, match="without TLS"):
        with_token(TOKEN, None, target=target)
    assert with_token(TOKEN, None, target=target, insecure_any=True)[1] is not None
    credentials, metadata = with_token(TOKEN, TLS, target=target)
    assert credentials is not None
    assert metadata is None


@given(st.text().filter(lambda text: len(text) != 1))
def test_what_cannot_be_a_token_is_refused_and_not_repeated(text: str) -> None:
    token = f"{text}é{text}"
    with pytest.raises(ValueError, match="no token has") as caught:
        with_token(token, TLS, target="x:1")
    assert token not in str(caught.value)


async def test_the_client_refuses_before_anything_is_sent() -> None:
    with pytest.raises(ValueError, match=r"not sent to translate\.example:1 without TLS"):
        MujazClient("translate.example:1", token=TOKEN)
