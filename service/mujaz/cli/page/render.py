"""The page of one or several articles as HTML."""

from __future__ import annotations

import base64
import hashlib
import importlib.resources
from collections.abc import Sequence
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

import mujaz
from mujaz.cli.page.views import ArticleView

_PACKAGE: Final = "mujaz.cli.page"


def render(articles: Sequence[ArticleView]) -> str:
    """One HTML document that loads nothing.

    Whatever the texts hold, only the script and the style of the page itself are let run (Content
    Security Policy Level 3, hash sources).
    """
    # Templates escape what they are given: only these two files are taken as they are.
    style, script = _resource("page.css"), _resource("page.js")
    environment = Environment(
        loader=PackageLoader(_PACKAGE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html.jinja").render(
        articles=articles,
        version=mujaz.__version__,
        policy=_policy(style, script),
        style=Markup(style),
        script=Markup(script),
    )


def _policy(style: str, script: str) -> str:
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src '{_hash_source(style)}'",
            f"script-src '{_hash_source(script)}'",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
        )
    )


def _hash_source(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"sha256-{base64.b64encode(digest).decode('ascii')}"


def _resource(name: str) -> str:
    """A file beside the templates, with line feeds only, as browsers hash it."""
    path = importlib.resources.files(_PACKAGE) / "templates" / name
    return path.read_text(encoding="utf-8").replace("\r\n", "\n")
