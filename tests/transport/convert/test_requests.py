from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mujaz.app.brief_request import Article, BriefConfig, BriefMethod
from mujaz.app.translate import TranslationConfig
from mujaz.engine.batch import Priority
from mujaz.errors import ContentEmpty, ContentTooLong, FieldInvalid
from mujaz.transport.convert import requests
from mujaz.v1 import brief_service_pb2, translation_service_pb2

WHITE_SPACE = ["", " ", "\n\t\r", "\u00a0\u2003\u3000", "\u2028\u2029"]
TEXT_METHODS = [
    (requests.text_to_translate, 20_000),
    (requests.text_to_stream, 200_000),
    (requests.text_to_detect, 20_000),
]


@given(st.text(max_size=200).filter(lambda text: text.strip()))
def test_text_is_passed_on_exactly_as_sent(text: str) -> None:
    assert requests.text_to_translate(text) == text
    message = brief_service_pb2.Article(article_id="a-1", title=text, body=text)
    assert requests.article(message) == Article(body=text, title=text, article_id="a-1")


@pytest.mark.parametrize("text", WHITE_SPACE)
@pytest.mark.parametrize(("convert", "limit"), TEXT_METHODS)
def test_white_space_is_no_text(convert, limit, text) -> None:
    with pytest.raises(ContentEmpty) as caught:
        convert(text)
    assert caught.value.field == "content"


@pytest.mark.parametrize(("convert", "limit"), TEXT_METHODS)
def test_the_limit_counts_characters_and_is_named(convert, limit) -> None:
    assert convert("س" * limit) == "س" * limit
    with pytest.raises(ContentTooLong) as caught:
        convert("س" * (limit + 1))
    assert caught.value.metadata == {"limit": str(limit), "length": str(limit + 1)}
    assert f"{limit:,}" in caught.value.message


@pytest.mark.parametrize(
    ("convert", "length", "method"),
    [
        (requests.text_to_translate, 20_001, "StreamTranslateText"),
        (requests.text_to_stream, 200_001, "TranslateTextChunks"),
    ],
)
def test_a_text_too_long_is_sent_to_the_method_that_takes_it(convert, length, method) -> None:
    with pytest.raises(ContentTooLong, match=method):
        convert("x" * length)


def test_chunks_may_be_empty_but_not_endless() -> None:
    assert [requests.chunk(text) for text in WHITE_SPACE] == WHITE_SPACE
    with pytest.raises(ContentTooLong) as caught:
        requests.chunk("x" * 64_001)
    assert caught.value.field == "chunk"


def test_unset_fields_take_the_defaults_of_the_use_case() -> None:
    empty = translation_service_pb2.TranslationConfig()
    assert requests.translation_config(empty) == TranslationConfig()
    assert requests.brief_config(brief_service_pb2.BriefConfig()) == BriefConfig()


def test_every_field_of_a_translation_config_is_taken_over() -> None:
    message = translation_service_pb2.TranslationConfig(
        model="models/ar-en.v2",
        source_language_code="ar",
        target_language_code="en",
        beam_size=1,
        priority=translation_service_pb2.PRIORITY_BULK,
    )
    assert requests.translation_config(message) == TranslationConfig(
        model="models/ar-en.v2",
        source_language="ar",
        target_language="en",
        beam_size=1,
        priority=Priority.BULK,
    )


def test_every_field_of_a_brief_config_is_taken_over() -> None:
    message = brief_service_pb2.BriefConfig(
        translation=translation_service_pb2.TranslationConfig(beam_size=5),
        summarization_model="models/ar-brief",
        point_count=10,
        include_translation=True,
        method=brief_service_pb2.BRIEF_METHOD_EXTRACTIVE,
    )
    assert requests.brief_config(message) == BriefConfig(
        translation=TranslationConfig(beam_size=5),
        summarization_model="models/ar-brief",
        point_count=10,
        include_translation=True,
        method=BriefMethod.EXTRACTIVE,
    )


