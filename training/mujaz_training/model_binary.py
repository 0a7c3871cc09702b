"""Reads the variables of a CTranslate2 `model.bin`, which the library itself only writes.

Layout of version 6, little-endian (`ctranslate2.specs.model_spec.ModelSpec._serialize`): version,
name of the specification and its revision; the number of variables, and of each its name, rank,
dimensions, type and bytes; the number of aliases, and of each its name and that of its variable.
A name is a 16-bit length, counting a final zero byte, and so many bytes.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt

from .experiment import RecipeError

Variable = npt.NDArray[np.generic]

_VERSION = 6
_TYPES: Mapping[int, str] = {0: "<f4", 1: "<i1", 2: "<i2", 3: "<i4", 4: "<f2", 5: "<u2"}
"""NumPy has no bfloat16 (5): it is read as the upper half of a float32."""
_BFLOAT16 = 5


def read_variables(path: Path) -> dict[str, Variable]:
    """Every variable and alias of a model by name, as stored; bfloat16 comes as float32.

    Raises RecipeError where the file is not one that CTranslate2 wrote.
    """
    try:
        return _Reader(path.read_bytes()).read()
    except (OSError, struct.error, ValueError, KeyError) as error:
        raise RecipeError(
            f"{path} is not a CTranslate2 model of version {_VERSION}; export it again. ({error})"
        ) from error


def dequantized(variables: Mapping[str, Variable], name: str) -> npt.NDArray[np.float32]:
    """The weight `name` in float32: integers divided by their scales, one a row or one in all."""
    value = variables[name]
    if not np.issubdtype(value.dtype, np.integer):
        return value.astype(np.float32)
    scale = np.asarray(variables[f"{name}_scale"], np.float32).reshape(-1)
    rows = scale.reshape(-1, *(1,) * (value.ndim - 1)) if scale.size > 1 else scale
    result: npt.NDArray[np.float32] = value.astype(np.float32) / rows
    return result


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data, self._position = data, 0

    def read(self) -> dict[str, Variable]:
        version = self._number("<I")
        if version != _VERSION:
            raise ValueError(f"version {version}")
        self._string()
        self._number("<I")
        variables = dict(self._variable() for _ in range(self._number("<I")))
        for _ in range(self._number("<I")):
            alias = self._string()
            variables[alias] = variables[self._string()]
        if self._position != len(self._data):
            raise ValueError("bytes after the end")
        return variables

    def _variable(self) -> tuple[str, Variable]:
        name = self._string()
        dimensions = [self._number("<I") for _ in range(self._number("<B"))]
        kind = self._number("<B")
        content = self._bytes(self._number("<I"))
        value = np.frombuffer(content, np.dtype(_TYPES[kind])).reshape(dimensions)
        if kind == _BFLOAT16:
            value = (value.astype(np.uint32) << 16).view(np.float32)
        return name, value

    def _string(self) -> str:
        return self._bytes(self._number("<H"))[:-1].decode("utf-8")

    def _number(self, layout: str) -> int:
        return int(struct.unpack(layout, self._bytes(struct.calcsize(layout)))[0])

    def _bytes(self, count: int) -> bytes:
        end = self._position + count
        if end > len(self._data):
            raise ValueError("the file is cut off")
        content, self._position = self._data[self._position : end], end
        return content
