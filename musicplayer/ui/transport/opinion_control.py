"""Opinions in the window: by buttons, keys and the menu of tracks, each with a sentence and a way back."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from indexer.core.language import mark, tr, trn
from indexer.core.phrases import isolated
from indexer.core.plays import MOST_STARS, Opinion, Thumb
from indexer.core.tracks import TrackId
from musicplayer.ui.frame.chosen import chosen_tracks
from musicplayer.ui.frame.services import Services
from musicplayer.ui.frame.shell import Shell
from musicplayer.ui.transport.opinion_bar import OpinionBar

_THUMBS = {Thumb.UP: mark("Thumb up"), Thumb.DOWN: mark("Thumb down")}
_NO_STARS = 0


class OpinionControl(QObject):
    """Keeps what is said of tracks, and shows what is said of the one that plays."""

    def __init__(self, shell: Shell, services: Services, bar: OpinionBar) -> None:
        super().__init__(shell.window)
        self._opinions = services.opinions
        self._player = services.player
        self._library = services.library
        self._icons = services.look.icons
        self._messages = shell.messages
        self._radio = services.radio
        self._bar = bar
        self._connect(shell)
        self.show_playing()

    def chosen(self) -> list[TrackId]:
        """What keys are about: the selection where the keyboard is, else the track that plays."""
        return chosen_tracks() or self._playing()

    def toggle_thumb(self, tracks: Sequence[TrackId], thumb: Thumb) -> None:
        """Say so of all tracks, or take it back where it is said of all."""
        wanted = Thumb.NONE if all(self._opinions.of(track).thumb is thumb for track in tracks) else thumb
        before = self._opinions.set_thumb(tracks, wanted)
        if wanted is Thumb.DOWN:
            self._radio.avoid(tracks)
        words = {
            Thumb.UP: tr("Thumb up for {name}.", name=self._name(tracks)),
            Thumb.DOWN: tr("Thumb down for {name}: not in the radio, and not recommended.", name=self._name(tracks)),
            Thumb.NONE: tr("No thumb for {name}.", name=self._name(tracks)),
        }
        self._tell(words[wanted], before)

    def toggle_favourite(self, tracks: Sequence[TrackId]) -> None:
        """Make all tracks favourites, or none where all are."""
        wanted = not all(self._opinions.of(track).favourite for track in tracks)
        before = self._opinions.set_favourite(tracks, favourite=wanted)
        name = self._name(tracks)
        self._tell(
            tr("{name}: a favourite.", name=name) if wanted else tr("{name}: not a favourite.", name=name), before
        )

    def rate(self, tracks: Sequence[TrackId], stars: float) -> None:
        """Give stars in halves; 0 takes them away, so that those of the file are shown again."""
        before = self._opinions.set_rating(tracks, stars or None)
        name = self._name(tracks)
        self._tell(
            tr("{name}: {stars} of 5 stars.", name=name, stars=f"{stars:g}")
            if stars
            else tr("{name}: no stars of yours.", name=name),
            before,
        )

    def show_playing(self) -> None:
        """Show what is said of the track that plays, in the bar."""
        current = self._player.current
        if current is None or not self._library.knows(current):
            self._bar.show_opinion(None)
            return
        said, track = self._opinions.of(current), self._library.track(current)
        self._bar.show_opinion(said, said.rating or (track.rating if track else None) or 0.0)

    def on_changed(self) -> None:
        """Something else is said of tracks: the bar, and the stars in tables, follow."""
        self._library.catalogue.set_opinions(self._opinions.all())
        self._library.plays_changed.emit()
        self.show_playing()

    def _connect(self, shell: Shell) -> None:
        actions, bar = shell.actions, self._bar
        self._opinions.changed.connect(self.on_changed)
        bar.up.clicked.connect(lambda: self._of_playing(self.toggle_thumb, Thumb.UP))
        bar.down.clicked.connect(lambda: self._of_playing(self.toggle_thumb, Thumb.DOWN))
        bar.favourite.clicked.connect(lambda: self._of_playing(self.toggle_favourite))
        bar.stars_chosen.connect(lambda stars: self._of_playing(self.rate, stars))
        actions.thumb_up.triggered.connect(lambda: self._of_chosen(self.toggle_thumb, Thumb.UP))
        actions.thumb_down.triggered.connect(lambda: self._of_chosen(self.toggle_thumb, Thumb.DOWN))
        actions.favourite.triggered.connect(lambda: self._of_chosen(self.toggle_favourite))
        for stars, action in actions.stars.items():
            action.triggered.connect(lambda _=False, stars=stars: self._of_chosen(self.rate, float(stars)))
        shell.commands.extend(self._add_to_menu)
        shell.commands.stars_chosen.connect(lambda tracks, stars: self._act(tracks, self.rate, stars))
        shell.commands.heart_clicked.connect(lambda tracks: self._act(tracks, self.toggle_favourite))

    def _of_playing(self, act: Callable[..., None], *value: object) -> None:
        self._act(self._playing(), act, *value)

    def _of_chosen(self, act: Callable[..., None], *value: object) -> None:
        self._act(self.chosen(), act, *value)

    def _act(self, tracks: Sequence[TrackId], act: Callable[..., None], *value: object) -> None:
        """Do it with those of the library; of a file from outside nothing is kept."""
        kept = [track for track in tracks if self._library.knows(track)]
        if kept:
            act(kept, *value)
        else:
            self._messages.tell(tr("Choose tracks of the library, or play one, to say what you think of it."))
        self.show_playing()

    def _playing(self) -> list[TrackId]:
        current = self._player.current
        return [] if current is None else [current]

    def _name(self, tracks: Sequence[TrackId]) -> str:
        found = self._library.track(tracks[0]) if len(tracks) == 1 else None
        if found is not None:
            return isolated(found.title)
        return trn("{number} track", "{number} tracks", len(tracks))

    def _tell(self, words: str, before: tuple[Opinion, ...]) -> None:
        self._messages.tell(words, "", tr("Undo"), lambda: self._undo(before))

    def _undo(self, before: tuple[Opinion, ...]) -> None:
        self._opinions.put_back(before)
        self._messages.clear()

    def _add_to_menu(self, menu: QMenu, tracks: Sequence[TrackId]) -> None:
        kept = [track for track in tracks if self._library.knows(track)]
        if not kept:
            return
        said = [self._opinions.of(track) for track in kept]
        icon = self._icons.icon
        opinion = menu.addMenu(icon("heart"), tr("Your opinion"))
        for thumb, name in _THUMBS.items():
            glyph = "thumbs-up" if thumb is Thumb.UP else "thumbs-down"
            action = _checkable(opinion, tr(name), checked=all(one.thumb is thumb for one in said))
            action.setIcon(icon(glyph))
            action.triggered.connect(lambda _=False, thumb=thumb: self.toggle_thumb(kept, thumb))
        favourite = _checkable(opinion, tr("Favourite"), checked=all(one.favourite for one in said))
        favourite.setIcon(icon("heart"))
        favourite.triggered.connect(lambda: self.toggle_favourite(kept))
        opinion.addSeparator()
        for stars in range(round(MOST_STARS), _NO_STARS - 1, -1):
            words = "★" * stars or tr("No stars")
            action = _checkable(opinion, words, checked=all((one.rating or 0.0) == stars for one in said))
            action.triggered.connect(lambda _=False, stars=float(stars): self.rate(kept, stars))


def _checkable(menu: QMenu, words: str, *, checked: bool) -> QAction:
    action = menu.addAction(words)
    action.setCheckable(True)
    action.setChecked(checked)
    return action
