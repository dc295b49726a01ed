"""`indexer sample`: links, copies or a list of a stratified part of a library, with a table; all of it or nothing."""

from __future__ import annotations

import csv
import errno
import json
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from indexer.cli import app
from indexer.core.home import Home
from indexer.core.playlists import m3u
from indexer.core.store import Database
from indexer.core.store.address import URI_VARIABLE
from indexer.core.tracks import Track, TrackId, TrackState
from indexer.evaluation.labels import read_labels
from tests.faults.disks import small_disk
from tests.faults.fault import NotHere

pytestmark = pytest.mark.database

GENRES = ["Rock"] * 30 + ["Jazz"] * 9 + ["Polka"]


@pytest.fixture
def typed(database: Database, home: Home, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv(URI_VARIABLE, database.uri)
    monkeypatch.setenv("SEGUE_HOME", str(home.root))
    monkeypatch.setenv("COLUMNS", "500")
    return CliRunner()


@pytest.fixture
def music(tmp_path: Path) -> Path:
    return tmp_path / "Music"


def of(music: Path, number: int, genre: str) -> Track:
    path = music / f"{number // 5:03}" / f"{number:06}.mp3"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"%d" % number)
    names = {"title": f"Title {number}", "artist": f"Artist {number // 4}", "album": f"Album {number // 5}"}
    return Track(
        TrackId(f"{number:032x}"), str(path), str(music), **names, genre=genre, genres=(genre, "More"), seconds=30.5
    )


@pytest.fixture
def library(database: Database, music: Path) -> list[Track]:
    tracks = [of(music, number, genre) for number, genre in enumerate(GENRES)]
    database.tracks.upsert(tracks)
    return tracks


def run(typed: CliRunner, *arguments: str | Path, code: int = 0) -> Result:
    result = typed.invoke(app, ["sample", *map(str, arguments)])
    assert result.exit_code == code, result.output
    return result


def said(result: Result) -> str:
    """What was printed, on one line: how wide the shell is matters nothing."""
    return " ".join(result.output.split())


def table(folder: Path) -> list[dict[str, str]]:
    with (folder / "tracks.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_links_and_a_table_with_each_genre_in_its_share(typed: CliRunner, library: list[Track], tmp_path: Path) -> None:
    out = tmp_path / "made" / "sample"
    done = run(typed, "--size", "20", "--by", "genre", "--out", out, "--seed", "5")
    rows = table(out)
    assert Counter(row["genre"] for row in rows) == {"Rock": 15, "Jazz": 4, "Polka": 1}
    shown = [row.split() for row in done.output.splitlines()]
    assert [row for row in shown if row and row[0] in {"Rock", "Jazz", "Polka", "All"}] == [
        ["Rock", "30", "75.0%", "15", "75.0%"],
        ["Jazz", "9", "22.5%", "4", "20.0%"],
        ["Polka", "1", "2.5%", "1", "5.0%"],
        ["All", "40", "100.0%", "20", "100.0%"],
    ]
    assert f"20 tracks in {out}: links and tracks.csv. Seed 5." in said(done)
    for row in rows:
        link = out / row["clip"]
        assert link.is_symlink()
        assert link.resolve() == Path(row["path"]), "a folder as in the library"
    first = rows[0]
    assert (first["genres"], first["seconds"], first["year"]) == (f"{first['genre']}; More", "30.500", "")
    assert len(read_labels(out / "tracks.csv", out)) == 20, "an evaluation takes it"


def test_a_seed_draws_again_and_is_told_where_none_was_given(
    typed: CliRunner, library: list[Track], tmp_path: Path
) -> None:
    told = json.loads(run(typed, "--fraction", "0.25", "--out", tmp_path / "one", "--json").stdout)
    assert (told["asked"], told["drawn"], told["total"], told["form"]) == (10, 10, 40, "links")
    assert sum(stratum["drawn"] for stratum in told["strata"]) == 10
    run(typed, "--size", "10", "--out", tmp_path / "two", "--seed", str(told["seed"]))
    assert table(tmp_path / "one") == table(tmp_path / "two")


def test_a_list_is_a_playlist_and_has_parts_of_files_too(
    typed: CliRunner, database: Database, library: list[Track], music: Path, tmp_path: Path
) -> None:
    part = Track(TrackId("a" * 32), library[0].path, str(music), title="Second", genre="Cue", start=10.0, end=20.0)
    database.tracks.upsert([part])
    out = tmp_path / "list"
    told = said(run(typed, "--size", "41", "--out", out, "--list"))
    assert "tracks.m3u8 and tracks.csv" in told
    entries = m3u.parse((out / "tracks.m3u8").read_bytes()).entries
    assert {os.path.normpath(out / entry.place) for entry in entries} == {track.path for track in library}
    assert [(entry.title, entry.start) for entry in entries if entry.start] == [("Second", 10.0)]
    assert sorted(path.name for path in out.iterdir()) == ["tracks.csv", "tracks.m3u8"]
    told = said(run(typed, "--size", "40", "--out", tmp_path / "links"))
    assert "1 tracks are parts of a file" in told


def test_copies_hold_the_same_bytes(typed: CliRunner, library: list[Track], tmp_path: Path) -> None:
    out = tmp_path / "copies"
    run(typed, "--size", "5", "--out", out, "--copies")
    for row in table(out):
        assert not (out / row["clip"]).is_symlink()
        assert (out / row["clip"]).read_bytes() == Path(row["path"]).read_bytes()


def test_a_drive_without_links_gets_copies(
    typed: CliRunner, library: list[Track], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, target: str) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM), str(self))

    monkeypatch.setattr(Path, "symlink_to", refuse)
    told = said(run(typed, "--size", "5", "--out", tmp_path / "copies"))
    assert "no links, so the files were copied" in told
    assert len([path for path in (tmp_path / "copies").rglob("*.mp3") if not path.is_symlink()]) == 5


