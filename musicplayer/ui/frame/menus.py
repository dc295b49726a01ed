"""Lays the actions out in the menu bar; a menu that stays open while its entries are ticked."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from indexer.core.language import tr
from musicplayer.ui.frame.actions import Actions


def fill_menu_bar(
    bar: QMenuBar, actions: Actions, panels: Sequence[QAction], columns: Callable[[], QMenu]
) -> dict[str, QMenu]:
    """Fill the menu bar and return its menus by name.

    `panels` show and hide the docks; `columns` makes the menu of columns anew, for they are chosen elsewhere too.
    """
    return {
        "File": _menu(
            bar,
            tr("&File"),
            actions,
            [
                actions.add_folder,
                actions.open_demo,
                actions.open_shared,
                None,
                *_playlists(actions),
                None,
                actions.import_history,
                None,
                actions.back_up,
                actions.restore,
                None,
                actions.settings,
                None,
                actions.quit,
            ],
        ),
        "Library": _library(bar, actions),
        "Playback": _playback(bar, actions),
        "View": _view(bar, actions, panels, columns),
        "Help": _menu(bar, tr("&Help"), actions, [actions.shortcuts, None, actions.report, None, actions.about]),
    }


def _playlists(actions: Actions) -> list[QAction]:
    return [actions.new_playlist, actions.new_smart, actions.import_playlist]


def _library(bar: QMenuBar, actions: Actions) -> QMenu:
    return _menu(
        bar,
        tr("&Library"),
        actions,
        [
            actions.search,
            actions.show_playing,
            actions.focus_sidebar,
            None,
            actions.rescan,
            actions.rebuild,
            actions.pause_indexing,
            actions.cancel_indexing,
            None,
            actions.indexing,
            actions.problems,
            actions.copies,
            actions.about_model,
        ],
    )


def _playback(bar: QMenuBar, actions: Actions) -> QMenu:
    transport = [actions.play_pause, actions.next, actions.previous, actions.stop, actions.stop_after]
    seeking = [actions.seek_forward, actions.seek_back]
    loudness = [actions.louder, actions.softer, actions.mute]
    listed = [*transport, None, *seeking, None, *loudness, None, actions.shuffle]
    menu = _menu(bar, tr("&Playback"), actions, listed)
    repeat = menu.addMenu(tr("Repeat"))
    repeat.addActions(list(actions.repeats.values()))
    menu.addSeparator()
    menu.addAction(actions.radio)
    menu.addSeparator()
    menu.addActions([actions.favourite, actions.thumb_up, actions.thumb_down])
    menu.addMenu(_rating(menu, actions))
    menu.addSeparator()
    menu.addActions([actions.play_chosen_next, actions.enqueue_chosen, actions.undo_queue, actions.clear_queue])
    if actions.network not in actions.left_out:
        menu.addSeparator()
        menu.addAction(actions.network)
    return menu


def _rating(parent: QMenu, actions: Actions) -> QMenu:
    stars = QMenu(tr("Stars"), parent)
    stars.addActions(list(reversed(actions.stars.values())))
    return stars


def _view(bar: QMenuBar, actions: Actions, panels: Sequence[QAction], columns: Callable[[], QMenu]) -> QMenu:
    parts = [actions.next_part, actions.previous_part, actions.open_menu]
    playing = [actions.now_playing, actions.full_screen, actions.mini_player]
    menu = _menu(bar, tr("&View"), actions, [actions.sidebar, *panels, None, *playing, None, *parts, None])
    chosen = menu.addMenu(tr("Columns"))
    chosen.aboutToShow.connect(lambda: _refill(chosen, columns()))
    menu.addSeparator()
    theme = menu.addMenu(tr("Theme"))
    theme.addActions(list(actions.themes.values()))
    return menu


def _refill(menu: QMenu, fresh: QMenu) -> None:
    menu.clear()
    for action in fresh.actions():
        action.setParent(menu)
        menu.addAction(action)
    fresh.deleteLater()


def _menu(bar: QMenuBar, title: str, actions: Actions, listed: Sequence[QAction | None]) -> QMenu:
    """A menu of those that are offered; Qt draws separators with nothing between them once."""
    menu = bar.addMenu(title)
    for action in listed:
        if action is None:
            menu.addSeparator()
        elif action not in actions.left_out:
            menu.addAction(action)
    return menu


class TickingMenu(QMenu):
    """A menu of which several entries can be ticked, one after the other."""

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(title, parent)
        self._pressed: QAction | None = None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = self.actionAt(event.position().toPoint())
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Tick what was pressed; the button that opened a menu may be let go over any entry of it."""
        action, pressed = self.actionAt(event.position().toPoint()), self._pressed
        self._pressed = None
        if event.button() == Qt.MouseButton.LeftButton and action is pressed and action and action.isCheckable():
            action.trigger()
        else:
            super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        action = self.activeAction()
        if event.key() == Qt.Key.Key_Space and action is not None and action.isCheckable():
            action.trigger()
        else:
            super().keyPressEvent(event)
