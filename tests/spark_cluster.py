"""A standalone Spark master with workers, started on this machine over loopback, whose executors can be killed."""

from __future__ import annotations

import os
import re
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pyspark

from indexer.core.politeness import environment
from tests.waiting import wait_until

HOST = "127.0.0.1"
_ROOT = Path(__file__).resolve().parents[1]
_START_SECONDS = 300
_MASTER_AT = re.compile(r"Starting Spark master at (spark://\S+)")
_REGISTERED = re.compile(r"Successfully registered with master")
STARTS_FAST = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
"""Options of a JVM that lives for seconds: no compiling for hours to come, no thread but those that work."""
_DEFAULTS = f"""\
spark.authenticate true
spark.authenticate.secret {{secret}}
spark.network.crypto.enabled true
spark.executor.extraJavaOptions {STARTS_FAST}
spark.eventLog.enabled true
spark.eventLog.compress false
spark.eventLog.dir {{events}}
"""
_EXECUTOR = "CoarseGrainedExecutorBackend"


class Cluster:
    """A running cluster; `folder` holds its configuration, logs and what executors put on disk."""

    def __init__(self, url: str, workers: list[psutil.Process], folder: Path) -> None:
        self.url = url
        self.folder = folder
        self._workers = workers

    def executors(self) -> list[psutil.Process]:
        """The executors' JVMs that run now."""
        found = [child for worker in self._workers for child in worker.children() if is_executor(child)]
        return sorted(found, key=lambda process: process.pid)

    def kill_executor(self) -> int:
        """Kill -9 one executor; its process id."""
        victim = self.executors()[0]
        victim.kill()
        return victim.pid

    def processes(self) -> list[psutil.Process]:
        """Everything that runs for it, but the master; some may have ended meanwhile."""
        found = list(self._workers)
        for worker in self._workers:
            with suppress(psutil.Error):
                found += worker.children(recursive=True)
        return found

    def written(self) -> str:
        """All that its daemons and executors wrote to logs."""
        logs = [*self.folder.glob("*.log"), *self.folder.rglob("stderr"), *self.folder.rglob("stdout")]
        return "\n".join(log.read_text(encoding="utf-8", errors="replace") for log in logs)


@contextmanager
def cluster(folder: Path, *, workers: int = 2, cores: int = 1, memory: str = "1g") -> Iterator[Cluster]:
    """A master and `workers` with so many cores each, which ask everyone for a shared secret.

    Within the block this process finds the cluster's configuration, as a driver has to.
    """
    configuration = folder / "conf"
    events = folder / "events"
    for made in (configuration, events):
        made.mkdir(parents=True)
    defaults = configuration / "spark-defaults.conf"
    defaults.touch(mode=0o600)
    defaults.write_text(_DEFAULTS.format(secret=secrets.token_hex(16), events=events.as_uri()))
    started: list[subprocess.Popen[bytes]] = []
    with environment({"SPARK_CONF_DIR": str(configuration), "SPARK_EXECUTOR_MEMORY": memory}):
        try:
            url = _started(folder, started, "master.Master", "--webui-port", "0")(_MASTER_AT)
            options = ["--webui-port", "0", "--cores", str(cores), "--memory", memory, "-d", str(folder / "work"), url]
            ready = [_started(folder, started, "worker.Worker", *options) for _ in range(workers)]
            for registered in ready:
                registered(_REGISTERED)
            yield Cluster(url, [psutil.Process(process.pid) for process in started[1:]], folder)
        finally:
            _end(started)


@contextmanager
def executors_start_fast(folder: Path) -> Iterator[None]:
    """Within the block, executors of a `local-cluster` are JVMs that live for seconds."""
    defaults = folder / "spark-defaults.conf"
    defaults.write_text(f"spark.executor.extraJavaOptions {STARTS_FAST}\n")
    with environment({"SPARK_CONF_DIR": str(folder)}):
        yield


def _started(
    folder: Path, started: list[subprocess.Popen[bytes]], name: str, *arguments: str
) -> Callable[[re.Pattern[str]], str]:
    """Start a daemon; the function waits for a line in its log and returns what the pattern found."""
    log = folder / f"{len(started)}-{name}.log"
    spark = Path(pyspark.__file__).parent
    command = [str(spark / "bin" / "spark-class"), f"org.apache.spark.deploy.{name}", "--host", HOST, "--port", "0"]
    variables = os.environ | {
        "SPARK_LOCAL_IP": HOST,
        "SPARK_HOME": str(spark),
        "SPARK_DAEMON_MEMORY": "256m",
        "SPARK_DAEMON_JAVA_OPTS": STARTS_FAST,
        "PYTHONPATH": str(_ROOT),
        "PYSPARK_PYTHON": sys.executable,
    }
    with log.open("wb") as stream:
        process = subprocess.Popen([*command, *arguments], stdout=stream, stderr=stream, env=variables)
    started.append(process)

    def wait_for(pattern: re.Pattern[str]) -> str:
        found: re.Match[str] | None = None

        def said_or_ended() -> bool:
            nonlocal found
            found = pattern.search(log.read_text(encoding="utf-8", errors="replace"))
            return found is not None or process.poll() is not None

        with suppress(AssertionError):
            wait_until(said_or_ended, seconds=_START_SECONDS)
        if found is not None:
            return found[found.re.groups]
        raise TimeoutError(f"{name} did not start:\n{log.read_text(encoding='utf-8', errors='replace')}")

    return wait_for


def is_executor(process: psutil.Process) -> bool:
    """Whether it is the JVM of one that still runs."""
    try:
        return any(_EXECUTOR in word for word in process.cmdline())
    except psutil.Error:
        return False


def _end(started: list[subprocess.Popen[bytes]]) -> None:
    """End the daemons, workers first; executors end with their worker."""
    for process in reversed(started):
        below = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
        process.kill()
        process.wait()
        for child in below:
            if child.is_running():
                child.kill()
