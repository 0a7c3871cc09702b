"""An article as the brief sees it: its structure, its text, and how much each sentence carries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mujaz.domain.article import ArticleStructure, parse_article
from mujaz.domain.salience import salience
from mujaz.domain.segment import Sentence, segment
from mujaz.domain.spans import Span
from mujaz.errors import ContentEmpty


@dataclass(frozen=True, slots=True)
class Story:
    """The text of an article without its page; `scores` go with `texts`.

    Positions count in `texts`, indices in all the sentences of the body. `title` is the one given,
    else the title line, else empty.
    """

    title: str
    structure: ArticleStructure
    sentences: tuple[Sentence, ...]
    texts: tuple[str, ...]
    scores: tuple[float, ...]

    def indices(self, positions: Iterable[int]) -> tuple[int, ...]:
        """Where sentences of the text stand among those of the body."""
        return tuple(self.structure.content_indices[position] for position in positions)

    def spans(self, positions: Iterable[int]) -> tuple[Span, ...]:
        """Where sentences of the text lie in the body."""
        return tuple(self.sentences[index].span for index in self.indices(positions))


def read_story(body: str, title: str) -> Story:
    """The story in `body`; raises ContentEmpty where there is page residue only."""
    sentences = segment(body)
    structure = parse_article(body, sentences, title=title)
    if not structure.content_indices:
        raise ContentEmpty(
            "The body holds no article text, only what a page has around one; send the article.",
            field="article.body",
        )
    if not title.strip():
        title = structure.title_span.of(body) if structure.title_span else ""
    texts = tuple(sentences[index].span.of(body) for index in structure.content_indices)
    return Story(title, structure, sentences, texts, salience(texts, title=title))
