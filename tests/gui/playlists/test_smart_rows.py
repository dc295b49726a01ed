"""The rules of a smart playlist by mouse and keys: they write the search, and the search shows as rules."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from indexer.core.catalogue.smart import SmartRule
from indexer.core.catalogue.smart_rules import Comparison
from musicplayer.app import Application
from musicplayer.library.playlists import Playlists
from musicplayer.ui.playlists.playlist_control import PlaylistControl
from musicplayer.ui.playlists.smart_dialog import SmartDialog
from tests.gui.conftest import give_keyboard, track

CLICK = Qt.MouseButton.LeftButton


@pytest.fixture
def dialog(filled: Application, control: PlaylistControl, qtbot: QtBot) -> SmartDialog:
    genres = ("Acid Jazz", "Blues", "Chamber Music")
    filled.services.library.catalogue.upsert([track(number, genre=genres[number % 3]) for number in range(30)])
    made = control.commands.make_smart()
    qtbot.waitExposed(made)
    return made


def choose(combo: QComboBox, data: str) -> None:
    combo.setCurrentIndex(combo.findData(data))


def rows_of(dialog: SmartDialog) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(row.rule.field, row.rule.comparison.value, row.rule.values) for row in dialog.rows.rows]


def tabbed(dialog: SmartDialog, steps: int, qtbot: QtBot) -> Sequence[QWidget | None]:
    found = []
    for _ in range(steps):
        found.append(QApplication.focusWidget())
        qtbot.keyClick(found[-1] or dialog, Qt.Key.Key_Tab)
    return found


def test_it_begins_with_an_empty_rule_that_is_none(dialog: SmartDialog, qtbot: QtBot) -> None:
    assert rows_of(dialog) == [("genre", "contains", ())]
    assert dialog.query.text() == ""
    assert dialog.found.whole_text.startswith("30 tracks")
    assert dialog.rows.joined.isHidden()
    qtbot.keyClicks(dialog.rows.rows[0].values.text, "blu")
    assert dialog.query.text() == "genre:blu"


def test_what_is_known_is_offered_and_return_takes_it_without_closing(
    dialog: SmartDialog, playlists: Playlists, qtbot: QtBot
) -> None:
    [row] = dialog.rows.rows
    qtbot.keyClicks(row.values.text, "mus")
    popup = row.values.text.popup
    qtbot.waitUntil(popup.isVisible)
    qtbot.keyClick(popup, Qt.Key.Key_Down)
    qtbot.keyClick(popup, Qt.Key.Key_Return)
    assert not popup.isVisible()
    assert dialog.isVisible()
    assert dialog.query.text() == 'genre:"Chamber Music"'
    qtbot.keyClicks(row.values.text, "x")
    qtbot.keyClick(row.values.text, Qt.Key.Key_Return)
    assert [made.query for made in playlists.all()] == ['genre:"Chamber Musicx"']


def test_an_age_is_no_day_to_compare_with(dialog: SmartDialog, qtbot: QtBot) -> None:
    dialog.query.setText("added:<30d")
    qtbot.waitUntil(lambda: rows_of(dialog) == [("added", Comparison.WITHIN.value, ("30d",))])
    choose(dialog.rows.rows[0].comparison, Comparison.LESS)
    assert dialog.rows.rows[0].values.text.text() == ""
    assert dialog.query.text() == ""


def test_one_value_is_kept_of_several_where_one_is_asked_for(dialog: SmartDialog, qtbot: QtBot) -> None:
    dialog.query.setText("genre:blues|jazz")
    qtbot.waitUntil(lambda: rows_of(dialog) == [("genre", Comparison.ONE_OF.value, ("blues", "jazz"))])
    choose(dialog.rows.rows[0].comparison, Comparison.CONTAINS)
    assert dialog.query.text() == "genre:blues"


def test_of_several_values_each_is_offered(dialog: SmartDialog, qtbot: QtBot) -> None:
    [row] = dialog.rows.rows
    choose(row.comparison, "one_of")
    qtbot.keyClicks(row.values.text, "Blues; aci")
    popup = row.values.text.popup
    qtbot.waitUntil(popup.isVisible)
    qtbot.keyClick(popup, Qt.Key.Key_Down)
    qtbot.keyClick(popup, Qt.Key.Key_Return)
    assert row.values.text.text() == "Blues; Acid Jazz"
    assert dialog.query.text() == 'genre:Blues|"Acid Jazz"'


def test_what_is_known_is_found_without_accents_and_shown_at_the_arrow_down(dialog: SmartDialog, qtbot: QtBot) -> None:
    [row] = dialog.rows.rows
    choose(row.field, "artist")
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Escape):
        qtbot.keyClick(row.values.text.popup if row.values.text.popup.isVisible() else row.values.text, key)
    assert dialog.isVisible()
    qtbot.keyClicks(row.values.text, "at")
    qtbot.waitUntil(row.values.text.popup.isVisible)
    qtbot.keyClick(row.values.text.popup, Qt.Key.Key_Down)
    qtbot.keyClick(row.values.text.popup, Qt.Key.Key_Return)
    assert dialog.query.text() == "artist:Äther"


def test_rules_are_added_joined_and_taken_away_by_the_mouse(dialog: SmartDialog, qtbot: QtBot) -> None:
    rows = dialog.rows
    qtbot.keyClicks(rows.rows[0].values.text, "blues")
    qtbot.mouseClick(rows.add, CLICK)
    assert dialog.query.text() == "genre:blues"
    choose(rows.rows[1].field, "year")
    choose(rows.rows[1].comparison, "between")
    qtbot.keyClicks(rows.rows[1].values.low, "1990")
    qtbot.keyClicks(rows.rows[1].values.high, "1995")
    assert dialog.query.text() == "genre:blues year:1990-1995"
    rows.joined.setCurrentIndex(1)
    assert dialog.query.text() == "genre:blues OR year:1990-1995"
    dialog.preview()
    assert dialog.found.whole_text.startswith("14 tracks")
    qtbot.mouseClick(rows.rows[0].remove, CLICK)
    assert dialog.query.text() == "year:1990-1995"
    qtbot.mouseClick(rows.rows[0].remove, CLICK)
    assert (dialog.query.text(), rows_of(dialog)) == ("", [("genre", "contains", ())])


def test_a_search_shows_as_rules_as_far_as_it_can(dialog: SmartDialog, qtbot: QtBot) -> None:
    rows = dialog.rows
    qtbot.mouseClick(dialog.query, CLICK)
    qtbot.keyClicks(dialog.query, "artist:cave OR added<2w OR is:liked")
    assert rows_of(dialog) == [
        ("artist", "contains", ("cave",)),
        ("added", "within", ("2w",)),
        ("is", "is", ("liked",)),
    ]
    assert rows.joined.currentIndex() == 1
    rows.rows[1].values.age.setValue(3)
    assert dialog.query.text() == "artist:cave OR added<3w OR is:liked"
    dialog.query.setText("(a OR b) c")
    qtbot.waitUntil(rows.more.isVisible)
    assert not rows.rows[0].isVisible()
    dialog.query.setText("year:x")
    assert rows.more.isVisible(), "what is no search changes nothing"
    dialog.query.clear()
    assert not rows.more.isVisible()
    assert rows_of(dialog) == [("genre", "contains", ())]


def test_what_was_kept_is_shown_when_it_is_edited(
    filled: Application, control: PlaylistControl, playlists: Playlists
) -> None:
    made = playlists.create_smart("Old", SmartRule("-genre:jazz year<1980"))
    dialog = control.commands.edit_smart(made.id)
    assert dialog is not None
    assert rows_of(dialog) == [("genre", "lacks", ("jazz",)), ("year", "less", ("1980",))]
    dialog.yes.click()
    assert playlists.all()[0].query == "-genre:jazz year<1980", "looking at it leaves it as it was"


def test_every_field_is_named_and_the_tab_key_goes_as_one_reads(dialog: SmartDialog, qtbot: QtBot) -> None:
    rows = dialog.rows
    qtbot.mouseClick(rows.add, CLICK)
    first, second = rows.rows
    assert second.field.accessibleName() == "Rule 2: field"
    assert second.remove.accessibleName() == "Remove rule 2"
    edits = [edit for row in rows.rows for edit in row.findChildren(QLineEdit) if edit.isVisible()]
    assert [edit.accessibleName() for edit in edits] == ["Rule 1: value", "Rule 2: value"]
    give_keyboard(rows.joined, qtbot)
    assert tabbed(dialog, 11, qtbot) == [
        rows.joined,
        *(first.field, first.comparison, first.values.text, first.remove),
        *(second.field, second.comparison, second.values.text, second.remove),
        rows.add,
        dialog.query,
    ]


def test_six_rules_have_room_in_a_small_window(dialog: SmartDialog, filled: Application, qtbot: QtBot) -> None:
    window = filled.window
    window.resize(900, 600)
    dialog.query.setText("genre:a artist:b year>1990 plays:0 added<30d key:Am")
    qtbot.waitUntil(lambda: dialog.height() <= window.height())
    assert dialog.yes.isVisible()
    assert dialog.rows.rows[2].visibleRegion().boundingRect().height() == dialog.rows.rows[2].height()
    qtbot.mouseClick(dialog.rows.add, CLICK)
    added = dialog.rows.rows[-1]
    qtbot.waitUntil(lambda: added.visibleRegion().boundingRect().height() == added.height())


def test_an_example_of_the_help_becomes_the_search_and_its_rules(dialog: SmartDialog, qtbot: QtBot) -> None:
    shown = dialog.show_help()
    qtbot.waitExposed(shown)
    button = next(button for button in shown.buttons if button.text() == "genre:jazz|blues")
    qtbot.mouseClick(button, CLICK)
    assert dialog.query.text() == "genre:jazz|blues"
    assert rows_of(dialog) == [("genre", "one_of", ("jazz", "blues"))]
