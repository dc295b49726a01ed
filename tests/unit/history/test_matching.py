"""Music by its names finds the track that is meant: not less for how names are written, and not another song."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.plays import Named
from indexer.core.tracks import Track, TrackState
from indexer.history.matching import Match, Matcher
from tests.unit.core.catalogue.tracks import track

ALBUM = track(1, artist="Björk", title="Jóga", album="Homogenic", seconds=305.0)
LIVE = track(2, artist="Björk", title="Jóga (Live)", album="Vespertine Live", seconds=330.0)
INTRO = track(3, artist="The xx", title="Intro", album="xx", seconds=128.0)
OTHER_INTRO = track(4, artist="The xx", title="Intro", album="Live", seconds=200.0)
GUEST = track(5, artist="Massive Attack feat. Horace Andy", title="Angel", album="Mezzanine", seconds=379.0)
PAIR = track(6, artist="Simon & Garfunkel", title="America", album="Bookends", seconds=215.0)
GONE = track(7, artist="Air", title="La femme d'argent", album="Moon Safari", state=TrackState.GONE)
MBID, ISRC = "11111111-2222-3333-4444-555555555555", "GBAAA9700001"
OWN = track(10, artist="Portishead", title="Roads", mbid=MBID, isrc=ISRC)
LIBRARY = (OWN, ALBUM, LIVE, INTRO, OTHER_INTRO, GUEST, PAIR, GONE)


@pytest.mark.parametrize(
    ("named", "meant"),
    [
        (Named(artist="Björk", title="Jóga"), ALBUM),
        (Named(artist="BJORK", title="joga"), ALBUM),
        (Named(artist="Björk", title="Jóga (2009 Remaster)", album="Homogenic"), ALBUM),
        (Named(artist="Björk", title="Jóga - Live at Royal Opera House"), ALBUM),
        (Named(artist="Björk", title="Jóga (Live)"), LIVE),
        (Named(artist="Björk", title="Jóga", album="Vespertine Live"), LIVE),
        (Named(artist="Björk", title="Jóga", seconds=345.0), LIVE),
        (Named(artist="The xx", title="Intro", album="xx"), INTRO),
        (Named(artist="Massive Attack", title="Angel"), GUEST),
        (Named(artist="Simon and Garfunkel", title="America"), PAIR),
        (Named(artist="Garfunkel, Simon", title="America"), PAIR),
        (Named(artist="Air", title="La Femme d’Argent"), GONE),
        (Named(artist="", mbid=MBID), OWN),
        (Named(artist="Björk", title="Jóga", mbid=MBID), OWN),
        (Named(artist="Portis Head", title="Roadz", isrc=ISRC), OWN),
        (Named(artist="Björk", title="Jóga", mbid=MBID.replace("1", "2"), isrc="GBAAA9700002"), ALBUM),
    ],
)
def test_the_track_that_is_meant_is_found(named: Named, meant: Track) -> None:
    assert Matcher(LIBRARY).find(named) == Match(meant.id, knows_artist=True)


@pytest.mark.parametrize(
    ("named", "knows_artist"),
    [
        (Named(artist="Björk", title="Hunter"), True),
        (Named(artist="Horace Andy", title="Skylarking"), True),
        (Named(artist="Nobody Else", title="Jóga"), False),
        (Named(artist="The xx", title="Intro"), True),  # of two albums
        (Named(artist="The xx", title="Intro", album="Another"), True),
        (Named(artist="", title="Jóga"), False),
        (Named(artist="Björk"), True),
        (Named(artist="Unknown Artist", title="America"), False),
        (Named(artist="", mbid="99999999-2222-3333-4444-555555555555"), False),
    ],
)
def test_another_song_is_never_taken_for_it(named: Named, knows_artist: bool) -> None:
    assert Matcher(LIBRARY).find(named) == Match(None, knows_artist=knows_artist)


def test_a_track_that_is_there_goes_before_one_that_is_gone() -> None:
    gone = track(8, artist="Air", title="Remember", state=TrackState.GONE)
    there = track(9, artist="Air", title="Remember")
    for order in ((gone, there), (there, gone)):
        assert Matcher(order).find(Named(artist="Air", title="Remember")).track == there.id


@given(st.text(), st.text(), st.text())
def test_whatever_music_is_called_it_is_found_by_just_that_or_not_at_all(artist: str, title: str, album: str) -> None:
    """By its own names no other track can be found, in a library of it and tracks that are nothing like it."""
    own = track(20, artist=artist, title=title, album=album)
    found = Matcher([*LIBRARY, own]).find(Named(artist=artist, title=title, album=album)).track
    assert found in {own.id, None}
