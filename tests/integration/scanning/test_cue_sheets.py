"""Albums in one file with a cue sheet, as the library has them after a scan."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import mutagen.flac
import pytest

from indexer.core.events import Event, Notice
from indexer.core.store import Database, DatabaseUnavailable
from indexer.core.tracks import Problem, ProblemKind, Track, TrackState
from indexer.scanning import scan as scan_module
from indexer.scanning.scan import ScanResult
from tests import bad_files
from tests.integration.scanning import test_every_write as every_write
from tests.integration.scanning.library import Scan
from tests.plays import play_of

pytestmark = pytest.mark.database

LEAD = 'REM GENRE "Folk"\nREM DATE 2012\nPERFORMER "Elm Lane"\nTITLE "One Long Evening"\n'


def sheet_text(*starts: str, file: str = "evening.flac", lead: str = LEAD, first: int = 1) -> str:
    lines = [f'{lead}FILE "{file}" WAVE']
    for number, start in enumerate(starts, first):
        lines += [f"  TRACK {number:02} AUDIO", f'    TITLE "Song {number}"', f"    INDEX 01 {start}"]
    return "\n".join(lines) + "\n"


THREE = sheet_text("00:00:00", "00:02:37", "00:04:00")


@pytest.fixture
def evening(root: Path) -> Path:
    return bad_files.good(root / "evening", "evening.flac", seconds=6)


@pytest.fixture
def opened_sheets(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of the sheets that are opened from now on."""
    paths: list[str] = []
    really = Path.open

    def opened(path: Path, *how: Any, **more: Any) -> Any:
        if path.suffix.lower() == ".cue":
            paths.append(str(path))
        return really(path, *how, **more)

    monkeypatch.setattr(Path, "open", opened)
    return paths


def shown(database: Database) -> list[Track]:
    return sorted(database.tracks.all(states={TrackState.PRESENT}), key=lambda track: (track.path, track.start))


def cuts(database: Database) -> list[tuple[str, float, float | None]]:
    return [(track.title, track.start, track.end) for track in shown(database)]


def problems(database: Database) -> dict[str, Problem]:
    return {Path(problem.path).name: problem for problem in database.problems.all()}


THREE_CUTS = [("Song 1", 0.0, 2 + 37 / 75), ("Song 2", 2 + 37 / 75, 4.0), ("Song 3", 4.0, None)]


@pytest.mark.parametrize(("name", "file"), [
    ("evening.cue", "evening.flac"),
    ("evening.flac.cue", "evening.flac"),
    ("evening.flac.cue", "evening.wav"),
    ("evening.cue", "EVENING.WAV"),
    ("evening.cue", "C:\\\\Rips\\\\evening.ape"),
    ("evening.cue", "/somebody/rips/evening.wav"),
    ("evening.cue", "CDImage.wav"),
    ("night.cue", "evening.flac "),
    ("evening.cue", "D:\\\\Rips\\\\CDImage.wav"),
    ("evening.cue", "/somebody/CDImage.wav"),
    ("Another Name.CUE", "evening.wav"),
])  # fmt: skip
def test_the_tracks_of_a_sheet_are_those_of_the_library(
    database: Database, evening: Path, run: Scan, events: list[Event], name: str, file: str
) -> None:
    (evening.parent / name).write_text(sheet_text("00:00:00", "00:02:37", "00:04:00", file=file))
    assert run() == ScanResult(new=1, tracks=3)
    assert cuts(database) == THREE_CUTS
    for number, track in enumerate(shown(database), 1):
        assert (track.artist, track.album_artist, track.album) == ("Elm Lane", "Elm Lane", "One Long Evening")
        assert (track.genre, track.year, track.track_number, track.path) == ("Folk", 2012, number, str(evening))
    assert sum(track.seconds or 0 for track in shown(database)) == pytest.approx(6, abs=0.01)
    assert not problems(database)
    words = "A cue sheet divides 1 file into 3 tracks."
    assert words in [event.message for event in events if isinstance(event, Notice)]


