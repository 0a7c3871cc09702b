from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mujaz.domain.glossary import Glossary, GlossaryEntry, term_key
from mujaz.domain.mentions import Mention, find_mentions
from mujaz.domain.name_table import Name, NameKind, NameTable, table_lines


def table(*names: tuple[str, str, NameKind]) -> NameTable:
    return NameTable(table_lines(Name(term_key(name[0]), name[1], name[2]) for name in names))


NAMES = table(
    ("الرقة", "Raqqa", NameKind.PLACE),
    ("سوريا", "Syria", NameKind.PLACE),
    ("الأمم المتحدة", "United Nations", NameKind.ORGANIZATION),
    ("خالد", "Khalid", NameKind.GIVEN),
    ("سلمان", "Salman", NameKind.PERSON),
    ("كاسترو", "Castro", NameKind.PERSON),
)


def found(text: str) -> list[tuple[str, str, str]]:
    return [
        (mention.name.source_text, mention.name.translated_text, mention.kind.value)
        for mention in find_mentions(text, NAMES)
    ]


PIECES = st.sampled_from(
    ["الرقة", "وبالرقة", "سوريا", "للأمم المتحدة", "خالد", "بن", "كاسترو", "قال", "،", "\n", "ـ"]
)


@given(st.lists(PIECES, max_size=12).map(" ".join))
def test_mentions_are_disjoint_spans_of_the_text_most_frequent_first(text: str) -> None:
    mentions = find_mentions(text, NAMES)

    counts = [len(mention.source_spans) for mention in mentions]
    assert counts == sorted(counts, reverse=True)
    spans = sorted(span for mention in mentions for span in mention.source_spans)
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    ends = [0, *(span.end for span in spans)]
    assert all(end <= span.start for end, span in zip(ends, spans, strict=False))
    keys = [(mention.name.translated_text, mention.kind) for mention in mentions]
    assert len(keys) == len(set(keys))


@given(st.text())
def test_any_text_can_be_searched(text: str) -> None:
    assert isinstance(find_mentions(text, NAMES), tuple)


def test_a_name_is_one_mention_with_all_its_places() -> None:
    text = "في الرقة أمس. وبالرقة اليوم، وفي سوريا."

    raqqa, syria = find_mentions(text, NAMES)

    assert [span.of(text) for span in raqqa.source_spans] == ["الرقة", "الرقة"]
    assert raqqa.kind is NameKind.PLACE
    assert syria.name.translated_text == "Syria"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("قال خالد كاسترو", [("خالد كاسترو", "Khalid Castro", "person")]),
        ("قال خالد بن سلمان", [("خالد بن سلمان", "Khalid bin Salman", "person")]),
        ("قال كاسترو", [("كاسترو", "Castro", "person")]),
        ("قال خالد", []),
        ("قال مازن بن سلمان", []),
        ("قال خالد، كاسترو", [("كاسترو", "Castro", "person")]),
    ],
)
def test_parts_of_a_name_are_one_person_and_a_given_name_alone_is_nobody(
    text: str, expected: list[tuple[str, str, str]]
) -> None:
    assert found(text) == expected


def test_a_name_behind_to_the_is_shown_with_its_article() -> None:
    assert found("قرار للأمم المتحدة") == [("الأمم المتحدة", "United Nations", "organization")]


def test_the_rendering_of_a_glossary_goes_before_that_of_the_table() -> None:
    glossary = Glossary([GlossaryEntry("الرقة", "Ar-Raqqah")])

    mentions = find_mentions("في الرقة", NAMES, [glossary])

    assert [mention.name.translated_text for mention in mentions] == ["Ar-Raqqah"]


def test_without_names_there_are_no_mentions() -> None:
    mentions: tuple[Mention, ...] = find_mentions("في الرقة", NameTable())

    assert mentions == ()
