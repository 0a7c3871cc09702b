"""Builds the gRPC server: its options, services, interceptors and the address it listens on."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from typing import Final

import grpc
from grpc_health.v1 import health_pb2_grpc
from grpc_reflection.v1alpha import reflection
from structlog.typing import FilteringBoundLogger

from mujaz.settings import SettingInvalid, Settings
from mujaz.transport.backend import BackendProvider
from mujaz.transport.brief_servicer import BriefServicer
from mujaz.transport.health import HealthServicer
from mujaz.transport.interceptors.access_log import AccessLog
from mujaz.transport.interceptors.authorization import Authorization
from mujaz.transport.interceptors.call_limit import CallLimit
from mujaz.transport.interceptors.caller import CallerName
from mujaz.transport.interceptors.deadline import Deadline
from mujaz.transport.interceptors.error_status import ErrorStatus
from mujaz.transport.interceptors.in_progress import CallsInProgress
from mujaz.transport.interceptors.request_id import RequestId
from mujaz.transport.interceptors.wrap import Interceptor, InterceptorChain
from mujaz.transport.model_servicer import ModelServicer
from mujaz.transport.token_store import TokenStore
from mujaz.transport.translation_servicer import TranslationServicer
from mujaz.v1 import (
    brief_service_pb2,
    brief_service_pb2_grpc,
    model_service_pb2,
    model_service_pb2_grpc,
    translation_service_pb2,
    translation_service_pb2_grpc,
)

SERVICE_NAMES: Final = (
    brief_service_pb2.DESCRIPTOR.services_by_name["BriefService"].full_name,
    model_service_pb2.DESCRIPTOR.services_by_name["ModelService"].full_name,
    translation_service_pb2.DESCRIPTOR.services_by_name["TranslationService"].full_name,
)
HEALTH_SERVICE_NAME: Final = "grpc.health.v1.Health"

UNIX_SCHEME: Final = "unix:"
# How often a client may probe an idle connection.
MINIMUM_PING_INTERVAL_SECONDS: Final = 30
# Clients reconnect every so often, so that new replicas get their share.
CONNECTION_AGE_SECONDS: Final = 600
CONNECTION_AGE_GRACE_SECONDS: Final = 600


def server_options(settings: Settings) -> list[tuple[str, int]]:
    """The options of the gRPC core that differ from its defaults.

    `grpc.maximum_concurrent_rpcs` stays unset: it would refuse health checks of a busy server as
    well. The scheduler does the admission.
    """
    return [
        ("grpc.max_receive_message_length", settings.max_receive_message_bytes),
        ("grpc.max_send_message_length", settings.max_send_message_bytes),
        ("grpc.max_concurrent_streams", settings.max_concurrent_streams),
        ("grpc.max_allowed_incoming_connections", settings.max_connections),
        ("grpc.keepalive_time_ms", round(settings.keepalive_seconds * 1000)),
        ("grpc.keepalive_timeout_ms", round(settings.keepalive_timeout_seconds * 1000)),
        # Where the core has a limit for the answer to any ping, a minute, it waits that long.
        ("grpc.http2.ping_timeout_ms", round(settings.keepalive_timeout_seconds * 1000)),
        ("grpc.keepalive_permit_without_calls", 0),
        (
            "grpc.http2.min_ping_interval_without_data_ms",
            MINIMUM_PING_INTERVAL_SECONDS * 1000,
        ),
        ("grpc.max_connection_age_ms", CONNECTION_AGE_SECONDS * 1000),
        ("grpc.max_connection_age_grace_ms", CONNECTION_AGE_GRACE_SECONDS * 1000),
        # Requests wait in the client, 64 KiB of each stream aside, while nobody reads them here; a
        # window that grows with the line would hold megabytes of each.
        ("grpc.http2.bdp_probe", 0),
        # A second server on the port must fail to start, not share the calls.
        ("grpc.so_reuseport", 0),
    ]


def build_server(
    settings: Settings,
    backend: BackendProvider,
    *,
    health: HealthServicer,
    in_progress: CallsInProgress,
    tokens: TokenStore | None,
    observers: Sequence[Interceptor],
    logger: FilteringBoundLogger,
) -> grpc.aio.Server:
    """A server with every service registered, bound to nothing yet; `observers` see each call with
    its name and the code it ends with."""
    chain = InterceptorChain(
        [
            in_progress,
            RequestId(),
            CallerName(),
            *observers,
            AccessLog(logger),
            ErrorStatus(logger),
            Authorization(tokens),
            CallLimit(settings.max_open_calls),
            Deadline(
                unary_seconds=settings.unary_deadline_seconds,
                stream_seconds=settings.stream_deadline_seconds,
            ),
        ]
    )
    server = grpc.aio.server(interceptors=[chain], options=server_options(settings))
    translation_service_pb2_grpc.add_TranslationServiceServicer_to_server(
        TranslationServicer(backend, idle_seconds=settings.stream_idle_seconds), server
    )
    brief_service_pb2_grpc.add_BriefServiceServicer_to_server(
        BriefServicer(
            backend,
            article_window=settings.article_window,
            idle_seconds=settings.stream_idle_seconds,
        ),
        server,
    )
    model_service_pb2_grpc.add_ModelServiceServicer_to_server(ModelServicer(backend), server)
    health_pb2_grpc.add_HealthServicer_to_server(health, server)
    if settings.reflection:
        names = (*SERVICE_NAMES, HEALTH_SERVICE_NAME, reflection.SERVICE_NAME)
        reflection.enable_server_reflection(names, server)
    return server


def build_health_server(settings: Settings, health: HealthServicer) -> grpc.aio.Server:
    """A server that answers health checks and nothing else, bound to nothing yet."""
    server = grpc.aio.server(options=server_options(settings))
    health_pb2_grpc.add_HealthServicer_to_server(health, server)
    return server


def bind(
    server: grpc.aio.Server,
    listen: str,
    *,
    credentials: grpc.ServerCredentials | None = None,
    setting: str = "listen",
) -> str:
    """Binds `listen` and returns the address with the port that was really taken.

    Without `credentials` it is not encrypted. Raises SettingInvalid, which names `setting`, when
    another process has the address, or this one may not take it.
    """
    if listen.startswith(UNIX_SCHEME) and _answers(listen.removeprefix(UNIX_SCHEME)):
        # gRPC would unlink the socket of the running server and take its place in silence.
        raise SettingInvalid(f"{setting}: another process listens on {listen}; stop it first")
    try:
        if credentials is None:
            port = server.add_insecure_port(listen)
        else:
            port = server.add_secure_port(listen, credentials)
    except RuntimeError as error:
        raise SettingInvalid(
            f"{setting}: cannot listen on {listen}; see that the host is an address of this "
            "machine and that no other process uses the port"
        ) from error
    if listen.startswith(UNIX_SCHEME):
        return listen
    return f"{listen.rpartition(':')[0]}:{port}"


def _answers(path: str) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        try:
            client.connect(path)
        except OSError:
            return False
    return True
