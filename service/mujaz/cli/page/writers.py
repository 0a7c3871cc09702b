"""The writers of `--format html`."""

from __future__ import annotations

from collections.abc import Mapping

from mujaz.cli.page.articles import ArticleParts, article_view
from mujaz.cli.page.files import Pages
from mujaz.client import (
    DetectedLanguage,
    MujazClient,
    StreamGenerateBriefResponse,
    TranslatedSentence,
    TranslationFinished,
)


class PageTranslation:
    """Gathers a translation and hands it to the page once it is whole (TranslationWriter)."""

    def __init__(self, pages: Pages, licenses: Mapping[str, str]) -> None:
        self._pages = pages
        self._licenses = licenses
        self._parts = ArticleParts("")

    def begin(self, name: str) -> None:
        self._parts = ArticleParts(name)

    def detected(self, language: DetectedLanguage) -> None:
        self._parts.language = language

    def sentence(self, joint: str, sentence: TranslatedSentence) -> None:
        self._parts.sentences.append(sentence)

    def end(self, finished: TranslationFinished | None) -> None:
        if finished is not None:
            self._parts.stats = finished.stats
            self._pages.add(article_view(self._parts, self._licenses))


class PageBrief:
    """Gathers a brief and hands it to the page once it is whole (BriefWriter)."""

    def __init__(self, pages: Pages, licenses: Mapping[str, str]) -> None:
        self._pages = pages
        self._licenses = licenses
        self._parts = ArticleParts("")

    def begin(self, name: str) -> None:
        self._parts = ArticleParts(name)

    @property
    def progress(self) -> str:
        return f"{len(self._parts.points)} points, {len(self._parts.sentences)} sentences"

    def event(self, event: StreamGenerateBriefResponse) -> None:
        match event.WhichOneof("event"):
            case "headline":
                self._parts.headline = event.headline
            case "point":
                self._parts.points.append(event.point)
            case "sentence":
                self._parts.sentences.append(event.sentence)
            case "finished":
                self._parts.brief = event.finished
                self._parts.stats = event.finished.stats

    def end(self) -> None:
        self._pages.add(article_view(self._parts, self._licenses))


async def model_licenses(client: MujazClient) -> dict[str, str]:
    """The licences of the weights a server holds, by the name of the model. Raises RpcFailed."""
    return {model.name: model.license for model in await client.list_models()}
