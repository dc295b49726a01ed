"""What each service and player writes is read whole; what is broken costs its own line and nothing else."""

from __future__ import annotations

import json
import os
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.core.plays import Play, PlaySource, Tally, Thumb
from indexer.history.formats import READERS, HistoryFormat, chapters_in, format_of
from indexer.history.lines import lines_of
from indexer.history.reading import Found, HistoryUnreadable, Refused, Teller
from tests import histories
from tests.histories import BEGUN, HEARD, MBID, PODCAST, Heard

NOW = BEGUN + 100_000_000


def read(path: Path, only: HistoryFormat | None = None) -> list[Found]:
    chapters = chapters_in(path, lambda error: pytest.fail(str(error)), only)
    return [found for chapter in chapters for found in chapter.read(lambda client: Teller(client, now=NOW))]


def written(folder: Path, content: bytes | str) -> Path:
    path = folder / "history"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def plays_in(found: list[Found]) -> list[Play]:
    return [each for each in found if isinstance(each, Play)]


def tallies_in(found: list[Found]) -> list[Tally]:
    return [each for each in found if isinstance(each, Tally)]


def refused_in(found: list[Found]) -> list[tuple[int, str]]:
    return [(each.line, each.code) for each in found if isinstance(each, Refused)]


def names(found: list[Found]) -> list[tuple[str, str, str]]:
    named = [each.named for each in found if not isinstance(each, Refused)]
    return [(each.artist, each.title, each.album) for each in named if each is not None]


WHOLE = [(heard.artist, heard.title, heard.album) for heard in HEARD]
TIMES = [float(heard.at) for heard in HEARD]
SHORTS = [dict(histories.short_stream(heard)) for heard in HEARD]
TEXTS = {
    "listenbrainz lines": histories.listenbrainz(),
    "listenbrainz list": json.dumps([histories.listen(heard) for heard in HEARD], ensure_ascii=False).encode(),
    "listenbrainz answer": json.dumps({"payload": {"listens": [histories.listen(heard) for heard in HEARD]}}).encode(),
    "lastfm page": json.dumps(histories.lastfm_page()).encode(),
    "lastfm pages": json.dumps([histories.lastfm_page(HEARD[:1]), histories.lastfm_page(HEARD[1:])], indent=2).encode(),
    "spotify": json.dumps([histories.stream(heard) for heard in HEARD]).encode(),
    "spotify on lines": json.dumps([histories.stream(heard) for heard in HEARD], indent=2).encode(),
}


@pytest.mark.parametrize("kind", TEXTS)
def test_json_is_read_whole(tmp_path: Path, kind: str) -> None:
    found = read(written(tmp_path, TEXTS[kind]))
    assert names(found) == WHOLE
    assert [play.at for play in plays_in(found)] == TIMES
    assert {code for _, code in refused_in(found)} <= {"history-playing"}
    assert {play.context.source for play in plays_in(found)} == {PlaySource.IMPORT}


def test_a_page_larger_than_a_record_is_gone_into(tmp_path: Path) -> None:
    many = [replace(HEARD[0], at=BEGUN + 60 * number, title=f"Title {number}") for number in range(8_000)]
    content = json.dumps(histories.lastfm_page(many))
    assert len(content) > 1 << 20
    assert len(plays_in(read(written(tmp_path, content)))) == 8_000


