"""Lines go through one request and come back one by one."""

from __future__ import annotations

from mujaz.app.lines import TranslatedLine, translate_lines
from mujaz.app.translate import DocumentTranslator, TranslationConfig, TranslationStats
from mujaz.domain.glossary import GlossaryEntry
from mujaz.engine.batch import Priority
from mujaz.engine.scheduler import Scheduler

ARABIC = TranslationConfig(source_language="ar", beam_size=1)
TERMS = TranslationConfig(
    source_language="ar",
    glossary_entries=(GlossaryEntry("الرقة", "Raqqa"), GlossaryEntry("مجلس الأمن", "Council")),
)
LINES = ["أعلنت الوزارة فتح باب التسجيل.", "وقال الوزير:\nالجامعات مستعدة. والطلاب كثيرون.", "2017"]


async def test_each_line_has_its_own_translation(
    translator: DocumentTranslator, scheduler: Scheduler
) -> None:
    with scheduler.open(token_count=0, priority=Priority.INTERACTIVE) as ticket:
        results = [r async for r in translate_lines(translator, LINES, ARABIC, ticket=ticket)]
        assert scheduler.state.open_tickets == 1
    *lines, stats = results
    assert isinstance(stats, TranslationStats)
    alone = [await translator.translate(" ".join(line.split()), ARABIC) for line in LINES]
    assert [line.text for line in lines if isinstance(line, TranslatedLine)] == [
        translation.translated_text for translation in alone
    ]


async def test_terms_lie_in_the_line_as_given(
    translator: DocumentTranslator, scheduler: Scheduler
) -> None:
    lines = ["دخل الجيش الرقة.", "  وقال:\n \tمجلس  الأمن قلق. والرقّةُ  هادئة ", "2017", "الرقة"]
    with scheduler.open(token_count=0, priority=Priority.INTERACTIVE) as ticket:
        results = [r async for r in translate_lines(translator, lines, TERMS, ticket=ticket)]
    translated = [line for line in results if isinstance(line, TranslatedLine)]
    spelled = [
        [match.source_span.of(line) for match in result.glossary_matches]
        for line, result in zip(lines, translated, strict=True)
    ]
    assert spelled == [["الرقة"], ["مجلس  الأمن", "الرقّةُ"], [], ["الرقة"]]
