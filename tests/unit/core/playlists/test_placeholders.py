"""Lines that wait for their music: nothing that a file says of them is lost, and they are filled in when it comes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.playing.queue import PlayQueue
from indexer.core.playlists import placeholders
from indexer.core.playlists.entries import Entry
from indexer.core.playlists.files import parse_playlist, read_playlist, write_playlist
from indexer.core.playlists.placeholders import entry_of, found_among, kept, placeholder, placeless
from indexer.core.tracks import TrackId, is_awaited
from tests.unit.core.playlists.test_matching import BEN, shelf_of

BACKSLASH = "\\"
TEXT = st.text(max_size=20) | st.sampled_from(["caf\udce9", "D:\\x", "a/../b", "https://example.org/s", "\x00"])


@given(st.lists(TEXT, max_size=3), TEXT, TEXT, st.none() | st.floats(1, 1e6))
def test_what_a_line_says_is_kept(places: list[str], title: str, artist: str, seconds: float | None) -> None:
    entry = Entry(tuple(dict.fromkeys(places)), title, artist, "Album", seconds, readings=("x - y",))
    made = placeholder(entry, "")
    assert made is not None
    assert is_awaited(made)
    assert made.isascii()
    assert entry_of(made) == entry


def test_a_track_is_no_line_that_waits_and_rubbish_says_nothing() -> None:
    assert entry_of(TrackId("f" * 32)) is None
    for rubbish in ("", "{", "[]", '{"at":3,"seconds":"x"}', "[" * 5_000):
        assert entry_of(TrackId(f"awaited:{rubbish}")) == Entry(())


@given(st.lists(TEXT, max_size=3), TEXT, TEXT)
def test_other_machines_are_told_what_a_line_waits_for_and_not_where(
    places: list[str], title: str, folder: str
) -> None:
    made = placeholder(Entry(tuple(dict.fromkeys(places)), title, "Artist", seconds=5.0), folder)
    assert made is not None
    told = placeless(made)
    entry, before = entry_of(told), entry_of(made)
    assert entry is not None
    assert before is not None
    assert (entry.locations, entry.artist, entry.seconds) == ((), "Artist", 5.0)
    assert title in {"", entry.title}
    assert placeless(told) == told
    assert is_awaited(told)


def test_lines_that_wait_in_different_places_stay_different() -> None:
    lines = [placeholder(Entry((f"{place}/Song.mp3",)), "/home/ada/music") for place in ("one", "two", "one\\two")]
    told = [placeless(line) for line in lines if line is not None]
    assert len(set(told)) == 3
    assert [entry.title for entry in map(entry_of, told) if entry is not None] == ["Song.mp3"] * 3
    assert not [line for line in told if "ada" in line]
    assert placeless(TrackId("f" * 32)) == "f" * 32


def test_a_list_has_room_for_so_much_and_says_what_it_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(placeholders, "MOST", 100)
    line = placeholder(Entry(("/a.mp3",)), "")
    assert line is not None
    assert placeholder(Entry(("x" * placeholders.LARGEST,)), "") is None
    tracks, lost = kept([TrackId("1"), line, None, *[line] * 5, TrackId("2")])
    assert tracks == ["1", *[line] * (100 // len(line)), "2"]
    assert lost == 6 - 100 // len(line) + 1


def test_music_that_comes_fills_its_line() -> None:
    entries = parse_playlist(
        b"#EXTINF:200,Ben Tarn - Fjord\n..\\Ben Tarn\\Single\\01 Fjord.flac\n/x/y/z.mp3", "l.m3u"
    ).entries
    lines = [placeholder(entry, "/old/lists") for entry in entries]
    awaited = [line for line in lines if line is not None]
    shelf = shelf_of(BEN)
    assert found_among(shelf_of(), awaited) == {}
    assert found_among(shelf, awaited) == {awaited[0]: (shelf.ids[0],)}


def test_lines_that_wait_go_out_to_a_file_as_they_came_in(tmp_path: Path) -> None:
    lists = tmp_path / "lists"
    lists.mkdir()
    places = ["D:\\Musik\\A\\b.mp3", "https://example.org/s", "/gone/a.mp3", "\\\\nas\\x\\y.mp3", "sub/c d.mp3"]
    made = [placeholder(Entry((place,), "T", "A"), "/old") for place in places]
    entries = [entry for line in made if line is not None and (entry := entry_of(line)) is not None]
    for ending in (".m3u8", ".xspf"):
        write_playlist(lists / f"l{ending}", "L", entries)
        read = read_playlist(lists / f"l{ending}").entries
        again = [placeholder(entry, str(lists)) for entry in read]
        back = [entry_of(line).locations for line in again if line is not None]  # type: ignore[union-attr]
        for place, found in zip([*places[:-1], "/old/sub/c d.mp3"], back, strict=True):
            as_url = f"file:///{place.replace(BACKSLASH, '/')}"
            assert place in found or as_url in found, (ending, place, found)


def test_the_queue_takes_no_line_that_waits() -> None:
    waits = placeholder(Entry(("/a.mp3",)), "")
    assert waits is not None
    queue = PlayQueue()
    queue.replace([waits, TrackId("1"), waits, TrackId("2")], 3)
    assert [item.track for item in queue.items] == ["1", "2"]
    assert queue.current is not None
    assert queue.current.track == "2"
    queue.append([waits])
    assert len(queue) == 2
