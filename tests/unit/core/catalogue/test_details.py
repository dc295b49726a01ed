"""What is said of one track and of many."""

from __future__ import annotations

import numpy as np
import pytest

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.catalogue.details import common_folder, detail
from indexer.core.catalogue.shown import Column
from tests.unit.core.catalogue.tracks import track


@pytest.fixture
def catalogue() -> Catalogue:
    made = Catalogue()
    shared = {"artist": "Ann", "album": "Here", "sample_rate": 44_100}
    made.upsert(
        [
            track(0, path="/m/a/1.flac", year=1990, tempo=100.0, key="A minor", seconds=60.0, **shared),
            track(1, path="/m/a/2.flac", year=1995, tempo=120.4, licence="CC BY", seconds=200.0, **shared),
            track(2, path="/m/b/3.mp3", year=1995, seconds=100.0, **shared),
        ]
    )
    return made


@pytest.mark.parametrize(
    ("column", "one", "all_of_them"),
    [
        (Column.ARTIST, "Ann", "Ann"),
        (Column.TITLE, "Title 0", "various"),
        (Column.YEAR, "1990", "1990 – 1995"),
        (Column.BPM, "100", "100 – 120"),
        (Column.KEY, "Am · 8A", "Am · 8A (1 of 3)"),
        (Column.LENGTH, "1:00", "1:00 – 3:20"),
        (Column.LICENCE, "", "CC BY (1 of 3)"),
        (Column.SAMPLE_RATE, "44.1", "44.1"),
        (Column.FORMAT, "FLAC", "various"),
        (Column.GENRE, "", ""),
        (Column.PATH, "/m/a/1.flac", "/m/"),
        (Column.LOUDNESS, "", ""),
        (Column.PLAYS, "", ""),
    ],
)
def test_says_the_common_value_the_range_or_that_it_varies(
    catalogue: Catalogue, column: Column, one: str, all_of_them: str
) -> None:
    assert detail(catalogue, np.array([0]), column) == one
    assert detail(catalogue, np.arange(3), column) == all_of_them


def test_the_common_folder_of_files_is_found() -> None:
    assert common_folder(["/m/a/1.mp3", "/m/a/2.mp3"]) == "/m/a/"
    assert common_folder(["/m/a/1.mp3", "/n/2.mp3"]) == "/"
    assert common_folder(["/m/1.mp3", "2.mp3"]) == ""
