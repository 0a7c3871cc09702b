from google.rpc import status_pb2 as _status_pb2
from mujaz.v1 import text_pb2 as _text_pb2
from mujaz.v1 import translation_service_pb2 as _translation_service_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class BriefMethod(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    BRIEF_METHOD_UNSPECIFIED: _ClassVar[BriefMethod]
    BRIEF_METHOD_AUTO: _ClassVar[BriefMethod]
    BRIEF_METHOD_EXTRACTIVE: _ClassVar[BriefMethod]
    BRIEF_METHOD_ABSTRACTIVE: _ClassVar[BriefMethod]

class MentionKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    MENTION_KIND_UNSPECIFIED: _ClassVar[MentionKind]
    MENTION_KIND_PERSON: _ClassVar[MentionKind]
    MENTION_KIND_PLACE: _ClassVar[MentionKind]
    MENTION_KIND_ORGANIZATION: _ClassVar[MentionKind]
BRIEF_METHOD_UNSPECIFIED: BriefMethod
BRIEF_METHOD_AUTO: BriefMethod
BRIEF_METHOD_EXTRACTIVE: BriefMethod
BRIEF_METHOD_ABSTRACTIVE: BriefMethod
MENTION_KIND_UNSPECIFIED: MentionKind
MENTION_KIND_PERSON: MentionKind
MENTION_KIND_PLACE: MentionKind
MENTION_KIND_ORGANIZATION: MentionKind

class Article(_message.Message):
    __slots__ = ("article_id", "title", "body")
    ARTICLE_ID_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    BODY_FIELD_NUMBER: _ClassVar[int]
    article_id: str
    title: str
    body: str
    def __init__(self, article_id: _Optional[str] = ..., title: _Optional[str] = ..., body: _Optional[str] = ...) -> None: ...

class BriefConfig(_message.Message):
    __slots__ = ("translation", "summarization_model", "point_count", "include_translation", "method")
    TRANSLATION_FIELD_NUMBER: _ClassVar[int]
    SUMMARIZATION_MODEL_FIELD_NUMBER: _ClassVar[int]
    POINT_COUNT_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_TRANSLATION_FIELD_NUMBER: _ClassVar[int]
    METHOD_FIELD_NUMBER: _ClassVar[int]
    translation: _translation_service_pb2.TranslationConfig
    summarization_model: str
    point_count: int
    include_translation: bool
    method: BriefMethod
    def __init__(self, translation: _Optional[_Union[_translation_service_pb2.TranslationConfig, _Mapping]] = ..., summarization_model: _Optional[str] = ..., point_count: _Optional[int] = ..., include_translation: bool = ..., method: _Optional[_Union[BriefMethod, str]] = ...) -> None: ...

class Brief(_message.Message):
    __slots__ = ("headline", "points", "mentions", "publication_date", "residue_spans", "headline_evidence_spans", "headline_quality_flags", "headline_glossary_matches")
    HEADLINE_FIELD_NUMBER: _ClassVar[int]
    POINTS_FIELD_NUMBER: _ClassVar[int]
    MENTIONS_FIELD_NUMBER: _ClassVar[int]
    PUBLICATION_DATE_FIELD_NUMBER: _ClassVar[int]
    RESIDUE_SPANS_FIELD_NUMBER: _ClassVar[int]
    HEADLINE_EVIDENCE_SPANS_FIELD_NUMBER: _ClassVar[int]
    HEADLINE_QUALITY_FLAGS_FIELD_NUMBER: _ClassVar[int]
    HEADLINE_GLOSSARY_MATCHES_FIELD_NUMBER: _ClassVar[int]
    headline: BilingualText
    points: _containers.RepeatedCompositeFieldContainer[BriefPoint]
    mentions: _containers.RepeatedCompositeFieldContainer[Mention]
    publication_date: str
    residue_spans: _containers.RepeatedCompositeFieldContainer[_text_pb2.TextSpan]
    headline_evidence_spans: _containers.RepeatedCompositeFieldContainer[_text_pb2.TextSpan]
    headline_quality_flags: _containers.RepeatedScalarFieldContainer[_text_pb2.QualityFlag]
    headline_glossary_matches: _containers.RepeatedCompositeFieldContainer[_text_pb2.GlossaryMatch]
    def __init__(self, headline: _Optional[_Union[BilingualText, _Mapping]] = ..., points: _Optional[_Iterable[_Union[BriefPoint, _Mapping]]] = ..., mentions: _Optional[_Iterable[_Union[Mention, _Mapping]]] = ..., publication_date: _Optional[str] = ..., residue_spans: _Optional[_Iterable[_Union[_text_pb2.TextSpan, _Mapping]]] = ..., headline_evidence_spans: _Optional[_Iterable[_Union[_text_pb2.TextSpan, _Mapping]]] = ..., headline_quality_flags: _Optional[_Iterable[_Union[_text_pb2.QualityFlag, str]]] = ..., headline_glossary_matches: _Optional[_Iterable[_Union[_text_pb2.GlossaryMatch, _Mapping]]] = ...) -> None: ...

class Mention(_message.Message):
    __slots__ = ("name", "source_spans", "kind")
    NAME_FIELD_NUMBER: _ClassVar[int]
    SOURCE_SPANS_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    name: BilingualText
    source_spans: _containers.RepeatedCompositeFieldContainer[_text_pb2.TextSpan]
    kind: MentionKind
    def __init__(self, name: _Optional[_Union[BilingualText, _Mapping]] = ..., source_spans: _Optional[_Iterable[_Union[_text_pb2.TextSpan, _Mapping]]] = ..., kind: _Optional[_Union[MentionKind, str]] = ...) -> None: ...

class BilingualText(_message.Message):
    __slots__ = ("source_text", "translated_text")
    SOURCE_TEXT_FIELD_NUMBER: _ClassVar[int]
    TRANSLATED_TEXT_FIELD_NUMBER: _ClassVar[int]
    source_text: str
    translated_text: str
    def __init__(self, source_text: _Optional[str] = ..., translated_text: _Optional[str] = ...) -> None: ...

class BriefPoint(_message.Message):
    __slots__ = ("text", "evidence_spans", "method", "quality_flags", "evidence_sentence_indices", "glossary_matches")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_SPANS_FIELD_NUMBER: _ClassVar[int]
    METHOD_FIELD_NUMBER: _ClassVar[int]
    QUALITY_FLAGS_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_SENTENCE_INDICES_FIELD_NUMBER: _ClassVar[int]
    GLOSSARY_MATCHES_FIELD_NUMBER: _ClassVar[int]
    text: BilingualText
    evidence_spans: _containers.RepeatedCompositeFieldContainer[_text_pb2.TextSpan]
    method: BriefMethod
    quality_flags: _containers.RepeatedScalarFieldContainer[_text_pb2.QualityFlag]
    evidence_sentence_indices: _containers.RepeatedScalarFieldContainer[int]
    glossary_matches: _containers.RepeatedCompositeFieldContainer[_text_pb2.GlossaryMatch]
    def __init__(self, text: _Optional[_Union[BilingualText, _Mapping]] = ..., evidence_spans: _Optional[_Iterable[_Union[_text_pb2.TextSpan, _Mapping]]] = ..., method: _Optional[_Union[BriefMethod, str]] = ..., quality_flags: _Optional[_Iterable[_Union[_text_pb2.QualityFlag, str]]] = ..., evidence_sentence_indices: _Optional[_Iterable[int]] = ..., glossary_matches: _Optional[_Iterable[_Union[_text_pb2.GlossaryMatch, _Mapping]]] = ...) -> None: ...

class GenerateBriefRequest(_message.Message):
    __slots__ = ("article", "config")
    ARTICLE_FIELD_NUMBER: _ClassVar[int]
    CONFIG_FIELD_NUMBER: _ClassVar[int]
    article: Article
    config: BriefConfig
    def __init__(self, article: _Optional[_Union[Article, _Mapping]] = ..., config: _Optional[_Union[BriefConfig, _Mapping]] = ...) -> None: ...

class GenerateBriefResponse(_message.Message):
    __slots__ = ("brief", "sentences", "stats")
    BRIEF_FIELD_NUMBER: _ClassVar[int]
    SENTENCES_FIELD_NUMBER: _ClassVar[int]
    STATS_FIELD_NUMBER: _ClassVar[int]
    brief: Brief
    sentences: _containers.RepeatedCompositeFieldContainer[_text_pb2.TranslatedSentence]
    stats: _translation_service_pb2.TranslationStats
    def __init__(self, brief: _Optional[_Union[Brief, _Mapping]] = ..., sentences: _Optional[_Iterable[_Union[_text_pb2.TranslatedSentence, _Mapping]]] = ..., stats: _Optional[_Union[_translation_service_pb2.TranslationStats, _Mapping]] = ...) -> None: ...

class StreamGenerateBriefRequest(_message.Message):
    __slots__ = ("article", "config")
    ARTICLE_FIELD_NUMBER: _ClassVar[int]
    CONFIG_FIELD_NUMBER: _ClassVar[int]
    article: Article
    config: BriefConfig
    def __init__(self, article: _Optional[_Union[Article, _Mapping]] = ..., config: _Optional[_Union[BriefConfig, _Mapping]] = ...) -> None: ...

class StreamGenerateBriefResponse(_message.Message):
    __slots__ = ("headline", "point", "sentence", "finished")
    HEADLINE_FIELD_NUMBER: _ClassVar[int]
    POINT_FIELD_NUMBER: _ClassVar[int]
    SENTENCE_FIELD_NUMBER: _ClassVar[int]
    FINISHED_FIELD_NUMBER: _ClassVar[int]
    headline: BilingualText
    point: BriefPoint
    sentence: _text_pb2.TranslatedSentence
    finished: BriefFinished
    def __init__(self, headline: _Optional[_Union[BilingualText, _Mapping]] = ..., point: _Optional[_Union[BriefPoint, _Mapping]] = ..., sentence: _Optional[_Union[_text_pb2.TranslatedSentence, _Mapping]] = ..., finished: _Optional[_Union[BriefFinished, _Mapping]] = ...) -> None: ...

class BriefFinished(_message.Message):
    __slots__ = ("stats", "mentions", "publication_date", "residue_spans", "headline_evidence_spans", "headline_quality_flags", "headline_glossary_matches")
    STATS_FIELD_NUMBER: _ClassVar[int]
    MENTIONS_FIELD_NUMBER: _ClassVar[int]
    PUBLICATION_DATE_FIELD_NUMBER: _ClassVar[int]
    RESIDUE_SPANS_FIELD_NUMBER: _ClassVar[int]
    HEADLINE_EVIDENCE_SPANS_FIELD_NUMBER: _ClassVar[int]
    HEADLINE_QUALITY_FLAGS_FIELD_NUMBER: _ClassVar[int]
    HEADLINE_GLOSSARY_MATCHES_FIELD_NUMBER: _ClassVar[int]
    stats: _translation_service_pb2.TranslationStats
    mentions: _containers.RepeatedCompositeFieldContainer[Mention]
    publication_date: str
    residue_spans: _containers.RepeatedCompositeFieldContainer[_text_pb2.TextSpan]
    headline_evidence_spans: _containers.RepeatedCompositeFieldContainer[_text_pb2.TextSpan]
    headline_quality_flags: _containers.RepeatedScalarFieldContainer[_text_pb2.QualityFlag]
    headline_glossary_matches: _containers.RepeatedCompositeFieldContainer[_text_pb2.GlossaryMatch]
    def __init__(self, stats: _Optional[_Union[_translation_service_pb2.TranslationStats, _Mapping]] = ..., mentions: _Optional[_Iterable[_Union[Mention, _Mapping]]] = ..., publication_date: _Optional[str] = ..., residue_spans: _Optional[_Iterable[_Union[_text_pb2.TextSpan, _Mapping]]] = ..., headline_evidence_spans: _Optional[_Iterable[_Union[_text_pb2.TextSpan, _Mapping]]] = ..., headline_quality_flags: _Optional[_Iterable[_Union[_text_pb2.QualityFlag, str]]] = ..., headline_glossary_matches: _Optional[_Iterable[_Union[_text_pb2.GlossaryMatch, _Mapping]]] = ...) -> None: ...

class ProcessArticlesRequest(_message.Message):
    __slots__ = ("config", "article")
    CONFIG_FIELD_NUMBER: _ClassVar[int]
    ARTICLE_FIELD_NUMBER: _ClassVar[int]
    config: BriefConfig
    article: Article
    def __init__(self, config: _Optional[_Union[BriefConfig, _Mapping]] = ..., article: _Optional[_Union[Article, _Mapping]] = ...) -> None: ...

class ProcessArticlesResponse(_message.Message):
    __slots__ = ("article_id", "brief", "error")
    ARTICLE_ID_FIELD_NUMBER: _ClassVar[int]
    BRIEF_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    article_id: str
    brief: GenerateBriefResponse
    error: _status_pb2.Status
    def __init__(self, article_id: _Optional[str] = ..., brief: _Optional[_Union[GenerateBriefResponse, _Mapping]] = ..., error: _Optional[_Union[_status_pb2.Status, _Mapping]] = ...) -> None: ...