def test_a_name_without_its_ending_may_have_a_point(database: Database, root: Path, run: Scan) -> None:
    bad_files.good(root / "evening", "One.Night.flac", seconds=6)
    (root / "evening" / "disc.cue").write_text(sheet_text("00:00:00", "00:04:00", file="One.Night"))
    assert run() == ScanResult(new=1, tracks=2)


def test_a_sheet_in_an_old_encoding_names_its_file_and_its_tracks(database: Database, root: Path, run: Scan) -> None:
    folder = root / "evening"
    bad_files.good(folder, "邓丽君 - 淡淡幽情.flac", seconds=6)
    text = sheet_text("00:00:00", "00:04:00", file="邓丽君 - 淡淡幽情.wav").replace("Song", "月亮代表我的心")
    (folder / "disc.cue").write_bytes(text.encode("gbk"))
    assert run() == ScanResult(new=1, tracks=2)
    assert [track.title for track in shown(database)] == ["月亮代表我的心 1", "月亮代表我的心 2"]
    assert not problems(database)


def test_a_sheet_is_read_in_the_encoding_that_is_expected_of_its_folder(
    database: Database, root: Path, evening: Path, run: Scan
) -> None:
    (evening.parent / "evening.cue").write_bytes(THREE.replace("Song", "Ты").encode("koi8-r"))
    database.folders.add(str(root))
    database.folders.set_encoding(str(root), "koi8-u")
    run()
    assert [track.title for track in shown(database)] == ["Ты 1", "Ты 2", "Ты 3"]


def test_a_second_scan_opens_neither_files_nor_sheets(
    database: Database, evening: Path, run: Scan, opened: list[str], opened_sheets: list[str]
) -> None:
    (evening.parent / "evening.cue").write_text(THREE)
    (evening.parent / "alone.cue").write_text(sheet_text("00:00:00", "00:01:00", file="nowhere.wav"))
    run()
    opened.clear()
    opened_sheets.clear()
    revision = max(track.rev for track in database.tracks.all())
    assert run() == ScanResult(unchanged=1, problems=1, tracks=3)
    assert opened == opened_sheets == []
    assert max(track.rev for track in database.tracks.all()) == revision


def test_a_sheet_that_comes_changes_and_goes(database: Database, evening: Path, run: Scan, events: list[Event]) -> None:
    run()
    (whole,) = shown(database)
    database.plays.add([play_of(whole.id, 1_000.0, 30.0, finished=True)])
    sheet = evening.parent / "evening.cue"

    sheet.write_text(THREE)
    assert run() == ScanResult(changed=1, tracks=3)
    words = "A cue sheet divides 1 file into 3 tracks. What was played of whole files is kept."
    assert words in [event.message for event in events if isinstance(event, Notice)]
    assert cuts(database) == THREE_CUTS
    ids = [track.id for track in shown(database)]
    assert whole.id not in ids

    sheet.write_text(THREE.replace("Song 2", "Another name"))
    assert run() == ScanResult(changed=1, tracks=3)
    assert [track.id for track in shown(database)] == ids
    assert shown(database)[1].title == "Another name"

    sheet.write_text(sheet_text("00:00:00", "00:04:00"))
    assert run() == ScanResult(changed=1, tracks=2)
    assert [track.id for track in shown(database)][1] == ids[2]

    sheet.unlink()
    assert run() == ScanResult(changed=1, tracks=1)
    (back,) = shown(database)
    assert (back.id, back.start, back.end, back.added_at) == (whole.id, 0.0, None, whole.added_at)
    assert database.plays.counts()[whole.id] == 1


def test_moving_renaming_and_retagging_keep_the_tracks(database: Database, evening: Path, run: Scan) -> None:
    (evening.parent / "evening.cue").write_text(THREE)
    run()
    ids = [track.id for track in shown(database)]
    added = [track.added_at for track in shown(database)]
    moved = evening.parent.rename(evening.parent.with_name("moved"))
    assert run() == ScanResult(moved=1, tracks=3)
    media = mutagen.flac.FLAC(moved / "evening.flac")
    media["title"] = "All of it"
    media.save()
    (moved / "evening.flac").rename(moved / "night.flac")
    (moved / "evening.cue").rename(moved / "night.cue")
    assert run() == ScanResult(moved=1, tracks=3)
    assert [track.id for track in shown(database)] == ids
    assert [track.added_at for track in shown(database)] == added
    assert {track.path for track in shown(database)} == {str(moved / "night.flac")}


