"""The writers of `--format html`, fed with what a stream sends."""

from __future__ import annotations

from mujaz.cli.page.articles import article_view
from mujaz.cli.page.views import ArticleView
from mujaz.cli.page.writers import PageBrief, PageTranslation
from mujaz.client import (
    DetectedLanguage,
    StreamGenerateBriefResponse,
    TranslationFinished,
    TranslationStats,
)
from tests.cli.page.sample import LICENSES, brief_parts


class Shelf:
    """Pages that are kept as they are."""

    is_terminal = False

    def __init__(self) -> None:
        self.articles: list[ArticleView] = []

    def add(self, article: ArticleView) -> None:
        self.articles.append(article)


def test_a_brief_is_gathered_from_its_events() -> None:
    shelf = Shelf()
    writer = PageBrief(shelf, LICENSES)
    for name in ("a", "b"):
        parts = brief_parts(name)
        writer.begin(name)
        writer.event(StreamGenerateBriefResponse(headline=parts.headline))
        for sentence in parts.sentences:
            writer.event(StreamGenerateBriefResponse(sentence=sentence))
        for point in parts.points:
            writer.event(StreamGenerateBriefResponse(point=point))
        assert writer.progress == "2 points, 8 sentences"
        assert len(shelf.articles) == (name == "b")
        writer.event(StreamGenerateBriefResponse(finished=parts.brief))
        writer.end()
    assert shelf.articles == [article_view(brief_parts(name), LICENSES) for name in ("a", "b")]


def test_a_translation_is_gathered_and_a_failed_one_is_not() -> None:
    shelf = Shelf()
    writer = PageTranslation(shelf, LICENSES)
    stats = TranslationStats(model_revision="models/ar-en@3dfcd3be3c72")
    for name, finished in (("a", None), ("b", TranslationFinished(stats=stats))):
        writer.begin(name)
        writer.detected(DetectedLanguage(language_code="ar", confidence=1))
        for sentence in brief_parts().sentences:
            writer.sentence(" ", sentence)
        writer.end(finished)
    (article,) = shelf.articles
    assert (article.name, article.language, article.license) == ("b", "ar (100 %)", "CC-BY-SA-4.0")
    assert len(article.sentences) == 8
    assert article.headline is None
