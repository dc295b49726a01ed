"""A copy that lies elsewhere and was encoded anew is known by its sound once it was analysed."""

from __future__ import annotations

import shutil
from pathlib import Path

import mutagen
import numpy as np
import pytest
import soundfile

from indexer.analysis.control import Control
from indexer.build import BuildOptions, ModelPolicy, build
from indexer.core.home import Home
from indexer.core.model.profiles import SONIC
from indexer.core.recordings.same import names_of
from indexer.core.store import Database
from indexer.core.tracks import Track, TrackId, TrackState
from indexer.scanning.same_sound import same_sound
from tests.integration.scanning.library import tracks
from tests.plays import play_of

pytestmark = pytest.mark.database


def run(database: Database, home: Home, root: Path) -> None:
    options = BuildOptions(folders=(root,), profile=SONIC, model=ModelPolicy.NEVER, sound=False)
    build(database, home, options, on_event=lambda _: None, control=Control())


def music(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.suffix in {".mp3", ".flac", ".ogg"})


def encoded_anew(path: Path, target: Path) -> None:
    """The sound of a file as Ogg Vorbis, with its title and artist."""
    samples, rate = soundfile.read(path, dtype="float32")
    target.parent.mkdir(parents=True)
    soundfile.write(target, samples, rate, format="OGG", subtype="VORBIS")
    old, new = mutagen.File(path, easy=True), mutagen.File(target, easy=True)
    for name in ("title", "artist"):
        new[name] = old[name]
    new.save()


def test_a_track_that_was_encoded_anew_and_moved_has_the_plays_of_the_one_before(
    database: Database, home: Home, demo_folder: Path, tmp_path: Path
) -> None:
    root = tmp_path / "music"
    root.mkdir()
    for path in music(demo_folder)[:4]:
        shutil.copy(path, root)
    run(database, home, root)
    old = music(root)[0]
    before = tracks(database)[str(old)].id
    database.plays.add([play_of(before, 1_700_000_000.0, 30.0, finished=True)])
    encoded_anew(old, root / "elsewhere" / "other name.ogg")
    old.unlink()
    run(database, home, root)
    now = tracks(database, TrackState.PRESENT)[str(root / "elsewhere" / "other name.ogg")].id
    assert now != before
    assert database.plays.counts() == {now: 1}


def track(number: int, **changes: object) -> Track:
    values: dict[str, object] = {"title": "Fjord", "artist": "Ann", "seconds": 100.0} | changes
    return Track(TrackId(f"{number:032x}"), f"/m/{number}.mp3", "/m", **values)  # type: ignore[arg-type]


def at(angle: float) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    return np.array([np.cos(angle), np.sin(angle)], np.float32)


@pytest.mark.parametrize(
    ("copies", "heir"),
    [
        ([(track(2), 0.1)], 2),
        ([(track(2, title="Fjord (Remastered)", seconds=100.6), 0.1)], 2),
        ([(track(2), 0.6)], None),
        ([(track(2, seconds=104.0), 0.1)], None),
        ([(track(2, title="Other"), 0.0)], None),
        ([(track(2, artist="Ben"), 0.0)], None),
        ([(track(2), 0.1), (track(3), 0.0)], None),
        ([(track(2), 0.1), (track(3), 0.9)], 2),
    ],
)
def test_name_length_and_sound_must_agree_and_two_are_none(copies: list[tuple[Track, float]], heir: int | None) -> None:
    old = track(1)
    vectors = {old.id: at(0.0)} | {copy.id: at(angle) for copy, angle in copies}
    present: dict[tuple[str, str], list[Track]] = {}
    for copy, _ in copies:
        for name in names_of(copy):
            present.setdefault(name, []).append(copy)
    expected = {} if heir is None else {old.id: TrackId(f"{heir:032x}")}
    assert same_sound([old], present, vectors) == expected
