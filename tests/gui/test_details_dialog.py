"""The details of tracks: of one, of many, and what only the database knows."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.tracks import TrackId
from musicplayer.app import Application
from musicplayer.ui.tracks.details_dialog import DetailsDialog
from tests.gui.conftest import track

MBID = "11111111-2222-3333-4444-555555555555"
ISRC = "GBAAA9700001"


def heard(catalogue: Catalogue) -> list[TrackId]:
    header = {"bit_rate": 320, "sample_rate": 44_100, "channels": 2}
    first = track(0, tempo=120.0, key="A minor", loudness=-9.5, track_gain=-8.5, seconds=60.0, **header)
    second = track(1, tempo=130.0, key="A minor", seconds=120.0, **header)
    catalogue.upsert([first, second])
    return [first.id, second.id]


def test_of_one_track_all_is_said(catalogue: Catalogue, qtbot: QtBot) -> None:
    dialog = DetailsDialog(catalogue, heard(catalogue)[:1])
    qtbot.addWidget(dialog)
    said = {
        "Tempo": "120 BPM",
        "Key": "Am · 8A",
        "Loudness": "−9.5 LUFS",
        "Bit rate": "320 kbit/s",
        "Sample rate": "44.1 kHz",
        "Channels": "2",
        "Track gain": "−8.50 dB",
        "Length": "1:00",
    }
    assert {name: dialog.fact(name) for name in said} == said
    assert dialog.fact("In all") == ""
    assert (dialog.fact("Album at MusicBrainz"), dialog.fact("Artist at MusicBrainz")) == ("", "")
    dialog.show_ids([track(0, isrc=ISRC)])
    assert dialog.fact("ISRC") == ISRC
    dialog.copy_button.click()
    assert f"ISRC: {ISRC}" in QGuiApplication.clipboard().text()


def test_ids_at_musicbrainz_are_said_where_files_name_them(catalogue: Catalogue, qtbot: QtBot) -> None:
    ids = [track(row, mbid=MBID.replace("1", str(row + 1)), album_mbid=MBID, artist_mbid=MBID) for row in range(2)]
    catalogue.upsert(ids)
    dialog = DetailsDialog(catalogue, [one.id for one in ids])
    qtbot.addWidget(dialog)
    assert dialog.fact("Recording at MusicBrainz") == "various"
    assert (dialog.fact("Album at MusicBrainz"), dialog.fact("Artist at MusicBrainz")) == (MBID, MBID)


def test_of_many_common_values_are_said(catalogue: Catalogue, qtbot: QtBot) -> None:
    dialog = DetailsDialog(catalogue, heard(catalogue))
    qtbot.addWidget(dialog)
    assert dialog.headline.text() == "2 tracks"
    assert dialog.fact("Tempo") == "120 – 130 BPM"
    assert dialog.fact("Title") == "various"
    assert dialog.fact("In all") == "3 min"
    dialog.show_ids([track(0, isrc=ISRC), track(1)])
    assert dialog.fact("ISRC") == "various"


def test_the_menu_of_tracks_leads_to_them(segue: Application, qtbot: QtBot) -> None:
    window, library = segue.window, segue.services.library
    library.changed.emit(library.catalogue.upsert([track(0)]))
    menu = window.shell.commands.menu([track(0).id], window)
    next(action for action in menu.actions() if action.text() == "Details…").trigger()
    dialog = window.findChild(DetailsDialog)
    assert dialog is not None
    assert dialog.fact("Title") == track(0).title
    with qtbot.waitSignal(dialog.destroyed):
        dialog.close_button.click()
