"""The glossaries the server holds, read from files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from mujaz.domain.glossary import Glossary, GlossaryEntry
from mujaz.domain.glossary_file import FILE_BYTES_LIMIT, GlossaryFormat, parse_glossary
from mujaz.errors import GlossaryInvalid, GlossaryNotFound

BUNDLED_DIRECTORY: Final = "glossaries"

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


class GlossaryStore:
    """Compiled glossaries by name; one that is in use stays as it was when others replace it.

    `last` comes behind those of every request.
    """

    def __init__(
        self, glossaries: Mapping[str, Glossary] | None = None, last: Glossary | None = None
    ) -> None:
        self._glossaries = dict(glossaries or {})
        self._last = () if last is None else (last,)

    @property
    def names(self) -> tuple[str, ...]:
        """The names there are, sorted."""
        return tuple(sorted(self._glossaries))

    def replace(self, glossaries: Mapping[str, Glossary], last: Glossary | None = None) -> None:
        """Make `glossaries` the ones held, and `last` the one behind them."""
        self._glossaries = dict(glossaries)
        self._last = () if last is None else (last,)

    def chosen(
        self, entries: Iterable[GlossaryEntry], names: Iterable[str]
    ) -> tuple[Glossary, ...]:
        """A request's own entries, then the named glossaries, then the one that is always last.

        Raises GlossaryNotFound, and EntryInvalid for entries nobody has checked.
        """
        entries = tuple(entries)
        own = (Glossary(entries),) if entries else ()
        return (*own, *(self._named(name) for name in dict.fromkeys(names)), *self._last)

    def _named(self, name: str) -> Glossary:
        glossary = self._glossaries.get(name)
        if glossary is None:
            raise GlossaryNotFound(
                "The server holds no glossary of that name; it holds: "
                f"{', '.join(self.names) or 'none'}.",
                name=name,
            )
        return glossary


def read_glossaries(models: Path, files: Iterable[str] = ()) -> dict[str, Glossary]:
    """Those in the directory `glossaries` of a directory of models, then `files`, as NAME=FILE.

    A file takes the place of one of the same name. Blocks. Raises GlossaryInvalid.
    """
    paths = {
        path.stem: path
        for path in sorted((models / BUNDLED_DIRECTORY).glob("*"))
        if path.suffix.lower() in set(GlossaryFormat)
    }
    paths.update(
        (name, Path(path).expanduser()) for name, _, path in (file.partition("=") for file in files)
    )
    return {name: _read(name, path) for name, path in paths.items()}


def read_entries(path: Path) -> tuple[GlossaryEntry, ...]:
    """The entries of one file. Blocks. Raises GlossaryInvalid."""
    try:
        with path.open("rb") as stream:
            content = stream.read(FILE_BYTES_LIMIT + 1)
    except OSError as error:
        raise GlossaryInvalid(
            "The glossary cannot be read; check its path and permissions.",
            file=str(path),
            cause=error.strerror or type(error).__name__,
        ) from error
    return parse_glossary(content, path)


def _read(name: str, path: Path) -> Glossary:
    if not _NAME.fullmatch(name):
        raise GlossaryInvalid(
            "A glossary is named with up to 64 lower-case ASCII letters, digits, '.', '_', '-'; "
            "give it another name.",
            file=str(path),
        )
    return Glossary(read_entries(path))
