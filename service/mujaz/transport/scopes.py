"""What a token may be allowed, and what each method asks for."""

from __future__ import annotations

from collections.abc import Mapping, Set
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Scope(StrEnum):
    """One kind of work; `admin` includes every other."""

    TRANSLATE = "translate"
    BRIEF = "brief"
    MODELS = "models"
    ADMIN = "admin"


METHOD_SCOPES: Final[Mapping[str, Scope]] = MappingProxyType(
    {
        "/mujaz.v1.TranslationService/TranslateText": Scope.TRANSLATE,
        "/mujaz.v1.TranslationService/StreamTranslateText": Scope.TRANSLATE,
        "/mujaz.v1.TranslationService/TranslateTextChunks": Scope.TRANSLATE,
        "/mujaz.v1.TranslationService/DetectLanguage": Scope.TRANSLATE,
        "/mujaz.v1.BriefService/GenerateBrief": Scope.BRIEF,
        "/mujaz.v1.BriefService/StreamGenerateBrief": Scope.BRIEF,
        "/mujaz.v1.BriefService/ProcessArticles": Scope.BRIEF,
        "/mujaz.v1.ModelService/GetModel": Scope.MODELS,
        "/mujaz.v1.ModelService/ListModels": Scope.MODELS,
    }
)


def scope_of(method: str) -> Scope:
    """What a token needs for `method`; `admin` for one that is not in the table."""
    return METHOD_SCOPES.get(method, Scope.ADMIN)


def allows(scopes: Set[Scope], needed: Scope) -> bool:
    """Whether a token with `scopes` may do what `needed` names."""
    return needed in scopes or Scope.ADMIN in scopes
