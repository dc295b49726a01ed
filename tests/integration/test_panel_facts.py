"""What the panel asks of a real database in the background: why tracks are near, and what was hidden."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from indexer.core.audio.errors import SilentAudio
from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.home import Home
from indexer.core.model import SimilarityModel
from indexer.core.model.explain import Pair
from indexer.core.model.profiles import SONIC
from indexer.core.model.space.shipped import shipped_transform
from indexer.core.sentences.told import plain
from indexer.core.store import Database, FeatureRecord
from indexer.core.tracks import Problem, ProblemKind
from musicplayer.discover.dislikes import Dislikes
from musicplayer.discover.reasons import Reasons
from musicplayer.discover.similar import Similar
from musicplayer.discover.troubles import Troubles
from musicplayer.library.database_client import DatabaseClient
from musicplayer.ui.similar.panel_words import empty_words
from tests.unit.core.catalogue.tracks import track
from tests.unit.discover.small_model import PROFILE, write_small_model

pytestmark = pytest.mark.database

ONE, TWO, UNHEARD = (track(number).id for number in range(3))


@pytest.fixture
def client(home: Home, database: Database, qtbot: QtBot) -> Iterator[DatabaseClient]:
    made = DatabaseClient(home, SONIC.key, uri=database.uri)
    yield made
    made.shutdown()


def model() -> SimilarityModel:
    transform = shipped_transform(SONIC)
    assert transform is not None
    return SimilarityModel.provisional(transform, SONIC.key)


def heard(number: int) -> FeatureRecord:
    values = np.random.default_rng(number).normal(size=(SONIC.windows, SONIC.dims)).astype(np.float32)
    values[:, SONIC.columns.index("tempo_bpm")] = 100.0 + number
    return FeatureRecord(track(number).id, SONIC.name, SONIC.version, values)


def test_reasons_come_in_the_background_and_are_remembered(
    database: Database, client: DatabaseClient, qtbot: QtBot
) -> None:
    database.features.upsert([heard(0), heard(1)])
    used = model()
    reasons = Reasons(lambda: used, client.ask)
    pairs: list[Pair] = [(ONE, TWO), (ONE, UNHEARD)]
    client.start()
    with qtbot.waitSignal(reasons.arrived, timeout=15_000) as told:
        reasons.ask(pairs)
    found = told.args[0]
    assert set(found) == {(ONE, TWO)}
    assert (found[ONE, TWO].seed.tempo, found[ONE, TWO].track.tempo) == (100.0, 101.0)
    assert sum(abs(block.share) for block in found[ONE, TWO].blocks) == pytest.approx(1)
    assert reasons.known(pairs) == found
    with qtbot.assertNotEmitted(reasons.arrived, wait=50):
        reasons.ask([(ONE, TWO)])
    reasons.shutdown()


def test_a_silent_seed_is_told_in_the_words_of_its_problem(
    database: Database, home: Home, client: DatabaseClient, qtbot: QtBot
) -> None:
    silent, cut, whole = (track(number) for number in range(3))
    database.tracks.upsert([silent, cut, whole])
    database.features.upsert([heard(2)])
    database.problems.put(
        [
            SilentAudio(silent.path).problem(),
            Problem(cut.path, ProblemKind.TRUNCATED, *plain("It ends early."), 0.0),
        ]
    )
    catalogue = Catalogue()
    catalogue.upsert([silent, cut, whole])
    write_small_model(home, {whole.id: np.ones((3, 3), np.float32), track(3).id: np.eye(3, dtype=np.float32)})
    similar = Similar(home, PROFILE, catalogue, troubles=Troubles(catalogue, client.ask))
    client.counts_changed.connect(similar.set_counts)
    with qtbot.waitSignal(similar.changed, timeout=60_000):
        similar.start()
    with qtbot.waitSignal(client.counts_changed, timeout=15_000) as told:
        client.start()
    counts = told.args[0]
    assert (counts.tracks, counts.analysed, counts.uncomparable) == (3, 1, 1)

    def answered() -> None:
        assert similar.for_track(silent.id).problem is not None

    qtbot.waitUntil(answered, timeout=15_000)
    words = empty_words(similar.for_track(silent.id), counts, indexing=False)
    assert words.headline.endswith("is silent, so nothing sounds like it.")
    assert words.detail == "It can be played; replace it if there should be music in it."
    answer = similar.for_track(cut.id)
    assert (answer.problem, answer.message) == (None, "Not analysed yet: 1 of 3 done.")
    similar.shutdown()


def test_another_model_gives_other_reasons(database: Database, client: DatabaseClient, qtbot: QtBot) -> None:
    database.features.upsert([heard(0), heard(1)])
    models = [model(), model()]
    reasons = Reasons(lambda: models[0], client.ask)
    client.start()
    with qtbot.waitSignal(reasons.arrived, timeout=15_000):
        reasons.ask([(ONE, TWO)])
    models.pop(0)
    assert reasons.known([(ONE, TWO)]) == {}
    reasons.shutdown()


def test_what_is_asked_without_a_database_comes_when_it_answers(
    database: Database, client: DatabaseClient, qtbot: QtBot
) -> None:
    database.features.upsert([heard(0), heard(1)])
    used = model()
    reasons = Reasons(lambda: used, client.ask)
    client.connected.connect(reasons.retry)
    reasons.ask([(ONE, TWO)])
    with qtbot.waitSignal(reasons.arrived, timeout=15_000):
        client.start()
    reasons.shutdown()


def test_what_was_hidden_is_hidden_after_a_restart(database: Database, client: DatabaseClient, qtbot: QtBot) -> None:
    client.start()
    Dislikes(client.ask, client.keep).hide(ONE, [TWO, UNHEARD])
    Dislikes(client.ask, client.keep).restore(ONE, [UNHEARD])
    restarted = Dislikes(client.ask)
    with qtbot.waitSignal(restarted.changed, timeout=15_000):
        restarted.load()
    assert restarted.hidden(ONE) == {TWO}
