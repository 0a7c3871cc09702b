"""Answers as plain values, for JSON."""

from __future__ import annotations

from typing import Any

from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message


def to_plain(message: Message) -> dict[str, Any]:
    """The message as a dictionary with the field names of the contract, zeros included.

    Durations are text such as `0.5s` and enum values their names (protobuf's JSON mapping).
    """
    plain: dict[str, Any] = MessageToDict(
        message, preserving_proto_field_name=True, always_print_fields_with_no_presence=True
    )
    return plain
