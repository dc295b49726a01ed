"""The window in another language, from right to left, and with titles of every script."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QLocale, QRect, QRectF, Qt, QTranslator
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QLineEdit,
    QScrollArea,
    QStyleOptionViewItem,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from indexer.core import language
from indexer.core.events import Finished
from indexer.core.home import Home
from indexer.core.language import tr
from indexer.core.phrases import isolated
from musicplayer import translations
from musicplayer.app import Application, compose
from musicplayer.ui.frame.help_dialogs import AboutDialog, ShortcutsDialog
from musicplayer.ui.indexing.problems_dialog import ProblemsDialog
from musicplayer.ui.look.delegates import TwoLineDelegate
from musicplayer.ui.look.dialogs import ask_rebuild
from musicplayer.ui.look.labels import ElidedLabel
from musicplayer.ui.look.look import Look
from musicplayer.ui.look.translations import speak
from tests.conftest import REPOSITORY
from tests.gui.conftest import track

_GLYPH = Qt.ToolButtonStyle.ToolButtonIconOnly
TITLES = ("東京の夜", "서울의 봄", "שיר של יום", "أغنية الليل", "Ночь", "Ηχώ", "नमस्ते", "🎵 e\N{COMBINING ACUTE ACCENT}")


@pytest.fixture
def german(qapp: QApplication, tmp_path: Path) -> Iterator[None]:
    before, direction = QLocale(), qapp.layoutDirection()
    speak(qapp, "de", tmp_path)
    yield
    for translator in qapp.findChildren(QTranslator):
        qapp.removeTranslator(translator)
        translator.deleteLater()
    QLocale.setDefault(before)
    qapp.setLayoutDirection(direction)
    language.use(translations.load(language.ENGLISH, tmp_path))


@pytest.fixture
def from_the_right(qapp: QApplication) -> Iterator[None]:
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    yield
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def made(qapp: QApplication, home: Home, qtbot: QtBot) -> Iterator[Application]:
    application = compose(qapp, home, theme="light")
    application.services.library.catalogue.upsert(
        [track(number, title=title) for number, title in enumerate(TITLES, 100)]
    )
    application.window.show()
    qtbot.waitExposed(application.window)
    yield application
    application.window.close()
    application.shutdown()
    application.window.deleteLater()
    QCoreApplication.sendPostedEvents(application.window, QEvent.Type.DeferredDelete)


@pytest.fixture
def german_segue(german: None, qapp: QApplication, home: Home, qtbot: QtBot) -> Iterator[Application]:
    yield from made(qapp, home, qtbot)


@pytest.fixture
def mirrored_segue(from_the_right: None, qapp: QApplication, home: Home, qtbot: QtBot) -> Iterator[Application]:
    yield from made(qapp, home, qtbot)


def texts_of(root: QWidget) -> set[str]:
    """Everything that is written in a window, said of it, or shown when the pointer rests."""
    found = {root.windowTitle()}
    for widget in [root, *root.findChildren(QWidget)]:
        found |= {widget.toolTip(), widget.accessibleName(), widget.accessibleDescription()}
        if isinstance(widget, QLabel | QAbstractButton):
            found.add(widget.text())
        if isinstance(widget, QLineEdit):
            found.add(widget.placeholderText())
    for action in root.findChildren(QAction):
        found |= {action.text(), action.toolTip()}
    return {text.strip() for text in found} - {""}


def english_in(texts: set[str]) -> set[str]:
    """Sentences of the catalogue that are shown as they are although their German is another."""
    file = polib.pofile(str(REPOSITORY / "resources" / "translations" / "de.po"), encoding="utf-8")
    other = {entry.msgid.strip() for entry in file if entry.msgstr and entry.msgstr != entry.msgid}
    german_too = {entry.msgstr.strip() for entry in file}
    return (texts & other) - german_too


def test_nothing_in_a_german_window_is_english(german_segue: Application) -> None:
    window = german_segue.window
    for key in window.shell.places.places:
        window.shell.places.go(key)
    dialogs = [
        AboutDialog(window),
        ShortcutsDialog(window.shell.actions.all(), window),
        ask_rebuild(window, lambda full: None),
        window.extras.settings.dialog,
        window.extras.sound.dialog,
    ]
    assert english_in(texts_of(window)) == set()
    for dialog in dialogs:
        assert english_in(texts_of(dialog)) == set()
        dialog.close()


def cut_words(window: QWidget) -> list[str]:
    """What buttons that are seen say with less room than that takes."""
    buttons = [button for button in window.findChildren(QAbstractButton) if button.isVisible() and button.text()]
    worded = [button for button in buttons if not isinstance(button, QToolButton) or button.toolButtonStyle() != _GLYPH]
    return [button.text() for button in worded if button.width() < button.sizeHint().width()]


@pytest.mark.parametrize("which", ["segue", "german_segue"])
def test_in_a_small_window_no_word_of_a_button_is_cut(which: str, request: pytest.FixtureRequest, qtbot: QtBot) -> None:
    application: Application = request.getfixturevalue(which)
    window, places = application.window, application.window.shell.places
    services = application.services
    services.library.changed.emit(services.library.catalogue.upsert([track(1)]))
    playlist = services.playlists.create("A list", [track(1).id])
    window.resize(900, 600)
    qtbot.waitUntil(lambda: window.width() == 900)
    for key in (*places.places, f"playlist:{playlist.id}"):
        places.go(key)

        def nothing_is_cut() -> None:
            assert cut_words(window) == [], key  # noqa: B023 - called in this round alone

        qtbot.waitUntil(nothing_is_cut)
    dialog = window.extras.settings.dialog
    dialog.show()
    for row in range(dialog.topics.count()):
        dialog.topics.setCurrentRow(row)
        wide = [area.horizontalScrollBar().maximum() for area in dialog.findChildren(QScrollArea) if area.isVisible()]
        assert (dialog.topics.item(row).text(), max(wide, default=0)) == (dialog.topics.item(row).text(), 0)
    dialog.close()


def test_an_english_word_in_a_window_is_noticed() -> None:
    assert english_in({"Queue", "Warteschlange", "Radio"}) == {"Queue"}


def test_qt_speaks_german_too(german: None) -> None:
    assert QKeySequence("Ctrl+O").toString(QKeySequence.SequenceFormat.NativeText) == "Strg+O"
    assert QLocale().toString(1234.5, "f", 1) == "1.234,5"


def test_a_message_s_button_does_in_german_what_it_says(german_segue: Application, qtbot: QtBot) -> None:
    jobs, messages = german_segue.services.jobs, german_segue.window.shell.messages
    jobs.problem.emit(None)
    jobs.finished.emit(Finished())
    assert messages.action.text() == "Probleme zeigen"
    messages.action.click()
    qtbot.waitUntil(lambda: any(isinstance(shown, ProblemsDialog) for shown in visible_windows()))


def test_the_window_survives_being_mirrored(mirrored_segue: Application) -> None:
    window = mirrored_segue.window
    for key in window.shell.places.places:
        window.shell.places.go(key)
        assert not window.grab().isNull()
    sidebar = window.shell.places.sidebar
    assert sidebar.mapTo(window, sidebar.rect().topLeft()).x() > window.width() / 2


def visible_windows() -> list[QWidget]:
    return [shown for shown in QApplication.topLevelWidgets() if shown.isVisible()]


def test_titles_of_every_script_are_listed_as_they_are(segue: Application) -> None:
    services, window = segue.services, segue.window
    added = [track(number, title=title, artist=title, album=title) for number, title in enumerate(TITLES, 100)]
    services.library.catalogue.upsert(added)
    services.player.play_tracks([one.id for one in added])
    table, queue = window.library.model, window.queue.model
    table.refresh()
    shown = [table.index(row, column).data() for row in range(table.rowCount()) for column in range(4)]
    assert [title for title in TITLES if shown.count(title) != 3] == []
    assert [queue.index(row, 0).data() for row in range(queue.rowCount())] == list(TITLES)
    assert window.transport.title.whole_text == TITLES[0]
    window.transport.grab()


def test_a_name_in_hebrew_does_not_turn_the_words_around_it() -> None:
    words = tr("{title} by {artist}", title=isolated(TITLES[2]), artist=isolated("Beirut"))
    assert words == f"\N{FIRST STRONG ISOLATE}{TITLES[2]}\N{POP DIRECTIONAL ISOLATE} by " + isolated("Beirut")


@pytest.mark.parametrize("title", [TITLES[0], TITLES[2], "Plain"])
def test_a_title_begins_where_the_lines_of_the_window_begin(title: str, qapp: QApplication, qtbot: QtBot) -> None:
    label = ElidedLabel()
    qtbot.addWidget(label)
    label.set_whole_text(title)
    label.resize(600, 30)
    assert ink(label) < 300
    label.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    assert ink(label) > 300


def ink(label: QWidget) -> float:
    """Where something is drawn, in pixels from the left, on average."""
    image = label.grab().toImage()
    ground = image.pixelColor(0, 0)
    drawn = [x for x in range(image.width()) if any(image.pixelColor(x, y) != ground for y in range(image.height()))]
    return sum(drawn) / len(drawn)


def test_the_parts_of_a_row_change_sides_in_a_mirrored_window(look: Look) -> None:
    delegate, option = TwoLineDelegate(look), QStyleOptionViewItem()
    option.rect = QRect(0, 40, 300, 50)
    cover, bar = QRect(12, 45, 34, 34), QRectF(50.5, 60.0, 20.25, 4.0)
    delegate.look_at(option.rect, option.direction)
    assert (delegate.placed(cover), delegate.placed_exactly(bar)) == (cover, bar)
    option.direction = Qt.LayoutDirection.RightToLeft
    delegate.look_at(option.rect, option.direction)
    assert delegate.placed(cover) == QRect(254, 45, 34, 34)
    assert delegate.placed_exactly(bar) == QRectF(229.25, 60.0, 20.25, 4.0)


def test_an_error_of_a_job_reaches_the_window_in_its_language(
    german_segue: Application, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEGUE_MONGODB_URI", "mongodb://127.0.0.1:1/x")
    jobs, messages = german_segue.services.jobs, german_segue.window.shell.messages
    with qtbot.waitSignal(jobs.failed, timeout=120_000) as failed:
        jobs.scan()
    assert failed.args is not None
    assert failed.args[0].code == "database-silent"
    assert "Die Datenbank unter 127.0.0.1:1 antwortet nicht. Prüfen, ob sie läuft" in messages.text
