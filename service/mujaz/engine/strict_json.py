"""Reads JSON into frozen dataclasses and refuses whatever does not fit exactly."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from types import MappingProxyType, NoneType, UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")


def parse(text: str, kind: type[T]) -> T:
    """`text` as a `kind`: dataclasses, enums, tuples, mappings, optional and plain values.

    Raises ValueError that starts with the path of what is wrong, for example `$.files.size_bytes`:
    unknown, missing or repeated keys, another type, a value the dataclass itself refuses.
    """
    document = json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse_constant)
    return cast(T, _read(document, kind, "$"))


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        keys = [key for key, _ in pairs]
        repeated = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"$: the key {repeated!r} is given twice")
    return result


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"$: {name} is not JSON")


def _read(value: Any, kind: Any, path: str) -> Any:
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        inner = next(argument for argument in arguments if argument is not NoneType)
        return None if value is None else _read(value, inner, path)
    if origin is tuple:
        items = _expect(value, list, path)
        return tuple(_read(item, arguments[0], f"{path}[{i}]") for i, item in enumerate(items))
    if origin is Mapping:
        entries = _expect(value, dict, path)
        return MappingProxyType(
            {key: _read(item, arguments[1], f"{path}.{key}") for key, item in entries.items()}
        )
    if is_dataclass(kind):
        return _read_dataclass(_expect(value, dict, path), kind, path)
    return _read_scalar(value, kind, path)


def _read_scalar(value: Any, kind: Any, path: str) -> Any:
    if issubclass(kind, Enum):
        if value not in [member.value for member in kind]:
            choices = ", ".join(str(member.value) for member in kind)
            raise ValueError(f"{path}: {value!r} is not one of {choices}")
        return kind(value)
    if kind is float:
        return _read_float(value, path)
    return _expect(value, kind, path)


def _read_float(value: Any, path: str) -> float:
    try:
        number = float(value) if type(value) is int else float(_expect(value, float, path))
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise ValueError(f"{path}: the number is too great")
    return number


def _expect(value: Any, kind: type, path: str) -> Any:
    # `type(…) is` and not isinstance: True must not pass for an int.
    if type(value) is not kind:
        names = {dict: "an object", list: "an array", str: "a string", int: "an integer"}
        expected = names.get(kind, f"a {kind.__name__}")
        raise ValueError(f"{path}: expected {expected}, got {json.dumps(value)[:40]}")
    return value


def _read_dataclass(value: dict[str, Any], kind: Any, path: str) -> Any:
    hints = get_type_hints(kind)
    known = {field.name: field for field in fields(kind)}
    for key in value:
        if key not in known:
            raise ValueError(f"{path}.{key}: unknown key; known are {', '.join(sorted(known))}")
    for name, field in known.items():
        optional = field.default is not MISSING or field.default_factory is not MISSING
        if name not in value and not optional:
            raise ValueError(f"{path}.{name}: missing")
    arguments = {key: _read(item, hints[key], f"{path}.{key}") for key, item in value.items()}
    try:
        return kind(**arguments)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error