def test_the_album_that_is_away_and_gone_is_so_in_all_its_tracks(database: Database, evening: Path, run: Scan) -> None:
    (evening.parent / "evening.cue").write_text(THREE)
    run()
    elsewhere = evening.parents[2] / "elsewhere"
    evening.parents[1].rename(elsewhere)
    assert run().away == 3
    elsewhere.rename(evening.parents[1])
    assert run() == ScanResult(unchanged=1, tracks=3)
    shutil.rmtree(evening.parent)
    bad_files.good(evening.parents[1], "other.flac", seed=9)
    assert run() == ScanResult(new=1, gone=3, tracks=1)
    assert not problems(database)


def test_a_copy_takes_the_place_of_an_album(database: Database, evening: Path, run: Scan) -> None:
    (evening.parent / "evening.cue").write_text(THREE)
    run()
    copy = shutil.copytree(evening.parent, evening.parent.with_name("z copy"))
    assert run() == ScanResult(new=1, unchanged=1, tracks=3)
    ((first, files),) = database.files.doubled().items()
    assert (first, len(files)) == (shown(database)[0].id, 2)
    shutil.rmtree(evening.parent)
    assert run() == ScanResult(unchanged=1, tracks=3)
    assert {track.path for track in shown(database)} == {str(copy / "evening.flac")}
    assert cuts(database) == THREE_CUTS


def test_a_sheet_of_several_sides(database: Database, root: Path, run: Scan) -> None:
    sides = [bad_files.good(root, f"Side {side}.flac", seed=seed, seconds=4) for seed, side in enumerate("AB")]
    text = sheet_text("00:00:00", "00:02:00", file="Side A.wav") + sheet_text(
        "00:00:00", "00:01:00", "00:03:00", file="Side B.wav", lead="", first=3
    )
    (root / "record.cue").write_text(text)
    assert run() == ScanResult(new=2, tracks=5)
    assert [track.track_number for track in shown(database)] == [1, 2, 3, 4, 5]
    assert [track.path for track in shown(database)] == [str(sides[0])] * 2 + [str(sides[1])] * 3
    sides[1].unlink()
    assert run() == ScanResult(unchanged=1, gone=3, problems=1, tracks=2)
    assert "Side B.wav" in problems(database)["record.cue"].message
    bad_files.good(root, "Side B.flac", seed=1, seconds=4)
    assert run().tracks == 5
    assert not problems(database)


def test_a_sheet_of_a_file_a_track_fills_in_tags(database: Database, root: Path, run: Scan) -> None:
    paths = [bad_files.good(root, f"{number:02}.flac", seed=number) for number in (1, 2, 3)]
    media = mutagen.flac.FLAC(paths[1])
    media["title"], media["artist"] = "Its own title", "Somebody else"
    media.save()
    text = LEAD + "".join(
        f'FILE "{number:02}.wav" WAVE\nTRACK {number:02} AUDIO\nTITLE "Song {number}"\nINDEX 01 00:00:00\n'
        for number in (1, 2, 3)
    )
    (root / "album.cue").write_text(text.replace("INDEX 01", "INDEX 00 00:00:00\nINDEX 01"))
    assert run() == ScanResult(new=3, tracks=3)
    assert [track.title for track in shown(database)] == ["Song 1", "Its own title", "Song 3"]
    assert [track.artist for track in shown(database)] == ["Elm Lane", "Somebody else", "Elm Lane"]
    assert [track.track_number for track in shown(database)] == [1, 2, 3]
    assert {(track.start, track.end) for track in shown(database)} == {(0.0, None)}
    (root / "album.cue").unlink()
    assert run() == ScanResult(changed=3, tracks=3)
    assert [track.title for track in shown(database)] == ["01", "Its own title", "03"]


