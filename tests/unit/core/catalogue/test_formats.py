"""The format of a track by the name of its file."""

from __future__ import annotations

import pytest

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.catalogue.formats import format_of
from indexer.core.catalogue.shown import Column
from tests.unit.core.catalogue.tracks import track


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/m/a.flac", "FLAC"),
        ("/m/A.MP3", "MP3"),
        ("/m.x/a", ""),
        ("/m/.hidden", ""),
        ("/m/a.", ""),
        ("/m/No. 5 in C", ""),
        ("/m/a.b.ogg", "OGG"),
    ],
)
def test_is_the_ending(path: str, shown: str) -> None:
    assert format_of(path) == shown


def test_follows_tracks_that_come_and_change() -> None:
    made = Catalogue()
    made.upsert([track(0, path="/m/a.flac"), track(1, path="/m/b.mp3")])
    assert made.searched("format").containing("flac").tolist() == [True, False]
    made.upsert([track(0, path="/m/a.ogg"), track(2, path="/m/c.flac")])
    assert made.searched("format").containing("flac").tolist() == [False, False, True]
    assert [made.text(row, Column.FORMAT) for row in range(3)] == ["OGG", "MP3", "FLAC"]
    assert made.starting(Column.FORMAT, "m").tolist() == [False, True, False]
    assert made.sort_order(made.rows(), Column.FORMAT).tolist() == [2, 1, 0]
