"""A track whose file was replaced by another copy of the recording: the copy has what a person did with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.core.recordings.heirs import Copy, heirs_of, take_back
from indexer.core.store import Database
from indexer.core.tracks import Track, TrackId, TrackState
from tests.integration.scanning.library import Scan, tracks
from tests.plays import play_of
from tests.tagged import write

pytestmark = pytest.mark.database

OTHER = TrackId("f" * 32)
AT = 1_700_000_000.0


def live_with(database: Database, path: Path) -> TrackId:
    """Play a track twice, hide it for another and another for it; its id is returned."""
    track = tracks(database)[str(path)].id
    for number in range(2):
        database.plays.add([play_of(track, AT + number, 2.0, finished=True)])
    database.feedback.hide(track, [OTHER], AT)
    database.feedback.hide(OTHER, [track], AT)
    return track


def of(database: Database, track: TrackId) -> tuple[object, ...]:
    """What a track has of a person."""
    hidden = database.feedback.hidden()
    added = database.tracks.get([track])[track].added_at
    return (
        database.plays.counts().get(track, 0),
        database.plays.last_played().get(track),
        hidden.get(track, frozenset()),
        track in hidden.get(OTHER, ()),
        added,
    )


NOTHING = (0, None, frozenset(), False)


def test_a_better_copy_in_the_same_place_has_it_all(database: Database, root: Path, run: Scan) -> None:
    path = write(root / "Ben Tarn" / "Single" / "01 Fjord.mp3")
    run()
    before = live_with(database, path)
    was = of(database, before)
    write(path, hertz=441.0)
    run()
    now = tracks(database, TrackState.PRESENT)[str(path)].id
    assert now != before
    assert of(database, now) == was
    assert of(database, before)[:4] == NOTHING
    assert run().unchanged == 1
    assert of(database, now) == was, "and once, however often it is looked for"


@pytest.mark.parametrize("name", ["01 Fjord.flac", "Fjord (remade).flac"])
def test_another_ending_or_name_in_the_folder_has_it_all(database: Database, root: Path, run: Scan, name: str) -> None:
    old = write(root / "Single" / "01 Fjord.mp3")
    run()
    was = of(database, live_with(database, old))
    old.unlink()
    new = write(root / "Single" / name, hertz=442.0)
    run()
    assert of(database, tracks(database)[str(new)].id) == was


def test_nothing_is_taken_from_a_track_that_is_still_there(database: Database, root: Path, run: Scan) -> None:
    old = write(root / "Single" / "01 Fjord.mp3")
    run()
    before = live_with(database, old)
    was = of(database, before)
    new = write(root / "Single" / "01 Fjord.flac", hertz=442.0)
    run()
    now = tracks(database)[str(new)].id
    assert of(database, before) == was
    assert of(database, now)[:4] == NOTHING
    old.unlink()
    run()
    assert of(database, now) == was, "as soon as it is gone"


def test_a_file_that_is_also_elsewhere_is_not_gone(database: Database, root: Path, run: Scan) -> None:
    old = write(root / "Single" / "01 Fjord.mp3")
    copy = root / "kept.mp3"
    copy.write_bytes(old.read_bytes())
    run()
    before = live_with(database, copy)
    was = of(database, before)
    write(old, hertz=443.0)
    run()
    assert of(database, before) == was


def test_a_drive_that_is_away_leaves_nothing(database: Database, root: Path, run: Scan, tmp_path: Path) -> None:
    old = write(root / "Single" / "01 Fjord.mp3")
    run()
    before = live_with(database, old)
    was = of(database, before)
    root.rename(tmp_path / "unmounted")
    run()
    assert of(database, before) == was
    assert database.heirs.all() == []


def test_between_two_copies_nobody_chooses(database: Database, root: Path, run: Scan) -> None:
    old = write(root / "Single" / "01 Fjord.mp3")
    run()
    before = live_with(database, old)
    was = of(database, before)
    old.unlink()
    new = write(root / "Single" / "01 Fjord.flac", hertz=442.0)
    other = write(root / "Single" / "01 Fjord.ogg", hertz=443.0)
    run()
    assert of(database, before) == was
    other.unlink()
    run()
    assert of(database, tracks(database)[str(new)].id) == was, "one is left"


@pytest.mark.parametrize(
    "other",
    [
        {"title": "Other"},
        {"artist": "Cleo Reed"},
        {"title": "", "artist": "", "album": "", "tracknumber": "", "seconds": 4.0},
    ],
)
def test_another_song_in_the_same_place_has_nothing(
    database: Database, root: Path, run: Scan, other: dict[str, object]
) -> None:
    path = write(root / "Single" / "01.flac")
    run()
    before = live_with(database, path)
    was = of(database, before)
    write(path, hertz=600.0, **other)  # type: ignore[arg-type]
    run()
    assert of(database, before) == was


def test_a_copy_that_comes_a_scan_later_is_found_all_the_same(database: Database, root: Path, run: Scan) -> None:
    old = write(root / "Single" / "01 Fjord.mp3")
    write(root / "Single" / "02 Other.flac", hertz=700.0, title="Other", tracknumber="2")
    run()
    was = of(database, live_with(database, old))
    old.unlink()
    run()
    new = write(root / "Single" / "01 Fjord.flac", hertz=444.0)
    run()
    assert of(database, tracks(database)[str(new)].id) == was


def test_copies_follow_each_other(database: Database, root: Path, run: Scan) -> None:
    path = write(root / "Single" / "01 Fjord.flac")
    run()
    was = of(database, live_with(database, path))
    for hertz in (441.0, 442.0):
        write(path, hertz=hertz)
        run()
        assert of(database, tracks(database, TrackState.PRESENT)[str(path)].id) == was


def test_a_track_that_is_there_again_stands_for_itself(database: Database, root: Path, run: Scan) -> None:
    old = write(root / "Single" / "01 Fjord.mp3")
    content = old.read_bytes()
    run()
    before = live_with(database, old)
    was = of(database, before)
    old.unlink()
    new = write(root / "Single" / "01 Fjord.flac", hertz=442.0)
    run()
    (root / "Single" / "01 Fjord.mp3").write_bytes(content)
    run()
    assert of(database, before) == was
    assert of(database, tracks(database)[str(new)].id)[:4] == NOTHING


def test_what_is_taken_back_is_as_it_was_and_stays_so(database: Database, root: Path, run: Scan) -> None:
    path = write(root / "Single" / "01 Fjord.flac")
    run()
    before = live_with(database, path)
    was = of(database, before)
    write(path, hertz=441.0)
    run()
    now = tracks(database, TrackState.PRESENT)[str(path)].id
    own = database.heirs.all()[0].added_at
    take_back(database, [before])
    assert of(database, before) == was
    assert of(database, now) == (*NOTHING, own)
    write(root / "Single" / "02 Other.flac", hertz=700.0, title="Other", tracknumber="2")
    run()
    assert of(database, before) == was


def track(number: int, path: str, **changes: object) -> Track:
    values: dict[str, object] = {"title": "Intro", "artist": "Ann", "album": "Light", "seconds": 100.0} | changes
    return Track(TrackId(f"{number:032x}"), path, "/m", **values)  # type: ignore[arg-type]


def test_the_surest_sign_decides_and_titles_of_every_album_are_none() -> None:
    gone = [track(1, "/m/a/01.mp3"), track(2, "/m/a/02.mp3", track_number=2)]
    here = track(3, "/m/a/01.flac")
    assert heirs_of(gone, [Copy(here.path, here)]) == {gone[0].id: here.id}
    loose = track(4, "/m/a/x.flac", track_number=2)
    assert heirs_of(gone[1:], [Copy(loose.path, loose)]) == {gone[1].id: loose.id}
    untold = [track(5, "/m/a/05.mp3", title="Track 05"), track(6, "/m/a/x.flac", title="Track 05")]
    assert heirs_of(untold[:1], [Copy(untold[1].path, untold[1])]) == {}
    assert heirs_of([track(7, "/m/b/01.mp3")], [Copy(here.path, here)]) == {}, "another folder"


def test_two_that_left_are_not_both_one_that_has_only_their_name() -> None:
    gone = [track(1, "/m/a/one.mp3", title="Fjord"), track(2, "/m/a/two.mp3", title="Fjord")]
    here = track(3, "/m/a/three.flac", title="Fjord")
    assert heirs_of(gone, [Copy(here.path, here)]) == {}


def test_tracks_of_one_file_keep_their_places() -> None:
    gone, here = (
        [track(of + at, "/m/a/x.flac", title="", start=30.0 * at, end=30.0 * at + 30) for at in range(3)]
        for of in (0, 7)
    )
    assert heirs_of(gone, [Copy(each.path, each) for each in here]) == {
        old.id: new.id for old, new in zip(gone, here, strict=True)
    }


def test_a_part_of_a_file_is_no_copy_of_all_of_it() -> None:
    whole = track(1, "/m/a/x.flac", title="")
    part = track(2, "/m/a/x.flac", title="", start=0.0, end=100.0)
    assert heirs_of([whole], [Copy(part.path, part)]) == {}
    assert heirs_of([part], [Copy(whole.path, whole)]) == {}
