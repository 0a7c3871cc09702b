"""The option `--glossary`, and the terms of an answer in words."""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

import click

from mujaz.app.glossaries import read_entries
from mujaz.cli.connection import Target
from mujaz.cli.exit_codes import CommandFailed, ExitCode, failed_start
from mujaz.client import GlossaryEntry, GlossaryMatch, TranslationConfig
from mujaz.errors import GlossaryInvalid

# What one request takes; glossaries a server holds have no such limit.
REQUEST_ENTRY_LIMIT: Final = 200

_FILE = re.compile(r"(?i).*[/\\].*|.*\.(tsv|csv|tbx)")


def glossary_option(command: Callable[..., None]) -> Callable[..., None]:
    """Gives a click command `--glossary`, which it gets as `glossaries`."""

    @functools.wraps(command)
    def with_glossaries(*, glossaries: tuple[str, ...], **rest: Any) -> None:
        command(glossaries=GlossaryChoice(glossaries), **rest)

    return click.option(
        "--glossary",
        "glossaries",
        multiple=True,
        metavar="NAME|FILE",
        help="Terms that must be rendered as given: a glossary the service holds, such as news, "
        "or a .tsv, .csv or .tbx file of Arabic and English. May be given more than once; of "
        f"equal terms the first holds. With --server a file has {REQUEST_ENTRY_LIMIT} terms at "
        "most.",
    )(with_glossaries)


@dataclasses.dataclass(frozen=True, slots=True)
class GlossaryChoice:
    """The glossaries a command was given, by name or as files."""

    values: tuple[str, ...] = ()

    def choose(self, config: TranslationConfig, target: Target) -> Target:
        """Puts the glossaries into `config`; the target that knows the files among them.

        The service of this process holds a file, and a server is sent its entries. Raises
        CommandFailed.
        """
        held: list[str] = []
        for number, value in enumerate(self.values, start=1):
            if not _FILE.fullmatch(value):
                config.glossaries.append(value)
            elif target.server is None:
                _read(Path(value))  # before anything starts, and with a better ending
                config.glossaries.append(f"file-{number}")
                held.append(f"file-{number}={value}")
            else:
                config.glossary_entries.extend(
                    GlossaryEntry(source_term=entry.source_term, target_term=entry.target_term)
                    for entry in _read(Path(value))
                )
        if len(config.glossary_entries) > REQUEST_ENTRY_LIMIT:
            raise CommandFailed(
                f"the glossary files have {len(config.glossary_entries)} terms, and a server takes "
                f"{REQUEST_ENTRY_LIMIT} with a request; let it hold them: mujaz serve --glossary",
                ExitCode.BAD_INPUT,
            )
        return dataclasses.replace(target, glossary=tuple(held))


def in_words(matches: Iterable[GlossaryMatch]) -> str:
    """Which terms were rendered as required: `terms: ISIS, SDF; missing: Raqqa`; may be empty."""
    applied: dict[str, None] = {}
    missed: dict[str, None] = {}
    for match in matches:
        (applied if match.applied else missed)[match.target_term] = None
    parts = [f"terms: {', '.join(applied)}"] if applied else []
    parts += [f"missing terms: {', '.join(missed)}"] if missed else []
    return "; ".join(parts)


def _read(path: Path) -> tuple[Any, ...]:
    try:
        return read_entries(path)
    except GlossaryInvalid as error:
        raise CommandFailed(failed_start(error).message, ExitCode.BAD_INPUT) from error
