from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mujaz.engine.manifest import TokenizerScheme, TokenizerSettings
from mujaz.engine.tokenizer import Tokenizer
from mujaz.errors import ModelDamaged

STARTER_MODEL = Path(__file__).parents[2] / "models" / "ar-en"
CONTROL_TOKENS = ("<sum>", "<2en>", "<2ar>", "<s>", "</s>", "<pad>", "<unk>")
TEXTS = st.lists(
    st.sampled_from((*CONTROL_TOKENS, "<0x41>", " ", "قال", "الرئيس", "president", "3.5"))
    | st.characters(exclude_categories=("Cs", "Zs", "Zl", "Zp", "Cc"), exclude_characters="▁"),
    max_size=12,
).map("".join)


def settings(**changes: tuple[str, ...]) -> TokenizerSettings:
    return TokenizerSettings(
        scheme=TokenizerScheme.MUJAZ,
        source_file="sentencepiece.model",
        target_file="sentencepiece.model",
        **changes,
    )


TOKENIZER = Tokenizer(STARTER_MODEL, settings())
AFFIXED = Tokenizer(STARTER_MODEL, settings(source_prefix=("<sum>",), source_suffix=("</s>",)))


@given(TEXTS)
def test_no_character_is_lost_on_the_way_there_and_back(text: str) -> None:
    assert TOKENIZER.decode(TOKENIZER.encode(text)) == re.sub(" +", " ", text).strip(" ")


@given(TEXTS)
def test_text_never_becomes_a_control_token(text: str) -> None:
    assert not set(TOKENIZER.encode(text)) & set(CONTROL_TOKENS)


@given(TEXTS)
def test_affixes_stand_around_the_same_pieces(text: str) -> None:
    pieces = TOKENIZER.encode(text)
    expected = ("<sum>", *pieces, "</s>") if pieces else ()
    assert AFFIXED.encode(text) == expected
    assert AFFIXED.count(text) == len(expected)


def test_ordinary_text_is_encoded_as_sentencepiece_does() -> None:
    assert TOKENIZER.encode("مرحبا") == ("▁مرحبا",)


@pytest.mark.parametrize("text", ["", " ", "   "])
def test_nothing_is_encoded_as_nothing(text: str) -> None:
    assert AFFIXED.encode(text) == ()
    assert AFFIXED.count(text) == 0


def test_control_tokens_of_an_output_are_no_text() -> None:
    assert TOKENIZER.decode(["<s>", "▁good", "<unk>", "</s>", "<pad>", "<2en>"]) == "good"


@pytest.mark.parametrize(
    "token",
    ["eng_Latn", "__en__", "en_XX", "<mask>", "<unused_7>", "<extra_id_0>", "▁<extra_id_3>"],
)
def test_what_families_keep_beside_their_pieces_is_no_text(token: str) -> None:
    assert TOKENIZER.decode(["▁good", token, "</s>"]) == "good"


def test_pieces_of_the_source_are_text_where_both_sides_share_a_vocabulary() -> None:
    marian = TokenizerSettings(
        scheme=TokenizerScheme.MARIAN,
        source_file="sentencepiece.model",
        target_file="sentencepiece.model",
    )
    tokens = (">>eng<<", "▁good", "▁الطرابلسية", "</s>")
    assert Tokenizer(STARTER_MODEL, marian).decode(tokens) == "good الطرابلسية"


def test_characters_of_several_tokens_are_decoded_together() -> None:
    assert TOKENIZER.decode(["▁", "<0xF0>", "<0x9F>", "<0x99>", "<0x82>"]) == "🙂"


def test_each_side_has_its_own_file(tiny_directory: Path) -> None:
    (tiny_directory / "target.model").write_bytes(
        (STARTER_MODEL / "sentencepiece.model").read_bytes()
    )
    tokenizer = Tokenizer(
        tiny_directory,
        TokenizerSettings(
            scheme=TokenizerScheme.MARIAN,
            source_file="sentencepiece.model",
            target_file="target.model",
        ),
    )
    assert len(tokenizer.encode("president")) > 1
    assert tokenizer.decode(TOKENIZER.encode("The president")) == "The president"


def test_a_file_that_is_no_tokenizer_is_damage(tmp_path: Path) -> None:
    (tmp_path / "sentencepiece.model").write_bytes(b"not a tokenizer")
    with pytest.raises(ModelDamaged) as caught:
        Tokenizer(tmp_path, settings())
    assert caught.value.metadata["file"] == str(tmp_path / "sentencepiece.model")
