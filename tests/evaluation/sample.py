"""A small evaluation, for tests of what is done with one."""

from __future__ import annotations

from mujaz.engine.protocols import DecodingOptions
from mujaz.evaluation.results import (
    FORMAT_VERSION,
    BriefResult,
    Evaluation,
    Machine,
    ModelFacts,
    Retention,
    RougeRow,
    RowKind,
    Speed,
    TranslationResult,
    TranslationRow,
)


def evaluation(
    label: str = "1.0.0", *, bleu: float = 12.34, line_count: int = 4, note: str = ""
) -> Evaluation:
    """One translator and one summarizer on a test set each."""
    speed = Speed(2.0, 1234.5, 2, 384)
    model = ModelFacts(
        label=label,
        name="ar-en",
        version="1.0.0",
        revision="0123456789ab",
        quantization="int8",
        compute_type="int8_float32",
        size_bytes=13_100_000,
        decoding=DecodingOptions(),
        max_source_token_count=40,
        retry=True,
    )
    rows = (
        TranslationRow(
            name=f"ar-en {label}, int8",
            kind=RowKind.MODEL,
            bleu=bleu,
            chrf=45.67,
            numbers=Retention(4, 3),
            names=None,
            flag_rates={"repetition": 0.25, "any": 0.25},
            reported_rates={"retried": 0.5, "any": 0.5},
            speed=speed,
            size_bytes=13_100_000,
        ),
        TranslationRow(
            name="peer",
            kind=RowKind.OUTPUT,
            bleu=30.0,
            chrf=60.0,
            numbers=Retention(4, 4),
            names=None,
            flag_rates={"repetition": 0.0, "any": 0.0},
        ),
        TranslationRow(
            name="reference",
            kind=RowKind.REFERENCE,
            bleu=None,
            chrf=None,
            numbers=Retention(4, 4),
            names=None,
            flag_rates={"repetition": 0.0, "any": 0.0},
        ),
    )
    translation = TranslationResult(
        test_set="news",
        line_count=line_count,
        source_word_count=2469,
        signatures={"bleu": "tok:13a", "chrf": "nc:6"},
        gazetteer_name_count=None,
        rows=rows,
    )
    brief = BriefResult(
        test_set="articles",
        article_count=3,
        signature="words:unicode",
        summaries=(
            RougeRow(f"ar-brief {label}, int8", RowKind.MODEL, 30.0, 10.0, 20.0, 25.0),
            RougeRow("title", RowKind.BASELINE, 33.0, 12.0, 22.0, 9.0),
        ),
        headlines=(RougeRow("first sentence", RowKind.BASELINE, 13.0, 3.0, 12.0, 14.0),),
    )
    return Evaluation(
        format_version=FORMAT_VERSION,
        date="2026-01-02",
        machine=Machine("Fast 3000", 2, note),
        versions={"ctranslate2": "4.8.5"},
        models=(model,),
        translations=(translation,),
        briefs=(brief,),
    )
