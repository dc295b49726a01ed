"""What tags say about loudness and single artists, in the catalogue and on disk."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.catalogue.artists import artists_of
from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.catalogue.fields import LATER_NUMBERS, LATER_TEXTS
from indexer.core.tracks import Stretch
from tests.unit.core.catalogue.tracks import track


@given(st.none() | st.integers(-6_000, 6_000).map(lambda hundredths: hundredths / 100))
def test_a_gain_comes_back_as_it_was_tagged(gain: float | None) -> None:
    catalogue = Catalogue()
    catalogue.upsert([track(1, track_gain=gain, album_peak=0.988553)])
    found = catalogue.track(0)
    assert found.track_gain == gain
    assert found.album_gain is None
    assert found.album_peak == pytest.approx(0.988553, abs=1e-5)


def test_they_survive_a_restart(tmp_path: Path) -> None:
    catalogue, restored = Catalogue(), Catalogue()
    several = {"artists": ("One", "Two"), "album_artists": ("Host", "Other"), "compilation": True}
    catalogue.upsert([track(1, track_gain=-7.89, **several), track(2)])
    catalogue.save_snapshot(tmp_path / "tracks.npz")
    assert restored.load_snapshot(tmp_path / "tracks.npz") == ""
    assert [restored.track(row) for row in (0, 1)] == [catalogue.track(row) for row in (0, 1)]
    assert restored.track(0).artists == ("One", "Two")
    assert artists_of(restored).labels == artists_of(catalogue).labels


def test_where_a_track_lies_in_its_file_survives_a_restart(tmp_path: Path) -> None:
    catalogue, restored = Catalogue(), Catalogue()
    parts = [track(1, start=0.0, end=187 / 75), track(2, start=187 / 75), track(3)]
    catalogue.upsert([replace(part, path="/music/side.flac") for part in parts])
    catalogue.save_snapshot(tmp_path / "tracks.npz")
    assert restored.load_snapshot(tmp_path / "tracks.npz") == ""
    assert [restored.stretch(row) for row in range(3)] == [
        Stretch("/music/side.flac", 0.0, 187 / 75),
        Stretch("/music/side.flac", 187 / 75, None),
        Stretch("/music/side.flac"),
    ]


def test_a_snapshot_from_before_so_much_was_read_is_as_good(tmp_path: Path) -> None:
    path, restored = tmp_path / "tracks.npz", Catalogue()
    catalogue = Catalogue()
    catalogue.upsert([track(1, track_gain=-7.89, artist="A; B", artists=("A", "B")), track(2)])
    catalogue.save_snapshot(path)
    with np.load(path) as arrays:
        later = LATER_TEXTS | set(LATER_NUMBERS)
        older = {name: arrays[name] for name in arrays.files if name.partition(".")[0] not in later}
    np.savez(path, **older)
    assert restored.load_snapshot(path) == ""
    assert [restored.title(row) for row in (0, 1)] == [catalogue.title(row) for row in (0, 1)]
    assert (restored.track(0).track_gain, restored.track(0).artists) == (None, ())
    assert restored.stretch(0) == catalogue.stretch(0)
    assert list(artists_of(restored).labels) == ["A", "B", ""]
    restored.upsert([catalogue.track(0)])
    assert restored.track(0) == catalogue.track(0)
