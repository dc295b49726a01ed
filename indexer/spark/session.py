"""Starts and stops Spark: lean and silent on a desktop, or at the address of a cluster."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
import subprocess
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import dropwhile
from pathlib import Path
from typing import IO, Any

import psutil
from py4j.protocol import Py4JError, Py4JNetworkError
from pyspark import SparkConf, SparkContext
from pyspark.errors import PySparkException
from pyspark.java_gateway import launch_gateway
from pyspark.sql import SparkSession

import indexer
from indexer.core.home import Home
from indexer.core.politeness import ONE_THREAD, environment
from indexer.core.sentences.told import told
from indexer.spark.connector import packages
from indexer.spark.errors import JavaMissing, SparkFailed
from indexer.spark.masters import chosen_master, is_in_process, is_on_this_machine

LOOPBACK = "127.0.0.1"
REBUILD = "spark-rebuild"
GO_ON = "spark-rescan"
"""Codes of what to do where Spark failed, building a model or analysing files."""

OLDEST_JAVA = 17
_JAVA_SECONDS = 30
_STOP_SECONDS = 10
_OURS = re.compile(r"indexer(?:\.\w+)+: (.+)")
_RAISED = re.compile(r"(?:\w+\.)*\w*(?:Error|Exception): (?!Traceback)")
_SCRATCH = "spark-"
_DEEP_STACK = "-Xss16m"

_SETTINGS = {
    "spark.app.name": "segue",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.catalogImplementation": "in-memory",
    # The number of partitions decides the order of sums; it must not depend on the number of cores or the data's size.
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    # A row of features is 16 kB: ten thousand of them, the default, fill the memory of a worker.
    "spark.sql.execution.arrow.maxRecordsPerBatch": "1000",
    "spark.sql.inMemoryColumnarStorage.batchSize": "1000",
    "spark.serializer": "org.apache.spark.serializer.KryoSerializer",
    "spark.python.worker.reuse": "true",
    # The rounds of ALS are one long chain to Java's serialisation, which recurses: 1 MB is used up after ten of them.
    "spark.driver.defaultJavaOptions": _DEEP_STACK,
    "spark.executor.defaultJavaOptions": _DEEP_STACK,
    # Plans are shown in logs and on status pages: no address of a database in them, which may hold a password, and no
    # login to a broker.
    "spark.redaction.string.regex": r"mongodb\S*://\S+|password=\S+",
}
_LOCAL_SETTINGS = {
    "spark.driver.host": LOOPBACK,
    "spark.driver.bindAddress": LOOPBACK,
    # A build lasts seconds: starting fast and staying small beats peak speed.
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:-UsePerfData",
}


def spark_log(home: Home) -> Path:
    """Where the JVM and Python's workers write what they would print."""
    return home.logs / "spark.log"


def scratch_folder(home: Home) -> Path:
    """What Spark and we put on disk during a build of this process."""
    return home.cache / f"{_SCRATCH}{os.getpid()}"


@contextmanager
def spark_session(home: Home, master: str | None = None, *, advice: str = REBUILD) -> Iterator[SparkSession]:
    """A session of its own JVM, which ends with the block, and with this process however that ends.

    Within the block of a session at the same address that one is used and stays open: several builds in one process
    then start one JVM.

    Args:
        home: keeps the log, and in its cache what Spark puts on disk meanwhile.
        master: where to run; else SEGUE_SPARK_MASTER, else all cores of this machine.
        advice: code of what a person can do where Spark fails; its log is put in for `{file}`.

    Raises:
        JavaMissing: no Java, or an old one.
        SparkFailed: it did not start, or failed in the block.
    """
    chosen = chosen_master(master)
    running = SparkSession.getActiveSession()
    if running is not None and running.sparkContext.master == chosen:
        with _errors_reported(home, chosen, advice):
            yield running
        return
    _require_java()
    _delete_leftovers(home)
    scratch = scratch_folder(home)
    with (
        _errors_reported(home, chosen, advice),
        environment(worker_environment(chosen)),
        _jvm(home, configuration(chosen, scratch)) as gateway,
        _errors_reported(home, chosen, advice),  # once more, for as long as the JVM can be asked what it meant
    ):
        context = SparkContext(gateway=gateway, conf=_with_secret(chosen, configuration(chosen, scratch)))
        context.setLogLevel("ERROR")
        if not is_in_process(chosen):
            context.addPyFile(_zipped_code(scratch))
        session = SparkSession(context)
        try:
            yield session
        finally:
            with contextlib.suppress(Py4JError, OSError):
                session.stop()


def configuration(master: str, scratch: Path) -> SparkConf:
    settings = _SETTINGS | {
        "spark.master": master,
        "spark.local.dir": str(scratch / "tmp"),
        "spark.sql.warehouse.dir": str(scratch / "warehouse"),
        "spark.driver.memory": f"{_memory_mb()}m",
    }
    if is_on_this_machine(master):
        settings |= _LOCAL_SETTINGS
    if wanted := packages():
        settings["spark.jars.packages"] = wanted
    settings |= {f"spark.executorEnv.{name}": value for name, value in ONE_THREAD.items()}
    return SparkConf(loadDefaults=False).setAll(list(settings.items()))


def _with_secret(master: str, conf: SparkConf) -> SparkConf:
    """Refuse whoever does not know a secret of this session: ports of this machine are open to all of its users.

    It goes to the JVM through the gateway, which has a secret of its own, and not with the settings that it is started
    with: command lines can be read by everyone. A standalone cluster has the secret of those who run it.
    """
    if not master.startswith("local"):
        return conf
    return conf.set("spark.authenticate", "true").set("spark.authenticate.secret", secrets.token_hex(32))


