"""Views of a translation and of a brief."""

from __future__ import annotations

import pytest

from mujaz.cli.page.articles import ArticleParts, article_view
from mujaz.client import (
    BriefPoint,
    DetectedLanguage,
    Mention,
    QualityFlag,
    TextSpan,
    TranslatedSentence,
)
from tests.cli.page.sample import LICENSES, brief_parts


def test_points_and_sentences_lead_to_each_other() -> None:
    view = article_view(brief_parts(), LICENSES)
    assert [point.evidence for point in view.points] == [(4, 5), (8,)]
    assert view.headline is not None
    assert view.headline.evidence == (1,)
    backed = {sentence.number: sentence.points for sentence in view.sentences if sentence.points}
    assert backed == {1: (0,), 4: (1,), 5: (1,), 8: (2,)}


def test_evidence_that_is_not_on_the_page_is_not_linked() -> None:
    parts = brief_parts()
    parts.points.append(BriefPoint(evidence_sentence_indices=[7, 8, -1]))
    assert article_view(parts, LICENSES).points[-1].evidence == (8,)


def test_the_date_line_is_told_from_other_residue() -> None:
    residue = [sentence.residue for sentence in article_view(brief_parts(), LICENSES).sentences]
    assert residue == ["", "date line", "page residue", "", "", "", "", ""]


def test_what_deserves_a_look_is_told_from_what_does_not() -> None:
    sentences = article_view(brief_parts(), LICENSES).sentences
    assert [sentence.number for sentence in sentences if sentence.needs_check] == [4, 5, 6]
    assert sentences[3].checks == ("a number differs",)
    assert sentences[4].checks == ("a glossary term is missing",)
    assert sentences[4].remarks == ("second attempt, as the first failed a check",)
    assert sentences[6].remarks == ("copied from the source",)


def test_glossary_terms_are_shown_as_they_stand_once_each() -> None:
    parts = brief_parts()
    parts.sentences[3].glossary_matches.append(parts.sentences[3].glossary_matches[0])
    sentence = article_view(parts, LICENSES).sentences[3]
    terms = [(term.source.pieces[0].text, term.target.pieces[0].text) for term in sentence.terms]
    assert terms == [("داعش", "ISIS"), ("الرقة", "Raqqa")]
    marked = [piece.text for piece in sentence.text.translation.pieces if piece.applied]
    assert marked == ["ISIS", "Raqqa"]


def test_names_lead_to_the_sentences_that_have_them() -> None:
    names = article_view(brief_parts(), LICENSES).names
    assert [(name.kind, name.sentences, name.more_count) for name in names] == [
        ("place", (1, 4), 0),
        ("organization", (5,), 0),
    ]


def test_a_name_that_is_everywhere_has_its_first_sentences_and_a_count() -> None:
    spans = [TextSpan(start_offset=start, end_offset=start + 5) for start in range(0, 100, 5)]
    parts = ArticleParts("a")
    for index, span in enumerate(spans):
        parts.sentences.append(TranslatedSentence(sentence_index=index, source_span=span))
    parts.brief.mentions.append(Mention(source_spans=spans))
    (name,) = article_view(parts, {}).names
    assert name.sentences == tuple(range(1, 13))
    assert name.more_count == 8


@pytest.mark.parametrize(
    ("code", "language", "direction"),
    [
        ("ar", "ar", "rtl"),
        ("fa-IR", "fa-IR", "rtl"),
        ("fr", "fr", "auto"),
        ("en", "en", "ltr"),
        ('" onload="', "", "auto"),
        ("", "", "auto"),
    ],
)
def test_the_source_has_the_language_found(code: str, language: str, direction: str) -> None:
    parts = ArticleParts("a", language=DetectedLanguage(language_code=code, confidence=0.98))
    parts.sentences.append(TranslatedSentence(source_text="خبر"))
    view = article_view(parts, {})
    source = view.sentences[0].text.source
    assert (source.language, source.direction) == (language, direction)
    assert view.language == f"{code} (98 %)"


def test_a_text_that_was_passed_through_has_no_known_language() -> None:
    text = article_view(brief_parts(), LICENSES).sentences[5].text
    assert (text.source.language, text.source.direction) == ("", "auto")
    assert (text.translation.language, text.translation.direction) == ("", "auto")


@pytest.mark.parametrize(
    ("date", "day"), [("2017-10-15", "15 October 2017"), ("", ""), ("2017-10", "2017-10")]
)
def test_the_date_is_in_words(date: str, day: str) -> None:
    parts = brief_parts()
    parts.brief.publication_date = date
    assert article_view(parts, LICENSES).publication_day == day


def test_model_and_licence_are_named_or_said_to_be_unknown() -> None:
    view = article_view(brief_parts(), LICENSES)
    assert (view.model_revision, view.license) == ("models/ar-en@3dfcd3be3c72", "CC-BY-SA-4.0")
    assert article_view(brief_parts(), {}).license == ""


def test_a_flag_of_a_newer_server_is_shown_by_its_number() -> None:
    parts = brief_parts()
    parts.sentences[0].quality_flags.extend([QualityFlag.QUALITY_FLAG_REPETITION, 99])
    assert article_view(parts, {}).sentences[0].checks == ("it repeats itself", "flag 99")


def test_standard_input_is_called_so() -> None:
    view = article_view(ArticleParts("-"), {})
    assert view.label.pieces[0].text == view.title == "standard input"
