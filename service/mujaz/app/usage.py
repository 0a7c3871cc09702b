"""What a request cost that is made of several."""

from __future__ import annotations

from dataclasses import dataclass

from mujaz.app.summarize import WrittenSummary
from mujaz.app.translate import TranslationStats


@dataclass(slots=True)
class Usage:
    """The costs of the parts together; the wait is the longest of any."""

    model_revision: str = ""
    source_token_count: int = 0
    queue_seconds: float = 0.0
    inference_seconds: float = 0.0

    def add(self, cost: TranslationStats | WrittenSummary) -> None:
        """Count a part in."""
        if isinstance(cost, TranslationStats):
            self.model_revision = cost.model_revision
        self.source_token_count += cost.source_token_count
        self.queue_seconds = max(self.queue_seconds, cost.queue_seconds)
        self.inference_seconds += cost.inference_seconds

    def stats(self, source_character_count: int) -> TranslationStats:
        """The sum, for so many characters sent by the caller."""
        return TranslationStats(
            model_revision=self.model_revision,
            source_character_count=source_character_count,
            source_token_count=self.source_token_count,
            queue_seconds=self.queue_seconds,
            inference_seconds=self.inference_seconds,
        )
