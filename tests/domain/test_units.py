"""A unit on one side is on the other side too."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mujaz.domain.stems import fold
from mujaz.domain.units import unit_mismatch

SAME = [
    ("ارتفع 5%", "rose 5 percent"),
    ("ارتفع 5 في المئة", "rose 5%"),
    ("ارتفع بالمائة", "per cent"),
    ("20 مليون دولار", "$20 million"),
    ("بالدولار", "in dollars"),
    ("دولاران ودولارين", "dollars"),
    ("300 ليرة سورية", "300 Syrian pounds"),
    ("300 ليرة تركية", "300 Turkish lira"),
    ("جنيه استرليني", "sterling"),
    ("جنيهات", "£5"),
    ("€3", "3 euros"),
    ("75 ريالا", "75 riyals"),
    ("دنانير", "dinars"),
    ("99 درهما", "AED 99"),
    ("مليار ين", "billion yen"),
    ("روبل", "roubles"),
    ("بتوقيت غرينتش", "GMT"),
    ("08:00 ت.غ", "08:00 GMT"),
    ("رطلين من الخبز و5 أرطال", "5 pounds of bread"),
    ("فاز ريال مدريد", "Real Madrid won"),
    ("بين المدينتين", "between the cities"),
    ("نسبة النصف", "50 percent"),
]
DIFFERENT = [
    ("20 دولارا", "20 euros"),
    ("20 يورو", "20 dollars"),
    ("20 دينارا", "20 dirhams"),
    ("20 جنيها", "20"),
    ("20", "20 pounds"),
    ("5%", "5"),
    ("5", "5%"),
    ("08:00 بتوقيت غرينتش", "08:00"),
    ("08:00", "08:00 GMT"),
]


@pytest.mark.parametrize(("source", "target"), SAME)
def test_the_same_unit_is_no_mismatch(source: str, target: str) -> None:
    assert not unit_mismatch(fold(source), fold(target))


@pytest.mark.parametrize(("source", "target"), DIFFERENT)
def test_another_unit_or_none_is_a_mismatch(source: str, target: str) -> None:
    assert unit_mismatch(fold(source), fold(target))


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_is_answered(source: str, target: str) -> None:
    assert unit_mismatch(fold(source), fold(target)) in (True, False)
