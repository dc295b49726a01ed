"""Ways to tell which groups are alike, and how clips and listeners judge them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from indexer.core.model.groups import Membership
from indexer.evaluation.clip_groups import judge_clip_groups
from indexer.evaluation.group_ways import OURS, Grouped, mutual, ways
from indexer.evaluation.labels import LabelledClip
from indexer.evaluation.methods import euclidean
from indexer.evaluation.result import GroupsJudged
from indexer.evaluation.tables import groups_table
from indexer.evaluation.taste.artists import LibraryArtists, judge_artists, judge_tagged_artists
from indexer.evaluation.taste.data import Data
from indexer.evaluation.taste.files import read_data
from tests.unit.evaluation.taste.made import ITEMS, make_lastfm2k

GENRES = 3
ARTISTS = 12


@pytest.fixture
def judged() -> list[GroupsJudged]:
    """Twelve artists of three genres with two albums of two clips; of the last artist no genre is known."""
    generator = np.random.default_rng(2)
    centres = 3 * generator.normal(size=(GENRES, 8))
    clips, rows = [], []
    for number in range(4 * ARTISTS):
        artist = number // 4
        genre = "" if artist == ARTISTS - 1 else f"Genre {artist % GENRES}"
        clips.append(LabelledClip(f"{number}.mp3", Path(), f"Artist {artist}", f"Album {number // 2}", genre))
        rows.append(centres[artist % GENRES] + generator.normal(size=8))
    vectors = np.array(rows, dtype=np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return list(judge_clip_groups(clips, vectors, euclidean(vectors, vectors), 1, 200))


def test_artists_and_albums_are_judged_by_genres_of_others(judged: list[GroupsJudged]) -> None:
    artists, albums = judged
    assert (artists.groups, albums.groups) == (ARTISTS, 2 * ARTISTS)
    assert (artists.info.queries, albums.info.queries) == (ARTISTS - 1, 2 * (ARTISTS - 1))
    assert artists.info.artists == albums.info.artists == ARTISTS - 1
    assert albums.info.relevant == pytest.approx(2 * artists.info.relevant)  # by its own artist nothing is right


def test_what_knows_the_sound_is_far_ahead_of_numbers_and_chance(judged: list[GroupsJudged]) -> None:
    for kind in judged:
        figures = {way.name: way for way in kind.ways}
        assert kind.ways[0].name == OURS
        assert figures[OURS].ahead is None
        assert figures[OURS].map.value > 90
        for name in ("most tracks", "random"):
            assert figures[name].map.value < 75
            ahead = figures[name].ahead
            assert ahead is not None
            assert ahead.low > 0
        assert groups_table(kind) is not None


def test_every_way_gives_a_distance_to_every_group() -> None:
    generator = np.random.default_rng(4)
    vectors = generator.normal(size=(30, 6)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    members = Membership(np.arange(30) % 9, np.arange(30), 9)
    for name, distances in ways(Grouped(vectors, euclidean(vectors, vectors), members)):
        others = distances[~np.eye(9, dtype=bool)]
        assert np.isfinite(others).all(), name
        if name not in {"most tracks", "random"}:
            assert distances == pytest.approx(distances.T, abs=1e-6), name


def test_mutual_proximity_is_a_share_and_symmetric() -> None:
    points = np.random.default_rng(1).normal(size=(20, 4))
    found = mutual(euclidean(points, points))
    assert found == pytest.approx(found.T)
    assert found.min() >= 0
    assert found.max() <= 1


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Data:
    return read_data(make_lastfm2k(tmp_path_factory.mktemp("history") / "lastfm-2k"))


def test_tags_of_one_half_find_what_the_other_half_plays_together(data: Data) -> None:
    judged = judge_tagged_artists(data, 0, 200)
    assert judged is not None
    figures = {way.name: way.map.value for way in judged.ways}
    assert figures[OURS] > figures["random"] + 5


def test_artists_of_a_library_are_judged_where_enough_are_known(data: Data) -> None:
    names = [f"ARTIST {number}" for number in range(ITEMS)]

    def by_crowd(artists: np.ndarray) -> np.ndarray:
        return (artists[:, np.newaxis] // (ITEMS // 2) != artists // (ITEMS // 2)).astype(np.float32)

    judged, notes = judge_artists(data, LibraryArtists([*names, "Nobody"], by_crowd), 0, 200)
    by_sound = judged[-1]
    assert [way.name for way in by_sound.ways] == ["by sound", "most listeners", "random"]
    assert by_sound.ways[0].p10.value > by_sound.ways[2].p10.value + 10
    assert notes == [f"{ITEMS} of this library's {ITEMS + 1} artists are in lastfm-2k."]


def test_a_library_of_which_nobody_is_known_says_how_few_they_are(data: Data) -> None:
    library = LibraryArtists(["Artist 3", "Nobody"], lambda artists: np.ones((len(artists), len(artists)), np.float32))
    judged, notes = judge_artists(data, library, 0, 200)
    assert [kind.title for kind in judged] == ["Artists by tags"]
    assert notes == ["1 of this library's 2 artists are in lastfm-2k: too few to judge how alike they sound."]
