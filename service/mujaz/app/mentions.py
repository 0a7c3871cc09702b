"""The table of names the service holds, and the mentions of an article."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Final

from mujaz.app.glossaries import GlossaryStore
from mujaz.app.translate import TranslationConfig
from mujaz.domain.mentions import Mention, find_mentions
from mujaz.domain.name_table import NameTable, TableInvalid
from mujaz.errors import GlossaryInvalid

BUNDLED_TABLE: Final = "gazetteers/names.tsv"


class MentionFinder:
    """Finds the names of articles; none where it holds no table."""

    def __init__(
        self, names: NameTable | None = None, glossaries: GlossaryStore | None = None
    ) -> None:
        self._names = names or NameTable()
        self._glossaries = glossaries or GlossaryStore()

    def replace(self, names: NameTable) -> None:
        """Make `names` the table held."""
        self._names = names

    async def find(self, body: str, config: TranslationConfig) -> tuple[Mention, ...]:
        """The names in `body`, rendered as the glossaries of `config` say where they do.

        Raises GlossaryNotFound.
        """
        names = self._names
        if not len(names):
            return ()
        glossaries = self._glossaries.chosen(config.glossary_entries, config.glossaries)
        return await asyncio.to_thread(find_mentions, body, names, glossaries)


def read_names(models: Path) -> NameTable:
    """The table of names in a directory of models; an empty one where it has none.

    Blocks. Raises GlossaryInvalid.
    """
    path = models / BUNDLED_TABLE
    try:
        return NameTable(path.read_text(encoding="utf-8").splitlines())
    except FileNotFoundError:
        return NameTable()
    except (OSError, UnicodeDecodeError, TableInvalid) as error:
        cause = error.strerror if isinstance(error, OSError) else str(error)
        raise GlossaryInvalid(
            "The table of names cannot be used; build it again, or take the file away.",
            file=str(path),
            cause=cause or type(error).__name__,
        ) from error
