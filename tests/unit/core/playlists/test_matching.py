"""Playlists from elsewhere: what a line means in a library whose folders, endings and tags are others."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st
from mutagen.flac import FLAC

from indexer.core.audio.walk import list_audio
from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.playlists.entries import Entry, Listing
from indexer.core.playlists.files import parse_playlist, write_playlist
from indexer.core.playlists.matching import How, Imported, import_playlist, matched
from indexer.core.playlists.shelf import Shelf
from indexer.core.tags.reading import read_file
from indexer.core.tracks import TrackId
from tests.conftest import tone
from tests.unit.core.catalogue.tracks import track
from tests.waiting import cost

HERE = ["/lists"]


def flac(path: Path, seconds: float, **tags: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(
        path, tone(seconds, 200 + 10 * len(list(path.parent.parent.rglob("*"))) + ord(path.name[0])), 22_050
    )
    media = FLAC(path)
    for name, value in tags.items():
        media[name] = value
    media.save()


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Albums of several discs whose files have the names that such files have."""
    folder = tmp_path_factory.mktemp("case")
    music = folder / "Music"
    length = 1.0
    for artist, album, discs in [
        ("Ann Moor", "First Light", 2),
        ("Ben Tarn", "Second Wind", 1),
        ("Zoë Über", "Grün", 1),
    ]:
        for disc in range(1, discs + 1):
            for number, title in enumerate(["Intro", "Song"], 1):
                length += 0.01
                flac(
                    music / artist / album / f"CD{disc}" / f"{number:02} - {title}.flac", length,
                    title=f"{title} {album} {disc}", artist=artist, album=album, discnumber=str(disc),
                )  # fmt: skip
    flac(music / "Ben Tarn" / "Single" / "Fjord ⑨ #1 100%.flac", 2.0, title="Fjord", artist="Ben Tarn", album="Single")
    (folder / "Playlists").mkdir()
    return folder


@pytest.fixture(scope="module")
def shelf(library: Path) -> Shelf:
    catalogue = Catalogue()
    read = [track for file in list_audio(str(library / "Music")).files.values() for track in read_file(file).tracks]
    catalogue.upsert([track for track in read if track is not None])
    return Shelf.of(catalogue)


