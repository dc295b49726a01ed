"""Joins the page For you with what is recommended: plays, queues, saves, explains, and notes what was shown."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from indexer.core.follow.journal import Note, NoteKind
from indexer.core.language import tr
from indexer.core.phrases import isolated
from indexer.core.plays import Impression, PlayContext, PlaySource, Thumb, stable_id
from indexer.core.settings import PlayOn
from indexer.core.taste.model import Reason
from indexer.core.taste.page_words import empty_words, shelf_words, why_words
from indexer.core.taste.recommending import TasteState
from indexer.core.taste.shelves import Shelf, ShelfKind
from indexer.core.tracks import TrackId
from musicplayer.jobs.errands import TASTE
from musicplayer.ui.foryou.foryou_page import ForYouPage, Key, ShelfShown
from musicplayer.ui.foryou.shelf_view import DOWN, PLAY, UP, WHY, ShelfPart
from musicplayer.ui.frame.places import Place, Section
from musicplayer.ui.frame.recommending import RecommendingPopover, Row, radio_lean, songs_only
from musicplayer.ui.frame.services import Services
from musicplayer.ui.frame.shell import Shell
from musicplayer.ui.frame.track_commands import pop_up
from musicplayer.ui.transport.opinion_control import OpinionControl

PLACE = "for-you"


class ForYouControl(QObject):
    """Keeps the page true while somebody looks at it.

    Signals:
        settings_requested: all settings of recommendations are wanted.
    """

    settings_requested = Signal()

    def __init__(self, shell: Shell, services: Services, opinions: OpinionControl) -> None:
        super().__init__(shell.window)
        self._shell = shell
        self._services = services
        self._opinions = opinions
        self._recommended = services.recommended
        self._learning = services.learning
        self._touched = PlayContext(PlaySource.FOR_YOU)
        self._asked: tuple[ShelfPart, TrackId] | None = None
        self._noted: set[str] = set()
        self._by_hand = False
        self._popover: RecommendingPopover | None = None
        self.page = ForYouPage(services.look, services.library.track, services.opinions.of)
        shell.places.add(Place(PLACE, tr("For you"), "sparkle", Section.DISCOVER, self.page), 0)
        shell.commands.origins[PLACE] = lambda: self._touched
        self._connect()
        self.refresh()

    def refresh(self) -> None:
        """Show what is recommended now, or say why nothing is."""
        now = self._recommended.now
        learning = self._learning.kind == TASTE
        self.page.update_button.setEnabled(not learning)
        self.page.note.set_whole_text(tr("Your taste is being learnt…") if learning else "")
        if now.state is TasteState.READY and now.page.shelves:
            self.page.show_shelves(self._shown(now.page.shelves))
        else:
            can_update = now.state is TasteState.NOT_LEARNT and not learning
            busy = learning or now.state is TasteState.LOADING
            self.page.show_empty(*empty_words(now, learning), busy=busy, can_update=can_update)

    def update_taste(self) -> None:
        """Have taste learnt anew because somebody asked for it."""
        self._by_hand = True
        self._learn()

    def _connect(self) -> None:
        page, learning = self.page, self._learning
        page.shown.connect(lambda on: self._recommended.watch("for-you", on=on))
        page.seen.connect(self._note_shown)
        page.made.connect(self._connect_part)
        page.update_requested.connect(self.update_taste)
        page.settings_button.clicked.connect(self._open_settings)
        self._recommended.changed.connect(self.refresh)
        self._recommended.explained.connect(self._on_explained)
        if self._services.shared is None:
            self._recommended.due.connect(self._learn)
        self._services.opinions.changed.connect(lambda _: page.refresh())
        learning.started.connect(lambda _: self.refresh())
        learning.done.connect(self._on_done)
        learning.failed.connect(self._on_failed)

    def _open_settings(self) -> None:
        if self._popover is None:
            preferences = self._services.preferences
            rows: list[Row[QWidget]] = [songs_only(preferences)]
            if self._services.shared is None:
                rows.append(radio_lean(preferences))
            self._popover = RecommendingPopover(rows, self.page)
            self._popover.all_requested.connect(self.settings_requested)
        self._popover.open_below(self.page.settings_button)

    def _connect_part(self, part: ShelfPart) -> None:
        part.view.activated_row.connect(lambda row: self._play_from(part, row))
        part.view.pressed_button.connect(lambda row, button: self._on_button(part, row, button))
        part.view.asked_why.connect(lambda row: self._ask_why(part, row))
        part.view.menu_requested.connect(lambda spot: self._on_menu(part, spot))
        part.view.left.connect(lambda: part.tell_why(""))
        part.play_button.clicked.connect(lambda: self._play_all(part))
        part.queue_button.clicked.connect(lambda: self._enqueue(part))
        part.save_button.clicked.connect(lambda: self._save(part))

    def _shown(self, shelves: Sequence[Shelf]) -> list[ShelfShown]:
        shown: list[ShelfShown] = []
        mixes = 0
        for shelf in shelves:
            mixes += shelf.kind is ShelfKind.MIX
            of: object = mixes if shelf.kind is ShelfKind.MIX else shelf.seed
            key: Key = (shelf.kind, of)
            shown.append(ShelfShown(key, shelf, shelf_words(shelf, mixes, self._services.library.track)))
        return shown

    # Playing

    def _play_from(self, part: ShelfPart, row: int) -> None:
        """Play a track, and what the settings want after it."""
        alone = self._shell.commands.play_on is PlayOn.ONE
        self._touch(part, row if alone else 0)
        self._shell.commands.play_in_list(part.model.tracks, row, of=PLACE)

    def _play_all(self, part: ShelfPart) -> None:
        self._touch(part, 0)
        self._shell.commands.play(part.model.tracks, of=PLACE)

    def _enqueue(self, part: ShelfPart) -> None:
        self._touch(part, 0)
        self._shell.commands.enqueue(part.model.tracks, of=PLACE)

    def _save(self, part: ShelfPart) -> None:
        made = self._services.playlists.create(part.words.title, part.model.tracks)
        self._shell.messages.tell(tr("The shelf is kept in the playlist “{name}”.", name=isolated(made.name)))

    def _touch(self, part: ShelfPart, position: int | None) -> None:
        """What is played next comes from this shelf, the first of it from this place there."""
        shown = self.page.shelf_of(part)
        seed = None if shown is None else shown.shelf.seed
        model = self._recommended.now.version
        self._touched = PlayContext(PlaySource.FOR_YOU, seed=seed, position=position, model=model)

    # What is said of a track

    def _on_button(self, part: ShelfPart, row: int, button: str) -> None:
        track = part.model.track_at(row)
        if button == PLAY:
            self._play_from(part, row)
        elif button == WHY:
            self._ask_why(part, row)
        elif button in (UP, DOWN):
            self._opinions.toggle_thumb([track], Thumb.UP if button == UP else Thumb.DOWN)

    def _ask_why(self, part: ShelfPart, row: int) -> None:
        self._asked = part, part.model.track_at(row)
        self._recommended.explain(part.model.track_at(row))

    def _on_explained(self, track: TrackId, reason: Reason) -> None:
        if self._asked is None or self._asked[1] != track or self._asked[0] not in self.page.parts.values():
            return
        part = self._asked[0]
        shown = self.page.shelf_of(part)
        explores = shown is not None and any(pick.explores for pick in shown.shelf.picks if pick.track == track)
        part.tell_why(why_words(track, reason, explores, self._services.library.track))

    def _on_menu(self, part: ShelfPart, spot: QPoint) -> None:
        rows = part.view.selected_rows()
        in_a_row = rows == list(range(rows[0], rows[-1] + 1))
        self._touch(part, rows[0] if in_a_row else None)
        why = QAction(self._services.look.icons.icon("question"), tr("Why is this here?"), part)
        why.triggered.connect(lambda: self._ask_why(part, rows[0]))
        pop_up(self._shell.commands.menu(part.view.selected_tracks(), part, more=[why]), spot)

    # What was shown

    def _note_shown(self) -> None:
        """Keep each list once, so that its answers can be judged later."""
        version = self._recommended.now.version
        for shown, tracks in self.page.shelves_in_view():
            seed = shown.shelf.seed
            identity = stable_id("shown", PlaySource.FOR_YOU.value, version, shown.shelf.kind.value, seed, *tracks)
            if tracks and identity not in self._noted:
                self._noted.add(identity)
                impression = Impression(identity, time.time(), PlaySource.FOR_YOU, tracks, seed, version)
                self._services.library.client.keep(Note(NoteKind.IMPRESSION, impression.as_record(), identity))

    # Learning

    def _learn(self) -> None:
        if self._learning.kind != TASTE:  # an import that ends in a moment is waited for
            self._learning.build_taste()

    def _on_done(self, kind: str, _: Mapping[str, float]) -> None:
        if kind == TASTE:
            self._recommended.refresh_later()
            if self._by_hand:
                self._shell.messages.tell(tr("Your taste was learnt anew."))
            self._by_hand = False
        self._services_settled()

    def _on_failed(self, kind: str, message: str, advice: str) -> None:
        if kind == TASTE and message and self._by_hand:
            self._shell.messages.warn(message, advice)
        self._by_hand = False
        self._services_settled()

    def _services_settled(self) -> None:
        """The indexer ends in a moment; what it did is seen already."""
        self.page.update_button.setEnabled(True)
        self.page.note.set_whole_text("")
