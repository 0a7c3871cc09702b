from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class FinishReason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    FINISH_REASON_UNSPECIFIED: _ClassVar[FinishReason]
    FINISH_REASON_STOP: _ClassVar[FinishReason]
    FINISH_REASON_LENGTH: _ClassVar[FinishReason]
    FINISH_REASON_COPIED: _ClassVar[FinishReason]

class QualityFlag(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    QUALITY_FLAG_UNSPECIFIED: _ClassVar[QualityFlag]
    QUALITY_FLAG_REPETITION: _ClassVar[QualityFlag]
    QUALITY_FLAG_LENGTH_RATIO: _ClassVar[QualityFlag]
    QUALITY_FLAG_UNTRANSLATED: _ClassVar[QualityFlag]
    QUALITY_FLAG_NUMBER_MISMATCH: _ClassVar[QualityFlag]
    QUALITY_FLAG_TRUNCATED: _ClassVar[QualityFlag]
    QUALITY_FLAG_LOW_SCORE: _ClassVar[QualityFlag]
    QUALITY_FLAG_GLOSSARY_MISSED: _ClassVar[QualityFlag]
    QUALITY_FLAG_RETRIED: _ClassVar[QualityFlag]
    QUALITY_FLAG_OTHER_LANGUAGE: _ClassVar[QualityFlag]
    QUALITY_FLAG_UNSUPPORTED: _ClassVar[QualityFlag]
FINISH_REASON_UNSPECIFIED: FinishReason
FINISH_REASON_STOP: FinishReason
FINISH_REASON_LENGTH: FinishReason
FINISH_REASON_COPIED: FinishReason
QUALITY_FLAG_UNSPECIFIED: QualityFlag
QUALITY_FLAG_REPETITION: QualityFlag
QUALITY_FLAG_LENGTH_RATIO: QualityFlag
QUALITY_FLAG_UNTRANSLATED: QualityFlag
QUALITY_FLAG_NUMBER_MISMATCH: QualityFlag
QUALITY_FLAG_TRUNCATED: QualityFlag
QUALITY_FLAG_LOW_SCORE: QualityFlag
QUALITY_FLAG_GLOSSARY_MISSED: QualityFlag
QUALITY_FLAG_RETRIED: QualityFlag
QUALITY_FLAG_OTHER_LANGUAGE: QualityFlag
QUALITY_FLAG_UNSUPPORTED: QualityFlag

class TextSpan(_message.Message):
    __slots__ = ("start_offset", "end_offset")
    START_OFFSET_FIELD_NUMBER: _ClassVar[int]
    END_OFFSET_FIELD_NUMBER: _ClassVar[int]
    start_offset: int
    end_offset: int
    def __init__(self, start_offset: _Optional[int] = ..., end_offset: _Optional[int] = ...) -> None: ...

class TranslatedSentence(_message.Message):
    __slots__ = ("sentence_index", "paragraph_index", "source_span", "source_text", "translated_text", "translated_span", "score", "finish_reason", "quality_flags", "glossary_matches")
    SENTENCE_INDEX_FIELD_NUMBER: _ClassVar[int]
    PARAGRAPH_INDEX_FIELD_NUMBER: _ClassVar[int]
    SOURCE_SPAN_FIELD_NUMBER: _ClassVar[int]
    SOURCE_TEXT_FIELD_NUMBER: _ClassVar[int]
    TRANSLATED_TEXT_FIELD_NUMBER: _ClassVar[int]
    TRANSLATED_SPAN_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    FINISH_REASON_FIELD_NUMBER: _ClassVar[int]
    QUALITY_FLAGS_FIELD_NUMBER: _ClassVar[int]
    GLOSSARY_MATCHES_FIELD_NUMBER: _ClassVar[int]
    sentence_index: int
    paragraph_index: int
    source_span: TextSpan
    source_text: str
    translated_text: str
    translated_span: TextSpan
    score: float
    finish_reason: FinishReason
    quality_flags: _containers.RepeatedScalarFieldContainer[QualityFlag]
    glossary_matches: _containers.RepeatedCompositeFieldContainer[GlossaryMatch]
    def __init__(self, sentence_index: _Optional[int] = ..., paragraph_index: _Optional[int] = ..., source_span: _Optional[_Union[TextSpan, _Mapping]] = ..., source_text: _Optional[str] = ..., translated_text: _Optional[str] = ..., translated_span: _Optional[_Union[TextSpan, _Mapping]] = ..., score: _Optional[float] = ..., finish_reason: _Optional[_Union[FinishReason, str]] = ..., quality_flags: _Optional[_Iterable[_Union[QualityFlag, str]]] = ..., glossary_matches: _Optional[_Iterable[_Union[GlossaryMatch, _Mapping]]] = ...) -> None: ...

class GlossaryMatch(_message.Message):
    __slots__ = ("source_span", "target_term", "applied", "source_text")
    SOURCE_SPAN_FIELD_NUMBER: _ClassVar[int]
    TARGET_TERM_FIELD_NUMBER: _ClassVar[int]
    APPLIED_FIELD_NUMBER: _ClassVar[int]
    SOURCE_TEXT_FIELD_NUMBER: _ClassVar[int]
    source_span: TextSpan
    target_term: str
    applied: bool
    source_text: str
    def __init__(self, source_span: _Optional[_Union[TextSpan, _Mapping]] = ..., target_term: _Optional[str] = ..., applied: bool = ..., source_text: _Optional[str] = ...) -> None: ...

class DetectedLanguage(_message.Message):
    __slots__ = ("language_code", "confidence")
    LANGUAGE_CODE_FIELD_NUMBER: _ClassVar[int]
    CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    language_code: str
    confidence: float
    def __init__(self, language_code: _Optional[str] = ..., confidence: _Optional[float] = ...) -> None: ...
