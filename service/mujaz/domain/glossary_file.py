"""Glossary files: tab-separated, comma-separated, and TermBase eXchange (ISO 30042)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath
from typing import Final
from xml.parsers import expat

from mujaz.domain.glossary import EntryInvalid, GlossaryEntry, checked_key
from mujaz.errors import GlossaryInvalid

FILE_BYTES_LIMIT: Final = 4 * 1024 * 1024
FILE_ENTRY_LIMIT: Final = 20_000

_SOURCE_COLUMNS = frozenset({"arabic", "ar", "source", "source_term"})
_TARGET_COLUMNS = frozenset({"english", "en", "target", "target_term"})
# The elements of TBX-Default and TBX v3 that hold one language of an entry.
_ENTRIES = frozenset({"termEntry", "conceptEntry"})
_LANGUAGES = frozenset({"langSet", "langSec"})


class GlossaryFormat(StrEnum):
    """What a file is, by the end of its name."""

    TSV = ".tsv"
    CSV = ".csv"
    TBX = ".tbx"


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    source: str
    target: str


class _Unusable(Exception):
    """Why a file is no glossary, and in which line where it is one line's fault."""

    def __init__(self, cause: str, line: int = 0) -> None:
        super().__init__(cause)
        self.cause = cause
        self.line = line


def parse_glossary(content: bytes, path: PurePath) -> tuple[GlossaryEntry, ...]:
    """The entries of a file; `path` says what it is. Raises GlossaryInvalid, which names the line.

    In .tsv and .csv the columns are Arabic and English, or as a first line names them; lines that
    begin with # and empty ones are left out. Of a .tbx, each Arabic term of an entry goes with its
    first English one.
    """
    try:
        return tuple(_checked(_rows(content, path)))
    except _Unusable as error:
        where = {"line": error.line} if error.line else {}
        raise GlossaryInvalid(
            "The glossary file cannot be used; correct it.",
            file=str(path),
            cause=error.cause,
            **where,
        ) from error


def _rows(content: bytes, path: PurePath) -> Iterable[_Row]:
    try:
        kind = GlossaryFormat(path.suffix.lower())
    except ValueError as error:
        raise _Unusable("its name ends in none of .tsv, .csv, .tbx") from error
    if len(content) > FILE_BYTES_LIMIT:
        raise _Unusable(f"it has more than {FILE_BYTES_LIMIT:,} bytes")
    if kind is GlossaryFormat.TBX:
        return _TermBase().parse(content)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _Unusable("it is not UTF-8", line) from error
    return _table_rows(text, kind)


def _checked(rows: Iterable[_Row]) -> Iterator[GlossaryEntry]:
    first: dict[str, _Row] = {}
    for row in rows:
        entry = GlossaryEntry(row.source, row.target)
        try:
            key = checked_key(entry)
        except EntryInvalid as error:
            side = "the Arabic" if error.name == "source_term" else "the English"
            raise _Unusable(f"{side} {error}", row.line) from error
        known = first.setdefault(key, row)
        if known is row:
            yield entry
        elif known.target != row.target:
            raise _Unusable(f"the term of line {known.line} has another rendering here", row.line)
        if len(first) > FILE_ENTRY_LIMIT:
            raise _Unusable(f"it has more than {FILE_ENTRY_LIMIT:,} terms", row.line)
    if not first:
        raise _Unusable("it holds no terms")


def _table_rows(text: str, kind: GlossaryFormat) -> Iterator[_Row]:
    columns: tuple[int, int] | None = None
    for line, cells in _cells(text, kind):
        if columns is None:
            named = _named_columns(cells)
            columns = named or (0, 1)
            if named:
                continue
        if len(cells) <= max(columns):
            raise _Unusable("it has no second column", line)
        yield _Row(line, cells[columns[0]], cells[columns[1]])


def _cells(text: str, kind: GlossaryFormat) -> Iterator[tuple[int, list[str]]]:
    """The cells of each line that holds any, by its number."""
    if kind is GlossaryFormat.TSV:
        for number, line in enumerate(text.splitlines(), start=1):
            if line.strip() and not line.startswith("#"):
                yield number, [cell.strip() for cell in line.split("\t")]
        return
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for row in reader:
            if any(cell.strip() for cell in row) and not row[0].startswith("#"):
                yield reader.line_num, [cell.strip() for cell in row]
    except csv.Error as error:
        raise _Unusable(f"it is not CSV: {error}", reader.line_num) from error


def _named_columns(cells: list[str]) -> tuple[int, int] | None:
    """Where a line of headings has the terms and the renderings; None where it is no such line."""
    names = [cell.lower() for cell in cells]
    source = next((i for i, name in enumerate(names) if name in _SOURCE_COLUMNS), None)
    target = next((i for i, name in enumerate(names) if name in _TARGET_COLUMNS), None)
    return None if source is None or target is None else (source, target)


class _TermBase:
    """Reads TBX as it is parsed. Document types, and with them entities, are refused."""

    def __init__(self) -> None:
        self._rows: list[_Row] = []
        self._language = ""
        self._term: list[str] | None = None
        self._terms: dict[str, list[tuple[int, str]]] = {}
        self._parser = expat.ParserCreate()
        self._parser.StartDoctypeDeclHandler = self._refuse_doctype
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text

    def parse(self, content: bytes) -> list[_Row]:
        """The rows of a whole document."""
        try:
            self._parser.Parse(content, True)
        except expat.ExpatError as error:
            raise _Unusable("it is not well-formed XML", error.lineno) from error
        return self._rows

    def _refuse_doctype(self, *_: object) -> None:
        raise _Unusable(
            "it declares a document type, which is not read; take the DOCTYPE out", self._line
        )

    @property
    def _line(self) -> int:
        return self._parser.CurrentLineNumber

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name in _ENTRIES:
            self._terms = {}
        elif name in _LANGUAGES:
            self._language = attributes.get("xml:lang", "").lower().partition("-")[0]
        elif name == "term":
            self._term = []

    def _text(self, text: str) -> None:
        if self._term is not None:
            self._term.append(text)

    def _end(self, name: str) -> None:
        if name == "term" and self._term is not None:
            term = " ".join("".join(self._term).split())
            self._terms.setdefault(self._language, []).append((self._line, term))
            self._term = None
        elif name in _ENTRIES:
            for _, english in self._terms.get("en", [])[:1]:
                self._rows += [_Row(at, term, english) for at, term in self._terms.get("ar", [])]
