"""What the panel asks of a real database in the background: why tracks are near, and what was hidden."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from indexer.features.profiles import SONIC
from indexer.home import Home
from indexer.model import SimilarityModel
from indexer.model.shipped import shipped_transform
from indexer.store import Database, FeatureRecord
from musicplayer.discover.dislikes import Dislikes
from musicplayer.discover.reasons import Pair, Reasons
from musicplayer.library.link import LibraryLink
from tests.unit.library.tracks import track

pytestmark = pytest.mark.database

ONE, TWO, UNHEARD = (track(number).id for number in range(3))


@pytest.fixture
def link(home: Home, database: Database, qtbot: QtBot) -> Iterator[LibraryLink]:
    made = LibraryLink(home, SONIC.key, uri=database.uri)
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


def test_reasons_come_in_the_background_and_are_remembered(database: Database, link: LibraryLink, qtbot: QtBot) -> None:
    database.features.upsert([heard(0), heard(1)])
    used = model()
    reasons = Reasons(lambda: used, link.ask)
    pairs: list[Pair] = [(ONE, TWO), (ONE, UNHEARD)]
    link.start()
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


def test_another_model_gives_other_reasons(database: Database, link: LibraryLink, qtbot: QtBot) -> None:
    database.features.upsert([heard(0), heard(1)])
    models = [model(), model()]
    reasons = Reasons(lambda: models[0], link.ask)
    link.start()
    with qtbot.waitSignal(reasons.arrived, timeout=15_000):
        reasons.ask([(ONE, TWO)])
    models.pop(0)
    assert reasons.known([(ONE, TWO)]) == {}
    reasons.shutdown()


def test_what_is_asked_without_a_database_comes_when_it_answers(
    database: Database, link: LibraryLink, qtbot: QtBot
) -> None:
    database.features.upsert([heard(0), heard(1)])
    used = model()
    reasons = Reasons(lambda: used, link.ask)
    link.connected.connect(reasons.retry)
    reasons.ask([(ONE, TWO)])
    with qtbot.waitSignal(reasons.arrived, timeout=15_000):
        link.start()
    reasons.shutdown()


def test_what_was_hidden_is_hidden_after_a_restart(database: Database, link: LibraryLink, qtbot: QtBot) -> None:
    link.start()
    Dislikes(link.ask, link.keep).hide(ONE, [TWO, UNHEARD])
    Dislikes(link.ask, link.keep).restore(ONE, [UNHEARD])
    restarted = Dislikes(link.ask)
    with qtbot.waitSignal(restarted.changed, timeout=15_000):
        restarted.load()
    assert restarted.hidden(ONE) == {TWO}
