"""Requests as the values of the use cases; what a caller got wrong is named by field and limit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from mujaz.app.brief_request import Article, BriefConfig, BriefMethod
from mujaz.app.translate import TranslationConfig
from mujaz.domain.glossary import EntryInvalid, GlossaryEntry, checked_key
from mujaz.engine.batch import Priority
from mujaz.errors import ContentEmpty, ContentTooLong, FieldInvalid
from mujaz.v1 import brief_service_pb2, translation_service_pb2

TEXT_CHARACTER_LIMIT: Final = 20_000
LONG_TEXT_CHARACTER_LIMIT: Final = 200_000
CHUNK_CHARACTER_LIMIT: Final = 64_000
GLOSSARY_ENTRY_LIMIT: Final = 200
GLOSSARY_NAME_LIMIT: Final = 10
BEAM_SIZE_LIMIT: Final = 5
POINT_COUNT_LIMIT: Final = 10

_MODEL_NAME: Final = re.compile(r"models/[a-z0-9._-]{1,128}")
# The shape of RFC 5646, not its registry: subtags of at most 8, 35 characters in all (4.4.1).
_LANGUAGE_CODE: Final = re.compile(r"(?=.{2,35}\Z)[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")


def text_to_translate(content: str) -> str:
    """`TranslateTextRequest.content`."""
    return _content(
        content,
        field="content",
        limit=TEXT_CHARACTER_LIMIT,
        remedy="send it to StreamTranslateText, which takes 200,000",
    )


def text_to_stream(content: str) -> str:
    """`StreamTranslateTextRequest.content`."""
    return _content(
        content,
        field="content",
        limit=LONG_TEXT_CHARACTER_LIMIT,
        remedy="send it to TranslateTextChunks, which takes a text of any length",
    )


def text_to_detect(content: str) -> str:
    """`DetectLanguageRequest.content`."""
    return _content(
        content,
        field="content",
        limit=TEXT_CHARACTER_LIMIT,
        remedy="send the first 20,000; they show the language as well",
    )


def chunk(content: str) -> str:
    """A piece of `TranslateTextChunksRequest`, which may be empty or white space."""
    _check_length(
        content, field="chunk", limit=CHUNK_CHARACTER_LIMIT, remedy="send it as several chunks"
    )
    return content


def translation_config(
    message: translation_service_pb2.TranslationConfig, *, path: str = "config"
) -> TranslationConfig:
    """How to translate; `path` is where the message stands in its request."""
    beam_size = message.beam_size if message.HasField("beam_size") else None
    if beam_size is not None and not 1 <= beam_size <= BEAM_SIZE_LIMIT:
        raise FieldInvalid(
            "beam_size must be from 1 to 5, or unset for the default of the model.",
            field=f"{path}.beam_size",
            minimum=1,
            maximum=BEAM_SIZE_LIMIT,
        )
    source_path, target_path = f"{path}.source_language_code", f"{path}.target_language_code"
    return TranslationConfig(
        model=_model_name(message.model, f"{path}.model"),
        source_language=_language_code(message.source_language_code, source_path),
        target_language=_language_code(message.target_language_code, target_path),
        beam_size=beam_size,
        priority=_priority(message.priority, f"{path}.priority"),
        glossary_entries=_glossary_entries(message.glossary_entries, f"{path}.glossary_entries"),
        glossaries=_glossary_names(message.glossaries, f"{path}.glossaries"),
    )


def brief_config(message: brief_service_pb2.BriefConfig, *, path: str = "config") -> BriefConfig:
    """What the brief should be."""
    point_count = message.point_count if message.HasField("point_count") else None
    if point_count is not None and not 1 <= point_count <= POINT_COUNT_LIMIT:
        raise FieldInvalid(
            "point_count must be from 1 to 10, or unset for 3.",
            field=f"{path}.point_count",
            minimum=1,
            maximum=POINT_COUNT_LIMIT,
        )
    model_path = f"{path}.summarization_model"
    return BriefConfig(
        translation=translation_config(message.translation, path=f"{path}.translation"),
        summarization_model=_model_name(message.summarization_model, model_path),
        point_count=BriefConfig().point_count if point_count is None else point_count,
        include_translation=message.include_translation,
        method=_brief_method(message.method, f"{path}.method"),
    )


def article(message: brief_service_pb2.Article) -> Article:
    """An article as it was sent: the use case checks it, as it answers for each of many."""
    return Article(body=message.body, title=message.title, article_id=message.article_id)


def model_name(name: str) -> str:
    """`GetModelRequest.name`, which must be given."""
    if not name:
        raise FieldInvalid("name must be given, as models/{model}.", field="name")
    return _model_name(name, "name")


def _content(text: str, *, field: str, limit: int, remedy: str) -> str:
    _check_length(text, field=field, limit=limit, remedy=remedy)
    if not text or text.isspace():
        raise ContentEmpty(f"{field} has no text; send at least one word.", field=field)
    return text


def _check_length(text: str, *, field: str, limit: int, remedy: str) -> None:
    if len(text) > limit:
        raise ContentTooLong(
            f"{field} is longer than {limit:,} characters; {remedy}.",
            field=field,
            limit=limit,
            length=len(text),
        )


def _glossary_entries(
    messages: Sequence[translation_service_pb2.GlossaryEntry], field: str
) -> tuple[GlossaryEntry, ...]:
    if len(messages) > GLOSSARY_ENTRY_LIMIT:
        raise FieldInvalid(
            f"There may be {GLOSSARY_ENTRY_LIMIT} entries; send those the text needs, or let the "
            "server hold the glossary.",
            field=field,
            limit=GLOSSARY_ENTRY_LIMIT,
        )
    renderings: dict[str, str] = {}
    entries = []
    for index, message in enumerate(messages):
        entry = GlossaryEntry(message.source_term, message.target_term)
        try:
            key = checked_key(entry)
        except EntryInvalid as error:
            name = f"{field}[{index}].{error.name}"
            raise FieldInvalid(f"{error.name} {error}.", field=name) from error
        if renderings.setdefault(key, entry.target_term) != entry.target_term:
            raise FieldInvalid(
                "An entry before has the same term with another rendering; send one of them.",
                field=f"{field}[{index}].source_term",
            )
        entries.append(entry)
    return tuple(entries)


def _glossary_names(names: Sequence[str], field: str) -> tuple[str, ...]:
    if len(names) > GLOSSARY_NAME_LIMIT:
        raise FieldInvalid(
            f"A request may name {GLOSSARY_NAME_LIMIT} glossaries; name fewer.",
            field=field,
            limit=GLOSSARY_NAME_LIMIT,
        )
    return tuple(names)


def _model_name(name: str, field: str) -> str:
    if name and not _MODEL_NAME.fullmatch(name):
        raise FieldInvalid(
            "A model is named models/{model}, of lower-case ASCII letters, digits, '.', '_', '-'.",
            field=field,
        )
    return name


def _language_code(code: str, field: str) -> str:
    """The code in its usual case (RFC 5646, 2.1.1), so that `AR` and `ar` are one language."""
    if not code:
        return ""
    if not _LANGUAGE_CODE.fullmatch(code):
        raise FieldInvalid("A language code is BCP-47, for example ar or ar-EG.", field=field)
    language, *subtags = code.split("-")
    return "-".join([language.lower(), *map(_subtag, subtags)])


def _subtag(subtag: str) -> str:
    if len(subtag) == 2:
        return subtag.upper()
    return subtag.title() if len(subtag) == 4 else subtag.lower()


def _priority(number: int, field: str) -> Priority:
    if number == translation_service_pb2.PRIORITY_UNSPECIFIED:
        return Priority.INTERACTIVE
    try:
        return Priority[translation_service_pb2.Priority.Name(number).removeprefix("PRIORITY_")]
    except ValueError as error:
        raise FieldInvalid(
            "priority must be PRIORITY_INTERACTIVE or PRIORITY_BULK.", field=field
        ) from error


def _brief_method(number: int, field: str) -> BriefMethod:
    if number == brief_service_pb2.BRIEF_METHOD_UNSPECIFIED:
        return BriefMethod.AUTO
    try:
        return BriefMethod[brief_service_pb2.BriefMethod.Name(number).removeprefix("BRIEF_METHOD_")]
    except ValueError as error:
        raise FieldInvalid(
            "method must be BRIEF_METHOD_AUTO, BRIEF_METHOD_EXTRACTIVE or "
            "BRIEF_METHOD_ABSTRACTIVE.",
            field=field,
        ) from error