def _memory_mb() -> int:
    """Upper limit of the JVM's heap: a quarter of the machine, between 1 and 4 GiB."""
    total: int = psutil.virtual_memory().total
    return min(max(total // 4, 1 << 30), 4 << 30) >> 20


@contextmanager
def _jvm(home: Home, conf: SparkConf) -> Iterator[Any]:
    """The JVM, with its output in the log; it reads our end of a pipe and exits when that closes."""
    scratch = scratch_folder(home)
    (scratch / "tmp").mkdir(parents=True, exist_ok=True)
    home.logs.mkdir(parents=True, exist_ok=True)
    with spark_log(home).open("w", encoding="utf-8") as log:
        gateway = _launched(conf, log)
        try:
            yield gateway
        finally:
            with contextlib.suppress(Py4JError, OSError):
                gateway.shutdown()
            _end(gateway.proc)
            _forget_gateway()
            shutil.rmtree(scratch, ignore_errors=True)


def _launched(conf: SparkConf, log: IO[str]) -> Any:
    """The gateway to a JVM that answers; of one that ends before, nothing is left: pyspark does not hand it out."""
    try:
        return launch_gateway(conf=conf, popen_kwargs={"stdout": log, "stderr": log})
    except PySparkException as error:
        for frame, _ in traceback.walk_tb(error.__traceback__):
            if isinstance(process := frame.f_locals.get("proc"), subprocess.Popen):
                _end(process)
        raise


def _delete_leftovers(home: Home) -> None:
    """What builds left that were killed."""
    for folder in home.cache.glob(f"{_SCRATCH}*"):
        owner = folder.name.removeprefix(_SCRATCH)
        if owner.isdecimal() and not psutil.pid_exists(int(owner)):
            shutil.rmtree(folder, ignore_errors=True)


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.stdin is not None:
        with contextlib.suppress(OSError):
            process.stdin.close()
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _forget_gateway() -> None:
    """Let the next session of this process start a JVM: pyspark keeps the first one for good."""
    SparkContext._gateway = None  # noqa: SLF001
    SparkContext._jvm = None  # noqa: SLF001


def worker_environment(master: str) -> dict[str, str]:
    """Variables that the JVM hands on to Python's workers, which must find this interpreter and this package.

    On one machine the JVM need not know its own name in the network, which not every machine can look up.
    """
    package_root = str(Path(indexer.__file__).resolve().parent.parent)
    paths = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    alone = {"SPARK_LOCAL_IP": LOOPBACK} if is_on_this_machine(master) else {}
    return (
        ONE_THREAD
        | alone
        | {
            "PYSPARK_PYTHON": os.environ.get("PYSPARK_PYTHON", sys.executable),
            "PYSPARK_DRIVER_PYTHON": sys.executable,
            "PYTHONPATH": os.pathsep.join([package_root, *filter(None, paths)]),
        }
    )


def _zipped_code(scratch: Path) -> str:
    """This package as a zip, for executors on other machines."""
    root = Path(indexer.__file__).resolve().parent
    return shutil.make_archive(str(scratch / "indexer"), "zip", root.parent, root.name)


@contextmanager
def _errors_reported(home: Home, master: str, advice: str) -> Iterator[None]:
    what_to_do = told(advice, file=spark_log(home))
    try:
        yield
    except (Py4JNetworkError, ConnectionError, EOFError) as error:
        raise SparkFailed("spark-died", master=master, then=what_to_do) from error
    except (Py4JError, PySparkException) as error:
        raise SparkFailed("spark-failed", master=master, reason=first_line(error), then=what_to_do) from error


def first_line(error: Exception) -> str:
    """What happened: our own sentence where one was raised in a worker, else what Python or Spark says first."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    ours = [quoted[1] for line in lines if (quoted := _OURS.match(line))]
    raised = [line for line in dropwhile(_is_no_traceback, lines) if _RAISED.match(line)]
    return [*ours[-1:], *raised, *lines, type(error).__name__][0][:300]


def _is_no_traceback(line: str) -> bool:
    return not line.endswith("Traceback (most recent call last):")


def _require_java() -> Path:
    """The `java` program that Spark will use, that of JAVA_HOME, else the one on the PATH.

    Looked for before Spark fails for want of it in its own words.

    Raises:
        JavaMissing: there is none, it does not run, or it is older than 17.
    """
    home = os.environ.get("JAVA_HOME")
    found = shutil.which("java", path=str(Path(home) / "bin")) if home else shutil.which("java")
    if found is None:
        if home:
            raise JavaMissing("java-not-in-home", oldest=OLDEST_JAVA, folder=home)
        raise JavaMissing("java-missing", oldest=OLDEST_JAVA)
    version = _version_of(found)
    if version is None:
        raise JavaMissing("java-broken", oldest=OLDEST_JAVA, found=found)
    if version < OLDEST_JAVA:
        raise JavaMissing("java-old", oldest=OLDEST_JAVA, found=found, version=version)
    return Path(found)


def _version_of(java: str) -> int | None:
    """The major version, None where it cannot be told."""
    try:
        result = subprocess.run(
            [java, "-version"], capture_output=True, text=True, timeout=_JAVA_SECONDS, check=True, errors="replace"
        )
    except (OSError, subprocess.SubprocessError):
        return None
    match = re.search(r'version "(?:1\.)?(\d+)', result.stderr + result.stdout)
    return int(match.group(1)) if match else None
