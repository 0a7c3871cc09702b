"""The options that say what a brief should be, shared by `brief` and `batch`."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Final

import click

from mujaz.client import BriefConfig, BriefMethod, Priority, TranslationConfig

# What the service takes as the body of one article.
ARTICLE_CHARACTER_LIMIT: Final = 200_000

_METHODS: Final = {
    "auto": BriefMethod.BRIEF_METHOD_AUTO,
    "extractive": BriefMethod.BRIEF_METHOD_EXTRACTIVE,
    "abstractive": BriefMethod.BRIEF_METHOD_ABSTRACTIVE,
}


def brief_options(*, priority: Priority) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Gives a click command the options of a brief, which it gets as `config`."""

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(command)
        def with_config(
            *, point_count: int, method: str, with_translation: bool, model: str, **rest: Any
        ) -> None:
            config = BriefConfig(
                translation=TranslationConfig(model=model, priority=priority),
                point_count=point_count,
                include_translation=with_translation,
                method=_METHODS[method],
            )
            command(config=config, **rest)

        for option in reversed(_OPTIONS):
            with_config = option(with_config)
        return with_config

    return decorate


_OPTIONS: Final = (
    click.option(
        "--points",
        "point_count",
        type=click.IntRange(1, 10),
        default=3,
        show_default=True,
        help="Points to aim for; a short article gives fewer.",
    ),
    click.option(
        "--method",
        type=click.Choice(list(_METHODS)),
        default="auto",
        show_default=True,
        help="auto writes points and replaces what the article does not support by its own "
        "sentences; extractive takes sentences only; abstractive flags instead of replacing.",
    ),
    click.option("--with-translation", is_flag=True, help="Adds the full translation."),
    click.option("--model", default="", metavar="NAME", help="The translation model: models/NAME."),
)
