import datetime

from google.protobuf import duration_pb2 as _duration_pb2
from mujaz.v1 import text_pb2 as _text_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Priority(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PRIORITY_UNSPECIFIED: _ClassVar[Priority]
    PRIORITY_INTERACTIVE: _ClassVar[Priority]
    PRIORITY_BULK: _ClassVar[Priority]
PRIORITY_UNSPECIFIED: Priority
PRIORITY_INTERACTIVE: Priority
PRIORITY_BULK: Priority

class TranslationConfig(_message.Message):
    __slots__ = ("model", "source_language_code", "target_language_code", "beam_size", "glossary_entries", "glossaries", "priority")
    MODEL_FIELD_NUMBER: _ClassVar[int]
    SOURCE_LANGUAGE_CODE_FIELD_NUMBER: _ClassVar[int]
    TARGET_LANGUAGE_CODE_FIELD_NUMBER: _ClassVar[int]
    BEAM_SIZE_FIELD_NUMBER: _ClassVar[int]
    GLOSSARY_ENTRIES_FIELD_NUMBER: _ClassVar[int]
    GLOSSARIES_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    model: str
    source_language_code: str
    target_language_code: str
    beam_size: int
    glossary_entries: _containers.RepeatedCompositeFieldContainer[GlossaryEntry]
    glossaries: _containers.RepeatedScalarFieldContainer[str]
    priority: Priority
    def __init__(self, model: _Optional[str] = ..., source_language_code: _Optional[str] = ..., target_language_code: _Optional[str] = ..., beam_size: _Optional[int] = ..., glossary_entries: _Optional[_Iterable[_Union[GlossaryEntry, _Mapping]]] = ..., glossaries: _Optional[_Iterable[str]] = ..., priority: _Optional[_Union[Priority, str]] = ...) -> None: ...

class GlossaryEntry(_message.Message):
    __slots__ = ("source_term", "target_term")
    SOURCE_TERM_FIELD_NUMBER: _ClassVar[int]
    TARGET_TERM_FIELD_NUMBER: _ClassVar[int]
    source_term: str
    target_term: str
    def __init__(self, source_term: _Optional[str] = ..., target_term: _Optional[str] = ...) -> None: ...

class TranslationStats(_message.Message):
    __slots__ = ("model_revision", "source_character_count", "source_token_count", "queue_duration", "inference_duration")
    MODEL_REVISION_FIELD_NUMBER: _ClassVar[int]
    SOURCE_CHARACTER_COUNT_FIELD_NUMBER: _ClassVar[int]
    SOURCE_TOKEN_COUNT_FIELD_NUMBER: _ClassVar[int]
    QUEUE_DURATION_FIELD_NUMBER: _ClassVar[int]
    INFERENCE_DURATION_FIELD_NUMBER: _ClassVar[int]
    model_revision: str
    source_character_count: int
    source_token_count: int
    queue_duration: _duration_pb2.Duration
    inference_duration: _duration_pb2.Duration
    def __init__(self, model_revision: _Optional[str] = ..., source_character_count: _Optional[int] = ..., source_token_count: _Optional[int] = ..., queue_duration: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., inference_duration: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class TranslateTextRequest(_message.Message):
    __slots__ = ("content", "config")
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    CONFIG_FIELD_NUMBER: _ClassVar[int]
    content: str
    config: TranslationConfig
    def __init__(self, content: _Optional[str] = ..., config: _Optional[_Union[TranslationConfig, _Mapping]] = ...) -> None: ...

class TranslateTextResponse(_message.Message):
    __slots__ = ("translated_text", "sentences", "detected_language", "stats")
    TRANSLATED_TEXT_FIELD_NUMBER: _ClassVar[int]
    SENTENCES_FIELD_NUMBER: _ClassVar[int]
    DETECTED_LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    STATS_FIELD_NUMBER: _ClassVar[int]
    translated_text: str
    sentences: _containers.RepeatedCompositeFieldContainer[_text_pb2.TranslatedSentence]
    detected_language: _text_pb2.DetectedLanguage
    stats: TranslationStats
    def __init__(self, translated_text: _Optional[str] = ..., sentences: _Optional[_Iterable[_Union[_text_pb2.TranslatedSentence, _Mapping]]] = ..., detected_language: _Optional[_Union[_text_pb2.DetectedLanguage, _Mapping]] = ..., stats: _Optional[_Union[TranslationStats, _Mapping]] = ...) -> None: ...

class StreamTranslateTextRequest(_message.Message):
    __slots__ = ("content", "config", "resume_token")
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    CONFIG_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    content: str
    config: TranslationConfig
    resume_token: str
    def __init__(self, content: _Optional[str] = ..., config: _Optional[_Union[TranslationConfig, _Mapping]] = ..., resume_token: _Optional[str] = ...) -> None: ...

class StreamTranslateTextResponse(_message.Message):
    __slots__ = ("started", "sentence", "finished", "resume_token")
    STARTED_FIELD_NUMBER: _ClassVar[int]
    SENTENCE_FIELD_NUMBER: _ClassVar[int]
    FINISHED_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    started: TranslationStarted
    sentence: _text_pb2.TranslatedSentence
    finished: TranslationFinished
    resume_token: str
    def __init__(self, started: _Optional[_Union[TranslationStarted, _Mapping]] = ..., sentence: _Optional[_Union[_text_pb2.TranslatedSentence, _Mapping]] = ..., finished: _Optional[_Union[TranslationFinished, _Mapping]] = ..., resume_token: _Optional[str] = ...) -> None: ...

class TranslationStarted(_message.Message):
    __slots__ = ("sentence_count", "detected_language")
    SENTENCE_COUNT_FIELD_NUMBER: _ClassVar[int]
    DETECTED_LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    sentence_count: int
    detected_language: _text_pb2.DetectedLanguage
    def __init__(self, sentence_count: _Optional[int] = ..., detected_language: _Optional[_Union[_text_pb2.DetectedLanguage, _Mapping]] = ...) -> None: ...

class TranslationFinished(_message.Message):
    __slots__ = ("stats",)
    STATS_FIELD_NUMBER: _ClassVar[int]
    stats: TranslationStats
    def __init__(self, stats: _Optional[_Union[TranslationStats, _Mapping]] = ...) -> None: ...

class TranslateTextChunksRequest(_message.Message):
    __slots__ = ("config", "chunk")
    CONFIG_FIELD_NUMBER: _ClassVar[int]
    CHUNK_FIELD_NUMBER: _ClassVar[int]
    config: TranslationConfig
    chunk: str
    def __init__(self, config: _Optional[_Union[TranslationConfig, _Mapping]] = ..., chunk: _Optional[str] = ...) -> None: ...

class TranslateTextChunksResponse(_message.Message):
    __slots__ = ("sentence", "finished")
    SENTENCE_FIELD_NUMBER: _ClassVar[int]
    FINISHED_FIELD_NUMBER: _ClassVar[int]
    sentence: _text_pb2.TranslatedSentence
    finished: TranslationFinished
    def __init__(self, sentence: _Optional[_Union[_text_pb2.TranslatedSentence, _Mapping]] = ..., finished: _Optional[_Union[TranslationFinished, _Mapping]] = ...) -> None: ...

class DetectLanguageRequest(_message.Message):
    __slots__ = ("content",)
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    content: str
    def __init__(self, content: _Optional[str] = ...) -> None: ...

class DetectLanguageResponse(_message.Message):
    __slots__ = ("languages",)
    LANGUAGES_FIELD_NUMBER: _ClassVar[int]
    languages: _containers.RepeatedCompositeFieldContainer[_text_pb2.DetectedLanguage]
    def __init__(self, languages: _Optional[_Iterable[_Union[_text_pb2.DetectedLanguage, _Mapping]]] = ...) -> None: ...
