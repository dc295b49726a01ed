"""What can be done with playlists, wherever it is asked for: the one place behind menus, buttons and drops."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from random import randrange

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu, QWidget

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.catalogue.smart import SmartRule
from indexer.core.language import tr, trn
from indexer.core.playlist import Playlist
from indexer.core.playlists.edits import clean_name, unique_name
from indexer.core.plays import PlayContext, PlaySource
from indexer.core.tracks import TrackId
from musicplayer.library.playlists import Edit, Playlists
from musicplayer.playback.player import Player
from musicplayer.ui.frame.message_bar import MessageBar
from musicplayer.ui.look.dialogs import NameDialog, ask_doubles
from musicplayer.ui.look.icons import Icons
from musicplayer.ui.playlists.smart_dialog import SmartDialog

_ORIGIN = PlayContext(PlaySource.PLAYLIST)

_log = logging.getLogger("player")


class PlaylistCommands(QObject):
    """Makes, fills, plays and deletes playlists.

    Signals:
        go_requested: the id of a playlist to show.
        naming_requested: the id of a playlist to show, whose name is to be typed.
    """

    go_requested = Signal(str)
    naming_requested = Signal(str)

    def __init__(
        self,
        playlists: Playlists,
        catalogue: Catalogue,
        player: Player,
        messages: MessageBar,
        icons: Icons,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._playlists = playlists
        self._catalogue = catalogue
        self._player = player
        self._messages = messages
        self._icons = icons
        self._window = window
        self._offered: tuple[str, Edit | None] = ("", None)
        for signal in (playlists.changed, playlists.added, playlists.removed):
            signal.connect(self._on_changed)

    # Making

    def make(self, tracks: Sequence[TrackId] = ()) -> None:
        """A new list, whose name is typed in its page."""
        self.naming_requested.emit(self._playlists.create(tr("New playlist"), tracks).id)

    def make_named(self, tracks: Sequence[TrackId], suggestion: str = "") -> NameDialog:
        """Ask for a name, and make a list of `tracks` without leaving what is shown."""
        dialog = NameDialog(
            tr("New playlist"),
            trn("With {number} track.", "With {number} tracks.", len(tracks)) if tracks else "",
            self._free(suggestion or tr("New playlist")),
            tr("Create"),
            self._free,
            self._window,
        )
        dialog.named.connect(lambda name: self._create(name, tracks))
        dialog.open()
        return dialog

    def make_smart(self, rule: SmartRule | None = None) -> SmartDialog:
        """Ask what a smart playlist is to find, `rule` to begin with, and make it."""
        name = clean_name(rule.query if rule else "", tr("New smart playlist"))
        dialog = self._smart_dialog(self._free(name), rule or SmartRule(""), fresh=True)
        dialog.decided.connect(
            lambda chosen, rule: self.go_requested.emit(self._playlists.create_smart(chosen, rule).id)
        )
        return dialog

    def keep_search(self, rule: SmartRule) -> None:
        """Make a smart playlist of a search without a question, under the words of the search."""
        made = self._playlists.create_smart(self._free(clean_name(rule.query, tr("New smart playlist"))), rule)
        self._messages.tell(
            tr("Kept as the smart playlist “{name}”.", name=made.name),
            "",
            tr("Show"),
            lambda: self._show_kept(made.id),
        )

    def _show_kept(self, playlist: str) -> None:
        self._messages.clear()
        self.go_requested.emit(playlist)

    def edit_smart(self, playlist: str) -> SmartDialog | None:
        """Let the search of a smart playlist be changed."""
        found = self._playlists.get(playlist)
        if found is None or not found.is_smart:
            return None
        dialog = self._smart_dialog(found.name, SmartRule.of(found), fresh=False)
        dialog.decided.connect(lambda name, rule: self._change_smart(playlist, name, rule))
        return dialog

    # Filling

    def add(self, playlist: str, tracks: Sequence[TrackId], at: int | None = None) -> None:
        """Put tracks into a list, at its end or before the one at `at`; ask about those that are there already."""
        found = self._playlists.get(playlist)
        if found is None or found.is_smart or not tracks:
            return
        doubles = self._playlists.already_in(playlist, tracks)
        if not doubles:
            self._insert(playlist, tracks, at)
            return
        there = set(self._playlists.tracks(playlist))
        fresh = [track for track in dict.fromkeys(tracks) if track not in there]
        ask_doubles(
            self._window,
            found.name,
            len(doubles),
            len(tracks),
            add_all=lambda: self._insert(playlist, tracks, at),
            skip=lambda: self._insert(playlist, fresh, at),
        )

    def fill_menu(self, menu: QMenu, tracks: Sequence[TrackId]) -> None:
        """Add "Add to playlist" to a menu of tracks."""
        chosen = list(tracks)
        submenu = menu.addMenu(self._icons.icon("playlist"), tr("Add to playlist"))
        submenu.addAction(
            self._icons.icon("plus"), tr("New playlist…"), lambda: self.make_named(chosen, self._about(chosen))
        )
        lists = [playlist for playlist in self._playlists.all() if not playlist.is_smart]
        if lists:
            submenu.addSeparator()
        for playlist in lists:
            self._add_entry(submenu, playlist, chosen)

    def _add_entry(self, menu: QMenu, playlist: Playlist, tracks: Sequence[TrackId]) -> None:
        menu.addAction(playlist.name.replace("&", "&&"), lambda: self.add(playlist.id, tracks))

    # Playing

    def play(self, tracks: Sequence[TrackId], start: int = 0) -> None:
        """Play tracks instead of the queue, in their order."""
        _log.info("%d tracks to play, chosen in playlist", len(tracks))
        self._player.play_tracks(tracks, start, _ORIGIN)

    def shuffle(self, tracks: Sequence[TrackId]) -> None:
        """Play tracks instead of the queue, from one of them on in an order of chance."""
        if tracks:
            _log.info("%d tracks to play in an order of chance, chosen in playlist", len(tracks))
            self._player.set_shuffle(True)
            self._player.play_tracks(tracks, randrange(len(tracks)), _ORIGIN)  # noqa: S311 - for ears, not for secrets

    def enqueue(self, tracks: Sequence[TrackId]) -> None:
        _log.info("%d tracks for the queue, chosen in playlist", len(tracks))
        self._player.enqueue(tracks, _ORIGIN)
        self._messages.tell(
            trn("{number} track was added to the queue.", "{number} tracks were added to the queue.", len(tracks))
        )

    # Taking away

    def delete(self, playlist: str) -> None:
        """Delete a playlist, with a way back."""
        found = self._playlists.get(playlist)
        if found is not None:
            self._playlists.delete(playlist)
            self.tell_with_undo(
                tr("“{name}” was deleted.", name=found.name), then=lambda: self.go_requested.emit(playlist)
            )

    def tell_removed(self, playlist: str, number: int) -> None:
        """Say that tracks were taken out, with a way back."""
        found = self._playlists.get(playlist)
        name = found.name if found else ""
        self.tell_with_undo(
            trn(
                "{number} track was taken out of “{name}”.",
                "{number} tracks were taken out of “{name}”.",
                number,
                name=name,
            )
        )

    def tell_with_undo(self, message: str, *, then: Callable[[], object] = lambda: None) -> None:
        """Say what the last edit did, and offer to take it back."""
        edit = self._playlists.last_edit()

        def undo() -> None:
            if self._playlists.undo(edit):
                then()

        self._messages.tell(message, "", tr("Undo"), undo)
        self._offered = (message, edit)

    @property
    def offers_undo(self) -> bool:
        """Whether a message is shown that offers to take back the last edit."""
        message, edit = self._offered
        return edit is not None and edit is self._playlists.last_edit() and self._messages.text.startswith(message)

    # Helpers

    def _on_changed(self) -> None:
        """A message that offers to take back what was taken back by a key goes."""
        message, edit = self._offered
        if edit is not None and not self._playlists.can_take_back(edit):
            self._offered = ("", None)
            self._messages.take_back(message)

    def _create(self, name: str, tracks: Sequence[TrackId]) -> None:
        made = self._playlists.create(name, tracks)
        self._messages.tell(
            tr("“{name}” was created.", name=made.name), "", tr("Show it"), lambda: self.go_requested.emit(made.id)
        )

    def _insert(self, playlist: str, tracks: Sequence[TrackId], at: int | None) -> None:
        found = self._playlists.get(playlist)
        if found is None or not tracks:
            return
        self._playlists.insert(playlist, len(found.tracks) if at is None else at, tracks)
        self.tell_with_undo(
            trn(
                "{number} track was added to “{name}”.",
                "{number} tracks were added to “{name}”.",
                len(tracks),
                name=found.name,
            )
        )

    def _smart_dialog(self, name: str, rule: SmartRule, *, fresh: bool) -> SmartDialog:
        dialog = SmartDialog(self._catalogue, self._icons, name, rule, fresh=fresh, parent=self._window)
        dialog.open()
        if fresh:
            dialog.rows.focus()
        else:
            dialog.name.setFocus()
        return dialog

    def _change_smart(self, playlist: str, name: str, rule: SmartRule) -> None:
        if self._playlists.get(playlist) is not None:
            self._playlists.rename(playlist, name)
            self._playlists.set_rule(playlist, rule)

    def _free(self, name: str) -> str:
        return unique_name(clean_name(name, tr("New playlist")), [each.name for each in self._playlists.all()])

    def _about(self, tracks: Sequence[TrackId]) -> str:
        """The album or artist that all the tracks share, to suggest as a name."""
        rows = [row for row in map(self._catalogue.row_of, tracks) if row is not None]
        for name_of in (self._catalogue.album, self._catalogue.artist):
            names = {name_of(row) for row in rows}
            if len(names) == 1 and "" not in names:
                return names.pop()
        return ""
