"""A real server process for tests, on a free port of this machine, told and followed as the player does it."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from indexer.core import events, serving
from indexer.core.home import Home
from indexer.core.serving import Request, Serving
from tests.conftest import REPOSITORY
from tests.waiting import wait_until

START_SECONDS = 60.0


@dataclass
class ServerProcess:
    """What it said until now."""

    process: subprocess.Popen[str]
    states: list[Serving] = field(default_factory=list)
    notices: list[events.Notice] = field(default_factory=list)
    failures: list[events.Failed] = field(default_factory=list)

    @property
    def address(self) -> str:
        """With a slash at the end."""
        return self.states[-1].addresses[0]

    @property
    def link(self) -> str:
        """Where the first account is made."""
        return self.states[-1].link

    def ask(self, request: Request) -> None:
        """As the player asks."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{serving.encode_request(request)}\n")
        self.process.stdin.flush()

    def end(self, seconds: float = 60.0) -> int:
        """Close its input, as a player does that is gone; its exit code."""
        assert self.process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        return self.process.wait(seconds)

    def follow(self) -> None:
        """Take in what it prints, in a thread of its own."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            state = serving.decode(line)
            if state is not None:
                self.states.append(state)
                continue
            match events.decode(line):
                case events.Notice() as notice:
                    self.notices.append(notice)
                case events.Failed() as failure:
                    self.failures.append(failure)


@contextlib.contextmanager
def started(
    home: Home, *options: str, uri: str | None = None, variables: Mapping[str, str] | None = None
) -> Iterator[ServerProcess]:
    """Start the server of a home at a free port; what it says is followed, and nothing is waited for.

    Args:
        home: of the library.
        options: of the server, beside `--home`, `--port 0` and `--events`.
        uri: of the database, None for the one that the home has.
        variables: of its environment, beside those of this process.
    """
    command = [sys.executable, "-m", "musicplayer.server", "--home", str(home.root), "--events", *options]
    if "--port" not in options:
        command += ["--port", "0"]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), **(variables or {})}
    if uri is not None:
        environment["SEGUE_MONGODB_URI"] = uri
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        environment.pop(name, None)
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment, cwd=REPOSITORY
    )
    server = ServerProcess(process)
    follower = threading.Thread(target=server.follow, daemon=True)
    follower.start()
    try:
        yield server
    finally:
        if process.poll() is None:
            try:
                server.end()
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        follower.join()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with contextlib.suppress(BrokenPipeError):
                    stream.close()


@contextlib.contextmanager
def served(home: Home, *options: str, uri: str | None = None) -> Iterator[ServerProcess]:
    """The same, once it takes requests."""
    with started(home, *options, uri=uri) as server:
        wait_until(lambda: server.states or server.process.poll() is not None, "the server", seconds=START_SECONDS)
        assert server.states, server.failures
        yield server
