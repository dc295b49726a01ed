"""Fixtures of the tests that speak to real servers."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from indexer.core.home import Home

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from tests.integration.spark_library import Reference

TWO_CORES = "local[2]"

_shared_spark = ExitStack()
"""Ends the JVM of `spark`."""


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> SparkSession:
    """Spark on two cores of this machine, one JVM for all files that ask for it and are run one after another."""
    from pyspark.sql import SparkSession

    from indexer.spark.session import spark_session

    running = SparkSession.getActiveSession()
    if running is not None:
        running.conf.unset("spark.sql.shuffle.partitions")  # as in a session of one's own
        return running
    home = Home.resolve(tmp_path_factory.mktemp("two-cores"))
    return _shared_spark.enter_context(spark_session(home, TWO_CORES))


@pytest.fixture
def builds_share_spark(spark: SparkSession, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever names no master uses the JVM of `spark`."""
    from indexer.spark.masters import MASTER_VARIABLE

    monkeypatch.setenv(MASTER_VARIABLE, TWO_CORES)


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """End the JVM before a file that does not ask for it: a process can have but one."""
    if nextitem is None or (nextitem.path != item.path and not _asks_for_spark(nextitem)):
        _shared_spark.close()


def _asks_for_spark(item: pytest.Item) -> bool:
    return any("spark" in getattr(one, "fixturenames", ()) for one in item.session.items if one.path == item.path)


@pytest.fixture(scope="session")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reference]:
    """What two cores make of a library, for all who compare with it."""
    from tests.integration.spark_library import reference as built

    with built(tmp_path_factory.mktemp("reference")) as made:
        yield made


@pytest.fixture(scope="session")
def bus_address() -> Iterator[str]:
    """The address of a session bus of our own; skips where there is no daemon for one."""
    if sys.platform != "linux" or shutil.which("dbus-daemon") is None:
        pytest.skip("dbus-daemon is not installed (Debian: dbus-daemon)")
    daemon = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--print-address"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert daemon.stdout is not None
    yield daemon.stdout.readline().strip()
    daemon.terminate()
    daemon.communicate()
