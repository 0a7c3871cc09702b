"""Language detection: the text layer tells scripts apart, py3langid tells Latin languages apart."""

from __future__ import annotations

import io
import lzma
from array import array
from threading import Lock
from typing import Any

import numpy as np
from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier

from mujaz.domain.language import (
    UNDETERMINED_LATIN,
    LanguageGuess,
    detect_languages,
    latin_text,
)

_LATIN_LANGUAGES = (
    *("cs", "da", "de", "en", "es", "fi", "fr", "hu", "id", "it"),
    *("ms", "nl", "no", "pl", "pt", "ro", "sv", "sw", "tr", "vi"),
)
_LEAST_CONFIDENCE = 0.01
# Below this the model has seen nothing that tells: one part in twenty is an even guess.
_LEAST_CERTAINTY = 0.15


class LanguageDetector:
    """Names the languages of a text; safe to use from many threads.

    The model for Latin script is loaded when the first such text comes (0.7 s and 50 MiB, which a
    server of Arabic mostly does without), so call `detect` from a thread that may wait.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._identifier: LanguageIdentifier | None = None

    @property
    def loaded(self) -> bool:
        """Whether the model for Latin script is in memory."""
        return self._identifier is not None

    def detect(self, text: str) -> tuple[LanguageGuess, ...]:
        """The languages of `text`, most likely first; `und` with confidence 0 without letters.

        Latin script is named by language where most of the text is in it and the words tell; else
        it stays `und-Latn`.
        """
        guesses = detect_languages(text)
        if guesses[0].code != UNDETERMINED_LATIN:
            return guesses
        share = guesses[0].confidence
        ranking = self._latin_identifier().rank(latin_text(text))
        if ranking[0][1] < _LEAST_CERTAINTY:
            return guesses
        named = [
            *(LanguageGuess(code, share * probability) for code, probability in ranking),
            *guesses[1:],
        ]
        named.sort(key=lambda guess: guess.confidence, reverse=True)
        return tuple(guess for guess in named if guess.confidence >= _LEAST_CONFIDENCE)

    def _latin_identifier(self) -> LanguageIdentifier:
        with self._lock:
            if self._identifier is None:
                self._identifier = _load_identifier()
            return self._identifier


def _load_identifier() -> LanguageIdentifier:
    """A model of the Latin languages only, so that the memory of the others is given back."""
    # py3langid would unpack it into a temporary file, for which a read-only root has no place.
    with (
        lzma.open(MODEL_DIR / MODEL_FILE) as packed,
        np.load(io.BytesIO(packed.read()), allow_pickle=False) as model,
    ):
        classes = model["classes"].tolist()
        columns = [index for index, code in enumerate(classes) if code in _LATIN_LANGUAGES]
        return LanguageIdentifier(
            model["ptc"][:, columns],
            model["pc"][columns],
            [classes[index] for index in columns],
            _to_array(model["nextmove"]),
            model["out_feat"].tolist(),
            norm_probs=True,
            tk_row=_to_array(model["nextmove_row"]),
        )


def _to_array(numbers: np.ndarray[Any, Any]) -> array[int]:
    """The numbers as Python reads them fastest."""
    return array({2: "H", 4: "I", 8: "L"}[numbers.dtype.itemsize], numbers.tobytes())
