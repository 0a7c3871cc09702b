"""What the benchmarks of briefs read: articles with summaries, and names of open lists."""

from __future__ import annotations

import json
import lzma
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from mujaz.app.story import read_story


@dataclass(frozen=True, slots=True)
class ReferenceArticle:
    """The sentences of an article and what people made of it.

    `evidence` has for each point of a brief the positions of the sentences behind it; it is empty
    where the reference is a summary of one piece.
    """

    title: str
    text: str
    sentences: Sequence[str]
    points: Sequence[str]
    evidence: Sequence[frozenset[int]]

    @property
    def reference(self) -> str:
        """All that people wrote of the article."""
        return " ".join(self.points)


def read_articles(path: Path, limit: int | None = None) -> list[ReferenceArticle]:
    """The articles of a JSON Lines file, which may be compressed by xz.

    A line has `title`, `text` and `summary`, or `title`, `sentences` and `points`, each point with
    its `text` and its `evidence`, numbers of sentences from 1.
    """
    opener = lzma.open if path.suffix == ".xz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        documents = [json.loads(line) for line in lines][:limit]
    return [_article(document) for document in documents]


def _article(document: dict) -> ReferenceArticle:
    title = document["title"]
    if "sentences" not in document:
        story = read_story(document["text"], title)
        return ReferenceArticle(title, document["text"], story.texts, [document["summary"]], ())
    points = document["points"]
    return ReferenceArticle(
        title,
        "\n".join(document["sentences"]),
        document["sentences"],
        [point["text"] for point in points],
        [frozenset(number - 1 for number in point["evidence"]) for point in points],
    )


def read_names(paths: Iterable[Path]) -> list[str]:
    """The Arabic of tab-separated files, Arabic first, whose second column has a capital."""
    names = []
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            arabic, _, english = line.partition("\t")
            if english != english.lower():
                names.append(arabic)
    return names
