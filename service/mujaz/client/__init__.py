"""A client of the service: deadlines, retries and automatic resume over the generated stubs."""

from mujaz.client.connection import OPEN_TIMEOUT_SECONDS, MujazClient
from mujaz.client.failure import RpcFailed, failure_of_status
from mujaz.client.patience import RetryPolicy
from mujaz.client.plain import to_plain
from mujaz.client.utf16 import Utf16Offsets
from mujaz.v1.brief_service_pb2 import (
    Article,
    BilingualText,
    Brief,
    BriefConfig,
    BriefFinished,
    BriefMethod,
    BriefPoint,
    GenerateBriefResponse,
    Mention,
    MentionKind,
    ProcessArticlesResponse,
    StreamGenerateBriefResponse,
)
from mujaz.v1.model_service_pb2 import Model, ModelTask
from mujaz.v1.text_pb2 import (
    DetectedLanguage,
    FinishReason,
    GlossaryMatch,
    QualityFlag,
    TextSpan,
    TranslatedSentence,
)
from mujaz.v1.translation_service_pb2 import (
    DetectLanguageResponse,
    GlossaryEntry,
    Priority,
    StreamTranslateTextResponse,
    TranslateTextChunksResponse,
    TranslateTextResponse,
    TranslationConfig,
    TranslationFinished,
    TranslationStats,
)

__all__ = [
    "OPEN_TIMEOUT_SECONDS",
    "Article",
    "BilingualText",
    "Brief",
    "BriefConfig",
    "BriefFinished",
    "BriefMethod",
    "BriefPoint",
    "DetectLanguageResponse",
    "DetectedLanguage",
    "FinishReason",
    "GenerateBriefResponse",
    "GlossaryEntry",
    "GlossaryMatch",
    "Mention",
    "MentionKind",
    "Model",
    "ModelTask",
    "MujazClient",
    "Priority",
    "ProcessArticlesResponse",
    "QualityFlag",
    "RetryPolicy",
    "RpcFailed",
    "StreamGenerateBriefResponse",
    "StreamTranslateTextResponse",
    "TextSpan",
    "TranslateTextChunksResponse",
    "TranslateTextResponse",
    "TranslatedSentence",
    "TranslationConfig",
    "TranslationFinished",
    "TranslationStats",
    "Utf16Offsets",
    "failure_of_status",
    "to_plain",
]
