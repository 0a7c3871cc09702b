"""What a caller sends for a brief, and what is checked before any work."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from mujaz.app.translate import TranslationConfig
from mujaz.errors import ContentEmpty, ContentTooLong, FieldInvalid

BODY_CHARACTER_LIMIT: Final = 200_000
TITLE_CHARACTER_LIMIT: Final = 2_000
POINT_COUNT_LIMIT: Final = 10

_ARTICLE_ID = re.compile(r"[A-Za-z0-9_-]{0,64}")


class BriefMethod(StrEnum):
    """How the points of a brief are written; named as in the contract."""

    AUTO = "auto"
    EXTRACTIVE = "extractive"
    ABSTRACTIVE = "abstractive"


@dataclass(frozen=True, slots=True)
class Article:
    """An article as its publisher wrote it; `title` may be empty."""

    body: str
    title: str = ""
    article_id: str = ""


@dataclass(frozen=True, slots=True)
class BriefConfig:
    """What the brief should be. `point_count` is from 1 to 10."""

    translation: TranslationConfig = field(default_factory=TranslationConfig)
    summarization_model: str = ""
    point_count: int = 3
    include_translation: bool = False
    method: BriefMethod = BriefMethod.AUTO


def check_request(article: Article, config: BriefConfig) -> None:
    """Raises ContentEmpty, ContentTooLong or FieldInvalid for what can never be briefed."""
    if not article.body.strip():
        raise ContentEmpty("The body is empty; send the text of the article.", field="article.body")
    for field_name, text, limit in (
        ("article.body", article.body, BODY_CHARACTER_LIMIT),
        ("article.title", article.title, TITLE_CHARACTER_LIMIT),
    ):
        if len(text) > limit:
            raise ContentTooLong(
                f"The text is longer than {limit:,} characters; send a part of it.",
                field=field_name,
                limit=limit,
                length=len(text),
            )
    if not 1 <= config.point_count <= POINT_COUNT_LIMIT:
        raise FieldInvalid(
            "point_count must be from 1 to 10.",
            field="config.point_count",
            minimum=1,
            maximum=POINT_COUNT_LIMIT,
        )
    if not _ARTICLE_ID.fullmatch(article.article_id):
        raise FieldInvalid(
            "article_id must be at most 64 ASCII letters, digits, '-' or '_'.",
            field="article.article_id",
        )
