"""SentencePiece models trained on the sentences of the tests, and texts to try them on."""

from __future__ import annotations

import io
import json
from functools import cache
from pathlib import Path

import sentencepiece

_GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "sentences.jsonl"
_ENGLISH = (
    "The president said on Sunday that the situation in the city is good.",
    "The ministry announced a new plan for schools and hospitals in the region.",
    "Ten people were injured when a train left the rails near the capital.",
    "Talks between the two governments will be resumed next week, a spokesman said.",
    "The central bank kept its rate at 3.5 percent for the third time this year.",
    "Aid organizations warn that food is running short in the camps.",
    "The team won the match by two goals to one in front of 20,000 spectators.",
    "Oil prices rose after the meeting, while shares on the exchange fell slightly.",
    "Scientists from five universities published a study of the river and its water.",
    "The court ordered that the newspaper be paid, and the editor returned to work.",
)
_COUNT = 50


@cache
def arabic_sentences() -> tuple[str, ...]:
    """Fifty sentences: digits, Latin letters, quotation marks and diacritics among them."""
    lines = _GOLDEN.read_text(encoding="utf-8").splitlines()
    sentences = [sentence for line in lines for sentence in json.loads(line)["sentences"]]
    fitting = [text for text in dict.fromkeys(sentences) if 20 <= len(text) <= 160]
    return tuple(fitting[:: len(fitting) // _COUNT][:_COUNT])


@cache
def pieces(*, arabic: bool = True, english: bool = True, **options: str | int | bool) -> bytes:
    """A SentencePiece model of one language or both; `options` go to the trainer."""
    lines = _GOLDEN.read_text(encoding="utf-8").splitlines() if arabic else []
    texts = [sentence for line in lines for sentence in json.loads(line)["sentences"]]
    model = io.BytesIO()
    settings = {"vocab_size": 700, "normalization_rule_name": "nmt_nfkc", **options}
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter([*texts, *(_ENGLISH * 5 if english else ())]),
        model_writer=model,
        hard_vocab_limit=False,
        num_threads=1,
        minloglevel=2,
        **settings,
    )
    return model.getvalue()


def names(model: bytes) -> list[str]:
    """The pieces of a SentencePiece model, in order."""
    processor = sentencepiece.SentencePieceProcessor(model_proto=model)
    return list(processor.id_to_piece(list(range(processor.get_piece_size()))))
