"""Lines go through one request and come back one by one."""

from __future__ import annotations

from mujaz.app.lines import TranslatedLine, translate_lines
from mujaz.app.translate import DocumentTranslator, TranslationConfig, TranslationStats
from mujaz.engine.batch import Priority
from mujaz.engine.scheduler import Scheduler

ARABIC = TranslationConfig(source_language="ar", beam_size=1)
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
