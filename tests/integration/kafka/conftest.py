"""A broker of each kind for the tests that need one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.brokers import NEEDS, Broker, needed, running


@pytest.fixture(params=NEEDS)
def broker(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Broker]:
    """A broker that runs."""
    with running(tmp_path / "broker", request.param) as made:
        yield made


@pytest.fixture
def lasting(tmp_path: Path) -> Iterator[Broker]:
    """A broker that keeps what it is told on its disk, and is yet to be started."""
    needed("noida")
    made = Broker(tmp_path / "broker", "noida")
    yield made
    made.stop()
