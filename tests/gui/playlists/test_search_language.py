"""The search language in the window: its order in the header, why nothing is found, and a search kept with a key."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from indexer.core.catalogue.shown import Column
from musicplayer.app import Application
from tests.gui.conftest import track


def shown_years(filled: Application) -> list[str]:
    library = filled.window.library
    catalogue = filled.services.library.catalogue
    return [catalogue.text(int(key), Column.YEAR) for key in library.model.keys]


def test_an_order_in_the_search_holds_until_a_header_is_clicked(filled: Application, qtbot: QtBot) -> None:
    page = filled.window.library
    before = page.table.sorting
    page.row.show_text("sort:-year")
    years = shown_years(filled)
    assert years == sorted(years, reverse=True)
    assert page.table.sorting == (Column.YEAR, True)
    page.table.sort_by(Column.YEAR)
    assert shown_years(filled) == sorted(years)
    page.row.show_text("sort:-title")
    assert page.table.sorting == (Column.TITLE, True)
    page.row.show_text("")
    assert page.table.sorting == (Column.YEAR, False)
    page.table.sort_by(*before[:1], descending=before[1])


def test_an_order_leaves_every_track_in(filled: Application) -> None:
    page = filled.window.library
    everything = page.model.rowCount()
    page.row.show_text("sort:-added")
    assert page.model.rowCount() == everything


def test_the_empty_page_says_why(filled: Application) -> None:
    page = filled.window.library
    page.row.show_text("year>2999")
    assert page.table.isHidden() or not page.model.rowCount()
    assert "No track fits “year>2999”. Here it goes from" in page.page.text
    page.row.show_text("bpm:slow")
    assert "“bpm:slow” is looked for as words." in page.page.text
    assert "“bpm:slow” is looked for as words." in page.summary.whole_text


def test_a_search_is_kept_with_one_key(filled: Application, qtbot: QtBot) -> None:
    page = filled.window.library
    page.row.show_text("artist:cave|boards")
    qtbot.keyClick(page.search, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    (made,) = filled.services.playlists.all()
    assert (made.query, made.name) == ("artist:cave|boards", "artist:cave|boards")
    qtbot.keyClick(page.search, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert len({each.name for each in filled.services.playlists.all()}) == 2, "each has a name of its own"
    page.row.show_text('"open')
    qtbot.keyClick(page.search, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert len(filled.services.playlists.all()) == 2, "what is no search is not kept"


def test_an_or_in_a_part_of_the_library_stays_within_it(filled: Application) -> None:
    filled.window.shell.places.go("most-played")
    filled.window.library.row.show_text("cave OR boards")
    rule = filled.window.extras.playlists.save_search.rule()
    assert rule.query == "plays>0 (cave OR boards)"
    assert track(0)
