"""What one machine says of its library is read by another as it was, and nothing else is read."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.model.profiles import SONIC
from indexer.core.playlist import Playlist, PlaylistKind
from indexer.core.plays import LATEST, ListenerId, Named, Opinion, Play, PlayContext, PlaySource, Thumb
from indexer.core.shared.wire import (
    LONGEST_LINE,
    Shape,
    feature_of_shape,
    feature_shape,
    genre_of_shape,
    genre_shape,
    opinion_of_shape,
    opinion_shape,
    play_of_shape,
    play_shape,
    playlist_of_shape,
    playlist_shape,
    sound_of_shape,
    sound_shape,
    track_of_shape,
    track_shape,
)
from indexer.core.store.records import FeatureRecord, SoundRecord
from indexer.core.text import clean
from indexer.core.tracks import Genre, Track, TrackId, TrackState

ADDRESS = "https://server.example:8765"
TRACK = TrackId("ab" * 16)
BERT = ListenerId("b" * 16)

track_ids = st.integers(0, 2**128 - 1).map(lambda number: TrackId(f"{number:032x}"))
texts = st.text(max_size=60).map(clean)
names = st.lists(texts.filter(bool), max_size=3).map(tuple)
wholes = st.none() | st.integers(-(2**31), 2**31)
lengths = st.none() | st.floats(0, 1e6)
decibels = st.none() | st.floats(-100, 100)
times = st.floats(0, LATEST)
MBID = "f27ec8db-af05-4f36-916e-3d57f91ecf5e"

tracks = st.builds(
    Track,
    id=track_ids,
    path=st.just("/music/one.flac"),
    root=st.just("/music"),
    title=texts.filter(bool),
    artist=texts,
    album=texts,
    album_artist=texts,
    genre=texts,
    genres=names,
    artists=names,
    album_artists=names,
    year=wholes,
    track_number=wholes,
    disc_number=wholes,
    seconds=lengths,
    licence=texts,
    compilation=st.booleans(),
    speech=st.booleans(),
    rating=st.none() | st.floats(0.5, 5),
    mbid=st.sampled_from(["", MBID]),
    album_mbid=st.sampled_from(["", MBID]),
    artist_mbid=st.sampled_from(["", MBID]),
    isrc=st.sampled_from(["", "DEA120300001"]),
    subset=texts,
    fma_id=wholes,
    state=st.sampled_from(TrackState),
    added_at=times,
    rev=st.integers(0, 2**40),
    track_gain=decibels,
    album_gain=decibels,
    track_peak=lengths,
    album_peak=lengths,
    start=st.just(0.0),
    end=st.none() | st.floats(1, 100),
)


def sent(shape: Shape) -> Any:
    """As it comes over the network."""
    return json.loads(json.dumps(shape, allow_nan=False))


@given(tracks)
def test_a_track_comes_back_as_one_of_the_server(track: Track) -> None:
    there = track_of_shape(sent(track_shape(track)), ADDRESS)
    assert there == replace(track, path=f"{ADDRESS}/stream/{track.id}", root=ADDRESS, start=0.0, end=None)


def test_nothing_is_said_of_where_a_file_is() -> None:
    shape = track_shape(Track(TRACK, "/home/ada/secret/one.flac", "/home/ada", start=3, end=9))
    assert "secret" not in json.dumps(shape)
    assert "ada" not in json.dumps(shape)
    assert not {"path", "root", "start", "end"} & set(shape)


def test_a_track_without_a_title_has_the_name_of_its_file() -> None:
    shape = track_shape(Track(TRACK, "/music/One \udcff.FLAC", "/music"))
    assert shape["title"] == "One \N{REPLACEMENT CHARACTER}.FLAC"
    assert shape["suffix"] == "flac"


@pytest.mark.parametrize(
    ("path", "suffix"), [("/m/one", ""), ("/m.d/one", ""), ("/m/.flac", ""), ("/m/a.b.Mp3", "mp3")]
)
def test_suffixes(path: str, suffix: str) -> None:
    assert track_shape(Track(TRACK, path, "/m"))["suffix"] == suffix


def test_what_no_json_holds_is_left_out() -> None:
    track = Track(TRACK, "/music/one.flac", "/music", track_gain=float("inf"), seconds=float("nan"))
    assert not {"track_gain", "seconds"} & set(sent(track_shape(track)))


anything = st.none() | st.floats()
odd_tracks = st.builds(
    Track,
    id=track_ids,
    path=st.text(st.characters(codec=None), min_size=1),
    root=st.just("/music"),
    title=st.text(st.characters(codec=None)),
    genres=st.lists(st.text(st.characters(codec=None))).map(tuple),
    year=st.none() | st.integers(),
    seconds=anything,
    rating=anything,
    track_gain=anything,
    added_at=st.floats(),
    mbid=st.text(),
)


@given(odd_tracks)
def test_nothing_that_a_file_says_keeps_a_library_from_being_read(track: Track) -> None:
    assert track_of_shape(sent(track_shape(track)), ADDRESS).id == track.id


@given(st.text(st.characters(codec=None)), st.text(st.characters(codec=None)))
def test_nor_does_what_a_list_is_called(name: str, query: str) -> None:
    assert playlist_of_shape(sent(playlist_shape(Playlist("a" * 32, name, query=query)))).id == "a" * 32


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": "../../etc/passwd"},
        {"id": ""},
        {"id": 7},
        {"id": "a" * 65},
        {"title": 3},
        {"genres": "Rock"},
        {"genres": [1]},
        {"year": "1999"},
        {"year": True},
        {"year": 10**30},
        {"year": 1999.5},
        {"seconds": -1},
        {"seconds": float("nan")},
        {"track_gain": float("inf")},
        {"rating": 100},
        {"state": "stolen"},
        {"state": None},
        {"rev": -1},
        {"rev": None},
        {"speech": 1},
    ],
)
def test_what_is_no_track_is_refused(wrong: Shape) -> None:
    with pytest.raises(ValueError, match=r"."):
        track_of_shape({**track_shape(Track(TRACK, "/music/one.flac", "/music")), **wrong}, ADDRESS)


@pytest.mark.parametrize("nothing", [None, [], "track", 7, {}])
def test_what_is_no_object_is_nothing(nothing: object) -> None:
    for read in (play_of_shape, opinion_of_shape, playlist_of_shape, genre_of_shape, sound_of_shape):
        with pytest.raises(ValueError, match=r"."):
            read(nothing)
    with pytest.raises(ValueError, match=r"."):
        feature_of_shape(nothing, "sonic:1")


def test_texts_are_shown_without_harm() -> None:
    shape = {
        **track_shape(Track(TRACK, "/music/one.flac", "/music")),
        "title": "\x00One\u202e\ntwo",
        "artist": "a" * 9_000,
    }
    track = track_of_shape(shape, ADDRESS)
    assert track.title == "One two"
    assert len(track.artist) < 1_000


@given(track_ids, st.integers(1, 3), st.integers(1, 20), st.integers(0, 2**40), st.booleans(), st.randoms())
def test_features(track: TrackId, windows: int, dims: int, rev: int, whole: bool, chance: Any) -> None:
    values = np.array([[chance.uniform(-1e11, 1e11) for _ in range(dims)] for _ in range(windows)], np.float32)
    record = FeatureRecord(track, "sonic", 3, values, rev=rev, whole=whole)
    there = feature_of_shape(sent(feature_shape(record)), "sonic:3")
    assert (there.track, there.key, there.rev, there.whole) == (track, "sonic:3", rev, whole)
    assert there.values.dtype == np.float32
    assert np.array_equal(there.values, values)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 3e38, -1e20])
def test_features_that_nothing_can_be_computed_with_are_none(value: float) -> None:
    record = FeatureRecord(TRACK, "sonic", 3, np.full((1, 2), value, np.float32))
    with pytest.raises(ValueError, match="none"):
        feature_of_shape(feature_shape(record), record.key)


def test_features_of_a_known_profile_are_as_many_as_it_has() -> None:
    for windows, dims in ((SONIC.windows, SONIC.dims - 1), (SONIC.windows + 1, SONIC.dims), (SONIC.dims, 1)):
        record = FeatureRecord(TRACK, SONIC.name, SONIC.version, np.ones((windows, dims), np.float32))
        with pytest.raises(ValueError, match="another profile"):
            feature_of_shape(feature_shape(record), SONIC.key)


def test_features_with_an_ear_have_its_key() -> None:
    record = FeatureRecord(TRACK, "sonic+ear:one", 3, np.ones((1, 2), np.float32))
    assert feature_of_shape(feature_shape(record), record.key).key == record.key


@pytest.mark.parametrize(
    "wrong",
    [
        {"shape": [2, 3]},
        {"shape": [4]},
        {"shape": [-1, -4]},
        {"shape": [True, 4]},
        {"shape": None},
        {"values": "AAA"},
        {"values": "ü"},
        {"values": None},
        {"values": "AADAfwAAwH8AAMB/AADAfw=="},
        {"track": "a/b"},
    ],
)
def test_what_are_no_features_is_refused(wrong: Shape) -> None:
    shape = feature_shape(FeatureRecord(TRACK, "sonic", 3, np.ones((1, 4), np.float32)))
    with pytest.raises(ValueError, match=r"."):
        feature_of_shape({**shape, **wrong}, "sonic:3")


@given(track_ids, st.binary(max_size=50), decibels, st.floats(0, 2), st.floats(0, 1e6))
def test_sounds(track: TrackId, points: bytes, loudness: float | None, peak: float, seconds: float) -> None:
    waveform = np.frombuffer(points + points, np.uint8).reshape(-1, 2)
    there = sound_of_shape(sent(sound_shape(SoundRecord(track, 2, waveform, loudness, peak, seconds))))
    assert (there.track, there.version, there.loudness, there.peak, there.seconds) == (
        track,
        2,
        loudness,
        peak,
        seconds,
    )
    assert np.array_equal(there.waveform, waveform)


@pytest.mark.parametrize(
    "wrong", [{"points": 3}, {"points": -1}, {"waveform": "AA=="}, {"peak": None}, {"seconds": -1}]
)
def test_what_is_no_sound_is_refused(wrong: Shape) -> None:
    shape = sound_shape(SoundRecord(TRACK, 2, np.zeros((4, 2), np.uint8), -9.0, 1.0, 30.0))
    with pytest.raises(ValueError, match=r"."):
        sound_of_shape({**shape, **wrong})


plays = st.builds(
    Play,
    id=st.integers(0, 2**96 - 1).map(lambda number: f"{number:024x}"),
    at=times,
    track=st.none() | track_ids,
    named=st.none() | st.builds(Named, artist=texts, title=texts, seconds=st.none() | st.floats(1, 1e6)),
    seconds_heard=lengths,
    seconds=lengths,
    finished=st.booleans(),
    skipped=st.booleans(),
    listener=st.just(BERT),
    context=st.builds(
        PlayContext,
        source=st.sampled_from(PlaySource),
        seed=st.none() | track_ids,
        position=st.none() | st.integers(0, 100),
        session=texts,
    ),
)


@given(plays)
def test_plays_come_back_as_those_of_whoever_asks(play: Play) -> None:
    shape = sent(play_shape(play))
    assert BERT not in json.dumps(shape)
    assert play_of_shape(shape) == replace(play, listener=ListenerId("owner"))


@pytest.mark.parametrize(
    "wrong",
    [{"id": "x"}, {"at": -1}, {"at": LATEST + 1}, {"track": "../x"}, {"finished": None, "at": None}, {"source": 3}],
)
def test_what_is_no_play_is_refused(wrong: Shape) -> None:
    with pytest.raises(ValueError, match=r"."):
        play_of_shape({**play_shape(Play("0" * 24, 5.0, track=TRACK)), **wrong})


opinions = st.builds(
    Opinion,
    track=track_ids,
    thumb=st.sampled_from(Thumb),
    rating=st.none() | st.floats(0, 5),
    favourite=st.booleans(),
    at=times,
    listener=st.just(BERT),
)


@given(opinions)
def test_opinions(opinion: Opinion) -> None:
    shape = sent(opinion_shape(opinion))
    assert set(shape) == {"track", "thumb", "rating", "favourite", "at"}
    assert opinion_of_shape(shape) == replace(opinion, listener=ListenerId("owner"))


playlists = st.builds(
    Playlist,
    id=track_ids,
    name=texts,
    kind=st.sampled_from(PlaylistKind),
    tracks=st.lists(track_ids, max_size=4).map(tuple),
    query=texts,
    order=st.sampled_from(["", "title", "random"]),
    descending=st.booleans(),
    limit=st.integers(0, 2**31),
    position=st.floats(-1e9, 1e9),
    updated_at=times,
    deleted=st.booleans(),
    owner=st.just(BERT),
    shared=st.booleans(),
    comment=texts,
)


@given(playlists)
def test_playlists_belong_to_whom_they_are_read_for(playlist: Playlist) -> None:
    shape = sent(playlist_shape(playlist))
    assert BERT not in json.dumps(shape)
    assert playlist_of_shape(shape) == replace(playlist, owner=ListenerId("owner"))
    assert playlist_of_shape({**shape, "owner": "another"}, BERT) == playlist


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": "a.b"},
        {"name": None},
        {"name": "a\x00"},
        {"name": "\ud800"},
        {"tracks": ["a" * (LONGEST_LINE + 1)]},
        {"tracks": [7]},
        {"tracks": None},
        {"limit": 10**30},
        {"position": float("inf")},
        {"updated_at": -1},
        {"kind": "heap"},
    ],
)
def test_what_is_no_playlist_is_refused(wrong: Shape) -> None:
    with pytest.raises(ValueError, match=r"."):
        playlist_of_shape({**playlist_shape(Playlist("a" * 32, "One", updated_at=5)), **wrong})


@given(st.integers(0, 2**31), texts, st.integers(0, 2**31))
def test_genres(identity: int, title: str, parent: int) -> None:
    genre = Genre(identity, title, parent)
    assert genre_of_shape(sent(genre_shape(genre))) == genre
