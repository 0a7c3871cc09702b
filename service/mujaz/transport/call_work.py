"""What was done for one call: counted from its responses and from what the engine reports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from google.protobuf.message import Message
from google.rpc.error_details_pb2 import ErrorInfo

from mujaz.engine.observer import TicketUsage
from mujaz.v1.brief_service_pb2 import (
    Brief,
    GenerateBriefResponse,
    ProcessArticlesResponse,
    StreamGenerateBriefResponse,
)
from mujaz.v1.text_pb2 import QualityFlag, TranslatedSentence
from mujaz.v1.translation_service_pb2 import (
    StreamTranslateTextResponse,
    TranslateTextChunksResponse,
    TranslateTextResponse,
)

FLAG_PREFIX = "QUALITY_FLAG_"


@dataclass(frozen=True, slots=True)
class ResponseFacts:
    """What one response holds. `article_reason` is that of an answer of ProcessArticles: empty for
    a brief, None for a response of another method."""

    sentence_count: int = 0
    flags: tuple[str, ...] = ()
    article_reason: str | None = None


@dataclass(slots=True)
class CallWork:
    """Sums over one call. `on_response` hears of each response sent, `on_ticket` of each request
    that has left the engine, with the instant of that."""

    sentence_count: int = 0
    flags: Counter[str] = field(default_factory=Counter)
    source_token_count: int = 0
    queue_seconds: float = 0.0
    engine_seconds: float = 0.0
    ticket_count: int = 0
    on_response: Callable[[ResponseFacts], None] | None = None
    on_ticket: Callable[[TicketUsage, float], None] | None = None

    def count_response(self, message: Message) -> None:
        """Count in a response that was sent."""
        facts = facts_of(message)
        self.sentence_count += facts.sentence_count
        self.flags.update(facts.flags)
        if self.on_response is not None:
            self.on_response(facts)

    def count_ticket(self, usage: TicketUsage, closed_at: float) -> None:
        """Count in a request that has left the engine; the wait is the longest of any."""
        self.ticket_count += 1
        self.source_token_count += usage.source_token_count
        self.queue_seconds = max(self.queue_seconds, usage.queue_seconds)
        self.engine_seconds += usage.engine_seconds
        if self.on_ticket is not None:
            self.on_ticket(usage, closed_at)


def facts_of(message: Message) -> ResponseFacts:
    """The numbers in a response; none for a method that translates nothing."""
    match message:
        case TranslateTextResponse():
            return _facts(message.sentences)
        case StreamTranslateTextResponse() | TranslateTextChunksResponse():
            return _facts([message.sentence] if message.HasField("sentence") else [])
        case GenerateBriefResponse():
            return _facts(message.sentences, _flags_of_brief(message.brief))
        case StreamGenerateBriefResponse():
            return _facts_of_event(message)
        case ProcessArticlesResponse():
            return _facts_of_article(message)
    return ResponseFacts()


def _facts(sentences: Iterable[TranslatedSentence], flags: Iterable[int] = ()) -> ResponseFacts:
    held = list(sentences)
    numbers = [*flags, *(flag for sentence in held for flag in sentence.quality_flags)]
    return ResponseFacts(len(held), tuple(map(_name, numbers)))


def _facts_of_event(message: StreamGenerateBriefResponse) -> ResponseFacts:
    match message.WhichOneof("event"):
        case "sentence":
            return _facts([message.sentence])
        case "point":
            return _facts([], message.point.quality_flags)
        case "finished":
            return _facts([], message.finished.headline_quality_flags)
    return ResponseFacts()


def _facts_of_article(message: ProcessArticlesResponse) -> ResponseFacts:
    if message.HasField("error"):
        return ResponseFacts(article_reason=_reason(message))
    facts = _facts(message.brief.sentences, _flags_of_brief(message.brief.brief))
    return ResponseFacts(facts.sentence_count, facts.flags, article_reason="")


def _flags_of_brief(brief: Brief) -> Iterator[int]:
    yield from brief.headline_quality_flags
    for point in brief.points:
        yield from point.quality_flags


def _name(flag: int) -> str:
    return QualityFlag.Name(QualityFlag.ValueType(flag)).removeprefix(FLAG_PREFIX).lower()


def _reason(message: ProcessArticlesResponse) -> str:
    info = ErrorInfo()
    for detail in message.error.details:
        if detail.Unpack(info):
            return info.reason
    return ""
