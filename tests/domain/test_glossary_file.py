"""Glossary files are read as they come, and a mistake is named by its line."""

from __future__ import annotations

from pathlib import PurePath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mujaz.domain.glossary import GlossaryEntry
from mujaz.domain.glossary_file import FILE_BYTES_LIMIT, FILE_ENTRY_LIMIT, parse_glossary
from mujaz.errors import GlossaryInvalid

SDF = GlossaryEntry("قسد", "SDF")
RAQQA = GlossaryEntry("الرقة", "Raqqa")
TBX = """<?xml version="1.0" encoding="UTF-8"?>
<martif type="TBX" xml:lang="en"><text><body>
<termEntry id="1">
 <langSet xml:lang="ar"><tig><term>قسد</term></tig></langSet>
 <langSet xml:lang="en-GB"><tig><term>SDF</term></tig><tig><term>the SDF</term></tig></langSet>
</termEntry>
<termEntry id="2"><langSet xml:lang="fr"><tig><term>Racca</term></tig></langSet></termEntry>
<termEntry id="3">
 <langSet xml:lang="en"><ntig><termGrp><term>Raqqa</term></termGrp></ntig></langSet>
 <langSet xml:lang="ar-SY"><ntig><termGrp><term>الرقة</term></termGrp></ntig></langSet>
</termEntry>
</body></text></martif>"""
TBX_3 = """<tbx style="dct" type="TBX-Basic" xml:lang="ar" xmlns="urn:iso:std:iso:30042:ed-2">
<text><body><conceptEntry>
<langSec xml:lang="ar"><termSec><term>قسد</term></termSec></langSec>
<langSec xml:lang="en"><termSec><term>SDF</term></termSec></langSec>
</conceptEntry></body></text></tbx>"""


def parse(content: str | bytes, name: str = "terms.tsv") -> tuple[GlossaryEntry, ...]:
    data = content.encode() if isinstance(content, str) else content
    return parse_glossary(data, PurePath(name))


@pytest.mark.parametrize(
    "content",
    [
        "قسد\tSDF\nالرقة\tRaqqa",
        "قسد\tSDF\r\nالرقة\tRaqqa\r\n",
        "\ufeffقسد\tSDF\tnote\n\n# a comment\n  الرقة \t Raqqa \n",
        "english\tkind\tarabic\nSDF\tx\tقسد\nRaqqa\ty\tالرقة\n",
        "قسد\tSDF\nالرقة\tRaqqa\nالرقّة\tRaqqa\n",
    ],
)
def test_tab_separated_terms(content: str) -> None:
    assert parse(content) == (SDF, RAQQA)


@pytest.mark.parametrize(
    "content",
    [
        "قسد,SDF\nالرقة,Raqqa\n",
        'source_term,target_term\r\n"قسد","SDF"\r\n# x\r\n"الرقة","Raqqa"\r\n',
    ],
)
def test_comma_separated_terms(content: str) -> None:
    assert parse(content, "terms.CSV") == (SDF, RAQQA)


def test_a_quoted_comma_is_part_of_a_rendering() -> None:
    assert parse('الرقة,"Raqqa, Syria"\n', "a.csv")[0].target_term == "Raqqa, Syria"


def test_term_bases() -> None:
    assert parse(TBX, "a.tbx") == (SDF, RAQQA)
    assert parse(TBX_3, "a.tbx") == (SDF,)


@pytest.mark.parametrize(
    ("content", "name", "line", "cause"),
    [
        ("قسد\tSDF\nالرقة\n", "a.tsv", "2", "no second column"),
        ("قسد\tSDF\n\nالرقة\t\n", "a.tsv", "3", "the English is empty"),
        ("# x\nس\tx\n", "a.tsv", "2", "the Arabic has fewer than 2 letters"),
        ("قسد\tSDF\nقَسد\tSYRIA\n", "a.tsv", "2", "the term of line 1 has another rendering"),
        ("قسد,SDF\nx", "a.csv", "2", "no second column"),
        ('قسد,SDF\n"x"y,z', "a.csv", "2", "not CSV"),
        (b"\xd9\x82\xd8\xb3\tSDF\n\xff\xfe\t", "a.tsv", "2", "not UTF-8"),
        (TBX.replace("</body>", ""), "a.tbx", "12", "not well-formed"),
        (TBX.replace("<martif", "<!DOCTYPE martif [<!ENTITY a 'b'>]><martif"), "a.tbx", "2", "DOC"),
        (
            TBX.replace("<martif", "<!DOCTYPE martif SYSTEM 'a.dtd'><martif"),
            "a.tbx",
            "2",
            "DOCTYPE",
        ),
    ],
)
def test_a_mistake_is_named_by_its_line(
    content: str | bytes, name: str, line: str, cause: str
) -> None:
    with pytest.raises(GlossaryInvalid) as caught:
        parse(content, name)
    assert caught.value.metadata["line"] == line
    assert cause in caught.value.metadata["cause"]
    assert caught.value.metadata["file"] == name


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("", "a.tsv"),
        ("# only a comment\n", "a.csv"),
        ("arabic\tenglish\n", "a.tsv"),
        (TBX_3.replace('"ar"', '"fr"'), "a.tbx"),
        ("قسد\tSDF", "a.txt"),
        (b" " * (FILE_BYTES_LIMIT + 1), "a.tsv"),
        ("".join(f"قسد {n}\tSDF\n" for n in range(FILE_ENTRY_LIMIT + 1)), "a.tsv"),
    ],
)
def test_a_file_that_is_no_glossary_says_why(content: str | bytes, name: str) -> None:
    with pytest.raises(GlossaryInvalid) as caught:
        parse(content, name)
    assert caught.value.metadata["cause"]


def test_entities_are_never_expanded() -> None:
    bomb = "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 9))
    content = f"<!DOCTYPE x [<!ENTITY a0 'x'>{bomb}]><x>&a8;</x>"
    with pytest.raises(GlossaryInvalid):
        parse(content, "a.tbx")
    with pytest.raises(GlossaryInvalid):
        parse(TBX.replace("قسد", "&external;"), "a.tbx")


@given(st.binary(max_size=80), st.sampled_from(["a.tsv", "a.csv", "a.tbx"]))
def test_any_bytes_are_a_glossary_or_refused(content: bytes, name: str) -> None:
    try:
        entries = parse(content, name)
    except GlossaryInvalid:
        return
    assert entries
