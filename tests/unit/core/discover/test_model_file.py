"""Which model answers: the one in the folder if it is another one, one that stands in before the first, or none."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from indexer.core.discover import model_file
from indexer.core.discover.model_file import PROVISIONAL, LoadedModel, ModelUnusable, load_if_changed
from indexer.core.home import Home
from indexer.core.model.profiles import SONIC
from indexer.core.store import FeatureRecord
from indexer.core.tracks import TrackId
from tests.unit.core.catalogue.tracks import track
from tests.unit.discover.small_model import PROFILE, write_small_model


def features(number: int) -> NDArray[np.float32]:
    return np.array([[np.cos(number / 10), np.sin(number / 10), 0.1]] * 3, np.float32)


def build(home: Home, *numbers: int, name: str = "one") -> None:
    write_small_model(home, {track(number).id: features(number) for number in numbers}, name=name)


def analysed(number: int) -> FeatureRecord:
    values = np.random.default_rng(number).normal(size=(SONIC.windows, SONIC.dims)).astype(np.float32)
    values[:, SONIC.columns.index("heard_seconds")] = 10
    return FeatureRecord(track(number).id, SONIC.name, SONIC.version, values)


def loaded(home: Home, stamp: object = None) -> LoadedModel:
    found = load_if_changed(home, PROFILE, stamp)
    assert found is not None
    return found


def ids(*numbers: int) -> frozenset[TrackId]:
    return frozenset(track(number).id for number in numbers)


def test_the_model_in_use_is_not_read_again_and_the_next_one_is(home: Home) -> None:
    build(home, 0, 1, 2)
    first = loaded(home)
    assert (first.tracks, first.model.manifest.id) == (ids(0, 1, 2), "one")
    assert load_if_changed(home, PROFILE, first.stamp) is None
    build(home, 0, 1, 2, 3, name="two")
    second = loaded(home, first.stamp)
    assert (second.tracks, second.model.manifest.id) == (ids(0, 1, 2, 3), "two")
    assert second.stamp != first.stamp


def test_before_the_first_build_one_stands_in_once(home: Home) -> None:
    stand_in = loaded(home)
    assert stand_in.model.manifest.provisional
    assert (stand_in.stamp, stand_in.tracks) == (PROVISIONAL, frozenset())
    assert load_if_changed(home, PROFILE, stand_in.stamp) is None
    build(home, 0, 1)
    assert loaded(home, stand_in.stamp).tracks == ids(0, 1)


def test_a_profile_that_nobody_knows_has_no_stand_in(home: Home) -> None:
    assert load_if_changed(home, "sonic+gone", None) is None


def test_a_folder_that_vanished_leaves_the_model_in_use(home: Home) -> None:
    build(home, 0, 1)
    stamp = loaded(home).stamp
    (home.models / PROFILE / "current.json").unlink()
    assert load_if_changed(home, PROFILE, stamp) is None


def test_a_damaged_model_is_refused_by_its_stamp_until_it_is_mended(home: Home) -> None:
    build(home, 0, 1, 2)
    vectors = home.models / PROFILE / "one" / "vectors.npy"
    sound = vectors.read_bytes()
    vectors.write_bytes(b"rubbish")
    with pytest.raises(ModelUnusable, match="damaged") as refusal:
        load_if_changed(home, PROFILE, None)
    assert str(home.models / PROFILE) in refusal.value.message
    assert "Rebuild index" in refusal.value.advice
    assert load_if_changed(home, PROFILE, None, refusal.value.stamp) is None
    vectors.write_bytes(sound)
    mended = load_if_changed(home, PROFILE, None, refusal.value.stamp)
    assert mended is not None
    assert mended.tracks == ids(0, 1, 2)


def test_another_model_with_what_came_since_is_made_beside_the_one_in_use(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_file, "PAUSE_SECONDS", 0.0)
    build(home, 0, 1, 2)
    in_use = loaded(home)
    in_use.gathering.take([FeatureRecord(track(number).id, PROFILE, 1, features(number)) for number in (3, 4)])
    in_use.gathering.take([FeatureRecord(track(5).id, "classic", 1, features(5))])
    in_use.gathering.forget([track(4).id])
    made = in_use.gathering.made()
    assert set(made.tracks()) == ids(0, 1, 2, 3)
    assert set(in_use.model.tracks()) == ids(0, 1, 2)


def test_a_stand_in_knows_at_the_next_start_what_was_kept(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    gathering = loaded(home).gathering
    gathering.take([analysed(number) for number in range(5)])
    gathering.rev = 12
    gathering.keep()
    again = loaded(home)
    assert (again.tracks, again.gathering.rev) == (ids(*range(5)), 12)
    assert again.model.similar(track(0).id, 4) == gathering.made().similar(track(0).id, 4)
    monkeypatch.setattr(model_file, "FIRST_MODEL", 2)
    few = loaded(home)
    assert (len(few.model), few.tracks) == (2, ids(*range(5)))
    assert len(few.gathering.made()) == 5
