"""Every choice of a training run in one value, read from one TOML file."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from mujaz.engine import strict_json
from mujaz.engine.manifest import ModelTask, SelfTest
from mujaz.engine.protocols import DecodingOptions


class RecipeError(Exception):
    """A step cannot go on; the message says what to change."""


class CorpusFormat(StrEnum):
    """How the lines of a corpus are read."""

    PAIRS = "pairs"
    """TSV, Arabic TAB English."""
    HEADLINES = "headlines"
    """JSON lines of articles; the target is `title`."""
    SUMMARIES = "summaries"
    """JSON lines of articles; the target is `summary`, of a `summary_kind` that is whole."""
    BRIEFS = "briefs"
    """JSON lines with sentences, headline, and points that name their evidence."""


class Augmentation(StrEnum):
    """A way to make more pairs out of those of a group."""

    CODE_SWITCH = "code_switch"
    NAME_SWAP = "name_swap"
    NUMBER_SWAP = "number_swap"
    JOIN = "join"


@dataclass(frozen=True, slots=True)
class ModelShape:
    """The size of the network; `position_count` is the longest sequence it can represent."""

    width: int
    feed_forward_width: int
    head_count: int
    encoder_layer_count: int
    decoder_layer_count: int
    position_count: int = 1024
    dropout: float = 0.1

    def __post_init__(self) -> None:
        if self.width % (2 * self.head_count):
            raise ValueError("width must be a multiple of twice head_count")


@dataclass(frozen=True, slots=True)
class TokenizerChoices:
    """How the SentencePiece model is trained, and the longest sequences that are kept."""

    piece_count: int = 16000
    maximum_source_pieces: int = 160
    maximum_target_pieces: int = 160
    source_prefix: tuple[str, ...] = ()
    """Pieces put before every source, for example `<sum>`."""
    cut_source: bool = False
    """Cut a source that is too long, as a summarizer's may be, and do not drop the pair."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """Files of one source of text, and the terms it was published under.

    `files` are patterns relative to the data folder; a name that ends in `.xz` is decompressed.
    `pair_limit` keeps that many pairs, drawn at random; 0 keeps all.
    """

    name: str
    license: str
    files: tuple[str, ...]
    format: CorpusFormat = CorpusFormat.PAIRS
    pair_limit: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """Corpora that are drawn from together; `share` is their part of the target tokens.

    Shares are relative to their sum. An augmentation takes `augmentation_share` in the same units,
    all of a group's augmentations together. `is_prose` turns on the filters that names and
    dictionary entries would not pass. `validation_pairs` are held out.
    """

    name: str
    share: float
    corpora: tuple[Corpus, ...]
    augmentations: tuple[Augmentation, ...] = ()
    augmentation_share: float = 0.0
    is_prose: bool = True
    validation_pairs: int = 0

    def __post_init__(self) -> None:
        if self.share <= 0:
            raise ValueError("share must be over 0; remove the group to leave it out")
        if bool(self.augmentations) != (self.augmentation_share > 0):
            raise ValueError("augmentations and augmentation_share need each other")


@dataclass(frozen=True, slots=True)
class Optimization:
    """Learning rates at the plateau, regularization, batch size and the shape of the schedule.

    `warmup_end` and `decay_start` are shares of the time budget. `batch_tokens` counts padded
    tokens, of the longer side.
    """

    muon_learning_rate: float = 0.02
    adam_learning_rate: float = 2e-3
    weight_decay: float = 0.01
    label_smoothing: float = 0.1
    gradient_norm_limit: float = 1.0
    batch_tokens: int = 3000
    warmup_end: float = 0.03
    decay_start: float = 0.6
    snapshot_count: int = 4
    """Checkpoints kept of the last quarter of the run, for averaging."""

    def __post_init__(self) -> None:
        if not 0 <= self.warmup_end < self.decay_start < 1:
            raise ValueError("warmup_end must be under decay_start, and both from 0 to 1")


@dataclass(frozen=True, slots=True)
class Publication:
    """What the manifest says of the finished model."""

    version: str
    license: str
    decoding: DecodingOptions
    retry_decoding: DecodingOptions
    max_source_token_count: int
    target_token_ratio: float
    target_token_margin: int
    self_test: SelfTest
    score_floor: float | None = None


@dataclass(frozen=True, slots=True)
class Experiment:
    """A run from data to model directory; the fields are the tables of the TOML file.

    `name_files` and `dictionary_files` are tables, Arabic TAB English, that augmentation finds
    terms in; only names are put in place of others.
    """

    name: str
    task: ModelTask
    source_language: str
    target_language: str
    model: ModelShape
    groups: tuple[Group, ...]
    publication: Publication
    tokenizer: TokenizerChoices = field(default_factory=TokenizerChoices)
    optimization: Optimization = field(default_factory=Optimization)
    name_files: tuple[str, ...] = ()
    dictionary_files: tuple[str, ...] = ()
    seed: int = 1

    def __post_init__(self) -> None:
        names = [group.name for group in self.groups]
        if len(set(names)) != len(names):
            raise ValueError("the groups must have different names")
        corpora = [corpus.name for group in self.groups for corpus in group.corpora]
        if len(set(corpora)) != len(corpora):
            raise ValueError("the corpora must have different names")


def load_experiment(path: Path) -> Experiment:
    """The experiment in `path`; raises RecipeError that names the key to correct."""
    try:
        with path.open("rb") as file:
            document = tomllib.load(file)
        return strict_json.parse(json.dumps(document), Experiment)
    except OSError as error:
        raise RecipeError(f"Cannot read the experiment {path}: {error.strerror}.") from error
    except ValueError as error:
        raise RecipeError(f"Correct the experiment {path}: {error}") from error
