"""Written points are trusted only where the article backs them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mujaz.domain.checks import QualityFlag
from mujaz.domain.drafts import (
    PointDraft,
    WrittenPoint,
    check_written,
    compose_points,
    headline_draft,
)

SENTENCES = [
    "أعلنت شركة Orion توقيع عقد قيمته 35 مليون دولار لبناء مصنع جديد قرب الميناء.",
    "وقال مدير الشركة إن المصنع يوفر فرص عمل لسكان المدينة والقرى المجاورة.",
    "وتراجعت أسعار القمح في الأسواق العالمية بعد موسم حصاد جيد.",
    "ونشرت الجامعة دراسة عن هجرة الطيور فوق البحر المتوسط.",
    "وفاز الفريق الوطني بالبطولة للمرة الثانية على التوالي.",
    "وأغلقت البلدية شارعا رئيسيا لإصلاح شبكة الكهرباء القديمة.",
]
SCORES = [1.0, 0.8, 0.6, 0.4, 0.2, 0.0]
ALL = range(len(SENTENCES))
GOOD = WrittenPoint("شركة Orion توقع عقدا قيمته 35 مليون دولار لبناء مصنع", ALL)
INVENTED = WrittenPoint("شركة Orion توقع عقدا قيمته 53 مليون دولار لبناء مصنع", ALL)
WRITTEN = st.lists(st.sampled_from([GOOD, INVENTED, WrittenPoint("طقس مشمس", ALL)]), max_size=4)


@given(WRITTEN, st.integers(1, 6))
def test_mixed_points_are_backed_and_fill_the_brief(
    written: list[WrittenPoint], limit: int
) -> None:
    drafts = compose_points(written, SENTENCES, SCORES, limit, only_written=False)
    assert len(drafts) == limit
    evidence = [position for draft in drafts for position in draft.evidence]
    assert len(set(evidence)) == len(evidence)
    assert all(draft.quality_flags == () for draft in drafts)
    assert all(d.text in SENTENCES[d.evidence[0]] for d in drafts if d.extractive)


def test_an_unsupported_point_is_replaced_by_a_source_sentence() -> None:
    drafts = compose_points([INVENTED], SENTENCES, SCORES, 1, only_written=False)
    assert [(draft.text, draft.extractive) for draft in drafts] == [(SENTENCES[0], True)]


def test_a_supported_point_stands_with_its_evidence() -> None:
    drafts = compose_points([GOOD], SENTENCES, SCORES, 2, only_written=False)
    assert [(draft.extractive, draft.evidence) for draft in drafts] == [(False, (0,)), (True, (1,))]


def test_a_point_marked_by_the_model_is_not_trusted() -> None:
    marked = WrittenPoint(GOOD.text, ALL, (QualityFlag.LOW_SCORE,))
    (draft,) = compose_points([marked], SENTENCES, SCORES, 1, only_written=False)
    assert draft.extractive


def test_on_its_own_the_model_keeps_its_points_with_their_flags() -> None:
    drafts = compose_points([INVENTED], SENTENCES, SCORES, 3, only_written=True)
    assert [draft.quality_flags for draft in drafts] == [(QualityFlag.UNSUPPORTED,)]
    assert compose_points([], SENTENCES, SCORES, 3, only_written=True) == []


def test_evidence_is_looked_for_where_the_model_read() -> None:
    draft = check_written(WrittenPoint(GOOD.text, range(2, 6)), SENTENCES)
    assert set(draft.evidence) <= set(range(2, 6))
    assert QualityFlag.UNSUPPORTED in draft.quality_flags


def test_a_point_said_twice_is_kept_once() -> None:
    drafts = compose_points([GOOD, GOOD], SENTENCES, SCORES, 2, only_written=True)
    assert len(drafts) == 1


def test_a_headline_is_made_of_the_first_written_draft_to_trust() -> None:
    extracted = PointDraft(SENTENCES[0], (0,), extractive=True)
    flagged = PointDraft("a", (1,), extractive=False, quality_flags=(QualityFlag.UNSUPPORTED,))
    trusted = PointDraft("b", (2,), extractive=False)
    assert headline_draft([extracted, flagged, trusted]) is trusted
    assert headline_draft([extracted, flagged]) is extracted