def _beyond(folder: Path) -> None:
    (folder / "evening.cue").write_text(sheet_text("00:00:00", "00:02:00", "75:00:00"))


def _overlapping(folder: Path) -> None:
    (folder / "evening.cue").write_text(sheet_text("00:00:00", "00:04:00", "00:02:00"))


def _missing(folder: Path) -> None:
    (folder / "Night.cue").write_text(sheet_text("00:00:00", "00:02:00", file="night.wav"))


def _no_tracks(folder: Path) -> None:
    (folder / "evening.cue").write_text('FILE "evening.flac" WAVE\n')


def _data(folder: Path) -> None:
    (folder / "evening.cue").write_text('FILE "evening.flac" BINARY\nTRACK 01 MODE1/2352\nINDEX 01 00:00:00\n')


def _not_a_sheet(folder: Path) -> None:
    (folder / "evening.cue").write_bytes(os.urandom(5_000))


def _empty(folder: Path) -> None:
    (folder / "evening.cue").touch()


def _huge(folder: Path) -> None:
    with (folder / "evening.cue").open("wb") as file:
        file.write(THREE.encode())
        file.truncate(20 << 30)


def _many(folder: Path) -> None:
    text = "".join(f"TRACK {number} AUDIO\nINDEX 01 {number}:00:00\n" for number in range(20_000))
    (folder / "evening.cue").write_text(f'FILE "evening.flac" WAVE\n{text}')


def _elsewhere(folder: Path) -> None:
    outside = bad_files.good(folder.parent / "outside", "outside.flac", seed=5)
    (folder / "evening.cue").write_text(sheet_text("00:00:00", "00:01:00", file=f"../outside/{outside.name}"))


def _passwd(folder: Path) -> None:
    (folder / "x.cue").write_text(sheet_text("00:00:00", "00:01:00", file="/etc/passwd"))


def _twice(folder: Path) -> None:
    (folder / "evening.cue").write_text(
        sheet_text("00:00:00", "00:01:00") + sheet_text("00:02:00", "00:03:00", file="evening.wav", lead="")
    )


@pytest.mark.parametrize(("make", "said"), [
    (_beyond, "evening.cue does not fit evening.flac: it lets track 3 begin at 75:00, and the file ends at 0:06"),
    (_overlapping, "evening.cue does not fit evening.flac: it lets track 3 begin before track 2 has begun"),
    (_missing, "Night.cue names night.wav, which is not in the folder"),
    (_no_tracks, "evening.cue names no tracks of sound"),
    (_data, "evening.cue names no tracks of sound"),
    (_not_a_sheet, "evening.cue names no tracks of sound"),
    (_empty, "evening.cue names no tracks of sound"),
    (_huge, "evening.cue is larger than 1 MB"),
    (_many, "evening.cue lists more than 999 tracks"),
    (_elsewhere, "evening.cue names ../outside/outside.flac, outside of its own folder"),
    (_passwd, "x.cue names /etc/passwd, which is not in the folder"),
    (_twice, "evening.cue names evening.wav twice"),
])  # fmt: skip
def test_a_sheet_that_cannot_be_used_is_a_problem_and_the_file_stays_whole(
    database: Database, evening: Path, run: Scan, opened_sheets: list[str], make: Callable[[Path], None], said: str
) -> None:
    make(evening.parent)
    result = run()
    (problem,) = database.problems.all()
    assert said in problem.message
    assert problem.kind is ProblemKind.SHEET
    assert problem.advice
    assert all((track.start, track.end) == (0.0, None) for track in shown(database))
    assert str(evening) in {track.path for track in shown(database)}
    assert result.problems == 1
    opened_sheets.clear()
    assert run() == ScanResult(unchanged=result.new, problems=1, tracks=result.tracks)
    assert opened_sheets == []
    Path(problem.path).unlink()
    run()
    assert not problems(database)


