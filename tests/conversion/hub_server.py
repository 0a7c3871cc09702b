"""A small HTTP server that answers as the Hugging Face Hub does, for one repository at a time."""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import unquote, urlsplit

WEIGHTS = "model.safetensors"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
# What the hub keeps in Git itself; the rest is Git LFS.
_TEXT_SUFFIXES = (".json", ".md")


@dataclass
class Request:
    """What a client asked."""

    method: str
    path: str
    headers: dict[str, str]


@dataclass
class StandIn:
    """A hub with one repository, `owner/tiny`, and a list of troubles, each used once.

    A trouble is ("status", code), answered instead of what was asked, ("break", byte_count), where
    the connection ends after that many bytes of a file, or ("none", 0). With `stalls_after`, no
    more than that many bytes of the weights come. Keys that are `unstated` are left out of the
    list of files.
    """

    files: dict[str, bytes]
    license: str | None = "apache-2.0"
    task: str | None = "translation"
    api_troubles: list[tuple[str, int]] = field(default_factory=list)
    file_troubles: list[tuple[str, int]] = field(default_factory=list)
    wrong_digests: set[str] = field(default_factory=set)
    unstated: set[str] = field(default_factory=set)
    commit: str = COMMIT
    ignores_range: bool = False
    stalls_after: int | None = None
    ended: threading.Event = field(default_factory=threading.Event)
    requests: list[Request] = field(default_factory=list)
    url: str = ""

    def ranges_of(self, name: str) -> list[str | None]:
        """The Range headers of the requests for a file, where its content is."""
        place = f"/{COMMIT}/{name}" if name.endswith(_TEXT_SUFFIXES) else f"/store/{name}"
        return [
            request.headers.get("range")
            for request in self.requests
            if request.path.endswith(place)
        ]

    def describe(self, revision: str) -> dict[str, Any]:
        """The answer of /api/models/ID/revision/REVISION?blobs=true."""
        return {
            "_id": "1",
            "id": "owner/tiny",
            "modelId": "owner/tiny",
            "sha": self.commit,
            "tags": [self.task] if self.task else [],
            "pipeline_tag": self.task,
            "cardData": {"license": self.license} if self.license else {},
            "siblings": [self._sibling(name) for name in self.files],
        }

    def _sibling(self, name: str) -> dict[str, Any]:
        content = self.files[name]
        blob = hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()
        sha256 = hashlib.sha256(content).hexdigest()
        if name in self.wrong_digests:
            blob, sha256 = "0" * 40, "0" * 64
        entry: dict[str, Any] = {"rfilename": name, "size": len(content), "blobId": blob}
        if not name.endswith(_TEXT_SUFFIXES):
            entry["lfs"] = {"sha256": sha256, "size": len(content), "pointerSize": 134}
        return {key: value for key, value in entry.items() if key not in self.unstated}


class _Handler(BaseHTTPRequestHandler):
    hub: StandIn
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is printed."""

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path)
        headers = {key.lower(): value for key, value in self.headers.items()}
        self.hub.requests.append(Request("GET", path, headers))
        if match := re.fullmatch(r"/api/models/(.+?)/revision/(.+)", path):
            self._answer_api(match[1], match[2])
        elif match := re.fullmatch(rf"/owner/tiny/resolve/{COMMIT}/(.+)", path):
            self._answer_file(match[1])
        elif match := re.fullmatch("/store/(.+)", path):
            self._answer_content(match[1])
        else:
            self._fail(404, "EntryNotFound")

    def _answer_api(self, repository: str, revision: str) -> None:
        if self.hub.api_troubles:
            self._fail(self.hub.api_troubles.pop(0)[1])
        elif repository != "owner/tiny":
            # The hub does not tell a repository that is missing from one that is private.
            self._fail(401, "RepoNotFound")
        elif revision == "gated":
            self._fail(403, "GatedRepo")
        elif revision not in ("main", "refs/pr/7", COMMIT):
            self._fail(404, "RevisionNotFound")
        else:
            body = json.dumps(self.hub.describe(revision)).encode()
            self._send(200, body, {"Content-Type": "application/json"})

    def _answer_file(self, name: str) -> None:
        if name.endswith(_TEXT_SUFFIXES):
            self._answer_content(name)
        else:
            # Another origin, which must not get the token.
            store = f"http://localhost:{self.server.server_address[1]}/store/{name}"
            self._send(302, b"", {"Location": store, "X-Repo-Commit": COMMIT})

    def _answer_content(self, name: str) -> None:
        trouble = self.hub.file_troubles.pop(0) if self.hub.file_troubles else ("none", 0)
        if trouble[0] == "status":
            self._fail(trouble[1])
            return
        content = self.hub.files[name]
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        start = int(asked[1]) if asked and not self.hub.ignores_range else 0
        headers = {"X-Repo-Commit": COMMIT, "ETag": '"etag"', "Accept-Ranges": "bytes"}
        if start:
            headers["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
        cut = trouble[1] if trouble[0] == "break" else None
        if name == WEIGHTS and self.hub.stalls_after is not None:
            cut = self.hub.stalls_after
        self._send(206 if start else 200, content[start:], headers, cut=cut)

    def _fail(self, status: int, code: str = "") -> None:
        headers = {"X-Error-Code": code} if code else {}
        if status in (429, 503):
            headers["Retry-After"] = "0"
        self._send(status, b"{}", headers)

    def _send(
        self, status: int, body: bytes, headers: dict[str, str], *, cut: int | None = None
    ) -> None:
        self.send_response(status)
        for key, value in headers.items():
            self.send_header(key, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[:cut])
        if cut is not None:
            self.wfile.flush()
            self.close_connection = True
            if self.hub.stalls_after is not None:
                self.hub.ended.wait()


@contextmanager
def serving(hub: StandIn) -> Iterator[StandIn]:
    """The stand-in on a free port of this machine, for as long as the block runs."""
    handler = type("Handler", (_Handler,), {"hub": hub})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        hub.url = f"http://127.0.0.1:{server.server_address[1]}"
        try:
            yield hub
        finally:
            hub.ended.set()
            server.shutdown()
            thread.join()


@cache
def marian_files() -> dict[str, bytes]:
    """A small MarianMT checkpoint, as `opus-mt` models lie on the hub. It says one word."""
    # Only these tests need what makes it, which is not installed everywhere.
    from transformers import MarianMTModel  # noqa: PLC0415

    from tests.conversion.checkpoints import Noise, write_marian  # noqa: PLC0415

    with TemporaryDirectory() as place:
        directory = Path(place) / "checkpoint"
        write_marian(directory, Noise())
        vocabulary = json.loads((directory / "vocab.json").read_text(encoding="utf-8"))
        model = MarianMTModel.from_pretrained(directory)
        # Random weights would go on and repeat themselves, which a self-test does not accept.
        model.final_logits_bias.fill_(-1e4)
        model.final_logits_bias[0, vocabulary["</s>"]] = 1e3
        word = next(number for token, number in vocabulary.items() if re.match("▁[a-z]", token))
        model.final_logits_bias[0, word] = 0.0
        model.save_pretrained(directory)
        return {path.name: path.read_bytes() for path in sorted(directory.iterdir())}