@pytest.mark.parametrize(
    ("name", "lines", "encoding", "wanted"),
    [
        (
            "backslashes.m3u",
            ["#EXTM3U", r"..\Music\Ann Moor\First Light\CD1\01 - Intro.flac",
             r"..\Music\Ann Moor\First Light\CD2\01 - Intro.flac"],
            "utf-8",
            ["exact Ann Moor/First Light/CD1/01 - Intro.flac", "exact Ann Moor/First Light/CD2/01 - Intro.flac"],
        ),
        (
            "moved from Windows.m3u8",
            ["#EXTM3U", r"D:\Musik\Ann Moor\First Light\CD1\01 - Intro.flac",
             r"D:\Musik\Ann Moor\First Light\CD2\02 - Song.flac", r"D:\Musik\Ben Tarn\Second Wind\CD1\02 - Song.flac"],
            "utf-8-sig",
            ["moved Ann Moor/First Light/CD1/01 - Intro.flac", "moved Ann Moor/First Light/CD2/02 - Song.flac",
             "moved Ben Tarn/Second Wind/CD1/02 - Song.flac"],
        ),
        (
            "moved on Linux.m3u8",
            ["/mnt/old/music/Ann Moor/First Light/CD1/01 - Intro.flac",
             "/mnt/old/music/Zoë Über/Grün/CD1/01 - Intro.flac"],
            "utf-8",
            ["moved Ann Moor/First Light/CD1/01 - Intro.flac", "moved Zoë Über/Grün/CD1/01 - Intro.flac"],
        ),
        (
            "not in the library.m3u8",
            ["#EXTINF:200,Cleo Reed - Song Of Mine", r"D:\Musik\Cleo Reed\Third Rail\CD2\02 - Song.flac",
             "#EXTINF:200,Cleo Reed - Fjord", r"D:\Musik\Cleo Reed\Single\Fjord ⑨ #1 100%.flac",
             r"D:\Musik\Cleo Reed\Single\Fjord ⑨ #1 100%.flac", r"D:\Musik\Cleo Reed\First Light\CD1\01 - Intro.flac"],
            "utf-8",
            ["missing", "artist", "artist", "artist"],
        ),
        ("root relative.m3u", [r"\Music\Ben Tarn\Second Wind\CD1\02 - Song.flac"], "utf-8",
         ["moved Ben Tarn/Second Wind/CD1/02 - Song.flac"]),
        ("latin-1.m3u", ["#EXTINF:1,Zoë Über - Song", r"..\Music\Zoë Über\Grün\CD1\02 - Song.flac"], "latin-1",
         ["exact Zoë Über/Grün/CD1/02 - Song.flac"]),
        ("mac.m3u", ["#EXTINF:1,Zoë Über - Song", "E:/x/Zoë Über/Grün/CD1/02 - Song.flac"], "mac_roman",
         ["moved Zoë Über/Grün/CD1/02 - Song.flac"]),
        (
            "percent.m3u8",
            ["../Music/Zo%C3%AB%20%C3%9Cber/Gr%C3%BCn/CD1/02%20-%20Song.flac",
             "../Music/Ben%20Tarn/Single/Fjord%20%E2%91%A8%20%231%20100%25.flac"],
            "utf-8",
            ["exact Zoë Über/Grün/CD1/02 - Song.flac", "exact Ben Tarn/Single/Fjord ⑨ #1 100%.flac"],
        ),
        ("decomposed.m3u8", ["../Music/Zoe\u0308 U\u0308ber/Gru\u0308n/CD1/02 - Song.flac"], "utf-8",
         ["exact Zoë Über/Grün/CD1/02 - Song.flac"]),
        (
            "other ending.m3u8",
            ["#EXTINF:8,Ben Tarn - Song Second Wind 1", "../Music/Ben Tarn/Second Wind/CD1/02 - Song.mp3",
             r"D:\Musik\Ben Tarn\Second Wind\CD1\01 - Intro.MP3"],
            "utf-8",
            ["ending Ben Tarn/Second Wind/CD1/02 - Song.flac", "ending Ben Tarn/Second Wind/CD1/01 - Intro.flac"],
        ),
        (
            "odd.m3u8",
            ['#EXTINF:-1 tvg-id="" group-title="A, B",Ben Tarn - Fjord', "", "   ", "# a comment", "#EXTINF:",
             "../Music/Ben Tarn/Single/Fjord ⑨ #1 100%.flac", "https://example.org/stream.mp3"],
            "utf-8",
            ["exact Ben Tarn/Single/Fjord ⑨ #1 100%.flac", "stream"],
        ),
    ],
)  # fmt: skip
def test_lists_from_elsewhere(
    name: str, lines: list[str], encoding: str, wanted: list[str], library: Path, shelf: Shelf
) -> None:
    file = library / "Playlists" / name
    file.write_bytes("\r\n".join(lines).encode(encoding))
    assert told(import_playlist(file, shelf), library / "Music") == wanted


def told(found: Imported, music: Path | str) -> list[str]:
    return [f"{line.how} {line.path.removeprefix(f'{music}/')}".strip() for line in found.lines]


Known = tuple[str, str, str, float]
"""A path below /music, an artist, a title and a length."""


def shelf_of(*tracks: Known, root: str = "/music") -> Shelf:
    paths = [f"{root}/{path}" for path, *_ in tracks]
    albums = [path.split("/")[-2] if "/" in path else "" for path, *_ in tracks]
    return Shelf(
        paths,
        [TrackId(f"{number:032x}") for number in range(len(tracks))],
        [artist for _, artist, _, _ in tracks],
        [""] * len(tracks),
        [title for _, _, title, _ in tracks],
        albums,
        [seconds for *_, seconds in tracks],
    )


