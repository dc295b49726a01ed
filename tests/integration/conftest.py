"""Fixtures of the tests that speak to real servers."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.integration.spark_library import Reference


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
