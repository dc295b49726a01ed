"""Joins the menu of tracks with the editing of their files' tags, here and in programs of others."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu

from indexer.core.errors import SegueError
from indexer.core.language import tr, trn
from indexer.core.tracks import TrackId
from musicplayer.desktop.taggers import Tagger, installed, open_in
from musicplayer.threads import Tasks
from musicplayer.ui.frame.services import Services
from musicplayer.ui.frame.shell import Shell

if TYPE_CHECKING:
    from indexer.core.tags.editing.edits import Outcome
    from indexer.core.tags.editing.previews import Preview
    from musicplayer.ui.tracks.tag_dialog import TagDialog


class TagControl(QObject):
    """Opens the dialog where editing is switched on, does what was decided, and has the library read it."""

    def __init__(self, shell: Shell, services: Services) -> None:
        super().__init__(shell.window)
        self._shell = shell
        self._services = services
        self._home = services.preferences.home
        self._tasks = Tasks(workers=1, parent=self)
        self.dialog: TagDialog | None = None
        if services.shared is None:
            shell.commands.extend(self._add_to_menu)
        shell.closing.then(self._tasks.shutdown)

    def edit(self, tracks: Sequence[TrackId]) -> None:
        """Look at the files of these tracks, then show the dialog."""
        paths, home = self._paths(tracks), self._home

        def look() -> tuple[list[Preview], bool]:
            from indexer.core.tags.editing.edits import edits  # noqa: PLC0415 - what few edit is not read at each start
            from indexer.core.tags.editing.previews import preview  # noqa: PLC0415 - the same

            return preview(paths, {}), any(each.undoable for each in edits(home))

        if paths:
            self._tasks.run(look, self._show, self._on_failed)

    def undo(self) -> None:
        """Have the files before the latest edit again."""
        from indexer.core.tags.editing.edits import undo  # noqa: PLC0415 - see `edit`

        self._tasks.run(lambda: undo(self._home), partial(self._on_done, undone=True), self._on_failed)

    def _add_to_menu(self, menu: QMenu, tracks: Sequence[TrackId]) -> None:
        path_of = self._services.library.path_of  # of a whole library all paths take long, and are seldom wanted
        if all(path_of(track) is None for track in tracks):
            return
        if self._services.preferences.settings.edit_tags:
            menu.addAction(self._services.look.icons.icon("pencil-simple"), tr("Edit tags…"), lambda: self.edit(tracks))
        for tagger in installed():
            words = tr("Open in {program}", program=tagger.name)
            menu.addAction(self._services.look.icons.icon("tag"), words, partial(self._open_in, tagger, tracks))

    def _open_in(self, tagger: Tagger, tracks: Sequence[TrackId]) -> None:
        words = tr("{program} could not be started.", program=tagger.name)
        open_in(tagger, self._paths(tracks), self._services.jobs.scan, lambda: self._shell.messages.warn(words))

    def _paths(self, tracks: Sequence[TrackId]) -> list[str]:
        paths = map(self._services.library.path_of, tracks)
        return list(dict.fromkeys(path for path in paths if path is not None))

    def _show(self, found: tuple[list[Preview], bool]) -> None:
        from musicplayer.ui.tracks.tag_dialog import TagDialog  # noqa: PLC0415 - see `edit`

        previews, can_undo = found
        self.dialog = TagDialog(previews, self._shell.window, can_undo=can_undo)
        self.dialog.decided.connect(self._apply)
        self.dialog.undo_requested.connect(self.undo)
        self.dialog.destroyed.connect(self._forget)
        self.dialog.open()

    def _forget(self) -> None:
        self.dialog = None

    def _apply(self, previews: list[Preview]) -> None:
        from indexer.core.tags.editing.edits import apply  # noqa: PLC0415 - see `edit`

        told = frozenset(preview.path for preview in previews if preview.refusal is not None)
        done = partial(self._on_done, undone=False, told=told)
        self._tasks.run(lambda: apply(self._home, previews), done, self._on_failed)

    def _on_done(self, outcome: Outcome, *, undone: bool, told: frozenset[str] = frozenset()) -> None:
        """Tell how it went; of files left as they were, why one was that the dialog had not `told` of, if there is."""
        messages, number, left = self._shell.messages, len(outcome.done), len(outcome.refused)
        if number:
            self._services.jobs.scan()
        if undone:
            words = trn("{number} file is as before.", "{number} files are as before.", number)
        else:
            words = trn("{number} file was edited.", "{number} files were edited.", number)
        way_back = (tr("Undo"), self.undo) if number and not undone else ("", None)
        if not outcome.refused:
            messages.tell(words, "", *way_back)
            return
        _, error = min(outcome.refused, key=lambda refused: refused[0] in told)
        unchanged = trn("{number} file was left as it was.", "{number} files were left as they were.", left)
        messages.warn(" ".join([*([words] if number else []), unchanged, error.message]), error.advice, *way_back)

    def _on_failed(self, error: Exception) -> None:
        if not isinstance(error, SegueError):
            raise error
        self._shell.messages.warn(error.message, error.advice)