def test_a_problem_of_a_sheet_goes_when_what_it_lacks_comes(database: Database, evening: Path, run: Scan) -> None:
    sheet = evening.parent / "night.cue"
    sheet.write_text(sheet_text("00:00:00", "00:02:00", file="night.wav"))
    run()
    assert set(problems(database)) == {"night.cue"}
    bad_files.good(evening.parent, "night.flac", seed=4)
    assert run() == ScanResult(new=1, unchanged=1, tracks=3)
    assert not problems(database)


def test_two_sheets_for_one_file(database: Database, evening: Path, run: Scan) -> None:
    first, second = evening.parent / "evening.cue", evening.parent / "evening.flac.cue"
    first.write_text(THREE)
    second.write_text(sheet_text("00:00:00", "00:02:37", "00:04:00", file="evening.wav"))
    run()
    assert cuts(database) == THREE_CUTS
    assert not problems(database)
    second.write_text(sheet_text("00:00:00", "00:03:00"))
    run()
    assert cuts(database) == [("evening", 0.0, None)]
    (problem,) = database.problems.all()
    assert "evening.cue" in problem.message
    assert "evening.flac.cue" in problem.message
    second.unlink()
    run()
    assert cuts(database) == THREE_CUTS
    assert not problems(database)


def test_a_file_that_shrinks_beneath_its_sheet(database: Database, evening: Path, run: Scan) -> None:
    (evening.parent / "evening.cue").write_text(THREE)
    run()
    bad_files.good(evening.parent, "evening.flac", seed=3, seconds=3)
    run()
    assert [track.title for track in shown(database)] == ["evening"]
    assert "ends at 0:03" in problems(database)["evening.cue"].message
    bad_files.good(evening.parent, "evening.flac", seconds=6)
    run()
    assert cuts(database) == THREE_CUTS
    assert not problems(database)


def test_a_folder_that_leaves_the_library_takes_its_sheets_along(database: Database, evening: Path, run: Scan) -> None:
    (evening.parent / "evening.cue").write_text(THREE)
    (evening.parent / "alone.cue").write_text(sheet_text("00:00:00", file="nowhere.wav"))
    run()
    database.folders.remove(str(evening.parents[1]))
    other = evening.parents[2] / "other"
    other.mkdir()
    run(other)
    assert not shown(database)
    assert not list(database.files.all())


def test_what_a_lost_write_leaves_undone_is_made_up_for(
    database: Database, root: Path, run: Scan, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("edited", "came", "went", "misfit", "mended", "moved")
    folders = {name: bad_files.good(root / name, "x.flac", seed=at).parent for at, name in enumerate(names)}
    text = sheet_text("00:00:00", "00:01:00", file="x.flac")
    for name in ("edited", "went", "misfit", "moved"):
        (folders[name] / "x.cue").write_text(text)
    (folders["mended"] / "x.cue").write_text(sheet_text("00:00:00", "99:00:00", file="x.flac"))
    run()
    assert list(problems(database)) == ["x.cue"]
    (folders["edited"] / "x.cue").write_text(text.replace("Song 2", "Edited").replace("00:01:00", "00:02:00"))
    (folders["came"] / "x.cue").write_text(text)
    (folders["went"] / "x.cue").unlink()
    (folders["misfit"] / "x.cue").write_text(text.replace("00:01:00", "50:01:00"))
    (folders["mended"] / "x.cue").write_text(text)
    folders["moved"].rename(root / "z moved")
    before = every_write.documents(database)
    expected, writes = every_write.undisturbed(database, run, before, monkeypatch, fewest=5)
    assert {Path(problem.path).parent.name for problem in database.problems.all()} == {"misfit"}
    monkeypatch.setattr(scan_module, "Patience", every_write.impatient)
    for number in range(1, writes + 1):
        every_write.put_back(database, before)
        with every_write.unreliable(monkeypatch, number, done=bool(number % 2)), suppress(DatabaseUnavailable):
            run()
        run()
        assert every_write.settled(database) == expected, f"write {number}"
        assert run() == ScanResult(unchanged=6, problems=1, tracks=10), f"write {number}"
