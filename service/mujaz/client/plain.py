"""Answers as plain values, for JSON."""

from __future__ import annotations

from typing import Any

from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message


def to_plain(message: Message) -> dict[str, Any]:
    """The message as a dictionary with the names and the order of the contract, zeros included.

    Durations are text such as `0.5s` and enum values their names (protobuf's JSON mapping).
    """
    plain: dict[str, Any] = MessageToDict(
        message, preserving_proto_field_name=True, always_print_fields_with_no_presence=True
    )
    return _ordered(plain, message.DESCRIPTOR)


def _ordered(plain: dict[str, Any], descriptor: Any) -> dict[str, Any]:
    """The same in the order of the contract; protobuf puts what is zero last."""
    fields = {field.name: field.message_type for field in descriptor.fields if field.name in plain}
    return {name: _ordered_value(plain[name], kind) for name, kind in fields.items()}


def _ordered_value(value: Any, descriptor: Any) -> Any:
    if descriptor is None or descriptor.GetOptions().map_entry:
        return value
    if isinstance(value, list):
        return [_ordered_value(item, descriptor) for item in value]
    # Well-known types, such as durations, are text.
    return _ordered(value, descriptor) if isinstance(value, dict) else value