BEN = ("Ben Tarn/Single/01 Fjord.flac", "Ben Tarn", "Fjord", 200.0)
ANN = ("Ann Moor/First Light/01 Intro.flac", "Ann Moor", "Intro", 100.0)


def how(line: str, *tracks: Known, info: str = "", name: str = "l.m3u8") -> str:
    content = f"#EXTINF:{info}\n{line}\n" if info else f"{line}\n"
    return told(matched(parse_playlist(content.encode(), name), HERE, shelf_of(*tracks)), "/music")[0]


@pytest.mark.parametrize(
    ("line", "info", "wanted"),
    [
        (r"\\nas\music\Ben Tarn\Single\01 Fjord.flac", "", "moved"),
        ("//nas/music/Ben Tarn/Single/01 Fjord.flac", "", "moved"),
        ("file://nas/music/Ben%20Tarn/Single/01%20Fjord.flac", "", "exact"),
        ("file:///E:/Ben%20Tarn/Single/01%20Fjord.flac", "", "moved"),
        (r"E:\Ben Tarn\Single\01 Fjord.flac   ", "", "moved"),
        ("local:track:Ben%20Tarn/Single/01%20Fjord.flac", "", "moved"),
        ("/MUSIC/ben tarn/SINGLE/01 fjord.FLAC", "", "exact"),
        ("/music/Ben Tarn/Single/01 Fjord.wma", "", "ending"),
        ("E:/x/Ben Tarn/Single/01_Fjord.flac", "", "moved"),
        ("E:/Music/Single/01 Fjord.flac", "", "moved"),
        ("E:/x/elsewhere/07.flac", "201,Ben Tarn - Fjord", "name"),
        ("E:/x/elsewhere/07.flac", "201,Tarn, Ben – Fjord", "name"),
        ("E:/x/Ben Tarn/Best Of/07 Fjord.mp3", "", "name"),
        ("E:/x/Ben Tarn - Fjord.mp3", "200,Ben Tarn - Fjord", "name"),
        ("E:/Music/03 - Ben Tarn - Fjord.mp3", "", "name"),
        ("E:/x/Cleo Reed/Ben Tarn/01 Fjord.flac", "", "missing"),
        ("smb://nas/music/Ben%20Tarn/Single/01%20Fjord.flac", "", "exact"),
        ("sftp://me@nas/srv/Ben Tarn/Single/01 Fjord.flac", "", "moved"),
        ("E:/x/Ben Tarn/Single/01 Fjord.flac", "200,01 - Fjord", "moved"),
        ("E:/x/Ben Tarn/Single/01 Fjord.flac", "200,01. Ben Tarn - Fjord", "moved"),
        ("/music/Ben Tarn/Single/01 Fjord.flac", "90,Cleo Reed - Song Of Mine", "artist"),
        ("/music/Ben Tarn/Single/01 Fjord.flac", "200,Cleo Reed - Song Of Mine", "exact"),
        ("/music/Ben Tarn/Single/01 Fjord.flac", "90,Cleo Reed - Fjord", "exact"),
        ("E:/x/elsewhere/07.flac", "330,Ben Tarn - Fjord", "missing"),
        ("E:/x/Ben Tarn/Single/01 Fjord.flac", "200,Cleo Reed - Fjord", "artist"),
        ("E:/x/Cleo Reed/Single/01 Fjord.flac", "", "artist"),
        ("E:/x/Cleo Reed/Single/01 Fjord.mp3", "", "artist"),
        ("E:/x/Single/01 Fjord.flac", "200,Ben Tarn - Fjord", "moved"),
        ("01 Fjord.flac", "", "missing"),
        ("E:/01 Fjord.flac", "", "missing"),
        ("E:/x/Ann Moor/Second Light/01 Intro.flac", "", "missing"),
        ("E:/x/Ann Moor/Second Light/01 Intro.flac", "100,Ann Moor - Intro", "missing"),
        ("E:/x/Ann Moor/First Light (Deluxe)/01 Intro.flac", "100,Ann Moor - Intro", "name"),
    ],
)
def test_a_line_is_found_by_what_speaks_for_it(line: str, info: str, wanted: str) -> None:
    found = how(line, ANN, BEN, info=info)
    assert found.split()[0] == wanted
    assert ("Fjord" in found or "Intro" in found) == (wanted not in {"missing", "artist"})


