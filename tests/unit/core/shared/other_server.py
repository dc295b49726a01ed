"""A small server that answers as it is told to, for what no server of Segue says."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Said:
    """What is answered to a request; `close` hangs up after it, and without a status at once."""

    status: int | None = 200
    body: bytes = b"{}"
    kind: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    close: bool = False


@dataclass
class OtherServer:
    """Answers in order, the last one again and again; `asked` is what it was asked, with the key that was shown."""

    address: str
    answers: list[Said]
    asked: list[tuple[str, str, str]] = field(default_factory=list)


@contextmanager
def other_server(*answers: Said) -> Iterator[OtherServer]:
    """Such a server, until the context is left."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            there.asked.append((self.command, self.path, self.headers.get("Authorization", "")))
            said = there.answers.pop(0) if len(there.answers) > 1 else there.answers[0]
            if said.status is not None:
                self.send_response(said.status)
                sent = {"Content-Type": said.kind, "Content-Length": str(len(said.body)), **said.headers}
                for name, value in sent.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(said.body)
            self.close_connection |= said.close or said.status is None

        do_POST = do_GET  # noqa: N815 - as the library wants it

        def log_message(self, *args: object) -> None:
            """Nobody reads it."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        there = OtherServer(f"http://127.0.0.1:{server.server_address[1]}", list(answers))
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield there
        server.shutdown()
        thread.join()
