"""Makes summarization pairs out of articles: what the model reads, and what it writes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .text_pair import TextPair

_LEAST_HEADLINE_WORDS = 4
_LEAST_SUMMARY_WORDS = 8
_WHOLE_KINDS = ("abstractive", "lead")


def headline_pairs(record: Mapping[str, Any]) -> Iterator[TextPair]:
    """Article → headline."""
    title = str(record["title"])
    if len(title.split()) >= _LEAST_HEADLINE_WORDS:
        yield TextPair(str(record["text"]), title)


def summary_pairs(record: Mapping[str, Any]) -> Iterator[TextPair]:
    """Article → stand-first.

    A summary of the kind `lead` opens the text, so it teaches to choose the lead; one of the kind
    `lead_truncated` breaks off in mid-sentence and is left out.
    """
    summary = str(record["summary"] or "")
    if record["summary_kind"] in _WHOLE_KINDS and len(summary.split()) >= _LEAST_SUMMARY_WORDS:
        yield TextPair(str(record["text"]), summary)


def brief_pairs(record: Mapping[str, Any]) -> Iterator[TextPair]:
    """Article → its points, and the sentences a point rests on (counted from 1) → that point."""
    sentences = [str(sentence) for sentence in record["sentences"]]
    points = list(record["points"])
    yield TextPair(" ".join(sentences), " ".join(str(point["text"]) for point in points))
    for point in points:
        evidence = [sentences[number - 1] for number in point["evidence"]]
        yield TextPair(" ".join(evidence), str(point["text"]))
