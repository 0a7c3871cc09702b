"""Messages of the contract with other values in their fields, which still are messages."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any, Final

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from tests.fuzz.adversarial import SHAPES, repeated

_NUMBERS: Final = (0, 1, -1, 2, 5, 6, 10, 11, 100, 101, 2**31 - 1, -(2**31))
_NAMES: Final = (
    *("", " ", "ar", "en", "fr", "AR", "ar-EG", "x" * 300, "models/tiny", "models/", "models/../x"),
    *("models/none", "gl", "a/b", "AQAB", "====", "\0", "a" * 65, "é", "1"),
)
# The contract allows more; what is longer is refused before anything is done with it.
_LENGTHS: Final = (1, 3, 40, 300)


class MessageMutator:
    """Endless changed copies of a message, the same for the same seed."""

    def __init__(self, message: Message, seed: int) -> None:
        self._message = message
        self._random = random.Random(seed)
        self._shapes = [name for name, unit in SHAPES.items() if unit.isprintable()]

    def messages(self, count: int) -> Iterator[bytes]:
        """So many, serialized."""
        for _ in range(count):
            changed = type(self._message)()
            changed.CopyFrom(self._message)
            for _ in range(self._random.randint(1, 3)):
                self._change(changed)
            yield changed.SerializeToString()

    def _change(self, message: Message) -> None:
        field = self._random.choice(message.DESCRIPTOR.fields)
        if self._random.random() < 0.1:
            message.ClearField(field.name)
        elif field.type != FieldDescriptor.TYPE_MESSAGE:
            self._set(message, field)
        elif field.is_repeated:
            self._repeat(getattr(message, field.name))
        else:
            inner = getattr(message, field.name)
            inner.SetInParent()
            if inner.DESCRIPTOR.fields:
                self._change(inner)

    def _repeat(self, items: Any) -> None:
        for _ in range(self._random.choice((1, 2, 201))):
            self._change(items.add())

    def _set(self, message: Message, field: FieldDescriptor) -> None:
        if field.is_repeated:
            getattr(message, field.name).extend(
                self._value(field) for _ in range(self._random.choice((1, 2, 11)))
            )
        else:
            setattr(message, field.name, self._value(field))

    def _value(self, field: FieldDescriptor) -> Any:
        if field.type == FieldDescriptor.TYPE_STRING:
            return self._text()
        if field.type == FieldDescriptor.TYPE_BOOL:
            return self._random.random() < 0.5
        return self._random.choice(_NUMBERS)

    def _text(self) -> str:
        if self._random.random() < 0.4:
            return self._random.choice(_NAMES)
        length = self._random.choice(_LENGTHS)
        return repeated(self._random.choice(self._shapes), length)