def test_a_guest_or_the_other_order_of_a_name_is_no_other_artist() -> None:
    beatles = ("Beatles, The/Help/02 Night.mp3", "The Beatles", "Night", 120.0)
    for info in ("120,Beatles - Night", "120,The Beatles feat. Somebody - Night", "120,Beatles, The - Night"):
        assert how("E:/q/Help/02 Night.mp3", beatles, info=info).startswith("moved")
    assert how("E:/q/Help/02 Night.mp3", beatles, info="120,The Beatless - Night") == "artist"


def test_a_name_that_only_begins_alike_is_another_artist() -> None:
    prince = ("Prince/Kiss/01 Kiss.mp3", "Prince", "Kiss", 120.0)
    assert how("E:/q/Prince Buster/Kiss/01 Kiss.mp3", prince) == "artist"
    assert how("E:/q/x/Kiss/01 Kiss.mp3", prince, info="120,Prince Buster - Kiss") == "artist"


def test_kana_that_differ_by_their_marks_are_different() -> None:
    hana = ("ハナ/歌/01.flac", "ハナ", "歌", 120.0)
    assert how("E:/ハナ/歌/01.flac", hana).startswith("moved")
    assert how("E:/バナ/歌/01.flac", hana) == "artist"


def test_of_two_files_that_end_alike_the_longer_end_and_then_the_comment_decide() -> None:
    one = ("a/Ann Moor/First Light/CD1/01.mp3", "Ann Moor", "Dawn", 100.0)
    two = ("b/Ann Moor/First Light/CD1/01.mp3", "Ann Moor", "Dusk", 150.0)
    line = "E:/q/Ann Moor/First Light/CD1/01.mp3"
    assert how(line, one, two) == "several"
    assert how(line, one, two, info="150,Ann Moor - Dusk") == f"moved {two[0]}"
    assert how("E:/b/Ann Moor/First Light/CD1/01.mp3", one, two) == f"moved {two[0]}"


def test_of_two_copies_of_one_recording_one_is_taken() -> None:
    one = ("x/Ben Tarn/Single/01 Fjord.flac", "Ben Tarn", "Fjord", 200.0)
    two = ("backup/Ben Tarn/Single/01 Fjord.flac", "Ben Tarn", "Fjord", 200.2)
    assert how("E:/q/Ben Tarn/Single/01 Fjord.flac", two, one) == f"moved {one[0]}"


def test_the_file_of_the_same_ending_is_preferred() -> None:
    both = [(f"Ben Tarn/Single/01 Fjord.{ending}", "Ben Tarn", "Fjord", 200.0) for ending in ("flac", "mp3")]
    assert how("E:/q/Ben Tarn/Single/01 Fjord.mp3", *both) == f"moved {both[1][0]}"


def test_discs_of_one_album_are_not_mistaken_for_albums() -> None:
    one = ("Ann Moor/First Light/CD1/01 Intro.mp3", "Ann Moor", "Intro", 100.0)
    assert how("E:/q/Cleo Reed/Other/CD1/01 Intro.mp3", one) == "missing"


def test_a_flat_library_that_moved_is_believed_when_two_albums_came_along() -> None:
    flat = shelf_of(("Red/1.mp3", "Ann", "One", 100.0), ("Blue/2.mp3", "Ben", "Two", 100.0), root="/srv/noise")
    lines = ["/home/me/tunes/Red/1.mp3", "/home/me/tunes/Blue/2.mp3"]
    both = matched(parse_playlist("\n".join(lines).encode(), "l.m3u"), HERE, flat)
    assert told(both, "/srv/noise") == ["moved Red/1.mp3", "moved Blue/2.mp3"]
    alone = matched(parse_playlist(lines[0].encode(), "l.m3u"), HERE, flat)
    assert told(alone, "/srv/noise") == ["artist"]


