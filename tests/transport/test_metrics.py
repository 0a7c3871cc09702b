"""What the counters of a running service say."""

from __future__ import annotations

import asyncio
import http.client
import socket
import urllib.error
import urllib.request

import grpc
import pytest
from prometheus_client.parser import text_string_to_metric_families

from mujaz.settings import SettingInvalid, Settings
from mujaz.transport.lifecycle import Service
from mujaz.transport.metrics_listener import SCRAPE_THREADS
from mujaz.v1.brief_service_pb2 import Article, BriefConfig, ProcessArticlesRequest
from mujaz.v1.translation_service_pb2 import StreamTranslateTextRequest, TranslateTextRequest
from mujaz.v1.translation_service_pb2_grpc import TranslationServiceStub
from scripts.render_operations import metric_families
from tests.conftest import MODELS, RunningServer, running_server
from tests.transport.failures import everything, failure

pytestmark = pytest.mark.model

SENTENCE = "أعلنت الوزارة اليوم عن خطة جديدة."
TRANSLATE = "/mujaz.v1.TranslationService/TranslateText"


class Scrape:
    """The samples of one answer of the metrics port."""

    def __init__(self, text: str) -> None:
        self.families = {family.name: family for family in text_string_to_metric_families(text)}

    def value(self, name: str, /, **labels: str) -> float:
        found = [
            sample.value
            for family in self.families.values()
            for sample in family.samples
            if sample.name == name and labels.items() <= sample.labels.items()
        ]
        assert found, f"no {name} with {labels}"
        return sum(found)


async def scrape(server: RunningServer) -> Scrape:
    # A failed call is answered a moment before it is counted.
    await server.service._in_progress.wait_until_none(10)
    url = f"http://{server.service.metrics_address}/metrics"

    def read() -> str:
        with urllib.request.urlopen(url, timeout=10) as response:
            return str(response.read().decode())

    return Scrape(await asyncio.to_thread(read))


async def test_a_scrape_counts_calls_sentences_tokens_and_batches() -> None:
    async with running_server(metrics_listen="127.0.0.1:0") as server:
        await server.translation.TranslateText(TranslateTextRequest(content=SENTENCE))
        await everything(
            server.translation.StreamTranslateText(StreamTranslateTextRequest(content=SENTENCE))
        )
        refused = await failure(server.translation.TranslateText(TranslateTextRequest()))
        page = await scrape(server)
    assert refused.reason == "CONTENT_EMPTY"
    assert page.value("mujaz_rpcs_started_total", method=TRANSLATE) == 2
    ok = {"method": TRANSLATE, "code": "OK", "reason": ""}
    assert page.value("mujaz_rpcs_handled_total", **ok) == 1
    failed = {"method": TRANSLATE, "code": "INVALID_ARGUMENT", "reason": "CONTENT_EMPTY"}
    assert page.value("mujaz_rpcs_handled_total", **failed) == 1
    assert page.value("mujaz_rpc_seconds_count", method=TRANSLATE) == 2
    assert page.value("mujaz_rpcs_in_progress") == 0
    assert page.value("mujaz_sentences_total") == 2
    assert page.value("mujaz_batch_seconds_count") >= 1
    assert page.value("mujaz_tokens_total", side="source") > 0
    assert page.value("mujaz_cache_hits_total") >= 1
    assert page.value("mujaz_ready") == 1
    assert page.value("mujaz_draining") == 0
    assert page.value("mujaz_threads") > 1
    assert page.value("mujaz_model_info", name="models/ar-en") == 1


async def test_a_scrape_has_no_metric_that_is_not_documented() -> None:
    documented = {family.name.removesuffix("_total") for family in metric_families()}
    async with running_server(metrics_listen="127.0.0.1:0") as server:
        page = await scrape(server)
    made = {name for name in page.families if not name.endswith("_created")}
    assert made == documented - {"mujaz_certificate_expiry_timestamp_seconds"}


