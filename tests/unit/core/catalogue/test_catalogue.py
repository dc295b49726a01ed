"""The catalogue: what goes in comes out, sorted as people sort, and survives a restart."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.catalogue.shown import Column, format_length
from indexer.core.discover.songs import SongSense
from indexer.core.tracks import Track, TrackId, TrackState
from tests.unit.core.catalogue.tracks import track

TEXT = st.text(st.characters(exclude_characters="\0\x1f", exclude_categories=["Cs"]), max_size=12)
TRACKS = st.builds(
    Track,
    id=st.integers(0, 40).map(lambda number: TrackId(f"{number:032x}")),
    path=st.binary(min_size=1, max_size=12)
    .filter(lambda name: b"\0" not in name)
    .map(lambda name: name.decode("utf-8", "surrogateescape")),
    root=TEXT,
    title=TEXT,
    artist=TEXT,
    album=TEXT,
    album_artist=TEXT,
    genre=TEXT,
    genres=st.lists(TEXT.filter(bool), max_size=3).map(tuple),
    year=st.none() | st.integers(0, 3000),
    track_number=st.none() | st.integers(0, 999),
    disc_number=st.none() | st.integers(0, 99),
    seconds=st.none() | st.floats(0, 1e5),
    licence=TEXT,
    subset=TEXT,
    fma_id=st.none() | st.integers(0, 2**40),
    state=st.sampled_from(TrackState),
    added_at=st.floats(0, 2e9),
    rev=st.integers(0, 2**40),
    rating=st.none() | st.integers(1, 500).map(lambda hundredths: hundredths / 100),
)


def filled(*tracks: Track) -> Catalogue:
    catalogue = Catalogue()
    catalogue.upsert(tracks)
    return catalogue


def titles(catalogue: Catalogue, column: Column, *, descending: bool = False) -> list[str]:
    return [catalogue.title(row) for row in catalogue.sort_order(catalogue.rows(), column, descending)]


@given(st.integers(0, 60), st.integers(1, 20), st.data())
def test_a_sample_has_what_changed_last(count: int, size: int, data: st.DataObject) -> None:
    """A database that was set back, and went on from there, knows no such change of it."""
    newest = data.draw(st.integers(0, max(count - 1, 0)))
    tracks = [track(number, rev=100 if number == newest else number) for number in range(count)]
    sample = filled(*tracks).sample(size)
    assert len(sample) >= min(size, count)
    assert sample.items() <= {each.id: each.rev for each in tracks}.items()
    assert 100 in sample.values() or not count


@given(st.lists(st.lists(TRACKS, max_size=6), max_size=4))
def test_the_last_word_on_every_track_is_kept_also_on_disk(
    tmp_path_factory: pytest.TempPathFactory, batches: list[list[Track]]
) -> None:
    catalogue = Catalogue()
    expected: dict[TrackId, Track] = {}
    for batch in batches:
        catalogue.upsert(batch)
        expected |= {one.id: one for one in batch}
    path = tmp_path_factory.mktemp("snapshot") / "catalogue.npz"
    catalogue.save_snapshot(path)
    restored = Catalogue()
    assert restored.load_snapshot(path) == ""
    for one in (catalogue, restored):
        assert {one.id_at(row): one.track(row) for row in range(one.row_count)} == expected
        listed = {track.id for track in expected.values() if track.state is not TrackState.GONE}
        assert set(one.ids(one.rows())) == listed


@given(st.lists(TRACKS, max_size=25), st.sampled_from(Column), st.booleans())
def test_sorting_loses_nothing_and_going_on_after_a_restart_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, tracks: list[Track], column: Column, descending: bool
) -> None:
    half = len(tracks) // 2
    whole, resumed = filled(*tracks), filled(*tracks[:half])
    path = tmp_path_factory.mktemp("snapshot") / "catalogue.npz"
    resumed.save_snapshot(path)
    resumed.load_snapshot(path)
    resumed.upsert(tracks[half:])
    order = whole.sort_order(whole.rows(), column, descending)
    assert sorted(order) == list(whole.rows())
    assert [whole.track(row) for row in order] == [
        resumed.track(row) for row in resumed.sort_order(resumed.rows(), column, descending)
    ]


def test_names_sort_without_case_and_accents_and_numbers_by_value() -> None:
    catalogue = filled(
        *(track(n, title=title) for n, title in enumerate(["track 10", "Émile", "Track 2", "eagle", "Über", ""]))
    )
    assert titles(catalogue, Column.TITLE) == ["eagle", "Émile", "Track 2", "track 10", "Über", ""]


def test_what_is_missing_comes_last_in_both_directions() -> None:
    catalogue = filled(track(1, title="a", year=None), track(2, title="b", year=1990), track(3, title="c", year=2001))
    assert titles(catalogue, Column.YEAR) == ["b", "c", "a"]
    assert titles(catalogue, Column.YEAR, descending=True) == ["c", "b", "a"]


def test_an_artist_sorts_by_album_disc_and_track() -> None:
    songs = [("X", 1, 2), ("X", 2, 1), ("X", 1, 1), ("W", 1, 9)]
    catalogue = filled(
        *(
            track(n, artist="A", album=album, disc_number=disc, track_number=number, title=f"{album}{disc}{number}")
            for n, (album, disc, number) in enumerate(songs)
        )
    )
    assert titles(catalogue, Column.ARTIST) == ["W19", "X11", "X12", "X21"]
    assert titles(catalogue, Column.ARTIST, descending=True) == ["W19", "X11", "X12", "X21"]


def test_where_no_number_tells_the_name_of_the_file_does() -> None:
    files = {"A1 - Zebra": 1, "A2 - Moth": 2, "B1 - Wolf": 3, "10 - Ant": 5, "9 - Bee": 4}
    catalogue = filled(
        *(
            track(n, artist="A", album="X", path=f"/m/{name}.flac", title=name.partition(" - ")[2], track_number=None)
            for name, n in files.items()
        )
    )
    assert titles(catalogue, Column.ALBUM) == ["Bee", "Ant", "Zebra", "Moth", "Wolf"]
    loose = filled(*(track(n, artist="A", path=f"/m/{9 - n}.flac", title=f"{n}", track_number=None) for n in range(3)))
    assert titles(loose, Column.ARTIST) == ["0", "1", "2"]


def test_two_albums_of_one_name_are_not_shuffled_together() -> None:
    songs = [("Abba", 1), ("Queen", 1), ("Abba", 2), ("Queen", 2)]
    catalogue = filled(
        *(
            track(n, album="Greatest Hits", album_artist=artist, track_number=number, title=f"{artist} {number}")
            for n, (artist, number) in enumerate(songs)
        )
    )
    assert titles(catalogue, Column.ALBUM) == ["Abba 1", "Abba 2", "Queen 1", "Queen 2"]


def test_a_change_names_the_rows_that_came_changed_and_went() -> None:
    catalogue = filled(track(1), track(2))
    change = catalogue.upsert(
        [
            replace(track(1), state=TrackState.GONE),
            replace(track(2), title="new"),
            track(3),
            track(4, state=TrackState.GONE),
        ]
    )
    assert (list(change.added), list(change.changed), list(change.removed)) == ([2], [1], [0])
    back = catalogue.upsert([track(1)])
    assert (list(back.added), list(back.changed), list(back.removed)) == ([0], [], [])


def test_tracks_that_are_away_are_listed_and_flagged() -> None:
    catalogue = filled(track(1, state=TrackState.AWAY), track(2))
    assert len(catalogue) == 2
    assert [catalogue.is_away(row) for row in catalogue.rows()] == [True, False]


def test_plays_are_set_for_all_tracks_at_once() -> None:
    catalogue = filled(track(1), track(2))
    catalogue.set_plays({track(1).id: 3, TrackId("unknown"): 9})
    catalogue.set_plays({track(2).id: 5})
    assert [catalogue.text(row, Column.PLAYS) for row in catalogue.rows()] == ["", "5"]
    catalogue.clear()
    catalogue.upsert([track(2)])
    assert catalogue.plays_of(0) == 5


def test_after_a_reset_nothing_of_the_library_before_is_left() -> None:
    other = [
        track(7, title="Zoo", artist="Guest", album="Second", path="/other/Podcasts/7.mp3", seconds=900.0),
        track(2, title="Ape", artist="Host", album="Second", track_number=1, path="/other/2.mp3"),
    ]
    catalogue = filled(*(track(n, title=f"Old {n}", album="First", path=f"/m/{n}.mp3") for n in range(5)))
    songs = SongSense(catalogue)
    before = (catalogue.changes, songs.kinds().tolist())
    for column in Column:  # whatever is worked out once and kept
        catalogue.sort_order(catalogue.rows(), column)
    catalogue.rev = 40
    catalogue.clear()
    assert (len(catalogue), catalogue.row_count, catalogue.rev, list(catalogue.rows())) == (0, 0, 0, [])
    assert catalogue.row_of(track(2).id) is None
    assert songs.kinds().tolist() == []
    change = catalogue.upsert(other)
    fresh = filled(*other)
    assert list(change.added) == [0, 1]
    assert [catalogue.track(row) for row in catalogue.rows()] == other
    for column in Column:
        order = catalogue.sort_order(catalogue.rows(), column)
        assert order.tolist() == fresh.sort_order(fresh.rows(), column).tolist()
    assert [catalogue.folders().values[code] for code in catalogue.folders().codes] == ["/other/Podcasts", "/other"]
    numbers = catalogue.album_titles.of_rows("album", catalogue.rows())
    assert numbers.tolist() == fresh.album_titles.of_rows("album", fresh.rows()).tolist()
    assert songs.kinds().tolist() == SongSense(fresh).kinds().tolist() != before[1]
    assert catalogue.changes > before[0]


def test_a_reset_catalogue_is_kept_as_an_empty_one(tmp_path: Path) -> None:
    catalogue = filled(track(1), track(2))
    catalogue.save_snapshot(tmp_path / "library.npz")
    catalogue.clear()
    catalogue.save_snapshot(tmp_path / "library.npz")
    again = filled(track(3))
    assert again.load_snapshot(tmp_path / "library.npz") == ""
    assert (len(again), again.row_count) == (0, 0)


def test_a_damaged_snapshot_is_told_in_the_language_of_the_window(tmp_path: Path, german: None) -> None:
    (tmp_path / "library.npz").write_bytes(b"rubbish")
    assert Catalogue().load_snapshot(tmp_path / "library.npz").startswith("Die in ")


def test_cells_show_what_a_person_reads() -> None:
    catalogue = filled(track(1, artist="Björk", year=1997, seconds=3671.2))
    shown = [catalogue.text(0, column) for column in (Column.ARTIST, Column.YEAR, Column.LENGTH, Column.GENRE)]
    assert shown == ["Björk", "1997", "1:01:11", ""]


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0:00"), (59.6, "1:00"), (245, "4:05"), (None, ""), (float("nan"), "")]
)
def test_lengths(seconds: float | None, text: str) -> None:
    assert format_length(seconds) == text


def test_rows_of_ids() -> None:
    catalogue = filled(track(1), track(2))
    assert catalogue.row_of(track(2).id) == 1
    assert catalogue.row_of(TrackId("nobody")) is None


@pytest.mark.parametrize("damage", [lambda data: data[: len(data) // 2], lambda _: b"", lambda _: b"not a zip" * 100])
def test_a_damaged_snapshot_is_an_empty_catalogue_and_a_sentence(tmp_path: Path, damage: object) -> None:
    path = tmp_path / "catalogue.npz"
    catalogue = filled(track(1))
    catalogue.save_snapshot(path)
    path.write_bytes(damage(path.read_bytes()))  # type: ignore[operator]
    message = catalogue.load_snapshot(path)
    assert str(path) in message
    assert (len(catalogue), catalogue.rev) == (0, 0)


@given(st.integers(0, 10_000), st.integers(0, 255))
@example(8490, 64)
def test_a_flipped_byte_never_passes_for_a_catalogue(
    tmp_path_factory: pytest.TempPathFactory, place: int, value: int
) -> None:
    path = tmp_path_factory.mktemp("snapshot") / "catalogue.npz"
    filled(track(1), track(2)).save_snapshot(path)
    data = bytearray(path.read_bytes())
    data[place % len(data)] = value
    path.write_bytes(bytes(data))
    catalogue = Catalogue()
    if not catalogue.load_snapshot(path):
        assert [catalogue.track(row) for row in catalogue.rows()] == [track(1), track(2)]


def test_without_a_snapshot_the_catalogue_is_just_empty(tmp_path: Path) -> None:
    assert Catalogue().load_snapshot(tmp_path / "none.npz") == ""


def test_a_snapshot_is_not_touched_by_later_changes(tmp_path: Path) -> None:
    catalogue = filled(track(1))
    frozen = catalogue.freeze()
    catalogue.upsert([track(n, title=f"later {n}") for n in range(5000)])
    assert np.all(frozen.numbers["rev"] == 1)
    assert frozen.texts["title"][0] == ["Title 1"]


def test_on_an_album_without_numbers_tracks_follow_the_names_of_their_files() -> None:
    titles = ["Zebra", "Moth", "Yak", "Cat"]
    catalogue = Catalogue()
    catalogue.upsert(
        [
            track(n, artist="A", album="Side", title=name, path=f"/m/A{n + 1} {name}.mp3")
            for n, name in enumerate(titles)
        ]
        + [track(9, artist="A", title="b", path="/m/1.mp3"), track(8, artist="A", title="a", path="/m/2.mp3")]
    )
    order = catalogue.sort_order(catalogue.rows(), Column.ARTIST)
    assert [catalogue.title(row) for row in order.tolist()] == [*titles, "a", "b"]


def test_another_listener_sorts_by_their_own_plays() -> None:
    catalogue = filled(*(track(n, title=f"{n}") for n in range(3)))
    catalogue.set_plays({track(0).id: 9})
    own = np.array([1, 0, 4], np.int32)
    order = catalogue.sort_order(catalogue.rows(), Column.PLAYS, descending=True, own=own)
    assert order.tolist() == [2, 0, 1]
    assert catalogue.sort_order(catalogue.rows(), Column.PLAYS, descending=True).tolist() == [0, 1, 2]