def test_a_file_that_holds_several_tracks_gives_the_one_that_is_named_or_all() -> None:
    album = [("Elm/Evening/evening.flac", "Elm Lane", title, 30.0) for title in ("Doors", "Fire", "Frost")]
    shelf = shelf_of(*album)
    shelf = Shelf(shelf.paths, shelf.ids, *_columns(shelf), starts=[0.0, 30.0, 65.0])
    named = b"#EXTINF:30,Elm Lane - Fire\n/music/Elm/Evening/evening.flac\n"
    assert matched(parse_playlist(named, "l.m3u"), HERE, shelf).tracks == (shelf.ids[1],)
    assert matched(parse_playlist(b"/music/Elm/Evening/evening.flac", "l.m3u"), HERE, shelf).tracks == tuple(shelf.ids)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_that_does_not_say_so(encoding: str) -> None:
    content = "#EXTM3U\r\nE:\\Ben Tarn\\Single\\01 Fjord.flac\r\n".encode(encoding)
    assert told(matched(parse_playlist(content, "l.m3u"), HERE, shelf_of(BEN)), "/music") == [f"moved {BEN[0]}"]


def test_letters_that_a_program_wrote_twice_are_read_once() -> None:
    known = ("Zoë Über/Grün/01 Straße.mp3", "Zoë Über", "Straße", 100.0)
    garbled = "#EXTINF:100,Zoë Über - Straße\nE:/q/Zoë Über/Grün/01 Straße.mp3\n".encode().decode("cp1252").encode()
    assert told(matched(parse_playlist(garbled, "l.m3u8"), HERE, shelf_of(known)), "/music") == [f"moved {known[0]}"]


def _columns(shelf: Shelf) -> tuple[object, ...]:
    return shelf.artists, shelf.album_artists, shelf.titles, shelf.albums, shelf.seconds


@pytest.mark.parametrize("encoding", ["cp1251", "shift_jis", "gb18030", "euc_kr", "utf-16"])
def test_a_list_in_the_encoding_of_its_region(encoding: str) -> None:
    artist = {"cp1251": "Старый порт", "shift_jis": "夜の船", "gb18030": "旧港", "euc_kr": "항구", "utf-16": "Ö"}[
        encoding
    ]
    known = (f"{artist}/{artist}/01.mp3", artist, artist, 100.0)
    content = f"#EXTM3U\r\n#EXTINF:100,{artist} - {artist}\r\nD:\\M\\{artist}\\{artist}\\01.mp3\r\n".encode(encoding)
    found = matched(parse_playlist(content, "l.m3u"), HERE, shelf_of(known))
    assert told(found, "/music") == [f"moved {known[0]}"]


PLS = """[playlist]
File2=E:/x/Ben Tarn/Single/01 Fjord.flac
Title2=Ben Tarn - Fjord
Length2=200
File1=http://example.org/s
Title1=A station
Length1=-1
NumberOfEntries=2
Version=2
"""
WPL = r"""<?wpl version="1.0"?><smil><head><title>L</title></head><body><seq>
<media src="http://example.org/s"/>
<media src="..\Ben Tarn\Single\01 Fjord.flac" trackTitle="Fjord" trackArtist="Ben Tarn" duration="200000"/>
</seq></body></smil>"""
ASX = r"""<ASX version="3.0"><Title>L</Title><Entry><Ref HREF="http://example.org/s" /></Entry>
<entry><title>Fjord</title><author>Ben Tarn & Co</author><ref href="E:\Ben Tarn\Single\01 Fjord.flac"/>
<duration value="00:03:20.0"/></entry></ASX>"""


