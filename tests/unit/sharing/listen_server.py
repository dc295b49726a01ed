"""A little server on this machine that takes plays as ListenBrainz documents it, and can be made to fail."""

from __future__ import annotations

import json
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOKEN = "a-token-of-the-server"

Listen = dict[str, Any]


@dataclass
class Answer:
    """What is answered in place of what the documentation says; nothing at all where `status` is 0."""

    status: int
    body: str = '{"code": 0, "error": "as the test wants it"}'
    headers: dict[str, str] = field(default_factory=dict)
    keeps: bool = False
    """Whether the plays are kept all the same."""


class ListenServer:
    """What it was told.

    Attributes:
        listens: those that are kept, in the order they came; one that began when another did is the same one.
        submissions: kinds and numbers of plays of all that was submitted.
        times: when they came, seconds of the monotonic clock.
        token: the one that is right.
        next: what is answered to the next submissions, before all is well again.
        as_maloja: what follows a known listen in one submission is passed over, and all is said to be well.
    """

    def __init__(self, server: ThreadingHTTPServer) -> None:
        self._server = server
        self.address = f"http://127.0.0.1:{server.server_address[1]}/apis/listenbrainz"
        self.listens: dict[int, Listen] = {}
        self.submissions: list[tuple[str, int]] = []
        self.times: list[float] = []
        self.token = TOKEN
        self.next: deque[Answer] = deque()
        self.as_maloja = False

    @property
    def titles(self) -> list[str]:
        return [listen["track_metadata"]["track_name"] for listen in self.listens.values()]

    def take(self, content: dict[str, Any]) -> Answer:
        """A submission, as it is documented."""
        kind, payload = content["listen_type"], content["payload"]
        self.times.append(time.monotonic())
        self.submissions.append((kind, len(payload)))
        answer = self.next.popleft() if self.next else Answer(200, '{"status": "ok"}', keeps=True)
        if kind == "single" and len(payload) != 1:
            return Answer(400, '{"code": 400, "error": "One listen in a single."}')
        if answer.keeps and any(listen["track_metadata"]["artist_name"] == "Nobody" for listen in payload):
            return Answer(400, '{"code": 400, "error": "Nobody is no artist."}')
        if answer.keeps:
            self._keep(payload)
        return answer

    def _keep(self, payload: list[Listen]) -> None:
        for listen in payload:
            if listen["listened_at"] in self.listens and self.as_maloja:
                return
            self.listens.setdefault(listen["listened_at"], listen)


class _Handler(BaseHTTPRequestHandler):
    kept: ListenServer

    def do_GET(self) -> None:
        known = self.headers["Authorization"] == f"Token {self.kept.token}"
        said = {"code": 200, "message": "Token valid.", "valid": known, "user_name": "anna" if known else ""}
        self._answer(Answer(200, json.dumps(said)) if self.path.endswith("/1/validate-token") else Answer(404, "no"))

    def do_POST(self) -> None:
        content = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if not self.path.endswith("/1/submit-listens"):
            self._answer(Answer(404, "<p>There is nothing here.</p>"))
        elif self.headers["Authorization"] != f"Token {self.kept.token}":
            self._answer(Answer(401, '{"code": 401, "error": "Invalid authorization token."}'))
        else:
            self._answer(self.kept.take(content))

    def _answer(self, answer: Answer) -> None:
        if not answer.status:
            self.close_connection = True
            return
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        body = answer.body.encode()
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving(port: int = 0) -> Iterator[ListenServer]:
    """One that runs until the end of the block."""
    handler = type("Handler", (_Handler,), {})
    with ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
        handler.kept = ListenServer(server)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield handler.kept
        finally:
            server.shutdown()
            thread.join()
