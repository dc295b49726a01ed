"""Lyrics for the window: from the file, and where that cannot be read from who read it before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from pytestqt.qtbot import QtBot

from indexer.core.store import Database
from indexer.core.tags.sung import Lyrics
from indexer.core.tracks import Track, TrackId, Words
from musicplayer.library.lyrics import LyricsReader

pytestmark = pytest.mark.database

ONE, OTHER = TrackId("1" * 32), TrackId("2" * 32)


@pytest.fixture
def reader(database: Database) -> Iterator[LyricsReader]:
    """One that asks the database at once."""

    def ask(work: Callable[[Database], Any], then: Callable[[Any], None] | None) -> None:
        found = work(database)
        if then is not None:
            then(found)

    made = LyricsReader(ask)
    yield made
    made.shutdown()


def said(reader: LyricsReader, qtbot: QtBot, track: Track) -> tuple[TrackId, Lyrics]:
    with qtbot.waitSignal(reader.arrived) as arrived:
        reader.request(track)
    return arrived.args[0], arrived.args[1]


def test_a_file_is_read_and_what_is_away_or_elsewhere_asked_for(
    reader: LyricsReader, database: Database, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, np.zeros(2_205, np.float32), 22_050)
    path.with_suffix(".txt").write_text("here", "utf-8")
    database.words.keep({ONE: Words(lyrics="[00:01.000]before")})
    before = Lyrics(("before",), (1.0,))
    assert said(reader, qtbot, Track(ONE, str(path), str(tmp_path))) == (ONE, Lyrics(("here",)))
    assert said(reader, qtbot, Track(ONE, str(tmp_path / "gone.wav"), str(tmp_path))) == (ONE, before)
    assert said(reader, qtbot, Track(ONE, "http://there/stream/1", "http://there")) == (ONE, before)
    assert said(reader, qtbot, Track(OTHER, "http://there/stream/2", "http://there")) == (OTHER, Lyrics())


def test_a_part_of_a_file_has_none_and_an_answer_nobody_waits_for_is_not_told(
    reader: LyricsReader, qtbot: QtBot, tmp_path: Path
) -> None:
    part = Track(ONE, str(tmp_path / "album.flac"), str(tmp_path), start=3.0, end=9.0)
    assert said(reader, qtbot, part) == (ONE, Lyrics())
    told: list[TrackId] = []
    reader.arrived.connect(lambda track, _: told.append(track))
    reader.request(Track(OTHER, str(tmp_path / "gone.wav"), str(tmp_path)))
    assert said(reader, qtbot, part) == (ONE, Lyrics())
    assert told == [ONE]