def test_folders_of_one_name_and_names_that_are_one_do_not_collide(
    typed: CliRunner, database: Database, tmp_path: Path
) -> None:
    roots = [tmp_path / "one" / "Music", tmp_path / "two" / "Music"]
    tracks = [of(root, 1, "Rock") for root in roots]
    database.tracks.upsert([tracks[0], Track(TrackId("f" * 32), tracks[1].path, tracks[1].root)])
    run(typed, "--size", "2", "--out", tmp_path / "sample")
    assert [row["clip"] for row in table(tmp_path / "sample")] == ["Music/000/000001.mp3", "Music (2)/000/000001.mp3"]

    labels = tmp_path / "labels.csv"
    labels.write_text("clip,artist,album,genre\na.mp3,A,,\n./a.mp3,B,,\n", encoding="utf-8")
    (tmp_path / "a.mp3").touch()
    run(typed, "--size", "2", "--out", tmp_path / "clips", "--labels", labels)
    assert [row["clip"] for row in table(tmp_path / "clips")] == ["a.mp3", "a (2).mp3"]


def test_whole_artists_from_labels(typed: CliRunner, library: list[Track], music: Path, tmp_path: Path) -> None:
    labels = tmp_path / "labels.csv"
    with labels.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerow(("clip", "artist", "album", "genre", "title"))
        csv.writer(file).writerows(
            (Path(track.path).relative_to(music), track.artist, track.album, track.genre, track.title)
            for track in library
        )
    arguments = ("--size", "18", "--labels", labels, "--clips", music, "--artists-whole", "--seed", "2")
    told = said(run(typed, *arguments, "--out", tmp_path / "out"))
    rows = table(tmp_path / "out")
    assert set(Counter(row["artist"] for row in rows).values()) == {4}, "all four of each"
    assert {row["genre"] for row in rows} == {"Rock", "Jazz", "Polka"}
    assert f"18 were asked for; artists are whole, so there are {len(rows)}." in told


def test_files_that_are_not_there_are_named_and_others_drawn(
    typed: CliRunner, library: list[Track], tmp_path: Path
) -> None:
    for track in library[:3]:
        Path(track.path).unlink()
    told = said(run(typed, "--size", "37", "--out", tmp_path / "out"))
    assert "left out: 000000.mp3, 000001.mp3, 000002.mp3." in told
    assert len(table(tmp_path / "out")) == 37
    told = said(run(typed, "--size", "38", "--out", tmp_path / "more", code=1))
    assert "of 40 tracks 3 are not where the library has them" in told
    assert not (tmp_path / "more").exists()


def test_only_what_can_be_played_is_drawn(
    typed: CliRunner, database: Database, library: list[Track], tmp_path: Path
) -> None:
    database.tracks.set_state([track.id for track in library[:10]], TrackState.AWAY)
    told = json.loads(run(typed, "--fraction", "1", "--out", tmp_path / "out", "--json").stdout)
    assert told["total"] == 30


def test_what_cannot_be_drawn_is_said_and_nothing_written(
    typed: CliRunner, library: list[Track], tmp_path: Path
) -> None:
    used = tmp_path / "used"
    used.mkdir()
    (used / "mine.txt").write_text("mine", encoding="utf-8")
    assert "is not empty" in said(run(typed, "--size", "5", "--out", used, code=1))
    assert [path.name for path in used.iterdir()] == ["mine.txt"]
    assert "is no folder" in said(run(typed, "--size", "5", "--out", used / "mine.txt", code=1))
    out = tmp_path / "out"
    assert "41 cannot be drawn from 40" in said(run(typed, "--size", "41", "--out", out, code=1))
    assert "everything" in said(run(typed, "--size", "5", "--by", "artist", "--artists-whole", "--out", out, code=1))
    run(typed, "--out", out, code=2)
    run(typed, "--size", "5", "--fraction", "0.5", "--out", out, code=2)
    run(typed, "--size", "5", "--list", "--copies", "--out", out, code=2)
    assert not out.exists()
    few = said(run(typed, "--size", "2", "--out", out))
    assert "2 tracks are fewer than there are strata by genre" in few


def test_an_empty_library_is_told_what_to_do(typed: CliRunner, tmp_path: Path) -> None:
    assert "Scan a folder first" in said(run(typed, "--size", "5", "--out", tmp_path / "out", code=1))


@pytest.fixture
def full(tmp_path: Path) -> Iterator[Path]:
    """A disk that is too small."""
    folder = tmp_path / "small"
    folder.mkdir()
    with ExitStack() as undo:
        try:
            undo.enter_context(small_disk(folder, "256K"))
        except NotHere as error:
            pytest.skip(str(error))
        yield folder


def test_a_disk_that_runs_full_keeps_nothing_of_it(typed: CliRunner, library: list[Track], full: Path) -> None:
    for track in library:
        Path(track.path).write_bytes(bytes(60_000))
    told = said(run(typed, "--size", "20", "--copies", "--out", full / "sample", code=1))
    assert "Free some space" in told
    assert not (full / "sample").exists()
    (full / "empty").mkdir()
    run(typed, "--size", "20", "--copies", "--out", full / "empty", code=1)
    assert list((full / "empty").iterdir()) == []
