"""How a failed call ends a command."""

from __future__ import annotations

import grpc
import pytest

from mujaz.cli.exit_codes import ExitCode, failed_call, failed_start
from mujaz.client import RpcFailed
from mujaz.errors import ModelDamaged


@pytest.mark.parametrize(
    ("code", "reason", "exit_code"),
    [
        ("UNAVAILABLE", "", ExitCode.UNAVAILABLE),
        ("UNAVAILABLE", "SHUTTING_DOWN", ExitCode.UNAVAILABLE),
        ("RESOURCE_EXHAUSTED", "QUEUE_FULL", ExitCode.UNAVAILABLE),
        ("INVALID_ARGUMENT", "CONTENT_EMPTY", ExitCode.BAD_INPUT),
        ("INVALID_ARGUMENT", "CONTENT_TOO_LONG", ExitCode.BAD_INPUT),
        ("FAILED_PRECONDITION", "LANGUAGE_UNSUPPORTED", ExitCode.BAD_INPUT),
        ("INVALID_ARGUMENT", "FIELD_INVALID", ExitCode.USAGE),
        ("NOT_FOUND", "MODEL_NOT_FOUND", ExitCode.USAGE),
        ("UNAUTHENTICATED", "TOKEN_MISSING", ExitCode.DENIED),
        ("PERMISSION_DENIED", "SCOPE_MISSING", ExitCode.DENIED),
        ("RESOURCE_EXHAUSTED", "QUOTA_EXCEEDED", ExitCode.UNAVAILABLE),
        ("INTERNAL", "ENGINE_FAILED", ExitCode.FAILED),
        ("DEADLINE_EXCEEDED", "", ExitCode.FAILED),
    ],
)
def test_the_exit_code_says_whose_turn_it_is(code: str, reason: str, exit_code: ExitCode) -> None:
    failure = RpcFailed(grpc.StatusCode[code], "It failed.", reason=reason)
    assert failed_call(failure, server="host:1").exit_code == exit_code


def test_of_a_failed_connection_only_the_cause_is_told() -> None:
    failure = RpcFailed(
        grpc.StatusCode.UNAVAILABLE,
        "failed to connect to all addresses; last error: UNKNOWN: ipv4:127.0.0.1:1: Failed to "
        "connect to remote host: connect: Connection refused (111)",
    )
    told = failed_call(failure, server="host:1")
    assert told.message == "cannot reach host:1: Connection refused (111)"
    assert "this process" in failed_call(failure, server=None).message


def test_a_hint_and_a_request_id_are_passed_on() -> None:
    full = RpcFailed(
        grpc.StatusCode.RESOURCE_EXHAUSTED, "Full.", reason="QUEUE_FULL", retry_after_seconds=2.2
    )
    assert failed_call(full, server=None).message == "Full. (try again in 2 s)"
    internal = RpcFailed(grpc.StatusCode.INTERNAL, "Broken.", reason="INTERNAL", request_id="abc")
    assert failed_call(internal, server=None).message == "Broken. (request abc)"


def test_damaged_models_are_told_with_what_is_known() -> None:
    error = ModelDamaged("The file is damaged.", file="model.bin", cause="")
    assert failed_start(error).message == "The file is damaged. (file: model.bin)"
    assert failed_start(error, about="ar-en").message.startswith("ar-en: The file")
