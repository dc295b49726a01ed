"""The tracks that a sheet makes of a file."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.tags.cue.division import LONGEST_LEAD, divided
from indexer.core.tags.cue.sheet import CueFile, CueTrack, Sheet, SheetRefused, parse_sheet
from indexer.core.tracks import Track, TrackId

WHOLE = Track(
    TrackId("a" * 32), "/music/evening.flac", "/music", title="evening", artist="Someone", album_artist="Lane, Elm",
    genre="Folk", genres=("Folk",), year=1999, seconds=105.0, track_gain=-7.0, licence="CC BY",
)  # fmt: skip


def sheet_of(*starts: int, lead: str = "") -> Sheet:
    lines = [lead, 'FILE "evening.wav" WAVE']
    for number, start in enumerate(starts, 1):
        lines += [f"TRACK {number} AUDIO", f'TITLE "Song {number}"', f"INDEX 01 0:{start:02}:00"]
    return parse_sheet("\n".join(lines))


def cut(sheet: Sheet, whole: Track = WHOLE, length: float | None = 105.0, file: int = 0) -> tuple[Track, ...]:
    return divided(whole, sheet, sheet.files[file], length)


def test_each_part_begins_where_the_one_before_ends() -> None:
    tracks = cut(sheet_of(0, 30, 50))
    assert [(track.start, track.end, track.seconds) for track in tracks] == [(0, 30, 30), (30, 50, 20), (50, None, 55)]
    assert [(track.track_number, track.title) for track in tracks] == [(1, "Song 1"), (2, "Song 2"), (3, "Song 3")]
    assert len({track.id for track in (*tracks, WHOLE)}) == 4


def test_what_the_sheet_says_goes_before_what_the_file_says() -> None:
    lead = 'PERFORMER "Elm Lane"\nTITLE "Evening"\nREM DATE 2012\nREM GENRE "Drone; Noise"\nREM DISCNUMBER 2'
    first, second = cut(sheet_of(0, 30, lead=lead))
    assert (first.artist, first.album_artist, first.album, first.year) == ("Elm Lane", "Elm Lane", "Evening", 2012)
    assert (second.genre, second.genres, second.disc_number) == ("Drone", ("Drone", "Noise"), 2)
    assert (second.licence, second.path, second.root) == ("CC BY", WHOLE.path, WHOLE.root)
    plain, _ = cut(sheet_of(0, 30))
    assert (plain.artist, plain.album_artist, plain.album, plain.year) == ("Someone", "Lane, Elm", "evening", 1999)


def test_the_gain_of_the_file_is_that_of_the_album() -> None:
    text = (
        'FILE "a" WAVE\nTRACK 1 AUDIO\nREM REPLAYGAIN_TRACK_GAIN -3 dB\nINDEX 01 0:0:0\nTRACK 2 AUDIO\nINDEX 01 0:9:0\n'
    )
    first, second = cut(parse_sheet(text))
    assert (first.track_gain, first.album_gain, second.track_gain, second.album_gain) == (-3.0, -7.0, None, -7.0)


def test_a_name_has_no_say_in_which_track_it_is() -> None:
    before = cut(sheet_of(0, 30))
    moved = replace(WHOLE, path="/elsewhere/other.flac", title="Other", seconds=None)
    after = cut(sheet_of(0, 30, lead='TITLE "Renamed"'), moved, None)
    assert [track.id for track in before] == [track.id for track in after]
    assert before[0].id != cut(sheet_of(0, 31))[0].id
    assert before[0].id != cut(sheet_of(0, 30), replace(WHOLE, id=TrackId("b" * 32)))[0].id


def test_a_hidden_track_before_the_first_and_the_gap_of_a_disc() -> None:
    hidden, first, _ = cut(sheet_of(20, 50))
    assert (hidden.track_number, hidden.start, hidden.end) == (0, 0, 20)
    assert (first.track_number, first.start, first.end) == (1, 20, 50)
    assert LONGEST_LEAD == 150
    assert [track.start for track in cut(sheet_of(2, 50))] == [2, 50]


def test_the_pregap_of_a_later_side_is_its_own() -> None:
    sheet = parse_sheet(
        'FILE "a.wav" WAVE\nTRACK 1 AUDIO\nINDEX 01 0:0:0\nTRACK 2 AUDIO\nINDEX 01 0:9:0\n'
        'FILE "b.wav" WAVE\nTRACK 3 AUDIO\nINDEX 00 0:0:0\nINDEX 01 0:3:0\n'
        "TRACK 4 AUDIO\nINDEX 00 0:7:0\nINDEX 01 0:8:0\n"
    )
    assert [(track.start, track.end) for track in cut(sheet, file=1)] == [(0, 8), (8, None)]


def test_one_track_in_a_file_fills_in_what_is_missing() -> None:
    sheet = parse_sheet(
        'PERFORMER "Elm Lane"\nTITLE "Evening"\nFILE "evening.wav" WAVE\nTRACK 4 AUDIO\nTITLE "Frost"\nINDEX 01 0:0:0\n'
    )
    (bare,) = cut(sheet, Track(WHOLE.id, WHOLE.path, WHOLE.root, title="evening", seconds=105.0))
    assert (bare.id, bare.title, bare.artist, bare.album, bare.track_number) == (
        WHOLE.id, "Frost", "Elm Lane", "Evening", 4,
    )  # fmt: skip
    assert (bare.start, bare.end) == (0, None)
    tagged = replace(WHOLE, title="Ice", album="Morning", track_number=1)
    assert cut(sheet, tagged) == (tagged,)


def test_data_is_skipped_and_ends_what_is_before_it() -> None:
    (song,) = cut(parse_sheet(
        'FILE "a" WAVE\nTRACK 1 AUDIO\nINDEX 01 0:0:0\nTRACK 2 MODE1/2352\nINDEX 01 1:0:0\n'
    ))  # fmt: skip
    assert (song.start, song.end) == (0, 60)


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(SheetRefused, match=r"track 3 begin at 1:10, and the file ends at 1:00"):
        cut(_with_third_at_70(), length=60.0)
    with pytest.raises(SheetRefused, match="track 3 begin before track 2"):
        cut(sheet_of(0, 50, 30))
    with pytest.raises(SheetRefused, match="track 2 begin before track 1"):
        cut(sheet_of(0, 0))
    assert len(cut(_with_third_at_70(), length=None)) == 3


def _with_third_at_70() -> Sheet:
    return parse_sheet('FILE "a" WAVE\n' + "".join(
        f"TRACK {number} AUDIO\nINDEX 01 {at}:00\n" for number, at in ((1, "0:00"), (2, "0:30"), (3, "1:10"))
    ))  # fmt: skip


@given(st.sets(st.integers(0, 75 * 3000), min_size=2, max_size=30), st.sampled_from([8_000, 44_100, 48_000, 96_000]))
def test_every_sample_from_the_first_index_on_is_in_one_part(starts: set[int], rate: int) -> None:
    tracks = tuple(CueTrack(number, Fraction(at)) for number, at in enumerate(sorted(starts), 1))
    sheet = Sheet((CueFile("a", tracks),))
    made = cut(sheet, length=None)
    for before, after in pairwise(made):
        assert before.end == after.start
    exact = [Fraction(at * rate, 75) for at in sorted(starts)]
    first = [track for track in made if track.track_number]
    for track, at in zip(first, exact, strict=True):
        assert abs(round(track.start * rate) - at) <= Fraction(1, 2)
        if at.denominator == 1:
            assert round(track.start * rate) == at
    assert made[-1].end is None
