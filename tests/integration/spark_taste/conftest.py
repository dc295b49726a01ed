"""One Spark for all tests of taste."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pyspark.sql import SparkSession

from indexer.core.home import Home
from indexer.spark.session import spark_session


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    """Two cores of this machine; ends with the module, for a process can have but one."""
    with spark_session(Home.resolve(tmp_path_factory.mktemp("taste")), "local[2]") as session:
        yield session
