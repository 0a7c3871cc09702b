"""Where the settings come from: flags, then MUJAZ_* variables, then a file, then the defaults."""

from __future__ import annotations

import dataclasses
import difflib
import json
import os
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click

from mujaz.settings import (
    SettingInvalid,
    Settings,
    Value,
    check_range,
    declaration_of,
)

VARIABLE_PREFIX = "MUJAZ_"
CONFIG_VARIABLE = VARIABLE_PREFIX + "CONFIG"

Command = TypeVar("Command", bound=Callable[..., Any])

_WORDS = {
    **dict.fromkeys(("true", "yes", "on", "1"), True),
    **dict.fromkeys(("false", "no", "off", "0"), False),
}


def load(
    flags: Mapping[str, Value | None],
    environment: Mapping[str, str] = os.environ,
    *,
    file: Path | None = None,
) -> Settings:
    """The settings; a flag that is None was not given.

    Raises SettingInvalid, which says where the bad value came from and what is allowed.
    """
    if file is None and environment.get(CONFIG_VARIABLE):
        file = Path(environment[CONFIG_VARIABLE])
    from_file = _read_file(file) if file is not None else {}
    chosen: dict[str, Any] = {}
    for field in dataclasses.fields(Settings):
        name, variable = field.name, VARIABLE_PREFIX + field.name.upper()
        flag = flags.get(name)
        if flag is not None and flag != ():
            chosen[name] = _parse(field, flag, origin=flag_of(field))
        elif variable in environment:
            chosen[name] = _parse(field, environment[variable], origin=variable)
        elif name in from_file:
            chosen[name] = _parse(field, from_file[name], origin=f"{name} in {file}")
    return Settings(**chosen)


def to_toml(settings: Settings) -> str:
    """The settings as a configuration file that gives the same settings back."""
    lines = []
    for field in dataclasses.fields(settings):
        value = getattr(settings, field.name)
        if value is None:  # TOML has no word for it; the default is the same
            continue
        # JSON's strings, numbers and booleans are TOML's too.
        plain = str(value) if isinstance(value, Path) else value
        lines.append(f"{field.name} = {json.dumps(plain, ensure_ascii=False)}\n")
    return "".join(lines)


def settings_options(command: Command) -> Command:
    """Gives a click command one flag for each setting, None where it is not given."""
    for field in reversed(dataclasses.fields(Settings)):
        command = _option(field)(command)
    return command


def flag_of(field: dataclasses.Field[Any]) -> str:
    """The flag of a setting, for example `--queue-token-limit`."""
    return "--" + field.name.replace("_", "-")


def _option(field: dataclasses.Field[Any]) -> Callable[[Command], Command]:
    declaration, flag = declaration_of(field), flag_of(field)
    notes = []
    if field.default is not dataclasses.MISSING:
        notes.append(f"default {str(field.default).lower()}")
    if declaration.range:
        notes.append(declaration.range)
    notes.append(VARIABLE_PREFIX + field.name.upper())
    help_text = f"{declaration.help}  [{'; '.join(notes)}]"
    if field.type == "bool":
        names = (f"{flag}/--no-{flag.removeprefix('--')}",)
        return click.option(*names, field.name, default=None, help=help_text)
    if field.type == "tuple[str, ...]":
        word = "NAME=FILE" if field.name == "glossary" else "NAME"
        return click.option(flag, field.name, multiple=True, metavar=word, help=help_text)
    metavar = {"int": "NUMBER", "float": "SECONDS", "Path": "DIR", "Path | None": "FILE"}.get(
        str(field.type), "TEXT"
    )
    return click.option(flag, field.name, default=None, metavar=metavar, help=help_text)


def _read_file(file: Path) -> dict[str, Any]:
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise SettingInvalid(f"config: cannot read {file}: {error.strerror}") from error
    except ValueError as error:
        raise SettingInvalid(f"config: {file} is not TOML: {error}") from error
    names = [field.name for field in dataclasses.fields(Settings)]
    for key in content:
        if key not in names:
            close = difflib.get_close_matches(key.replace("-", "_"), names, n=1)
            hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(names)}"
            raise SettingInvalid(f"config: {file} has an unknown setting {key}; {hint}")
    return content


def _parse(field: dataclasses.Field[Any], raw: object, *, origin: str) -> Value:
    """The value in the type of the field, checked against its range."""
    declaration = declaration_of(field)
    # The annotation as text: the module of Settings postpones their evaluation.
    parse, kind = _PARSERS[str(field.type)]
    try:
        value = parse(raw)
    # RuntimeError: a path that begins with ~ and a user there is not.
    except (ValueError, TypeError, KeyError, AttributeError, RuntimeError) as error:
        allowed = f" {declaration.range}" if declaration.range else ""
        raise SettingInvalid(f"{origin}: must be {kind}{allowed}, not {raw!r}") from error
    check_range(origin, value, declaration)
    return value


def _parse_bool(raw: object) -> bool:
    return raw if isinstance(raw, bool) else _WORDS[str(raw).strip().lower()]


def _parse_int(raw: object) -> int:
    if isinstance(raw, int) and not isinstance(raw, bool):
        return raw
    return int(_parse_text(raw))


def _parse_float(raw: object) -> float:
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        return float(raw)
    return float(_parse_text(raw))


def _parse_text(raw: object) -> str:
    if not isinstance(raw, str | Path) or not str(raw):
        raise ValueError("empty, or not text")
    return str(raw)


def _parse_path(raw: object) -> Path:
    return Path(_parse_text(raw)).expanduser()


def _parse_texts(raw: object) -> tuple[str, ...]:
    """Several texts; in one, commas stand between them."""
    if isinstance(raw, str):
        return tuple(part.strip() for part in raw.split(",") if part.strip())
    if not isinstance(raw, list | tuple):
        raise ValueError("not a list")
    return tuple(map(_parse_text, raw))


_PARSERS: Mapping[str, tuple[Callable[[object], Value], str]] = {
    "bool": (_parse_bool, "true or false"),
    "int": (_parse_int, "a whole number"),
    "float": (_parse_float, "a number"),
    "str": (_parse_text, "text"),
    "tuple[str, ...]": (_parse_texts, "a list of texts"),
    "Path": (_parse_path, "a path"),
    "Path | None": (lambda raw: None if raw == "" else _parse_path(raw), "a path"),
    "str | None": (lambda raw: None if raw == "" else _parse_text(raw), "text"),
}
