"""Settings › Folders: what is part of the library, what is left out of it, and whether it is watched."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QMenu, QVBoxLayout, QWidget

from indexer.core.language import tr
from indexer.core.text import shown_text
from musicplayer.library.library import Library
from musicplayer.ui.frame.bound import check
from musicplayer.ui.frame.preferences import Preferences
from musicplayer.ui.indexing.indexing_cards import folder_words, unknown_words
from musicplayer.ui.look.buttons import push_button
from musicplayer.ui.look.dialogs import ConfirmDialog, choose_folder
from musicplayer.ui.look.flow_layout import FlowLayout
from musicplayer.ui.look.form import Form, text_label
from musicplayer.ui.look.icons import Icons

if TYPE_CHECKING:
    from indexer.core.store import Database, LibraryFolder

_PATH = int(Qt.ItemDataRole.UserRole)
_LIST_HEIGHT = 160


class FolderChanges(QObject):
    """Carries out what is chosen here.

    Signals:
        rescan_wanted: the library has to be brought up to what belongs to it.
    """

    rescan_wanted = Signal()

    def __init__(self, library: Library, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._client = library.client

    def remove(self, folder: str) -> None:
        """Take a folder out of the library; its files stay where they are, plays and playlists are kept."""
        self._client.forget_folder(folder)

    def exclude(self, folder: str, excluded: Sequence[str]) -> None:
        """Leave exactly these folders below `folder` out."""
        wanted = sorted(set(excluded))

        def work(database: Database) -> None:
            database.folders.set_excluded(folder, wanted)

        self._client.ask(work, lambda _: self.rescan_wanted.emit(), must_succeed=True)

    def read_as(self, folder: str, encoding: str) -> None:
        """Expect tags of a folder that do not say their encoding in this one; empty to find it out."""

        def work(database: Database) -> None:
            database.folders.set_encoding(folder, encoding)
            database.files.read_again(folder)

        self._client.ask(work, lambda _: self.rescan_wanted.emit(), must_succeed=True)


def encoding_names() -> dict[str, str]:
    """What the encodings of tags are called, those that many have first."""
    return {
        "": tr("Found out by itself"),
        "cp1252": tr("Western (Windows-1252)"),
        "cp1251": tr("Cyrillic (Windows-1251)"),
        "koi8-u": tr("Cyrillic (KOI8)"),
        "cp866": tr("Cyrillic (DOS)"),
        "cp932": tr("Japanese (Shift-JIS)"),
        "euc_jp": tr("Japanese (EUC)"),
        "gbk": tr("Chinese, simplified (GBK)"),
        "big5": tr("Chinese, traditional (Big5)"),
        "euc_kr": tr("Korean (EUC)"),
        "cp1250": tr("Central European (Windows-1250)"),
        "iso8859-2": tr("Central European (Latin-2)"),
        "cp1253": tr("Greek (Windows-1253)"),
        "cp1254": tr("Turkish (Windows-1254)"),
        "cp1257": tr("Baltic (Windows-1257)"),
        "cp1255": tr("Hebrew (Windows-1255)"),
        "cp1256": tr("Arabic (Windows-1256)"),
        "cp874": tr("Thai (Windows-874)"),
    }


class FoldersPage(Form):
    """The folders of the library.

    Signals:
        add_requested: a folder is to be chosen and added.
        rescan_wanted: another choice of folders is in the database.
    """

    add_requested = Signal()
    rescan_wanted = Signal()

    def __init__(self, library: Library, preferences: Preferences, icons: Icons, parent: QWidget | None = None) -> None:
        about = tr("The music in these folders, and in all folders below them, is your library.")
        super().__init__(tr("Folders"), about, parent)
        self._library = library
        self._icons = icons
        self._folders: list[LibraryFolder] = []
        self._changes = FolderChanges(library, self)
        self.list = QListWidget()
        self._build_ui(preferences)
        self._connect(library)

    def show_folders(self, folders: list[LibraryFolder]) -> None:
        """List the folders, each with what is left out of it below."""
        self._folders = folders
        self.list.clear()
        for folder in folders:
            words = folder_words(self._library, folder)
            if folder.encoding:
                words = f"{words}   ·   {encoding_names().get(folder.encoding, folder.encoding)}"
            self._add_item("folder", folder.path, words, folder.path)
            if unknown := unknown_words(folder):
                self._add_remark(unknown)
            for path in folder.excluded:
                self._add_item("folder-minus", path, tr("left out"), path)
        if not folders:
            item = QListWidgetItem(tr("No folder has been added yet."))
            item.setFlags(Qt.ItemFlag.NoItemFlags)
            self.list.addItem(item)
        self._on_selection()

    def _build_ui(self, preferences: Preferences) -> None:
        self.list.setObjectName("folders")
        self.list.setAccessibleName(tr("Folders of the library"))
        self.list.setFixedHeight(_LIST_HEIGHT)
        self.list.setIconSize(QSize(18, 18))
        self.add_button = push_button(tr("Add folder…"), primary=True)
        self.exclude_button = push_button(tr("Leave a folder out…"))
        self.encoding_button = push_button(tr("Read tags as…"))
        self.encoding_button.setToolTip(
            tr("For names that come out as nonsense, because their tags do not say how to read them")
        )
        self.encodings = QMenu(self.encoding_button)
        self.encoding_button.setMenu(self.encodings)
        self.remove_button = push_button(tr("Remove"))
        self.failure = text_label("", "danger")
        self.failure.hide()
        part = QWidget()
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 4, 0, 8)
        column.setSpacing(10)
        column.addWidget(self.list)
        line = FlowLayout(spacing=8)
        for button in (self.add_button, self.exclude_button, self.encoding_button, self.remove_button):
            line.addWidget(button)
        column.addLayout(line)
        column.addWidget(self.failure)
        kept = tr("Removing a folder deletes no file, and forgets no play: add it again, and everything is back.")
        column.addWidget(text_label(kept, "small"))
        self.whole(part)
        watch = check(preferences, "watch_folders")
        about = tr("New, changed and deleted files are noticed while Segue runs. Off: choose Library › Rescan.")
        self.row(tr("Watch these folders"), watch, about)
        about = tr(
            "Then the menu of a track offers to change title, artist, album and the like in the file itself. The sound "
            "stays as it is, and every edit can be undone. Off: Segue only reads."
        )
        self.row(tr("Edit tags of files"), check(preferences, "edit_tags"), about)
        self.show_folders([])

    def _connect(self, library: Library) -> None:
        library.client.folders_changed.connect(self.show_folders)
        library.copies.changed.connect(lambda: self.show_folders(self._folders))
        self.list.itemSelectionChanged.connect(self._on_selection)
        self.add_button.clicked.connect(self.add_requested)
        self.exclude_button.clicked.connect(self._choose_excluded)
        self.remove_button.clicked.connect(self._on_remove)
        self._changes.rescan_wanted.connect(self.rescan_wanted)
        self.encodings.aboutToShow.connect(self._list_encodings)

    def _add_item(self, glyph: str, path: str, about: str, value: str) -> None:
        shown = shown_text(path)
        item = QListWidgetItem(self._icons.icon(glyph), f"{shown}   ·   {about}")
        item.setData(_PATH, value)
        self.list.addItem(item)

    def _add_remark(self, words: str) -> None:
        item = QListWidgetItem(words)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        item.setToolTip(words)
        self.list.addItem(item)

    def _selected(self) -> tuple[str, LibraryFolder | None]:
        """The path that is selected, and its folder of the library where it is left out of one."""
        items = self.list.selectedItems()
        path = str(items[0].data(_PATH) or "") if items else ""
        return path, next((folder for folder in self._folders if path in folder.excluded), None)

    def _on_selection(self) -> None:
        path, left_out_of = self._selected()
        self.remove_button.setEnabled(bool(path))
        self.exclude_button.setEnabled(bool(self._folders))
        self.encoding_button.setEnabled(self._chosen_folder() is not None)
        self.remove_button.setText(tr("Take in again") if left_out_of else tr("Remove"))

    def _chosen_folder(self) -> LibraryFolder | None:
        """The folder of the library that is selected, or the only one that there is."""
        path, _ = self._selected()
        if not path and len(self._folders) == 1:
            return self._folders[0]
        return next((folder for folder in self._folders if folder.path == path), None)

    def _list_encodings(self) -> None:
        self.encodings.clear()
        folder = self._chosen_folder()
        if folder is None:
            return
        for encoding, name in encoding_names().items():
            action = self.encodings.addAction(name)
            action.setCheckable(True)
            action.setChecked(folder.encoding == encoding)
            action.triggered.connect(partial(self._read_as, folder.path, encoding))

    def _read_as(self, folder: str, encoding: str, _checked: bool = False) -> None:
        self._changes.read_as(folder, encoding)

    def _choose_excluded(self) -> None:
        path, _ = self._selected()
        choose_folder(self, tr("Leave a folder out of the library"), path or self._folders[0].path, self.exclude)

    def exclude(self, path: str) -> None:
        """Leave a folder below one of the library out; says so where it lies in none of them."""
        chosen = os.path.normpath(path)
        folder = next((each for each in self._folders if Path(each.path) in Path(chosen).parents), None)
        self.failure.setVisible(folder is None)
        if folder is None:
            self.failure.setText(tr("{path} does not lie below a folder of the library.", path=chosen))
        else:
            self._changes.exclude(folder.path, [*folder.excluded, chosen])

    def _on_remove(self) -> None:
        path, left_out_of = self._selected()
        if left_out_of is not None:
            self._changes.exclude(left_out_of.path, [each for each in left_out_of.excluded if each != path])
            return
        dialog = ConfirmDialog(
            tr("Remove folder"),
            tr("Remove this folder from the library?"),
            tr("{path}: the files stay where they are. What you played, and your playlists, are kept.", path=path),
            tr("Remove"),
            self,
        )
        dialog.accepted.connect(lambda: self._changes.remove(path))
        dialog.open()
