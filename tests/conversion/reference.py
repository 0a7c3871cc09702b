"""What Transformers itself makes of a checkpoint."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import sentencepiece
import torch
import transformers

from tests.conversion.checkpoints import Family

LONGEST = 40


class Reference:
    """The tokenizer and the model of a checkpoint, as Transformers loads them."""

    def __init__(self, directory: Path, family: Family) -> None:
        self._family = family
        self._directory = directory
        self.model: Any = transformers.AutoModelForSeq2SeqLM.from_pretrained(directory).eval()
        self.model.generation_config.forced_eos_token_id = None
        self.model.generation_config.no_repeat_ngram_size = 0
        self.tokenizer = _tokenizer(directory, family)
        self.end: int = self.tokenizer.convert_tokens_to_ids("</s>")

    def encode(self, text: str) -> list[int]:
        """The numbers of the tokens the model reads for a text."""
        if self._family.tag:
            # Trained with SentencePiece itself; Transformers leaves out the space before the tag.
            path = str(self._directory / "spiece.model")
            processor = sentencepiece.SentencePieceProcessor(model_file=path)
            return [*processor.encode(f"{self._family.tag} {text}"), self.end]
        return list(self.tokenizer(self._family.prefix + text)["input_ids"])

    @torch.no_grad()
    def generate(self, texts: Sequence[str]) -> list[list[int]]:
        """Greedy outputs of at most LONGEST tokens, the end included, the language not."""
        unknown = self.tokenizer.convert_tokens_to_ids("<unk>")
        outputs = []
        for text in texts:
            (output,) = self.model.generate(
                torch.tensor([self.encode(text)]),
                num_beams=1,
                do_sample=False,
                max_length=None,
                max_new_tokens=LONGEST + len(self._forced()),
                min_new_tokens=1 + len(self._forced()),
                suppress_tokens=[unknown],
                **self._forced(),
            )
            outputs.append(output.tolist()[1 + len(self._forced()) :])
        return outputs

    @torch.no_grad()
    def score(self, text: str, output: Sequence[int]) -> float:
        """The mean log probability of the tokens of an output, the end included."""
        start = [self.model.generation_config.decoder_start_token_id, *self._forced().values()]
        decoded = torch.tensor([[*start, *output]])
        logits = self.model(
            input_ids=torch.tensor([self.encode(text)]), decoder_input_ids=decoded
        ).logits[0]
        if self.model.config.model_type == "marian":
            logits[:, -1] = float("-inf")  # padding, which Marian itself does not have
        logits[:, self.tokenizer.convert_tokens_to_ids("<unk>")] = float("-inf")
        logits[len(start) - 1, self.end] = float("-inf")  # an output is never empty
        scores = torch.log_softmax(logits, dim=-1)[len(start) - 1 : -1]
        return float(scores[torch.arange(len(output)), torch.tensor(output)].mean())

    def _forced(self) -> dict[str, int]:
        if not self._family.target:
            return {}
        return {"forced_bos_token_id": self.tokenizer.convert_tokens_to_ids(self._family.target)}


def _tokenizer(directory: Path, family: Family) -> Any:
    path = directory / "tokenizer.json"
    if path.is_file():
        return transformers.PreTrainedTokenizerFast(tokenizer_file=str(path), unk_token="<unk>")
    options = {"src_lang": family.source} if family.source else {}
    return transformers.AutoTokenizer.from_pretrained(directory, **options)
