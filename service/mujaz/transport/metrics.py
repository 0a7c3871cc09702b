"""The Prometheus metrics of one service, in a registry of its own.

Labels take few values: methods of the contract, codes, reasons, flags, models. No caller and no
text is ever one.
"""

from __future__ import annotations

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector

import mujaz
from mujaz.engine.observer import DropReason, FinishedBatch, TicketUsage
from mujaz.transport.call_work import ResponseFacts
from mujaz.transport.interceptors.wrap import CURRENT_CALL

RPC_SECONDS_BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 600)
WAIT_SECONDS_BUCKETS: Final = (0.001, 0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)
BATCH_SECONDS_BUCKETS: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
BATCH_TOKENS_BUCKETS: Final = (8, 16, 32, 64, 128, 192, 256, 384, 512, 1024, 4096, 65_536)
FILL_RATIO_BUCKETS: Final = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


class ServiceMetrics:
    """Counts calls, what they answer, and what the engine does; an `EngineObserver`.

    Metrics that are read rather than counted are added to `registry` by `StateCollector`.
    """

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self._declare_calls(registry)
        self._declare_engine(registry)
        self.build = Gauge("mujaz_build_info", "Always 1.", ["version"], registry=registry)
        self.build.labels(mujaz.__version__).set(1)
        self.reloads = Counter(
            "mujaz_reloads",
            "Reloads on SIGHUP, by outcome: succeeded or failed.",
            ["outcome"],
            registry=registry,
        )
        for outcome in ("succeeded", "failed"):  # a rate needs a first value
            self.reloads.labels(outcome)

    def _declare_calls(self, registry: CollectorRegistry) -> None:
        self.started = Counter(
            "mujaz_rpcs_started",
            "Calls that arrived at a method of Mujaz.",
            ["method"],
            registry=registry,
        )
        self.handled = Counter(
            "mujaz_rpcs_handled",
            "Calls that ended, by gRPC code and, where they failed, by the reason of the error.",
            ["method", "code", "reason"],
            registry=registry,
        )
        self.seconds = Histogram(
            "mujaz_rpc_seconds",
            "How long calls took, from their first to their last moment in the server.",
            ["method", "code"],
            buckets=RPC_SECONDS_BUCKETS,
            registry=registry,
        )
        self.in_progress = Gauge(
            "mujaz_rpcs_in_progress",
            "Calls being answered now.",
            ["method"],
            registry=registry,
        )
        self.sentences = Counter(
            "mujaz_sentences", "Translated sentences sent to callers.", registry=registry
        )
        self.flags = Counter(
            "mujaz_quality_flags",
            "Quality flags on sentences, points and headlines sent to callers.",
            ["flag"],
            registry=registry,
        )
        self.articles = Counter(
            "mujaz_articles",
            "Articles answered by ProcessArticles; the reason is empty for a brief.",
            ["reason"],
            registry=registry,
        )

    def _declare_engine(self, registry: CollectorRegistry) -> None:
        self.queue_wait_seconds = Histogram(
            "mujaz_queue_wait_seconds",
            "How long each sequence waited for its batch.",
            buckets=WAIT_SECONDS_BUCKETS,
            registry=registry,
        )
        self.batch_seconds = Histogram(
            "mujaz_batch_seconds",
            "How long the model took for a batch; the sum is the busy time of all engine threads.",
            buckets=BATCH_SECONDS_BUCKETS,
            registry=registry,
        )
        self.batch_tokens = Histogram(
            "mujaz_batch_tokens",
            "Source tokens in a batch, without padding.",
            buckets=BATCH_TOKENS_BUCKETS,
            registry=registry,
        )
        self.batch_fill_ratio = Histogram(
            "mujaz_batch_fill_ratio",
            "Padded tokens of a batch over batch_token_budget; over 1 only for one long sequence.",
            buckets=FILL_RATIO_BUCKETS,
            registry=registry,
        )
        self.tokens = Counter(
            "mujaz_tokens",
            "Tokens the model has read (source) and written (target).",
            ["model", "side"],
            registry=registry,
        )
        self.refusals = Counter(
            "mujaz_admission_refusals",
            "Requests and articles that the engine did not admit, by reason of the error.",
            ["reason"],
            registry=registry,
        )
        self.dropped = Counter(
            "mujaz_dropped_sequences",
            "Sequences without an answer: cancelled, late, failed, or left at shutdown.",
            ["reason"],
            registry=registry,
        )
        for reason in DropReason:
            self.dropped.labels(reason.value)
        self.retried = Counter(
            "mujaz_retried_sequences",
            "Sequences decoded once more, as checks objected to the first output.",
            registry=registry,
        )

    def response_sent(self, facts: ResponseFacts) -> None:
        """A response went out to a caller."""
        self.sentences.inc(facts.sentence_count)
        for flag in facts.flags:
            self.flags.labels(flag).inc()
        if facts.article_reason is not None:
            self.articles.labels(facts.article_reason).inc()

    def batch_finished(self, batch: FinishedBatch) -> None:
        """As `EngineObserver` says."""
        self.batch_seconds.observe(batch.engine_seconds)
        self.batch_tokens.observe(batch.source_token_count)
        self.batch_fill_ratio.observe(batch.padded_token_count / batch.token_budget)
        self.tokens.labels(batch.model_revision, "source").inc(batch.source_token_count)
        self.tokens.labels(batch.model_revision, "target").inc(batch.target_token_count)
        for seconds in batch.queue_seconds:
            self.queue_wait_seconds.observe(seconds)

    def sequences_dropped(self, reason: DropReason, count: int) -> None:
        """As `EngineObserver` says."""
        self.dropped.labels(reason.value).inc(count)

    def sequences_retried(self, count: int) -> None:
        """As `EngineObserver` says."""
        self.retried.inc(count)

    def request_refused(self, reason: str) -> None:
        """As `EngineObserver` says."""
        self.refusals.labels(reason).inc()

    def request_closed(self, usage: TicketUsage, closed_at: float) -> None:
        """Count the request to the call it belongs to, which the log line tells of."""
        call = CURRENT_CALL.get(None)
        if call is not None:
            call.work.count_ticket(usage, closed_at)
