"""A brief with everything a page can show. Run as a module, it prints the body of its page.

`python -m tests.cli.page.sample > tests/golden/brief_page.html` after a change that was meant; read
the difference before it is kept.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from mujaz.cli.page.articles import ArticleParts, article_view
from mujaz.cli.page.render import render
from mujaz.client import (
    BilingualText,
    BriefFinished,
    BriefMethod,
    BriefPoint,
    FinishReason,
    GlossaryMatch,
    Mention,
    MentionKind,
    QualityFlag,
    TextSpan,
    TranslatedSentence,
    TranslationStats,
)

LICENSES = {"models/ar-en": "CC-BY-SA-4.0"}

# Paragraphs of sentences, each with its translation.
PARAGRAPHS = [
    [("اتفاق في الرقة على خروج المدنيين", "Agreement in Raqqa on the exit of civilians")],
    [("الأحد 15/أكتوبر/2017 - 09:56 م", "Sunday 15/October/2017 - 09:56 PM")],
    [("طباعة", "Print")],
    [
        (
            "أعلن التحالف الدولي أمس عن اتفاق لإجلاء 150 عنصرا من «داعش» من مدينة الرقة.",
            "The international coalition announced yesterday an agreement to evacuate 500 members "
            "of ISIS from the city of Raqqa.",
        ),
        (
            "وقال المرصد السوري لحقوق الإنسان إن قسد تسيطر على وسط المدينة.",
            "The Syrian Observatory said that the forces control the centre of the city.",
        ),
    ],
    [
        ("Le ministre n'a pas répondu.", "Le ministre n'a pas répondu."),
        ("https://example.org/news?id=7&lang=ar", "https://example.org/news?id=7&lang=ar"),
        (
            "وأكد المصدر\u202e أن الحافلات متوقفة.",
            "The source confirmed that the buses are stopped.",
        ),
    ],
]
BODY = "\n\n".join(" ".join(source for source, _ in paragraph) for paragraph in PARAGRAPHS) + "\n"


def span(text: str, start: int = 0) -> TextSpan:
    """Where `text` first stands in the body."""
    offset = BODY.index(text, start)
    return TextSpan(start_offset=offset, end_offset=offset + len(text))


def sentences() -> list[TranslatedSentence]:
    """The full translation, with flags and glossary matches on some."""
    result: list[TranslatedSentence] = []
    for paragraph_index, paragraph in enumerate(PARAGRAPHS):
        for source, translation in paragraph:
            start = result[-1].source_span.end_offset if result else 0
            result.append(
                TranslatedSentence(
                    sentence_index=len(result),
                    paragraph_index=paragraph_index,
                    source_span=span(source, start),
                    source_text=source,
                    translated_text=translation,
                    finish_reason=FinishReason.FINISH_REASON_STOP,
                )
            )
    result[3].quality_flags.append(QualityFlag.QUALITY_FLAG_NUMBER_MISMATCH)
    result[3].glossary_matches.append(match("داعش", "ISIS", applied=True))
    result[3].glossary_matches.append(match("الرقة", "Raqqa", applied=True, sentence=result[3]))
    result[4].glossary_matches.append(match("قسد", "SDF", applied=False))
    result[4].quality_flags.extend(
        [QualityFlag.QUALITY_FLAG_GLOSSARY_MISSED, QualityFlag.QUALITY_FLAG_RETRIED]
    )
    result[5].quality_flags.append(QualityFlag.QUALITY_FLAG_OTHER_LANGUAGE)
    result[6].finish_reason = FinishReason.FINISH_REASON_COPIED
    return result


def match(
    term: str, target: str, *, applied: bool, sentence: TranslatedSentence | None = None
) -> GlossaryMatch:
    start = sentence.source_span.start_offset if sentence else 0
    return GlossaryMatch(
        source_span=span(term, start), source_text=term, target_term=target, applied=applied
    )


def points(translated: Sequence[TranslatedSentence]) -> list[BriefPoint]:
    """One point of two sentences, and one that the article does not support."""
    return [
        BriefPoint(
            text=BilingualText(
                source_text="أعلن التحالف الدولي عن اتفاق لإجلاء عناصر «داعش» من الرقة.",
                translated_text="The international coalition announced an agreement to evacuate "
                "members of ISIS from Raqqa.",
            ),
            glossary_matches=[
                GlossaryMatch(
                    source_span=TextSpan(start_offset=43, end_offset=47),
                    source_text="داعش",
                    target_term="ISIS",
                    applied=True,
                )
            ],
            evidence_spans=[translated[3].source_span, translated[4].source_span],
            evidence_sentence_indices=[3, 4],
            method=BriefMethod.BRIEF_METHOD_ABSTRACTIVE,
        ),
        BriefPoint(
            text=BilingualText(
                source_text="الحافلات في دمشق.", translated_text="The buses are in Damascus."
            ),
            evidence_spans=[translated[7].source_span],
            evidence_sentence_indices=[7],
            method=BriefMethod.BRIEF_METHOD_EXTRACTIVE,
            quality_flags=[QualityFlag.QUALITY_FLAG_UNSUPPORTED],
        ),
    ]


def finished(translated: Sequence[TranslatedSentence]) -> BriefFinished:
    """What is known of the article besides."""
    raqqa = [found.span() for found in re.finditer("الرقة", BODY)]
    return BriefFinished(
        stats=TranslationStats(model_revision="models/ar-en@3dfcd3be3c72"),
        publication_date="2017-10-15",
        residue_spans=[translated[1].source_span, translated[2].source_span],
        headline_evidence_spans=[translated[0].source_span],
        headline_quality_flags=[QualityFlag.QUALITY_FLAG_LOW_SCORE],
        headline_glossary_matches=[match("الرقة", "Raqqa", applied=True)],
        mentions=[
            Mention(
                name=BilingualText(source_text="الرقة", translated_text="Raqqa"),
                source_spans=[TextSpan(start_offset=a, end_offset=b) for a, b in raqqa],
                kind=MentionKind.MENTION_KIND_PLACE,
            ),
            Mention(
                name=BilingualText(
                    source_text="المرصد السوري لحقوق الإنسان",
                    translated_text="Syrian Observatory for Human Rights",
                ),
                source_spans=[span("المرصد السوري لحقوق الإنسان")],
                kind=MentionKind.MENTION_KIND_ORGANIZATION,
            ),
        ],
    )


def brief_parts(name: str = "articles/raqqa.txt") -> ArticleParts:
    """Everything that arrives of the sample's brief."""
    translated = sentences()
    done = finished(translated)
    return ArticleParts(
        name=name,
        sentences=translated,
        headline=BilingualText(
            source_text=PARAGRAPHS[0][0][0], translated_text=PARAGRAPHS[0][0][1]
        ),
        points=points(translated),
        brief=done,
        stats=done.stats,
    )


def brief_page() -> str:
    """The page of the sample."""
    return render([article_view(brief_parts(), LICENSES)])


def without_script(page: str) -> str:
    """The body of a page: what is written for readers, without style, script and policy."""
    body = page[page.index("<body>") : page.index("<script>")]
    return body + page[page.index("</body>") :] + "\n"


if __name__ == "__main__":
    print(without_script(brief_page()), end="")
