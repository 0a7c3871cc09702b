"""A word said twice in a breath is noticed, unless the source says it so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mujaz.domain.echoes import has_echo

SOURCE = "أعلن التحالف الدولي عن اتفاق على إجلاء المدنيين من مدينة الرقة السورية أمس"
WORDS = st.lists(
    st.text(alphabet="abcdefghijklm", min_size=4, max_size=8).filter(
        lambda word: not has_echo("", word)
    ),
    min_size=4,
    unique=True,
)


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_text_is_answered(source: str, target: str) -> None:
    has_echo(source, target)


@given(WORDS, st.data())
def test_only_a_word_that_comes_again_is_an_echo(words: list[str], data: st.DataObject) -> None:
    assert not has_echo(SOURCE, " ".join(words))
    at = data.draw(st.integers(0, len(words) - 1))
    assert has_echo(SOURCE, " ".join([*words[:at], words[at], *words[at:]]))


# Shapes of the starter model's outputs.
@pytest.mark.parametrize(
    "target",
    [
        "The works of Ethiopia, Ethiopia and Kenya",
        "Dawn came without the victims of victims",
        "It allowed aid to enter aid to the quarters",
        "The Football Federation Football Federation suffered",
        "He stays away six weeks at least six weeks",
        "With the participation of 213, 213 publishers",
        "The Philipppines are on the list",
        "The Ministry of Foreign Ministry summoned him",
    ],
)
def test_an_echo_is_noticed(target: str) -> None:
    assert has_echo(SOURCE, target)


@pytest.mark.parametrize(
    "target",
    [
        "They met face to face and went from door to door, again and again",
        "It is the matter. The matter is closed",
        "He has had what they had had",
        "World War I and World Cup",
        "They scored two goals and two more",
        "See www.example.org for the rest",
        "The score was 10 10 in 2017",
        "The coalition said that the army of the regime left the town of the regime",
        "The army (the army of the north) left",
    ],
)
def test_what_english_repeats_is_no_echo(target: str) -> None:
    assert not has_echo(SOURCE, target)


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("توارثوها جيلا بعد جيل", "They inherited it generation of generation"),
        ("نعم نعم نعم", "Yes, yes, yes"),
        ("جووووول لمحمد صلاح", "Goooal by Mohamed Salah"),
        ("نادي ألعاب القوى وألعاب الماء", "The club of games and water games"),
    ],
)
def test_what_the_source_repeats_may_be_repeated(source: str, target: str) -> None:
    assert not has_echo(source, target)
    assert has_echo(SOURCE, target)


def test_a_word_repeated_far_off_in_the_source_excuses_no_stutter() -> None:
    source = "قرر مجلس النواب بعد جلسة طويلة أن يحيل مشروع القانون على مجلس الدولة"
    assert has_echo(source, "The house referred the judiciary judiciary bill to the council")
