"""Cheap quality gates on one translated sentence."""

from __future__ import annotations

from enum import StrEnum


class QualityFlag(StrEnum):
    """A reason to check a sentence or a point before trusting it; named as in the contract."""

    REPETITION = "repetition"
    LENGTH_RATIO = "length_ratio"
    UNTRANSLATED = "untranslated"
    NUMBER_MISMATCH = "number_mismatch"
    TRUNCATED = "truncated"
    LOW_SCORE = "low_score"
    GLOSSARY_MISSED = "glossary_missed"
    RETRIED = "retried"
    OTHER_LANGUAGE = "other_language"
    UNSUPPORTED = "unsupported"