@pytest.mark.parametrize("header", [(), ("artist", "album", "title", "date"), ("Artist", "Album", "Track", "Date#x")])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_a_table_is_read_with_and_without_a_header(tmp_path: Path, header: tuple[str, ...], ends: str) -> None:
    found = read(written(tmp_path, histories.lastfm_table(header=header, ends=ends)))
    assert names(found) == WHOLE
    assert [play.at for play in plays_in(found)] == [time // 60 * 60 for time in TIMES]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1"])
def test_a_table_is_read_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    table = histories.lastfm_table([*HEARD, *(replace(heard, at=heard.at + 7_200) for heard in HEARD)])
    assert names(read(written(tmp_path, table.encode(encoding)))) == WHOLE * 2


def test_columns_are_found_by_their_names(tmp_path: Path) -> None:
    table = (
        "uts,utc_time,artist,artist_mbid,album,album_mbid,track,track_mbid\n"
        f'"{BEGUN}","13 Sep 2020, 12:26","Björk","","Homogenic","","Jóga","{MBID}"\n'
    )
    (play,) = plays_in(read(written(tmp_path, table)))
    assert (play.at, play.named and play.named.mbid) == (BEGUN, MBID)


def test_lines_that_are_no_plays_are_told_by_number_and_the_rest_is_read(tmp_path: Path) -> None:
    good = histories.lastfm_table([HEARD[0]]).strip()
    lines = [
        good,
        "Artist,only",
        "Artist,Album,Title,01 Jan 1970 00:00",
        "Artist,Album,Title,01 Jan 2199 00:00",
        "Artist,Album,Title,yesterday",
        ",Album,Title,13 Sep 2020 12:26",
        "Artist,Album,,13 Sep 2020 12:26",
        '"Artist,Al"bum,Title,13 Sep 2020 12:26',
        "x" * 2_000_000,
        "",
        good.replace("Jóga", "Hunter"),
    ]
    found = read(written(tmp_path, "\n".join(lines)))
    assert [title for _, title, _ in names(found)] == ["Jóga", "Hunter"]
    assert refused_in(found) == [
        (2, "history-columns"),
        (3, "history-time-old"),
        (4, "history-time-ahead"),
        (5, "history-time"),
        (6, "history-artist"),
        (7, "history-title"),
        (8, "history-half"),
        (9, "history-long"),
    ]


def test_json_that_is_broken_costs_its_own_line(tmp_path: Path) -> None:
    whole = [json.dumps(histories.listen(replace(HEARD[0], title=f"Title {number}"))) for number in range(4)]
    lines = [whole[0], whole[1][:50], "no json at all", '{"listened_at": 1,', whole[2], "{]}", "\0\0", whole[3]]
    found = read(written(tmp_path, "\n".join(lines)))
    assert [title for _, title, _ in names(found)] == ["Title 0", "Title 2", "Title 3"]
    assert {line for line, _ in refused_in(found)} >= {2, 3, 4, 6}


def test_a_list_that_ends_in_a_record_keeps_what_is_before(tmp_path: Path) -> None:
    content = json.dumps([histories.stream(heard) for heard in HEARD], indent=2)
    found = read(written(tmp_path, content[:-150]))
    assert names(found) == WHOLE[:2]
    assert len(refused_in(found)) == 1


def test_a_stream_is_dated_by_its_beginning_and_says_what_was_skipped(tmp_path: Path) -> None:
    streams = [
        histories.stream(HEARD[0], 200_000),
        histories.stream(HEARD[0], 5_000, skipped=True, reason_end="fwdbtn"),
        histories.stream(HEARD[0], 180_000, skipped=True, reason_end="fwdbtn"),
        PODCAST,
    ]
    found = read(written(tmp_path, json.dumps(streams)))
    assert [(play.at, play.seconds_heard, play.finished, play.skipped) for play in plays_in(found)] == [
        (BEGUN, 200.0, True, False),
        (BEGUN, 5.0, False, True),
        (BEGUN, 180.0, True, False),
    ]
    assert refused_in(found) == [(1, "history-podcast")]


def test_the_short_history_of_spotify_is_read(tmp_path: Path) -> None:
    found = read(written(tmp_path, json.dumps(SHORTS, indent=2)))
    assert [(artist, title) for artist, title, _ in names(found)] == [(artist, title) for artist, title, _ in WHOLE]
    assert all(abs(play.at - heard.at) < 60 for play, heard in zip(plays_in(found), HEARD, strict=True))


def test_love_and_hate_of_listenbrainz_are_kept(tmp_path: Path) -> None:
    lines = [{"recording_mbid": MBID, "score": score, "created": BEGUN} for score in (1, -1, 0)]
    found = read(written(tmp_path, "\n".join(map(json.dumps, lines))))
    assert [tally.thumb for tally in tallies_in(found)] == [Thumb.UP, Thumb.DOWN]
    assert refused_in(found) == [(3, "history-unplayed")]


def test_the_same_play_told_by_two_services_is_one(tmp_path: Path) -> None:
    (one,) = plays_in(read(written(tmp_path, histories.listenbrainz(HEARD[:1]))))
    (other,) = plays_in(read(written(tmp_path, json.dumps(histories.lastfm_page([replace(HEARD[0], album="x")])))))
    assert one.id == other.id
    (later,) = plays_in(read(written(tmp_path, histories.listenbrainz([replace(HEARD[0], at=BEGUN + 1)]))))
    assert later.id != one.id


LIBRARIES: dict[str, Callable[[Path], object]] = {
    "rhythmbox": lambda path: path.write_text(histories.rhythmbox(), encoding="utf-8"),
    "clementine": histories.clementine,
    "strawberry": lambda path: histories.clementine(path, length="length"),
    "quod libet": lambda path: path.write_bytes(histories.quod_libet()),
    "quod libet, newest protocol": lambda path: path.write_bytes(histories.quod_libet(protocol=5)),
}


@pytest.mark.parametrize("player", LIBRARIES)
def test_libraries_of_players_are_read(tmp_path: Path, player: str) -> None:
    LIBRARIES[player](tmp_path / "library")
    found = read(tmp_path / "library")
    assert names(found) == WHOLE
    assert [(t.plays, t.rating, t.last_at) for t in tallies_in(found)] == [(h.plays, h.rating, h.at) for h in HEARD]
    assert {tally.named.seconds for tally in tallies_in(found)} == {305.0}
    assert {tally.skips for tally in tallies_in(found)} == ({0} if player == "rhythmbox" else {2})


def test_an_entry_of_rhythmbox_that_does_not_end_costs_itself_alone(tmp_path: Path) -> None:
    whole = histories.rhythmbox()
    found = read(written(tmp_path, whole.replace("</entry>", "", 1)))
    assert names(found) == WHOLE[1:]
    assert (3, "history-half") in refused_in(found)
    assert names(read(written(tmp_path, whole[: whole.rindex("<artist>")]))) == WHOLE[:2]


def test_a_document_type_of_rhythmbox_expands_nothing(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    content = histories.rhythmbox().replace("<rhythmdb", f"{bomb}<rhythmdb", 1).replace("Jóga", "&b;")
    found = read(written(tmp_path, content))
    assert names(found) == WHOLE[1:]
    assert (3, "history-xml") in refused_in(found)


def test_a_database_is_read_while_its_player_writes(tmp_path: Path) -> None:
    path = histories.clementine(tmp_path / "clementine.db")
    with closing(sqlite3.connect(path)) as player:
        player.execute("PRAGMA journal_mode = WAL")
        player.execute("BEGIN IMMEDIATE")
        player.execute("UPDATE songs SET playcount = 99")
        assert [tally.plays for tally in tallies_in(read(path))] == [heard.plays for heard in HEARD]


def test_a_database_is_never_written(tmp_path: Path) -> None:
    path = histories.clementine(tmp_path / "clementine.db")
    before = path.read_bytes()
    path.chmod(0o400)
    assert len(tallies_in(read(path))) == len(HEARD)
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["clementine.db"]


class Hostile:
    """Pickled, it asks for a folder to be made."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> object:
        return os.mkdir, (str(self.path),)


def test_a_library_of_quod_libet_calls_nothing(tmp_path: Path) -> None:
    path = written(tmp_path, histories.quod_libet(HEARD, Hostile(tmp_path / "made")))
    found = read(path)
    assert not (tmp_path / "made").exists()
    assert [code for _, code in refused_in(found)] == ["history-damaged"]


def test_a_library_of_quod_libet_that_is_cut_off_keeps_the_songs_before(tmp_path: Path) -> None:
    many = [replace(HEARD[0], title=f"Title {number}") for number in range(2_500)]
    whole = histories.quod_libet(many)
    found = read(written(tmp_path, whole[: len(whole) // 2]))
    assert 1_000 < len(tallies_in(found)) < 1_300
    assert [code for _, code in refused_in(found)] == ["history-damaged"]


def test_files_of_a_folder_and_of_zips_in_it_are_told_by_content(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("Nothing about music.\n")
    (tmp_path / "picture.jpg").write_bytes(b"\xff\xd8\xff\xe0" + bytes(100))
    (tmp_path / "empty.json").touch()
    (tmp_path / "a.bin").write_text(histories.lastfm_table())
    histories.clementine(tmp_path / "b.txt")
    with zipfile.ZipFile(tmp_path / "export", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("user.json", '{"user_id": 1}')
        archive.writestr("listens/2020/9.jsonl", histories.listenbrainz())
        archive.write(tmp_path / "b.txt", "player.db")
    chapters = list(chapters_in(tmp_path, lambda error: pytest.fail(str(error))))
    assert [(chapter.source.name, chapter.format.value) for chapter in chapters] == [
        ("a.bin", "lastfm"),
        ("b.txt", "clementine"),
        ("export/listens/2020/9.jsonl", "listenbrainz"),
        ("export/player.db", "clementine"),
    ]
    assert len(read(tmp_path)) == 4 * len(HEARD) + 2


def test_what_cannot_be_opened_is_told_and_the_rest_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"PK\x03\x04 and nothing else")
    (tmp_path / "b.csv").write_text(histories.lastfm_table())
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as archive:
        archive.writestr("x.csv", histories.lastfm_table())
    content = bytearray((tmp_path / "c.zip").read_bytes())
    content[60] ^= 0xFF
    (tmp_path / "c.zip").write_bytes(content)
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "vanished.csv").symlink_to(tmp_path / "nowhere")
    troubles: list[HistoryUnreadable] = []
    chapters = list(chapters_in(tmp_path, troubles.append))
    assert [chapter.source.name for chapter in chapters] == ["b.csv"]
    assert [error.code for error in troubles] == ["history-zip", "history-zip", "history-unreadable"]
    with pytest.raises(HistoryUnreadable, match="not there"):
        list(chapters_in(tmp_path / "missing", troubles.append))


def test_lines_have_numbers_whatever_ends_them() -> None:
    with tempfile.TemporaryFile() as file:
        file.write(b"one\r\n\r\ntwo\rthree\n" + b"y" * (3 << 20) + b"\nfour")
        file.seek(0)
        assert list(lines_of(file)) == [(1, "one"), (3, "two"), (4, "three"), (5, None), (6, "four")]


SEEDS = [*TEXTS.values(), histories.lastfm_table().encode(), histories.rhythmbox().encode(), histories.quod_libet()]


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    content = bytearray(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, max(len(content) - 1, 0)))
        piece = draw(
            st.binary(max_size=8) | st.sampled_from([b"\n", b'"', b"{", b"}", b"[", b"]", b",", b"\0", b"\xff"])
        )
        content[at : at + draw(st.integers(0, 40))] = piece
    return bytes(content)


@pytest.mark.parametrize("only", list(READERS))
@given(content=st.binary(max_size=300) | mutated())
@settings(max_examples=60)
def test_whatever_a_file_holds_it_is_read_to_its_end(only: HistoryFormat, content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = written(Path(folder), content)
        format_of(content)
        for chapter in chapters_in(path, lambda error: None, only):
            for found in chapter.read(lambda client: Teller(client, now=NOW)):
                assert isinstance(found, Play | Tally | Refused)
                assert isinstance(found, Refused) or found.named is not None


@given(st.lists(st.sampled_from(["good", "half", "noise"]), max_size=30))
@settings(max_examples=60)
def test_every_line_of_json_is_a_play_or_refused(kinds: list[str]) -> None:
    whole = json.dumps(histories.listen(Heard()))
    lines = {"good": whole, "half": whole[:60], "noise": "some words"}
    with tempfile.TemporaryDirectory() as folder:
        path = written(Path(folder), "".join(f"{lines[kind]}\n" for kind in kinds))
        found = read(path, HistoryFormat.LISTENBRAINZ)
    assert len(plays_in(found)) == kinds.count("good")
    assert [line for line, _ in refused_in(found)] == [number for number, kind in enumerate(kinds, 1) if kind != "good"]


@given(st.lists(st.sampled_from(["good", "short", "old", "open"]), max_size=30))
@settings(max_examples=60)
def test_every_row_of_a_table_is_a_play_or_refused(kinds: list[str]) -> None:
    good = histories.lastfm_table([HEARD[0]]).strip()
    lines = {"good": good, "short": "a,b", "old": "a,b,c,01 Jan 1970 00:00", "open": 'a,"b,c,01 "Jan'}
    with tempfile.TemporaryDirectory() as folder:
        path = written(Path(folder), "".join(f"{lines[kind]}\n" for kind in kinds))
        found = read(path, HistoryFormat.LASTFM)
    assert len(plays_in(found)) == kinds.count("good")
    assert len(found) == len(kinds)
