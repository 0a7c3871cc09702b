"""The settings of the server: one declaration gives flag, variable, TOML key, help and range.

Each field of `Settings` is a flag (`--queue-token-limit`), an environment variable
(`MUJAZ_QUEUE_TOKEN_LIMIT`) and a key of the configuration file (`queue_token_limit`). The first
of these that is given wins, and the default comes last; `cli/configuration.py` gathers them.
"""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from mujaz.listen_address import host_of, is_loopback

MEBIBYTE = 1024 * 1024

Value: TypeAlias = str | bool | int | float | Path | tuple[str, ...] | None


class SettingInvalid(ValueError):
    """A setting has a value outside its range, or there is no such setting."""


@dataclass(frozen=True, slots=True)
class Declaration:
    """What one field says of itself. `minimum` and `maximum` belong to the range."""

    help: str
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()

    @property
    def range(self) -> str:
        """The values that are allowed, for a message or a table; empty where all are."""
        if self.choices:
            return "one of " + ", ".join(self.choices)
        if self.minimum is None:
            return ""
        return f"from {self.minimum:,} to {self.maximum:,}"


def _setting(
    default: Value,
    *,
    help: str,
    minimum: float | None = None,
    maximum: float | None = None,
    choices: tuple[str, ...] = (),
) -> Any:
    declaration = Declaration(help, minimum, maximum, choices)
    return dataclasses.field(default=default, metadata={"declaration": declaration})


