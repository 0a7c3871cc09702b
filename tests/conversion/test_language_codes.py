from __future__ import annotations

import pytest

from mujaz.conversion.language_codes import is_target_tag, language_token, target_tag

NLLB = ("▁the", "arb_Arab", "arz_Arab", "eng_Latn", "fra_Latn", "zho_Hans")
MBART = ("▁the", "ar_AR", "en_XX", "pt_XX")
M2M100 = ("▁the", "__ar__", "__en__")


@pytest.mark.parametrize(
    ("code", "vocabulary", "token"),
    [
        ("ar", NLLB, "arb_Arab"),
        ("ar-EG", NLLB, "arz_Arab"),
        ("arz-Arab", NLLB, "arz_Arab"),
        ("en", NLLB, "eng_Latn"),
        ("en-GB", NLLB, "eng_Latn"),
        ("ar", MBART, "ar_AR"),
        ("ar-EG", MBART, "ar_AR"),
        ("en", MBART, "en_XX"),
        ("ar", M2M100, "__ar__"),
        ("ar-EG", M2M100, "__ar__"),
        ("sw", NLLB, None),
        ("fr", MBART, None),
        ("the", M2M100, None),
    ],
)
def test_a_language_has_the_name_its_model_gives_it(
    code: str, vocabulary: tuple[str, ...], token: str | None
) -> None:
    assert language_token(code, vocabulary) == token


@pytest.mark.parametrize(
    ("code", "vocabulary", "tag"),
    [
        ("en", (">>eng<<", ">>fra<<"), ">>eng<<"),
        ("fr", (">>en<<", ">>fr<<"), ">>fr<<"),
        ("ar", (">>ara<<", ">>eng<<"), ">>ara<<"),
        ("en", ("<2ar>", "<2en>"), "<2en>"),
        ("de", (">>eng<<",), None),
        ("en", (), None),
    ],
)
def test_a_target_language_has_the_tag_its_model_knows(
    code: str, vocabulary: tuple[str, ...], tag: str | None
) -> None:
    assert target_tag(code, vocabulary) == tag


def test_only_whole_tags_are_tags() -> None:
    assert is_target_tag(">>eng<<")
    assert not is_target_tag(">>")
    assert not is_target_tag("▁>>eng<<")
