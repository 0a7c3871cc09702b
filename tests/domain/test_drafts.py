"""Written points are trusted only where the article backs them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mujaz.domain.checks import QualityFlag
from mujaz.domain.drafts import (
    PointDraft,
    WrittenPoint,
    check_written,
    compose_points,
    extract_points,
    headline_draft,
    trusted_points,
    wants_written,
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
LONG = f"{SENTENCES[0].rstrip('.')} {' و'.join(['المخازن الكبيرة والطرق المؤدية إليه'] * 8)}"
LONG_STORY = [LONG, *SENTENCES[1:]]
BRIEFER = WrittenPoint(f"{SENTENCES[0].rstrip('.')} والمخازن والطرق المؤدية إليه", ALL)
QUOTED = [
    'وقال مدير الشركة للصحفيين: "نعمل على المشروع منذ أعوام.',
    'وسيوفر المصنع الجديد فرص عمل كثيرة لسكان المدينة".',
    *SENTENCES[2:5],
]
PAIR = ["وقال وزير الصناعة إن المصنع مهم.", "وأضاف أن العمل فيه يبدأ في الصيف المقبل."]
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


def test_a_readable_source_sentence_stands_before_a_written_point() -> None:
    drafts = compose_points([GOOD], SENTENCES, SCORES, 2, only_written=False)
    assert [(draft.extractive, draft.evidence) for draft in drafts] == [(True, (0,)), (True, (1,))]
    assert not wants_written(SENTENCES, SCORES, 2)


def test_a_trusted_point_stands_for_a_sentence_too_long_to_read() -> None:
    drafts = compose_points([BRIEFER], LONG_STORY, SCORES, 2, only_written=False)
    assert [(draft.extractive, draft.evidence) for draft in drafts] == [(False, (0,)), (True, (1,))]
    assert drafts[0].text == BRIEFER.text
    assert wants_written(LONG_STORY, SCORES, 2)


@pytest.mark.parametrize(
    "written",
    [
        [replace(BRIEFER, quality_flags=(QualityFlag.LOW_SCORE,))],
        [replace(BRIEFER, text=BRIEFER.text.replace("35", "53"))],
        [replace(BRIEFER, text=BRIEFER.text.replace("الميناء", "دمشق"))],
        [replace(BRIEFER, text="أعلنت شركة Orion توقيع عقد")],
        [replace(BRIEFER, text=LONG)],
        [BRIEFER, replace(BRIEFER, text="الرئيس يستقبل وفدا من رجال الأعمال في القصر")],
    ],
    ids=["flagged", "number", "name", "too little", "too long", "beside an invention"],
)
def test_a_point_that_cannot_be_trusted_replaces_nothing(written: list[WrittenPoint]) -> None:
    (draft,) = compose_points(written, LONG_STORY, SCORES, 1, only_written=False)
    assert (draft.extractive, draft.text) == (True, LONG)


def test_an_invention_in_one_part_discredits_that_part_only() -> None:
    invented = WrittenPoint("الرئيس يستقبل وفدا من رجال الأعمال في القصر", range(3, 6))
    written = [BRIEFER, invented]
    drafts = [check_written(point, LONG_STORY) for point in written]
    assert [draft.text for draft in trusted_points(written, drafts)] == [BRIEFER.text]


def test_a_quotation_comes_with_its_speaker() -> None:
    scores = [0.5, 1.0, 0.4, 0.3, 0.2]
    drafts = extract_points(QUOTED, scores, 1)
    assert [draft.evidence for draft in drafts] == [(0, 1)]
    assert drafts[0].text == f'وقال مدير الشركة للصحفيين: "{QUOTED[1]}'


def test_what_a_point_takes_with_it_makes_no_other_point() -> None:
    drafts = extract_points([*PAIR, *SENTENCES[2:]], [1.0, 0.9, 0.3, 0.2, 0.1, 0.0], 3)
    evidence = [position for draft in drafts for position in draft.evidence]
    assert len(set(evidence)) == len(evidence)


def test_words_of_nobody_come_last() -> None:
    orphan = '"لم نكن نتوقع هذه النتيجة بعد كل ما بذلناه".'
    drafts = extract_points([orphan, *SENTENCES], [2.0, *SCORES], len(SENTENCES) + 1)
    assert drafts[-1].text == orphan


def test_on_its_own_the_model_keeps_its_points_with_their_flags() -> None:
    drafts = compose_points([INVENTED], SENTENCES, SCORES, 3, only_written=True)
    assert [draft.quality_flags for draft in drafts] == [(QualityFlag.UNSUPPORTED,)]
    assert compose_points([], SENTENCES, SCORES, 3, only_written=True) == []


def test_evidence_is_looked_for_where_the_model_read() -> None:
    draft = check_written(WrittenPoint(GOOD.text, range(2, 6)), SENTENCES)
    assert set(draft.evidence) <= set(range(2, 6))
    assert QualityFlag.UNSUPPORTED in draft.quality_flags


def test_points_of_all_parts_are_ranked_together() -> None:
    parts = [range(3), range(3, 6)]
    written = [WrittenPoint(SENTENCES[part.start], part) for part in parts]
    scores = [0.1, 0.0, 0.0, 0.9, 0.0, 0.0]
    drafts = compose_points(written, SENTENCES, scores, 2, only_written=True)
    assert [draft.evidence for draft in drafts] == [(3,), (0,)]


def test_a_point_said_twice_is_kept_once() -> None:
    drafts = compose_points([GOOD, GOOD], SENTENCES, SCORES, 2, only_written=True)
    assert len(drafts) == 1


def test_a_headline_is_made_of_the_first_written_draft_to_trust() -> None:
    extracted = PointDraft(SENTENCES[0], (0,), extractive=True)
    flagged = PointDraft("a", (1,), extractive=False, quality_flags=(QualityFlag.UNSUPPORTED,))
    trusted = PointDraft("b", (2,), extractive=False)
    assert headline_draft([extracted, flagged, trusted]) is trusted
    assert headline_draft([extracted, flagged]) is extracted
