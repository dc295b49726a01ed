"""What is not a song: by length, genre, folder and name; and what must not be taken for it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.discover.songs import Kind, SongRules, SongSense, words_in
from indexer.core.tracks import Track
from tests.unit.core.catalogue.tracks import track

MINUTE = 60.0


def a_track(number: int = 0, **fields: object) -> Track:
    plain = {
        "path": f"/music/Artist/Album/{number}.flac",
        "title": f"Title {number}",
        "genre": "Rock",
        "seconds": 200.0,
    }
    return track(number, **{**plain, "seconds": 200.0, **fields})


def kind(**fields: object) -> Kind:
    catalogue = Catalogue()
    catalogue.upsert([a_track(**fields)])
    return SongSense(catalogue).kind_of(a_track().id)


@pytest.mark.parametrize(
    "fields",
    [
        {"path": "/music/The Lamp Keeper.m4b", "seconds": 60.0},
        {"path": "/music/The Lamp Keeper.M4B", "seconds": None},
        {"genre": "Audiobook"},
        {"genre": "Podcast", "seconds": 45 * MINUTE},
        {"genre": "Spoken Word"},
        {"genre": "HÖRBUCH"},
        {"path": "/music/Hörbücher/Reise/01.mp3"},
        {"path": "/music/Ho\u0308rspiele/Die drei/01.mp3"},
        {"path": "/home/me/Podcasts/Weekly/12.mp3", "seconds": 50 * MINUTE},
        {"path": "/music/Audiobooks - English/Book/1.mp3", "artist": "A Writer"},
        {"genre": "Audiobooks & Spoken Word"},
        {"genre": "Kinderhörspiel"},
        {"path": "/music/audio_books/Book/1.mp3"},
        {"path": "/music/podcast_archive/1.mp3"},
        {"path": "/music/Spoken Word/Somebody/1.mp3"},
        {"genre": "Fantasy", "genres": ("Fantasy", "Audiobook")},
        {"genre": "Аудиокнига"},
        {"genre": "オーディオブック"},
        {"path": "/music/Аудиокниги/Чехов/01.mp3"},
        {"path": "/music/Ljudböcker/Resan/01.mp3"},
        {"path": "/music/Kinder-Hörspiele/Die drei/01.mp3"},
    ],
)
def test_talk_is_known(fields: dict[str, object]) -> None:
    assert kind(**fields) is Kind.TALK


@pytest.mark.parametrize(
    "fields",
    [
        {"seconds": 7_949.4, "path": "/music/mix.mp3", "title": "mix"},
        {"seconds": 81 * MINUTE},
        {"seconds": 60 * MINUTE, "title": "Summer Mix 2009"},
        {"seconds": 60 * MINUTE, "title": "Essential Mix (2001-05-06)"},
        {"seconds": 45 * MINUTE, "title": "Artist - Album (Full Album)"},
        {"seconds": 60 * MINUTE, "genre": "DJ Mix"},
        {"seconds": 60 * MINUTE, "path": "/music/DJ Sets/Somebody/one.mp3"},
        {"seconds": 60 * MINUTE, "path": "/music/dj_sets/Somebody/one.mp3"},
        {"seconds": 60 * MINUTE, "path": "/music/DJ-Mixes/one.mp3"},
        {"seconds": 70 * MINUTE, "title": "Somebody @ Somewhere (Live Set)"},
        {"seconds": 74 * MINUTE, "album": "Fabric 01, mixed by Somebody"},
    ],
)
def test_mixes_are_known(fields: dict[str, object]) -> None:
    assert kind(**fields) is Kind.MIX


@pytest.mark.parametrize(
    "fields",
    [
        {"seconds": 12.0},
        {"seconds": 19.9},
        {"seconds": 45.0, "path": "/music/Jingles/Station.mp3"},
        {"seconds": 45.0, "genre": "Sound Clip"},
        {"seconds": 45.0, "path": "/music/station_ids/1.mp3"},
    ],
)
def test_jingles_are_known(fields: dict[str, object]) -> None:
    assert kind(**fields) is Kind.JINGLE


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"seconds": None},
        {"seconds": 40.0, "title": "Interlude"},
        {"seconds": 24 * MINUTE, "title": "II. Adagio", "genre": "Classical"},
        {"seconds": 35 * MINUTE, "title": "Symphony No. 9: IV. Finale"},
        {"seconds": 62 * MINUTE, "title": "Weightless", "genre": "Ambient"},
        {"seconds": 78 * MINUTE, "title": "Music for Airports"},
        {"seconds": 71 * MINUTE, "title": "Live at the Town Hall", "genre": "Jazz"},
        {"seconds": 30 * MINUTE, "title": "Remix Symphony"},
        {"seconds": 4 * MINUTE, "title": "Club Mix"},
        {"seconds": 6 * MINUTE, "genre": "DJ Mix", "path": "/music/DJ Mixes/Somebody/03.mp3"},
        {"seconds": 200.0, "path": "/music/The Podcasts/First/01.mp3", "artist": "The Podcasts"},
        {"seconds": 200.0, "path": "/music/Artist/Audiobook/01.mp3", "album": "Audiobook"},
        {"seconds": 200.0, "path": "/music/Artist/Audiobook Blues/01.mp3", "album": "Audiobook Blues"},
        {"seconds": 200.0, "title": "Podcast"},
        {"genre": "Hip-Hop", "genres": ("Hip-Hop", "Spoken Word")},
        {"genre": "Speech Synthesis"},
        {"seconds": 90.0, "genre": "Sound Clip"},
        {"seconds": 200.0, "path": "/music/Lectures/First/01.mp3", "artist": "Lectures"},
        {"seconds": 10 * MINUTE, "title": "Jam (Live Set)"},
    ],
)
def test_music_is_not_taken_for_anything_else(fields: dict[str, object]) -> None:
    assert kind(**fields) is Kind.SONG


@pytest.mark.parametrize(("seconds", "found"), [(30 * MINUTE, Kind.TALK), (4 * MINUTE, Kind.SONG), (None, Kind.SONG)])
def test_what_sounds_like_speech_is_talk_where_it_is_long(seconds: float | None, found: Kind) -> None:
    assert kind(speech=True, seconds=seconds) is found
    assert kind(speech=False, seconds=seconds) is Kind.SONG if seconds != 30 * MINUTE else True


def test_the_rules_can_be_changed() -> None:
    catalogue = Catalogue()
    catalogue.upsert([a_track(0, seconds=12.0), a_track(1, seconds=100 * MINUTE), a_track(2, path="/m/Yoga/A/1.mp3")])
    sense = SongSense(catalogue)
    assert sense.kinds().tolist() == [Kind.JINGLE, Kind.MIX, Kind.SONG]
    sense.set_rules(SongRules(shortest=0, longest=600 * MINUTE, folders=words_in("Meditations, YOGA ,,")))
    assert sense.kinds().tolist() == [Kind.SONG, Kind.SONG, Kind.TALK]
    sense.set_rules(SongRules(on=False))
    assert not sense.kinds().any()


def test_names_that_a_person_adds_are_those_of_any_genre() -> None:
    catalogue = Catalogue()
    catalogue.upsert([a_track(0, genre="Ambient", genres=("Ambient", "Yoga")), a_track(1, genres=("Yoga Pop",))])
    sense = SongSense(catalogue, SongRules(folders=words_in("yoga")))
    assert sense.kinds().tolist() == [Kind.TALK, Kind.SONG]


def test_it_follows_the_catalogue() -> None:
    catalogue = Catalogue()
    catalogue.upsert([a_track(0), a_track(1)])
    sense = SongSense(catalogue)
    assert sense.kinds().tolist() == [Kind.SONG, Kind.SONG]
    catalogue.upsert([a_track(0, seconds=90 * MINUTE), a_track(2, path="/music/Podcasts/x/1.mp3")])
    assert sense.kinds().tolist() == [Kind.MIX, Kind.SONG, Kind.TALK]
    catalogue.clear()
    catalogue.upsert([a_track(3, path="/music/Podcasts/x/1.mp3")])
    assert sense.kinds().tolist() == [Kind.TALK]


def test_what_is_no_song_goes_with_its_own_kind_only() -> None:
    catalogue = Catalogue()
    song, mix, talk = a_track(0), a_track(1, seconds=90 * MINUTE), a_track(2, path="/music/Podcasts/x/1.mp3")
    catalogue.upsert([song, mix, talk])
    sense = SongSense(catalogue)
    rows = range(3)
    beside_song = sense.fits([song.id])
    assert [beside_song(row) for row in rows] == [True, False, False]
    assert beside_song.left_out == 2
    assert [sense.fits([mix.id])(row) for row in rows] == [True, True, False]
    assert [sense.fits([song.id, talk.id])(row) for row in rows] == [True, False, True]
    fitting = sense.fitting([talk.id])
    assert [fitting(one.id) for one in (song, mix, talk)] == [True, False, True]
    assert not fitting(a_track(9).id)


@given(
    st.lists(
        st.builds(
            a_track,
            seconds=st.none() | st.floats(0, 40_000),
            title=st.text(max_size=12) | st.sampled_from(["Mix", "A mix 3", "full album"]),
            album=st.sampled_from(["", "Podcasts", "Album"]),
            artist=st.sampled_from(["", "Podcasts"]),
            genre=st.sampled_from(["", "Rock", "Podcast", "DJ Mix"]),
            path=st.sampled_from(["/a/Podcasts/1.mp3", "/a/DJ Mixes/b/2.mp3", "/a/b/3.m4b", "4.mp3", "/5.mp3"]),
        ),
        max_size=8,
    )
)
def test_all_at_once_says_what_each_alone_does(tracks: list[Track]) -> None:
    tracks = [replace(one, id=track(number).id) for number, one in enumerate(tracks)]
    together = Catalogue()
    together.upsert(tracks)
    kinds = SongSense(together).kinds().tolist()
    for one, found in zip(tracks, kinds, strict=True):
        alone = Catalogue()
        alone.upsert([one])
        assert SongSense(alone).kinds().tolist() == [found]
