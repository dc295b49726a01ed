"""Playlist files: written and read back, read as other programs write them, and rubbish of every kind."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.core.playlists.entries import Entry, Listing, PlaylistFileError, paths_of
from indexer.core.playlists.files import LARGEST, parse_playlist, read_playlist, write_playlist
from indexer.core.playlists.matching import import_playlist, matched, tracks_below
from indexer.core.playlists.shelf import Shelf
from indexer.core.tracks import TrackId

MUSIC = "/music"
HERE = [MUSIC]


def shelf_of(*paths: str) -> Shelf:
    return Shelf(paths, [TrackId(path) for path in paths])


def found(content: str | bytes, *paths: str, name: str = "list.m3u8", folders: list[str] = HERE) -> list[str]:
    encoded = content if isinstance(content, bytes) else content.encode()
    return list(matched(parse_playlist(encoded, name), folders, shelf_of(*paths)).tracks)


def xspf(*locations: str) -> str:
    tracks = "".join(f"<track><location>{each}</location></track>" for each in locations)
    return f'<playlist version="1" xmlns="http://xspf.org/ns/0/"><trackList>{tracks}</trackList></playlist>'


NAMES = st.text(
    st.characters(exclude_characters="/\0", exclude_categories=("Cs",)) | st.sampled_from(" #%\\\n\r:.é\udcff"),
    min_size=1, max_size=12,
).filter(lambda name: name not in {".", ".."})  # fmt: skip
PATHS = st.lists(NAMES, min_size=1, max_size=3).map(lambda parts: "/" + "/".join(parts))


@pytest.mark.parametrize("ending", [".m3u8", ".xspf"])
@settings(deadline=None, max_examples=150)
@given(paths=st.lists(PATHS, max_size=6, unique=True), title=st.text(max_size=8))
def test_whatever_is_written_is_read_back(
    ending: str, paths: list[str], title: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.getbasetemp() / f"round{ending}"
    write_playlist(file, "Mine", [Entry((path,), title, "Someone", seconds=61.2) for path in paths])
    listing = read_playlist(file)
    known = set(paths)
    read = [
        next((path for path in paths_of(entry, [str(file.parent)]) if path in known), "") for entry in listing.entries
    ]
    assert read == [os.path.normpath(path) for path in paths]


@pytest.mark.parametrize("ending", [".m3u8", ".xspf"])
def test_parts_of_one_file_come_back_as_they_went(tmp_path: Path, ending: str) -> None:
    starts = [0.0, 187 / 75, 100 + 1 / 75]
    ids = [TrackId(str(number) * 32) for number in (1, 2, 3)]
    shelf = Shelf(
        ["/music/side.flac"] * 3, ids, ["Elm Lane"] * 3, [""] * 3, ["Intro"] * 3, ["A"] * 3, [9.0] * 3, starts
    )
    entries = [
        Entry(("/music/side.flac",), "Intro", "Elm Lane", "A", 9.0, ids[at], start=starts[at], end=end)
        for at, end in ((2, None), (0, starts[1]), (1, starts[2]))
    ]
    file = tmp_path / f"list{ending}"
    write_playlist(file, "Mine", entries)
    assert import_playlist(file, shelf).tracks == (ids[2], ids[0], ids[1])
    if ending == ".m3u8":
        assert "#EXTVLCOPT:start-time=2.493333\n#EXTVLCOPT:stop-time=100.013333\n" in file.read_text()


@pytest.mark.parametrize("name", ["x.m3u8", "x.xspf", "x.m3u"])
@settings(deadline=None, max_examples=150)
@given(content=st.binary(max_size=300) | st.text(max_size=200).map(lambda text: f"<playlist>{text}".encode()))
def test_rubbish_is_a_list_or_a_sentence(name: str, content: bytes) -> None:
    try:
        listing = parse_playlist(content, name)
    except PlaylistFileError:
        return
    matched(listing, HERE, shelf_of("/music/a.mp3"))


def test_paths_are_relative_to_the_file_and_say_nothing_of_the_machine(tmp_path: Path) -> None:
    track = tmp_path / "music" / "über" / "a b#1.mp3"
    for ending in (".m3u8", ".xspf"):
        write_playlist(tmp_path / f"list{ending}", "L", [Entry((str(track),), "T", "A", seconds=10)])
        assert str(tmp_path) not in (tmp_path / f"list{ending}").read_text("utf-8")
    assert "music/über/a b#1.mp3" in (tmp_path / "list.m3u8").read_text("utf-8")
    assert "<location>music/%C3%BCber/a%20b%231.mp3</location>" in (tmp_path / "list.xspf").read_text("utf-8")


def test_a_list_and_its_music_can_move_together(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir()
    for ending in (".m3u8", ".xspf"):
        write_playlist(old / f"list{ending}", "L", [Entry((str(old / "sub" / "a.mp3"),))])
    old.rename(new)
    for ending in (".m3u8", ".xspf"):
        there = shelf_of(str(new / "sub" / "a.mp3"))
        assert import_playlist(new / f"list{ending}", there).tracks == tuple(there.ids)


@pytest.mark.parametrize(
    ("line", "path"),
    [
        ("a.mp3", "/music/a.mp3"),
        ("./sub/../a.mp3", "/music/a.mp3"),
        ("../other/a.mp3", "/other/a.mp3"),
        ("sub\\deep\\a.mp3", "/music/sub/deep/a.mp3"),
        ("..\\other\\a.mp3", "/other/a.mp3"),
        ("/elsewhere/a.mp3", "/elsewhere/a.mp3"),
        ("file:///elsewhere/a%20b.mp3", "/elsewhere/a b.mp3"),
        ("FILE://localhost/elsewhere/a.mp3", "/elsewhere/a.mp3"),
        ("file:/elsewhere/a.mp3", "/elsewhere/a.mp3"),
        ("a%20b.mp3", "/music/a b.mp3"),
        ("100%.mp3", "/music/100%.mp3"),
        ("a%20b.mp3", "/music/a%20b.mp3"),
        ("D:\\Music\\Album\\a.mp3", "/drive/Album/a.mp3"),
        ("file:///D:/Music/Album/a%20b.mp3", "/drive/Album/a b.mp3"),
        ("A.MP3", "/music/a.mp3"),
        ("cafe\u0301.mp3", "/music/caf\u00e9.mp3"),
    ],
)
def test_a_line_finds_its_file(line: str, path: str) -> None:
    assert found(f"#EXTM3U\r\n#EXTINF:10,A - B\r\n{line}\r\n", "/z/z/z.mp3", path) == [path]


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + "é.mp3\n".encode(),
        "é.mp3\r".encode("latin-1"),
        "é.mp3\n".encode("utf-16"),
        b"\xef\xbb\xbf#EXTM3U\n\n#EXTINF:x,\n" + "é.mp3".encode(),
    ],
)
def test_any_encoding(content: bytes) -> None:
    assert found(content, "/music/é.mp3", name="old.m3u") == ["/music/é.mp3"]


def test_a_name_that_is_no_unicode_keeps_its_bytes(tmp_path: Path) -> None:
    path = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.mp3")
    for ending in (".m3u8", ".xspf"):
        write_playlist(tmp_path / f"l{ending}", "", [Entry((path,))])
        assert import_playlist(tmp_path / f"l{ending}", shelf_of(path)).tracks == (path,)


def test_xspf_as_others_write_it() -> None:
    body = xspf("file:///elsewhere/a%20b.mp3", "sub/c.mp3", "d%C3%A9.mp3", "e &amp; f.mp3")
    wanted = ["/elsewhere/a b.mp3", "/music/sub/c.mp3", "/music/dé.mp3", "/music/e & f.mp3"]
    assert found(body, *wanted, name="x.xspf") == wanted


def test_xspf_names_its_tracks_also_by_the_librarys_id(tmp_path: Path) -> None:
    write_playlist(tmp_path / "l.xspf", "Évening", [Entry(("/old/a.mp3",), "T", track=TrackId("7" * 32))])
    moved = Shelf(["/quite/elsewhere/b.mp3"], [TrackId("7" * 32)])
    imported = import_playlist(tmp_path / "l.xspf", moved)
    assert (imported.name, imported.tracks) == ("Évening", ("7" * 32,))


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE playlist [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>',
        '<!DOCTYPE playlist SYSTEM "http://example.org/p.dtd">',
        '<!DOCTYPE playlist [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    ],
)
def test_a_document_type_is_refused(head: str) -> None:
    with pytest.raises(PlaylistFileError, match="document type"):
        parse_playlist(f"<?xml version='1.0'?>{head}{xspf('&x;')}".encode(), "x.xspf")


def test_a_file_that_nests_without_end_is_read_in_time() -> None:
    with pytest.raises(PlaylistFileError):
        parse_playlist(b"<playlist>" + b"<a>" * 300_000, "x.xspf")


def test_addresses_of_the_network_are_never_paths() -> None:
    entry = parse_playlist(b"http://example.org/a.mp3", "x.m3u8").entries[0]
    assert list(paths_of(entry, HERE)) == []
    result = matched(Listing("", (entry,)), HERE, shelf_of("/example.org/a.mp3"))
    assert [each.shown for each in result.missing] == ["http://example.org/a.mp3"]


def test_every_entry_is_found_or_named() -> None:
    content = b"#EXTINF:12,Aphex - Xtal\n/else/gone.mp3\n/music/a.mp3\n/music/sub/lost.mp3\n"
    result = matched(parse_playlist(content, "x.m3u8"), HERE, shelf_of("/music/a.mp3"))
    assert result.tracks == ("/music/a.mp3",)
    assert [entry.shown for entry in result.missing] == ["Aphex – Xtal (/else/gone.mp3)", "/music/sub/lost.mp3"]


def test_the_folder_of_what_is_missing_is_told_without_looking_for_it() -> None:
    content = b"/drive/music/a/1.mp3\n/drive/music/b/2.mp3\nhttp://x/y\n"
    assert matched(parse_playlist(content, "x.m3u"), HERE, shelf_of()).folder == "/drive/music"
    assert matched(parse_playlist(b"/a/1.mp3\n/b/2.mp3", "x.m3u"), HERE, shelf_of()).folder == ""
    assert matched(parse_playlist(b"\\\\host\\share\\x\\1.mp3", "x.m3u"), [], shelf_of()).folder == ""


def test_two_files_that_end_alike_are_not_mistaken_for_each_other() -> None:
    assert found("/gone/album/01.mp3", "/a/album/01.mp3", "/b/album/01.mp3") == []


def test_a_file_that_is_too_large_or_not_there_is_told(tmp_path: Path) -> None:
    large = tmp_path / "large.m3u8"
    with large.open("wb") as file:
        file.truncate(LARGEST + 1)
    with pytest.raises(PlaylistFileError, match="too large"):
        read_playlist(large)
    with pytest.raises(PlaylistFileError, match="cannot be read"):
        read_playlist(tmp_path / "none.m3u8")


def test_what_cannot_be_written_leaves_what_was_there(tmp_path: Path) -> None:
    with pytest.raises(PlaylistFileError, match="cannot be written"):
        write_playlist(tmp_path / "not" / "there.m3u8", "", [])


def test_dropped_files_and_folders_become_tracks() -> None:
    shelf = shelf_of("/music/b/2.mp3", "/music/b/1.mp3", "/music/c.mp3", "/musical/d.mp3")
    tracks, unknown = tracks_below(shelf, ["/music/c.mp3", "/music/b/", "/other"])
    assert tracks == ["/music/c.mp3", "/music/b/1.mp3", "/music/b/2.mp3"]
    assert unknown == ["/other"]


def test_what_is_no_text_is_no_playlist() -> None:
    with pytest.raises(PlaylistFileError, match="no playlist"):
        parse_playlist(b"\x7fELF\x02\x01\x00\x00\x00music.mp3\n" + bytes(range(256)), "list.m3u")


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_text_whatever_it_begins_with(codec: str) -> None:
    listing = parse_playlist("C:\\Musik\\Zoë.mp3\r\n/b.mp3\r\n".encode(codec), "list.m3u")
    assert [entry.locations[0] for entry in listing.entries] == ["C:\\Musik\\Zoë.mp3", "/b.mp3"]
