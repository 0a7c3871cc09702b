"""Renderings are got into pieces in one way after another, and the best output is kept."""

from __future__ import annotations

from mujaz.app.enforcement import ATTEMPTS, TermEnforcement
from mujaz.domain.glossary import Glossary, GlossaryEntry
from mujaz.domain.glossary_match import find_terms
from mujaz.domain.glossary_rendering import TermWay, mark_terms
from mujaz.engine.protocols import Decoded

GLOSSARY = Glossary([GlossaryEntry("داعش", "ISIS"), GlossaryEntry("الرقة", "Raqqa")])
TEXT = "قال داعش في الرقة"


def enforcement(text: str = TEXT) -> TermEnforcement:
    marked = mark_terms(text, find_terms(text, (GLOSSARY,)))
    return TermEnforcement(marked, {0: marked.text, 3: "بلا اسم"})


def decoded(text: str, *, hit_limit: bool = False) -> Decoded:
    return Decoded(text, token_count=5, score=-0.5, hit_limit=hit_limit)


def ways(terms: TermEnforcement) -> list[TermWay | None]:
    return [match.way for match in terms.matches()]


def next_source(terms: TermEnforcement) -> str:
    sources, _ = terms.next_sources(lambda _: True, may_retry=True)
    return sources[0]


def test_an_output_with_all_renderings_needs_nothing_more() -> None:
    terms = enforcement()
    terms.settle({0: decoded("isis said in Raqqa"), 3: decoded("no name")})
    assert terms.next_sources(lambda _: True, may_retry=True) == ({}, False)
    assert terms.output(0, decoded("")).text == "ISIS said in Raqqa"
    assert terms.output(3, decoded("no name")).text == "no name"
    assert ways(terms) == [TermWay.TRANSLATED, TermWay.TRANSLATED]


def test_only_terms_that_lack_their_rendering_are_replaced() -> None:
    terms = enforcement()
    terms.settle({0: decoded("ISIS said in Rakaka")})
    assert next_source(terms) == "قال داعش في Raqqa"
    terms.settle({0: decoded("ISIS said in Rakaka")})
    assert next_source(terms) == "قال داعش في XQ1"
    terms.settle({0: decoded("ISIS said in XQ1.")})
    assert terms.output(0, decoded("")).text == "ISIS said in Raqqa."
    assert ways(terms) == [TermWay.TRANSLATED, TermWay.PLACEHOLDER]


def test_a_rendering_in_the_source_may_be_copied() -> None:
    terms = enforcement()
    terms.settle({0: decoded("He said so")})
    assert next_source(terms) == "قال ISIS في Raqqa"
    terms.settle({0: decoded("ISIS said in raqqa")})
    assert terms.output(0, decoded("")).text == "ISIS said in Raqqa"
    assert ways(terms) == [TermWay.SWITCHED, TermWay.SWITCHED]


def test_every_attempt_is_made_once_and_then_the_best_output_is_kept() -> None:
    terms = enforcement()
    terms.settle({0: decoded("ISIS said in Rakaka")})
    read = []
    while True:
        sources, as_retry = terms.next_sources(lambda _: True, may_retry=True)
        if not sources:
            break
        read.append((sources[0], as_retry))
        terms.settle({0: decoded("He said so")})
    assert len(read) == len(set(read)) == len(ATTEMPTS)
    assert terms.output(0, decoded("")).text == "ISIS said in Rakaka"
    assert ways(terms) == [TermWay.TRANSLATED, None]


def test_without_a_second_way_to_decode_no_attempt_needs_one() -> None:
    terms = enforcement()
    terms.settle({0: decoded("He said so")})
    count = 0
    while (found := terms.next_sources(lambda _: True, may_retry=False))[0]:
        assert not found[1]
        terms.settle({0: decoded("He said so")})
        count += 1
    assert count == sum(not attempt.second for attempt in ATTEMPTS)


def test_what_the_model_cannot_read_is_not_tried() -> None:
    terms = enforcement()
    terms.settle({0: decoded("He said so")})
    assert terms.next_sources(lambda _: False, may_retry=True) == ({}, False)


def test_a_loop_and_a_cut_output_do_not_hold() -> None:
    for bad in (decoded("ISIS Raqqa " * 9), decoded("ISIS in Raqqa", hit_limit=True)):
        terms = enforcement()
        terms.settle({0: bad})
        source = next_source(terms)
        terms.settle({0: decoded(source.replace("قال", "Said").replace("في", "in"))})
        assert terms.output(0, bad).text == "Said ISIS in Raqqa"


def test_a_retry_reads_what_the_best_output_came_from() -> None:
    terms = enforcement()
    terms.settle({0: decoded("ISIS said in Rakaka")})
    next_source(terms)
    terms.settle({0: decoded("He said so")})
    next_source(terms)
    terms.settle({0: decoded("ISIS said in XQ1")})
    assert terms.restart() == {0: "قال داعش في XQ1"}
    terms.settle({0: decoded("ISIS told XQ1")})
    assert terms.output(0, decoded("")).text == "ISIS told Raqqa"
    assert terms.next_sources(lambda _: True, may_retry=True) == ({}, False)


def test_a_damaged_placeholder_is_never_part_of_an_output() -> None:
    terms = enforcement()
    terms.settle({0: decoded("He said so")})
    next_source(terms)
    terms.settle({0: decoded("He said so")})
    assert next_source(terms) == "قال XQ1 في XQ2"
    terms.settle({0: decoded("XQ1 in XQ")})
    assert terms.output(0, decoded("")).text == "He said so"


def test_terms_outside_of_what_the_model_reads_are_copied() -> None:
    marked = mark_terms(TEXT, find_terms(TEXT, (GLOSSARY,)))
    assert ways(TermEnforcement(marked, {})) == [TermWay.COPIED, TermWay.COPIED]
