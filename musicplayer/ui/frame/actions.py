"""Everything the window can be told to do: words, shortcuts and icons, in one place."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QActionGroup, QIcon, QKeySequence

from indexer.core.language import mark, tr, trn
from indexer.core.playing.queue import Repeat
from indexer.core.plays import MOST_STARS
from musicplayer.ui.frame.help_dialogs import HELP
from musicplayer.ui.look.icons import Icons
from musicplayer.ui.look.theme import DARK_MODE, LIGHT_MODE, SYSTEM

Choice = TypeVar("Choice")

_THEMES = {SYSTEM: mark("System"), LIGHT_MODE: mark("Light"), DARK_MODE: mark("Dark")}
_REPEATS = {Repeat.OFF: mark("Off"), Repeat.ALL: mark("All"), Repeat.ONE: mark("This track")}


class Actions(QObject):
    """The actions by name; menus show them, others connect to them.

    Attributes:
        left_out: those that are not offered, and do nothing: what is done where the music lies, in the window of a
            library that is shared by another machine.
    """

    def __init__(self, icons: Icons, parent: QObject | None = None, *, shared: bool = False) -> None:
        """`shared` says that the library is on another machine."""
        super().__init__(parent)
        icon = icons.icon
        self._make_files(icons)
        # Library
        self.search = self._make(tr("Search"), "Ctrl+F", icon("magnifying-glass"))
        self.show_playing = self._make(tr("Go to what is playing"), "Ctrl+L")
        self.rescan = self._make(tr("Rescan"), ["Ctrl+R", "F5"], icon("arrows-clockwise"))
        self.rebuild = self._make(tr("Rebuild index…"), "Ctrl+Shift+R", icon("waves"))
        self.pause_indexing = self._make(tr("Pause indexing"), "", icon("pause"))
        self.cancel_indexing = self._make(tr("Cancel indexing"), "", icon("x"))
        self.indexing = self._make(tr("Indexing"), "Ctrl+Shift+I", icon("activity"))
        self._make_lists(icons)
        # Playback
        self.play_pause = self._make(tr("Play"), "Space", icon("play"))
        self.play_pause.setProperty(HELP, tr("Play or pause"))
        self.next = self._make(tr("Next"), "Ctrl+Right", icon("skip-forward"))
        self.previous = self._make(tr("Previous"), "Ctrl+Left", icon("skip-back"))
        self.stop = self._make(tr("Stop"), "Ctrl+.", icon("stop"))
        self.stop_after = self._toggle(tr("Stop after this track"), "Ctrl+Shift+.")
        self.seek_forward = self._make(tr("Seek forward 10 s"), "Alt+Right", icon("fast-forward"))
        self.seek_back = self._make(tr("Seek back 10 s"), "Alt+Left", icon("rewind"))
        self.louder = self._make(tr("Volume up"), "Ctrl+Up", icon("speaker-high"))
        self.softer = self._make(tr("Volume down"), "Ctrl+Down", icon("speaker-low"))
        self.mute = self._make(tr("Mute"), "Ctrl+M", icon("speaker-x"))
        self.shuffle = self._toggle(tr("Shuffle"), "Ctrl+Shift+S", icon("shuffle"))
        self.repeats = self._group({repeat: self._toggle(tr(text)) for repeat, text in _REPEATS.items()})
        self.radio = self._toggle(tr("Radio"), "Ctrl+E", icon("broadcast"))
        self.radio.setProperty(HELP, tr("Radio from what is playing, on or off"))
        self._make_opinions(icons)
        self.faster = self._make(tr("Faster"), "Ctrl+Shift+Right")
        self.slower = self._make(tr("Slower"), "Ctrl+Shift+Left")
        self.normal_speed = self._make(tr("Normal speed"), "Ctrl+Shift+Down")
        self.sound = self._make(tr("Sound…"), "Ctrl+Shift+E", icon("sliders-horizontal"))
        self._make_queue(icons)
        self.network = self._make(tr("Share on the network…"), "", icon("share-network"))
        # View
        self.sidebar = self._toggle(tr("Side bar"), "F9", icon("columns"))
        self.sidebar.setProperty(HELP, tr("Show or hide the side bar"))
        self.focus_sidebar = self._make(tr("Go to the side bar"), "Ctrl+B")
        self.next_part = self._make(tr("Next part of the window"), "F6")
        self.previous_part = self._make(tr("Previous part of the window"), "Shift+F6")
        self.open_menu = self._make(tr("Menu of what is selected"), "Shift+F10")
        self.now_playing = self._toggle(tr("Now playing"), "F8", icon("arrows-out-simple"))
        self.full_screen = self._toggle(tr("Full screen"), "F11", icon("corners-out"))
        self.mini_player = self._make(tr("Mini player"), "Ctrl+Shift+M", icon("picture-in-picture"))
        self.themes = self._group({mode: self._toggle(tr(text)) for mode, text in _THEMES.items()})
        # Help
        self.shortcuts = self._make(tr("Keyboard shortcuts"), "F1", icon("keyboard"))
        self.report = self._make(tr("Write a report for a bug…"), "", icon("bug"))
        self.about = self._make(tr("About Segue"), "", icon("info"))
        self.about.setMenuRole(QAction.MenuRole.AboutRole)
        self.left_out = self._done_where_the_music_lies() if shared else frozenset[QAction]()
        for action in self.left_out:
            action.setEnabled(False)

    def all(self) -> list[QAction]:
        """Every action that is offered, in the order of the menus."""
        actions = (child for child in self.children() if isinstance(child, QAction))
        return [action for action in actions if action not in self.left_out]

    def _done_where_the_music_lies(self) -> frozenset[QAction]:
        files = (self.add_folder, self.open_demo, self.open_shared, self.import_history, self.back_up, self.restore)
        index = (self.rescan, self.rebuild, self.pause_indexing, self.cancel_indexing, self.indexing)
        return frozenset((*files, *index, self.problems, self.copies, self.network))

    def _make_files(self, icons: Icons) -> None:
        icon = icons.icon
        self.add_folder = self._make(tr("Add folder…"), "Ctrl+O", icon("folder-plus"))
        self.new_playlist = self._make(tr("New playlist"), "Ctrl+N", icon("playlist"))
        self.new_smart = self._make(tr("New smart playlist…"), "Ctrl+Shift+N", icon("lightning"))
        self.import_playlist = self._make(tr("Import playlists…"), "", icon("download-simple"))
        self.open_demo = self._make(tr("Open demo library"), "", icon("music-notes"))
        self.open_shared = self._make(tr("Open a library on the network…"), "", icon("computer-tower"))
        self._make_backups(icons)
        self.settings = self._make(tr("Settings…"), "Ctrl+,", icon("gear-six"))
        self.settings.setMenuRole(QAction.MenuRole.PreferencesRole)
        self.quit = self._make(tr("Quit"), "Ctrl+Q")
        self.quit.setMenuRole(QAction.MenuRole.QuitRole)

    def _make_lists(self, icons: Icons) -> None:
        self.problems = self._make(tr("Problems…"), "Ctrl+Shift+P", icons.icon("warning"))
        self.copies = self._make(tr("Copies…"), "", icons.icon("copy"))
        self.about_model = self._make(tr("About the model…"), "", icons.icon("chart-bar"))

    def _make_opinions(self, icons: Icons) -> None:
        self.favourite = self._make(tr("Favourite"), "Ctrl+D", icons.icon("heart"))
        self.thumb_up = self._make(tr("Thumb up"), "Ctrl+T", icons.icon("thumbs-up"))
        self.thumb_down = self._make(tr("Thumb down"), "Ctrl+Shift+T", icons.icon("thumbs-down"))
        for action in (self.favourite, self.thumb_up, self.thumb_down):
            action.setProperty(HELP, tr("{name}: selected tracks, or what plays", name=action.text()))
        self.stars = {stars: self._make(_stars(stars), f"Alt+{stars}") for stars in range(round(MOST_STARS) + 1)}

    def _make_queue(self, icons: Icons) -> None:
        self.play_chosen_next = self._make(
            tr("Play next"), ["Shift+Ins", "Ctrl+Shift+K"], icons.icon("arrow-bend-down-right")
        )
        self.play_chosen_next.setProperty(HELP, tr("Play the selected tracks next"))
        self.enqueue_chosen = self._make(tr("Add to queue"), ["Ins", "Ctrl+K"], icons.icon("queue"))
        self.enqueue_chosen.setProperty(HELP, tr("Add the selected tracks to the queue"))
        self.undo_queue = self._make(tr("Undo change of the queue"), "Ctrl+Z", icons.icon("arrow-counter-clockwise"))
        self.clear_queue = self._make(tr("Clear queue"), "Ctrl+Shift+Delete", icons.icon("trash"))

    def _make_backups(self, icons: Icons) -> None:
        self.import_history = self._make(tr("Import listening history…"), "", icons.icon("clock-counter-clockwise"))
        self.back_up = self._make(tr("Back up library…"), "", icons.icon("archive"))
        self.restore = self._make(tr("Restore from a backup…"), "", icons.icon("clock-counter-clockwise"))

    def _make(self, text: str, keys: str | list[str] = "", icon: QIcon | None = None) -> QAction:
        action = QAction(text, self)
        sequences = [keys] if isinstance(keys, str) else keys
        action.setShortcuts([QKeySequence(key) for key in sequences if key])
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        if icon is not None:
            action.setIcon(icon)
        return action

    def _toggle(self, text: str, keys: str = "", icon: QIcon | None = None) -> QAction:
        action = self._make(text, keys, icon)
        action.setCheckable(True)
        action.setIconVisibleInMenu(False)  # it would stand where the tick does
        return action

    def _group(self, actions: dict[Choice, QAction]) -> dict[Choice, QAction]:
        group = QActionGroup(self)
        for action in actions.values():
            group.addAction(action)
        return actions


def _stars(number: int) -> str:
    return trn("{number} star", "{number} stars", number) if number else tr("No stars")