async def test_articles_are_counted_by_what_became_of_them() -> None:
    requests = [
        ProcessArticlesRequest(config=BriefConfig()),
        ProcessArticlesRequest(article=Article(article_id="good", body=SENTENCE)),
        ProcessArticlesRequest(article=Article(article_id="empty")),
    ]
    async with running_server(metrics_listen="127.0.0.1:0") as server:
        answers = await everything(server.brief.ProcessArticles(iter(requests)))
        page = await scrape(server)
    assert len(answers) == 2
    assert page.value("mujaz_articles_total", reason="") == 1
    assert page.value("mujaz_articles_total", reason="CONTENT_EMPTY") == 1


async def test_two_services_count_for_themselves() -> None:
    async with running_server() as first, running_server() as second:
        await first.translation.TranslateText(TranslateTextRequest(content=SENTENCE))
        counts = [
            each.service.metrics.registry.get_sample_value("mujaz_sentences_total")
            for each in (first, second)
        ]
    assert counts == [1, 0]


async def test_a_reload_is_counted() -> None:
    async with running_server() as server:
        await server.service.reload()
        registry = server.service.metrics.registry
        value = registry.get_sample_value("mujaz_reloads_total", {"outcome": "succeeded"})
    assert value == 1


async def test_a_port_that_is_taken_ends_the_start_and_frees_the_other_one() -> None:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        taken = f"127.0.0.1:{holder.getsockname()[1]}"
        settings = Settings(listen="127.0.0.1:0", models=MODELS, metrics_listen=taken)
        service = Service(settings)
        with pytest.raises(SettingInvalid, match=f"metrics_listen: cannot listen on {taken}"):
            await service.start()


async def test_scrapers_that_send_nothing_hold_up_no_call_and_no_stop() -> None:
    async with running_server(metrics_listen="127.0.0.1:0") as server:
        address = server.service.metrics_address
        assert address is not None
        host, _, port = address.rpartition(":")
        stalled = [socket.create_connection((host, int(port))) for _ in range(SCRAPE_THREADS)]
        response = await server.translation.TranslateText(TranslateTextRequest(content=SENTENCE))
        assert response.translated_text
        for each in stalled:
            each.close()
        page = await scrape(server)
        assert page.value("mujaz_ready") == 1


async def test_the_port_is_free_again_after_the_end() -> None:
    async with running_server(metrics_listen="127.0.0.1:0") as server:
        address = str(server.service.metrics_address)
    async with running_server(metrics_listen=address) as again:
        assert again.service.metrics_address == address
        assert (await scrape(again)).value("mujaz_ready") == 1


async def test_a_request_that_is_no_scrape_is_refused_and_the_port_goes_on() -> None:
    async with running_server(metrics_listen="127.0.0.1:0") as server:
        address = str(server.service.metrics_address)

        def post() -> int:
            connection = http.client.HTTPConnection(address, timeout=10)
            connection.request("POST", "/metrics", body=b"x")
            status = connection.getresponse().status
            connection.close()
            return status

        assert await asyncio.to_thread(post) == 405
        assert (await scrape(server)).value("mujaz_ready") == 1


@pytest.mark.parametrize("listen", ["unix:/run/metrics", "9464", "localhost"])
def test_what_is_no_host_and_port_is_refused(listen: str) -> None:
    with pytest.raises(SettingInvalid, match=r"metrics_listen: .* is not HOST:PORT"):
        Settings(metrics_listen=listen)


def test_calls_need_no_leave_to_be_in_the_clear_for_others_to_read_the_metrics() -> None:
    settings = Settings(metrics_listen="0.0.0.0:9464")
    assert settings.metrics_listen
    assert not settings.insecure_any


async def test_a_call_its_caller_left_is_counted_as_cancelled() -> None:
    text = " ".join([SENTENCE] * 400)
    service = Service(Settings(listen="127.0.0.1:0", models=MODELS, drain_grace_seconds=5.0))
    await service.start()
    async with grpc.aio.insecure_channel(service.address) as channel:
        stub = TranslationServiceStub(channel)
        call = stub.StreamTranslateText(StreamTranslateTextRequest(content=text))
        await call.read()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call.read()
        labels = {
            "method": "/mujaz.v1.TranslationService/StreamTranslateText",
            "code": grpc.StatusCode.CANCELLED.name,
            "reason": "",
        }
        await service.stop()  # returns after the last call has ended
        assert service.metrics.registry.get_sample_value("mujaz_rpcs_handled_total", labels) == 1
