"""The short form of damage to files: a made-up model and a small snapshot."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.home import Home
from indexer.core.model.folder import write_model
from indexer.core.tracks import TrackId
from tests.faults.files import damage_model, damage_snapshot
from tests.unit.core.catalogue.tracks import track
from tests.unit.core.model import states

TRACKS = 20


def test_a_damaged_model_never_answers_otherwise(home: Home) -> None:
    rows = states.vectors(TRACKS)
    arrays = states.arrays(rows, [TrackId(f"{row:032x}") for row in range(TRACKS)], TRACKS, np.ones(TRACKS, bool))
    write_model(home, states.manifest(arrays), arrays.by_name(), arrays.transform)
    assert damage_model(home, random.Random(5), flips=4) > 4 * len(arrays.by_name())


def test_a_damaged_snapshot_is_refused_or_whole(tmp_path: Path) -> None:
    catalogue = Catalogue()
    catalogue.upsert([track(number) for number in range(50)])
    file = tmp_path / "catalogue.npz"
    catalogue.save_snapshot(file)
    tracks, damages = damage_snapshot(file, random.Random(5))
    assert tracks == 50
    assert damages > 100
