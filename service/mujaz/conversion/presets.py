"""Public checkpoints for Arabic that `mujaz models pull` knows by name."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from mujaz.engine.manifest import ModelTask, Quantization
from mujaz.errors import CheckpointNotFound


@dataclass(frozen=True, slots=True)
class Preset:
    """A checkpoint on the hub, and what to make of it.

    `revision` is a full commit wherever one could be confirmed; a branch or `refs/pr/N` is resolved
    when it is pulled, and the manifest records the commit it stood for. `download_bytes` is about
    what is downloaded. `description` says what a person should know before choosing it.
    """

    name: str
    repository: str
    revision: str
    task: ModelTask
    source_language: str
    target_language: str
    license: str
    download_bytes: int
    description: str
    quantization: Quantization = Quantization.INT8

    @property
    def is_pinned(self) -> bool:
        """Whether the revision is a commit, so that every pull gets the same bytes."""
        return len(self.revision) == 40 and set(self.revision) <= set("0123456789abcdef")


PRESETS: tuple[Preset, ...] = (
    Preset(
        name="opus-mt-tc-big-ar-en",
        repository="Helsinki-NLP/opus-mt-tc-big-ar-en",
        # The weights on `main` give gibberish in transformers 4.31 and newer. The repaired ones are
        # in this pull request, which was still open when last seen: huggingface.co/Helsinki-NLP/
        # opus-mt-tc-big-ar-en/discussions/7 (cause: huggingface/transformers#26216, #26271).
        revision="refs/pr/7",
        task=ModelTask.TRANSLATION,
        source_language="ar",
        target_language="en",
        license="CC-BY-4.0",
        download_bytes=482_000_000,
        description=(
            "OPUS-MT transformer-big for Arabic to English: the one to start with. Taken from the "
            "repaired checkpoint of an open pull request, as the published one is broken."
        ),
    ),
    Preset(
        name="opus-mt-ar-en",
        repository="Helsinki-NLP/opus-mt-ar-en",
        # The commit in which the hub's own bot added the safetensors.
        revision="0a22ca0fe7fd0e314f4913e606ddc07d1ff9d718",
        task=ModelTask.TRANSLATION,
        source_language="ar",
        target_language="en",
        license="Apache-2.0",
        download_bytes=312_000_000,
        description="OPUS-MT base model for Arabic to English: small and fast, older than tc-big.",
    ),
    Preset(
        name="nllb-200-distilled-600M",
        repository="facebook/nllb-200-distilled-600M",
        revision="f8d333a098d19b4fd9a8b18f94170487ad3f821d",
        task=ModelTask.TRANSLATION,
        source_language="ar",
        target_language="en",
        license="CC-BY-NC-4.0",
        download_bytes=2_482_000_000,
        description=(
            "Meta's 200 languages; other pairs with --source-language and --target-language. "
            "Not for commercial use."
        ),
    ),
    Preset(
        name="m2m100_418M",
        repository="facebook/m2m100_418M",
        revision="55c2e61bbf05dfb8d7abccdc3fae6fc8512fd636",
        task=ModelTask.TRANSLATION,
        source_language="ar",
        target_language="en",
        license="MIT",
        download_bytes=1_946_000_000,
        description=(
            "Meta's 100 languages; other pairs with --source-language and --target-language."
        ),
    ),
    Preset(
        name="madlad400-3b-mt",
        repository="google/madlad400-3b-mt",
        revision="fa184c675da0b5c9e1c8694fccd4e12e2d422094",
        task=ModelTask.TRANSLATION,
        source_language="ar",
        target_language="en",
        license="Apache-2.0",
        download_bytes=11_821_000_000,
        description=(
            "Google's 419 languages, 3 billion parameters: slow on processors, and the conversion "
            "holds all its weights in memory."
        ),
    ),
    Preset(
        name="AraBART",
        repository="ahmeddbahaa/AraBART-finetuned-ar",
        revision="c8d53ae9147da6052c9299b24df666c6ea11aa0f",
        task=ModelTask.SUMMARIZATION,
        source_language="ar",
        target_language="ar",
        license="Apache-2.0",
        download_bytes=562_000_000,
        description=(
            "AraBART fine-tuned on XL-Sum by a third party: one-sentence summaries of Arabic news. "
            "AraBART itself (moussaKam/AraBART) is no summarizer. The card reports ROUGE-1/2/L of "
            "31.1/14.7/27.4. It says Apache-2.0, though XL-Sum is for non-commercial use."
        ),
    ),
    Preset(
        name="mT5_multilingual_XLSum",
        repository="csebuetnlp/mT5_multilingual_XLSum",
        revision="2437a524effdbadc327ced84595508f1e32025b3",
        task=ModelTask.SUMMARIZATION,
        source_language="ar",
        target_language="ar",
        license="CC-BY-NC-SA-4.0",
        download_bytes=2_335_000_000,
        # Answers of converted T5 models have been seen to differ (OpenNMT/CTranslate2#1918, #1487),
        # and nobody has measured what int8 costs this one.
        quantization=Quantization.FLOAT32,
        description=(
            "mT5 fine-tuned by the authors of XL-Sum: one-sentence summaries in its languages. "
            "Kept in float32 unless told otherwise. Not for commercial use."
        ),
    ),
)


def find_preset(name: str) -> Preset:
    """The preset of that name, in any case; raises CheckpointNotFound, which names the nearest."""
    by_name = {preset.name.lower(): preset for preset in PRESETS}
    preset = by_name.get(name.lower())
    if preset is not None:
        return preset
    close = difflib.get_close_matches(name.lower(), by_name, n=1, cutoff=0.5)
    hint = f"did you mean {by_name[close[0]].name}? " if close else ""
    raise CheckpointNotFound(
        f"there is no preset {name}; {hint}`mujaz models pull --list` shows them, and any other "
        "checkpoint is named OWNER/NAME"
    )