@pytest.mark.parametrize(
    ("sent", "taken"),
    [
        ("", ""),
        ("AR", "ar"),
        ("ar-eg", "ar-EG"),
        ("ar-arab-EG", "ar-Arab-EG"),
        ("zh-419", "zh-419"),
    ],
)
def test_language_codes_come_in_their_usual_case(sent: str, taken: str) -> None:
    message = translation_service_pb2.TranslationConfig(source_language_code=sent)
    assert requests.translation_config(message).source_language == taken


def entries(*pairs: tuple[str, str]) -> dict[str, list[dict[str, str]]]:
    """The field of a config with these terms and renderings."""
    return {"glossary_entries": [{"source_term": s, "target_term": t} for s, t in pairs]}


CONFIG_MISTAKES = [
    ({"beam_size": 0}, "beam_size"),
    ({"beam_size": 6}, "beam_size"),
    ({"beam_size": 99}, "beam_size"),
    ({"beam_size": -1}, "beam_size"),
    ({"priority": 7}, "priority"),
    ({"model": "ar-en"}, "model"),
    ({"model": "models/"}, "model"),
    ({"model": "models/AR"}, "model"),
    ({"model": "models/../etc"}, "model"),
    ({"model": "models/ar-en\n"}, "model"),
    ({"source_language_code": "Arabic language"}, "source_language_code"),
    ({"source_language_code": "ar_EG"}, "source_language_code"),
    ({"source_language_code": "عربي"}, "source_language_code"),
    ({"target_language_code": "e"}, "target_language_code"),
    ({"target_language_code": "en-" + "x" * 9}, "target_language_code"),
    ({"target_language_code": "en\n"}, "target_language_code"),
    ({"glossaries": ["terms"] * 11}, "glossaries"),
    (entries(*[("قسد", "SDF")] * 201), "glossary_entries"),
    (entries(("", "SDF")), "glossary_entries[0].source_term"),
    (entries(("قسد", "SDF"), ("س", "x")), "glossary_entries[1].source_term"),
    (entries(("قسد", "…")), "glossary_entries[0].target_term"),
    (entries(("قسد", "S\nDF")), "glossary_entries[0].target_term"),
    (entries(("قسد", "x" * 201)), "glossary_entries[0].target_term"),
    (entries(("الرقة", "Raqqa"), ("الرَّقّة", "Rakka")), "glossary_entries[1].source_term"),
]


@pytest.mark.parametrize(("fields", "name"), CONFIG_MISTAKES)
def test_a_mistake_in_a_config_is_named_by_its_path(fields, name) -> None:
    message = translation_service_pb2.TranslationConfig(**fields)
    with pytest.raises(FieldInvalid) as caught:
        requests.translation_config(message)
    assert caught.value.field == f"config.{name}"

    with pytest.raises(FieldInvalid) as caught:
        requests.brief_config(brief_service_pb2.BriefConfig(translation=message))
    assert caught.value.field == f"config.translation.{name}"


def test_terms_are_taken_in_their_order() -> None:
    message = translation_service_pb2.TranslationConfig(
        **entries(("قسد", "SDF"), ("داعش", "ISIS"), ("قسد", "SDF")), glossaries=["b", "a"]
    )
    config = requests.translation_config(message)
    assert [e.target_term for e in config.glossary_entries] == ["SDF", "ISIS", "SDF"]
    assert config.glossaries == ("b", "a")


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"point_count": 0}, "point_count"),
        ({"point_count": 11}, "point_count"),
        ({"method": 9}, "method"),
        ({"summarization_model": "ar-brief"}, "summarization_model"),
    ],
)
def test_a_mistake_in_a_brief_config_is_named(fields, name) -> None:
    with pytest.raises(FieldInvalid) as caught:
        requests.brief_config(brief_service_pb2.BriefConfig(**fields))
    assert caught.value.field == f"config.{name}"


@pytest.mark.parametrize("name", ["", "ar-en", "models/x/y"])
def test_get_model_needs_a_resource_name(name: str) -> None:
    with pytest.raises(FieldInvalid) as caught:
        requests.model_name(name)
    assert caught.value.field == "name"