@pytest.mark.parametrize(("name", "content"), [("l.pls", PLS), ("l.wpl", WPL), ("l.asx", ASX), ("l.m3u", PLS)])
def test_lists_of_other_kinds(name: str, content: str) -> None:
    listing = parse_playlist(content.encode(), name)
    assert [entry.title for entry in listing.entries][1] == "Fjord"
    found = matched(listing, HERE, shelf_of(ANN, BEN))
    assert told(found, "/music") == ["stream", f"moved {BEN[0]}"]
    assert found.lines[1].entry.seconds == 200


def test_what_is_written_here_is_found_after_the_library_moved(tmp_path: Path, shelf: Shelf) -> None:
    moved = [path.replace("/Music/", "/Elsewhere/Sounds/") for path in shelf.paths]
    there = Shelf(moved, shelf.ids, *_columns(shelf))
    entries = [Entry((path,), title, artist, album, seconds) for path, title, artist, album, seconds in
               zip(shelf.paths, shelf.titles, shelf.artists, shelf.albums, shelf.seconds, strict=True)]  # fmt: skip
    for ending in (".m3u8", ".xspf"):
        write_playlist(tmp_path / f"l{ending}", "L", entries)
        assert import_playlist(tmp_path / f"l{ending}", there).tracks == tuple(shelf.ids)


WORDS = (
    st.text(st.sampled_from("ab Zé%#_-.'01ハ"), min_size=1, max_size=8)
    .map(str.strip)
    .filter(lambda text: text.strip(". "))
)


@settings(deadline=None, max_examples=200)
@given(st.lists(st.tuples(WORDS, WORDS, WORDS), min_size=1, max_size=6, unique=True), WORDS)
def test_no_line_ever_becomes_a_track_of_an_artist_that_it_does_not_name(
    names: list[tuple[str, str, str]], stranger: str
) -> None:
    """Whatever folders are called, a stranger's line with the album and title of another finds nothing of theirs."""
    known = [(f"{artist}/{album}/{title}.mp3", artist, title, 100.0) for artist, album, title in names]
    shelf = shelf_of(*known)
    mark = f"qq {stranger}"
    entries = tuple(
        Entry((f"E:/x/{mark}/{album}/{title}.mp3",), title, mark, seconds=100.0) for _, album, title in names
    )
    assert matched(Listing("", entries), HERE, shelf).tracks == ()


def test_a_long_list_is_found_at_once_in_a_large_library() -> None:
    count, lines = 106_574, 2_000
    paths = [f"/music/Artist {n // 30}/Album {n // 10}/CD{1 + n % 2}/{n % 10:02} - Title {n}.mp3" for n in range(count)]
    ids = [TrackId(f"{n:032x}") for n in range(count)]
    columns = ([f"Artist {n // 30}" for n in range(count)], [""] * count, [f"Title {n}" for n in range(count)],
               [f"Album {n // 10}" for n in range(count)], np.full(count, 200.0).tolist())  # fmt: skip
    shelf = Shelf(paths, ids, *columns)
    wanted = list(range(0, count, count // lines))
    entries = tuple(Entry(("D:\\Musik" + paths[n].removeprefix("/music").replace("/", "\\"),)) for n in wanted)
    found = matched(Listing("", entries), HERE, shelf)
    assert found.tracks == tuple(ids[n] for n in wanted)
    assert {line.how for line in found.lines} == {How.MOVED}
    few, all_of_them = (
        cost(lambda some=some: matched(Listing("", some), HERE, Shelf(paths, ids, *columns)), times=1)
        for some in (entries[:20], entries)
    )
    assert all_of_them < 10 * few, "the library is gone through once, and not for each line"


def test_addresses_are_those_of_the_tracks_of_a_shared_library_or_of_none() -> None:
    server = "http://kitchen:4849"
    catalogue = Catalogue()
    catalogue.upsert([track(number, path=f"{server}/stream/{number}", root=server) for number in (1, 2)])
    listing = Listing("", tuple(Entry((f"{server}/stream/{number}",)) for number in (2, 3)))
    found = matched(listing, HERE, Shelf.of(catalogue))
    assert [(line.how, line.tracks) for line in found.lines] == [(How.EXACT, (track(2).id,)), (How.STREAM, ())]
