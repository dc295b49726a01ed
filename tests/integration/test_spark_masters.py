"""The same models and lists on one core, two cores and two executors."""

from __future__ import annotations

import gc
import sys

import pytest

from indexer.analysis.control import Control
from indexer.core.home import Home
from indexer.core.model import Manifest, current_model_folder
from indexer.core.model.profiles import CLASSIC
from indexer.core.store import open_database
from indexer.core.tracks import Track, TrackId
from indexer.spark.choice import Join
from indexer.spark.errors import SparkFailed
from indexer.spark.extraction import extract_on_spark
from indexer.spark.session import spark_session
from tests.integration.spark_library import Library, Reference, build
from tests.spark_cluster import executors_start_fast

pytestmark = [pytest.mark.spark, pytest.mark.database]

ONE_CORE = "local[1]"
TWO_EXECUTORS = "local-cluster[2,1,1024]"


@pytest.fixture(scope="module")
def library(reference: Reference) -> Library:
    return reference.library


@pytest.fixture(scope="module")
def built(library: Library, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, Join], Manifest]:
    """Models of the other masters; one Spark after another, for a process can have but one."""
    found = {}
    configuration = tmp_path_factory.mktemp("configuration")
    for master, joins in ((ONE_CORE, (Join.EXACT, Join.LSH)), (TWO_EXECUTORS, (Join.EXACT,))):
        with executors_start_fast(configuration), spark_session(library.home, master):
            for join in joins:
                found[master, join] = build(library, lambda _: None, master=master, join=join)
    return found


@pytest.mark.parametrize(
    ("master", "join"), [(ONE_CORE, Join.EXACT), (ONE_CORE, Join.LSH), (TWO_EXECUTORS, Join.EXACT)]
)
def test_every_array_is_the_same_wherever_it_was_built(
    reference: Reference, built: dict[tuple[str, Join], Manifest], master: str, join: Join
) -> None:
    on_two_cores = (reference.lsh if join is Join.LSH else reference.exact).manifest
    assert built[master, join].files == on_two_cores.files
    assert built[master, join].id != on_two_cores.id


def test_a_master_that_is_not_there_is_named(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    ignored: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", ignored.append)
    before = current_model_folder(library.home, "sonic")
    with pytest.raises(SparkFailed, match=r"mesos://nowhere") as failure:
        build(library, lambda _: None, master="mesos://nowhere:5050")
    assert "spark.log" in failure.value.advice
    assert current_model_folder(library.home, "sonic") == before
    del failure
    gc.collect()
    assert not ignored, "pipes that were left open"


def test_an_analysis_that_fails_does_not_advise_to_rebuild_the_index(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    home = Home.resolve(tmp_path_factory.mktemp("failing"))
    with open_database(home) as database:
        database.tracks.upsert([Track(TrackId("a" * 32), "/music/a.mp3", "/music", title="A")])
        with pytest.raises(SparkFailed) as failure:
            extract_on_spark(
                database, home, master="local[zero]", profiles=(CLASSIC,), on_event=lambda _: None, control=Control()
            )
    assert "local[zero]" in failure.value.message
    assert "What was analysed is kept" in failure.value.advice
    assert "ebuild" not in failure.value.advice