def _default_models() -> Path:
    """`models` where the command is run, else the one of the source checkout."""
    here = Path("models")
    checkout = Path(__file__).resolve().parents[2] / "models"
    return checkout if checkout.is_dir() and not here.is_dir() else here


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything an operator can choose; checked when made, never changed.

    Raises SettingInvalid, which names the setting and what it allows.
    """

    listen: str = _setting(
        "127.0.0.1:50051",
        help="Where to listen: HOST:PORT, [IPV6]:PORT, or unix:/path of a socket. Port 0 takes a "
        "free one. Anything but loopback also needs TLS, or --insecure-any.",
    )
    insecure_any: bool = _setting(
        False,
        help="Allows listening on addresses other machines can reach, without encryption. For "
        "use inside a trusted network or behind a proxy that ends TLS. Bearer tokens then travel "
        "in the clear.",
    )
    tls_cert: Path | None = _setting(
        None,
        help="The server's certificate and those that sign it up to the CA, as PEM, its own "
        "first. Turns TLS on, with --tls-key. Both files are read again when they change.",
    )
    tls_key: Path | None = _setting(
        None,
        help="The private key of --tls-cert, as PEM without a pass phrase.",
    )
    client_ca: Path | None = _setting(
        None,
        help="The CA certificates of clients, as PEM. With it every client must present a "
        "certificate that one of them has signed. Read again when it changes.",
    )
    tokens: Path | None = _setting(
        None,
        help="The file of bearer tokens that mujaz tokens writes: their hashes, scopes and "
        "rates. With it every call must carry a token. Read again when it changes.",
    )
    health_listen: str | None = _setting(
        None,
        help="A second address that answers health checks alone, without TLS and without tokens, "
        "for probes that cannot present a certificate.",
    )
    metrics_listen: str | None = _setting(
        None,
        help="Where Prometheus reads the metrics: HOST:PORT or [IPV6]:PORT, at /metrics, over HTTP "
        "without TLS or tokens. They hold counts, and no text. Port 0 takes a free one. Without "
        "it no metrics are served.",
    )
    otlp_endpoint: str | None = _setting(
        None,
        help="Where traces are sent: the http:// or https:// address of a collector that takes "
        "OTLP over gRPC, such as http://127.0.0.1:4317. Needs the extra otel. Without it no traces "
        "are made.",
    )
    models: Path = dataclasses.field(
        default_factory=_default_models,
        metadata={
            "declaration": Declaration(
                "The directory that holds one subdirectory a model. All of them are loaded; the "
                "server is ready once each has passed its self-test. Without it: ./models, or the "
                "one of the source checkout the program runs from."
            )
        },
    )
    glossary: tuple[str, ...] = dataclasses.field(
        default_factory=tuple,
        metadata={
            "declaration": Declaration(
                "A glossary that requests may name, as NAME=FILE of a .tsv, .csv or .tbx. May be "
                "given more than once, in the variable with commas between. The files in the "
                "directory glossaries of --models are there by their own names. SIGHUP reads all "
                "of them again."
            )
        },
    )
    default_model: tuple[str, ...] = dataclasses.field(
        default_factory=tuple,
        metadata={
            "declaration": Declaration(
                "A model to take before the others where a request names none, by the name that "
                "mujaz models list shows. May be given more than once, in the variable with commas "
                "between: the first that fits the task and the languages is taken. Without it, or "
                "where none fits: the first by name."
            )
        },
    )
    names: str = _setting(
        "off",
        choices=("consistent", "off"),
        help="With consistent, each name of the table of names in --models comes out as it says "
        "there, the same everywhere in a text, as the last of the glossaries of every request. "
        "This decodes some sentences more than once. The mentions of briefs need no setting.",
    )
    reflection: bool = _setting(
        False,
        help="Serves gRPC reflection, so that tools such as grpcurl can list the methods. It "
        "shows the whole contract to every caller.",
    )
    engine_threads: int = _setting(
        0,
        minimum=0,
        maximum=256,
        help="Threads that compute, one batch each. 0 takes the processors this process may use, "
        "by affinity and cgroup quota. More than that makes every answer slower.",
    )
    engine_stall_seconds: float = _setting(
        30.0,
        minimum=1.0,
        maximum=3_600.0,
        help="A batch that runs longer makes the health name liveness say NOT_SERVING, so that the "
        "process is restarted. Large models on few processors need more.",
    )
    queue_token_limit: int = _setting(
        65_536,
        minimum=1_024,
        maximum=1_048_576,
        help="Source tokens that may wait for the engine. A request that finds no room is refused "
        "at once with a hint when to try again. Higher takes larger bursts and makes callers "
        "wait longer before they are told no.",
    )
    request_limit: int = _setting(
        1_024,
        minimum=1,
        maximum=100_000,
        help="Requests in work at a time; an article of ProcessArticles is one. Further ones are "
        "refused with a hint when to try again.",
    )
    text_token_limit: int = _setting(
        4_194_304,
        minimum=131_072,
        maximum=1_073_741_824,
        help="Source tokens, about three characters each, of the texts of all requests in work: "
        "what they take in memory. A text of 200,000 characters counts 66,667.",
    )
    batch_token_budget: int = _setting(
        384,
        minimum=64,
        maximum=65_536,
        help="Padded source tokens computed together. Higher pays with larger models; lower lets "
        "an urgent sentence in sooner and uses less memory.",
    )
    cache_bytes: int = _setting(
        32 * MEBIBYTE,
        minimum=0,
        maximum=65_536 * MEBIBYTE,
        help="Memory for translations of sentences seen before; 0 turns the cache off. Agency "
        "copy repeats across papers, so a larger cache saves work on news.",
    )
    retry: bool = _setting(
        True,
        help="Decodes a sentence that fails its checks once more, with other settings, and keeps "
        "the better one. Without it such sentences are flagged all the same, and the engine has "
        "less to do.",
    )
    unary_deadline_seconds: float = _setting(
        30.0,
        minimum=0.1,
        maximum=3_600.0,
        help="How long a call with one answer may take where the caller set no deadline.",
    )
    stream_deadline_seconds: float = _setting(
        600.0,
        minimum=1.0,
        maximum=86_400.0,
        help="How long a stream may take where the caller set no deadline.",
    )
    stream_idle_seconds: float = _setting(
        300.0,
        minimum=1.0,
        maximum=86_400.0,
        help="How long a caller may leave a stream open without sending anything while nothing "
        "of it is in work; then it ends with STREAM_IDLE.",
    )
    drain_delay_seconds: float = _setting(
        0.0,
        minimum=0.0,
        maximum=300.0,
        help="How long to go on taking calls after SIGTERM while health already says NOT_SERVING, "
        "so that load balancers look elsewhere first. 5 suits Kubernetes.",
    )
    drain_grace_seconds: float = _setting(
        30.0,
        minimum=0.0,
        maximum=3_600.0,
        help="How long calls in progress may go on after that. A stream cut at the end resumes on "
        "another replica.",
    )
    article_window: int = _setting(
        8,
        minimum=1,
        maximum=256,
        help="Articles of one ProcessArticles stream in work at a time. Higher fills batches "
        "better; lower leaves more room for other callers and uses less memory.",
    )
    keepalive_seconds: float = _setting(
        60.0,
        minimum=1.0,
        maximum=3_600.0,
        help="How long a connection with open calls may be silent before the server asks whether "
        "the client is still there. Lower frees the work of a vanished machine sooner, and "
        "sends more packets.",
    )
    keepalive_timeout_seconds: float = _setting(
        20.0,
        minimum=1.0,
        maximum=600.0,
        help="How long to wait for the answer to that before the connection is given up and its "
        "calls are cancelled.",
    )
    max_concurrent_streams: int = _setting(
        100,
        minimum=1,
        maximum=100_000,
        help="Calls open at a time on one connection; further ones wait in the client.",
    )
    max_open_calls: int = _setting(
        2_048,
        minimum=1,
        maximum=1_000_000,
        help="Calls open at a time over all connections, idle streams among them; further ones are "
        "refused. Health checks do not count.",
    )
    max_connections: int = _setting(
        1_024,
        minimum=1,
        maximum=1_000_000,
        help="Connections open at a time; further ones are closed at once. Allow as many open "
        "files and some more (ulimit -n).",
    )
    max_receive_message_bytes: int = _setting(
        MEBIBYTE,
        minimum=65_536,
        maximum=256 * MEBIBYTE,
        help="The largest request taken. 200,000 characters of Arabic need about 400,000 bytes.",
    )
    max_send_message_bytes: int = _setting(
        4 * MEBIBYTE,
        minimum=65_536,
        maximum=256 * MEBIBYTE,
        help="The largest answer sent. Clients must allow as much; gRPC's default is 4 MiB.",
    )
    log_format: str = _setting(
        "console",
        choices=("console", "json"),
        help="How log lines on standard error look: for a person, or one JSON object a line.",
    )
    log_level: str = _setting(
        "info",
        choices=("debug", "info", "warning", "error"),
        help="The least serious lines to log. Article text is logged at none of them.",
    )

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):
            check_range(field.name, getattr(self, field.name), declaration_of(field))
        for each in self.glossary:
            if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,63}=.+", each):
                raise SettingInvalid(
                    f"glossary: {each!r} is not NAME=FILE with a name of lower-case ASCII letters, "
                    "digits, '.', '_' and '-'"
                )
        for each in self.default_model:
            if not re.fullmatch(r"(models/)?[a-z0-9][a-z0-9._-]*", each):
                raise SettingInvalid(
                    f"default_model: {each!r} is not the name of a model; see mujaz models list"
                )
        self._check_access()
        self._check_observability()

    def _check_access(self) -> None:
        if self.tls_cert is None and (self.tls_key is not None or self.client_ca is not None):
            raise SettingInvalid("tls_cert: TLS needs it; give --tls-cert and --tls-key")
        if self.tls_cert is not None and self.tls_key is None:
            raise SettingInvalid("tls_key: TLS needs it; give the private key of --tls-cert")
        if self.health_listen is not None:
            _host_of(self.health_listen, name="health_listen")
        host = _host_of(self.listen)
        if self.tls_cert is None and not self.insecure_any and not is_loopback(host):
            raise SettingInvalid(
                f"listen: {self.listen} can be reached from other machines and calls are not "
                "encrypted; give --tls-cert and --tls-key, listen on 127.0.0.1 or unix:/path, or "
                "give --insecure-any"
            )

    def _check_observability(self) -> None:
        if self.metrics_listen is not None:
            host = _host_of(self.metrics_listen, name="metrics_listen")
            if not host:
                raise SettingInvalid(
                    f"metrics_listen: {self.metrics_listen!r} is not HOST:PORT or [IPV6]:PORT"
                )
        if self.otlp_endpoint is not None and not re.fullmatch(
            r"https?://[^/?#@\s]+/?", self.otlp_endpoint
        ):
            raise SettingInvalid(
                f"otlp_endpoint: {self.otlp_endpoint!r} is not http://HOST:PORT or https://HOST:PORT"
            )


def declaration_of(field: dataclasses.Field[Any]) -> Declaration:
    """What a field of `Settings` declares besides its name, type and default."""
    declaration: Declaration = field.metadata["declaration"]
    return declaration


def check_range(name: str, value: Value, declaration: Declaration) -> None:
    """Raises SettingInvalid, calling the setting `name`, where the value is not allowed."""
    if declaration.choices and value not in declaration.choices:
        raise SettingInvalid(f"{name}: must be {declaration.range}, not {value!r}")
    if declaration.minimum is None or declaration.maximum is None:
        return
    # Written so that NaN is refused too.
    if not (isinstance(value, int | float) and declaration.minimum <= value <= declaration.maximum):
        raise SettingInvalid(f"{name}: must be {declaration.range}, not {value}")


def _host_of(listen: str, *, name: str = "listen") -> str:
    """The host of an address; empty for a unix socket."""
    host = host_of(listen)
    if host is None:
        raise SettingInvalid(
            f"{name}: {listen!r} is not HOST:PORT, [IPV6]:PORT or unix:/path, with a port from 0 "
            "to 65,535"
        )
    return host
