"""Edits what one file or many say of themselves: fields above, and below what would change in each of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QGridLayout,
    QLabel,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from indexer.core.language import mark, tr, trn
from indexer.core.phrases import sentence
from indexer.core.tags.editing.fields import SEVERAL, Field, TagsRefused
from indexer.core.tags.editing.previews import Preview, with_changes
from indexer.core.text import shown_text
from musicplayer.ui.look.buttons import button_line, push_button
from musicplayer.ui.look.form import text_label

_SIZE = (760, 640)
_PAUSE_MS = 150
_SHOWN = 200
"""Files whose changes are listed."""

_ROWS = (
    (Field.TITLE,),
    (Field.ARTIST,),
    (Field.ALBUM,),
    (Field.ALBUM_ARTIST,),
    (Field.TRACK, Field.TRACKS, Field.DISC, Field.DISCS),
    (Field.DATE, Field.COMPILATION),
    (Field.GENRE,),
    (Field.COMPOSER,),
    (Field.COMMENT,),
)
"""Which fields stand beside each other."""

_WIDTHS = (170, 110, 200)
"""Of the columns of what would change but the last, which has the rest."""

_COLUMNS = 8
"""Names and boxes of the row with the most fields."""

NAMES = {
    Field.TITLE: mark("Title"),
    Field.ARTIST: mark("Artist"),
    Field.ALBUM: mark("Album"),
    Field.ALBUM_ARTIST: mark("Album artist"),
    Field.TRACK: mark("Track"),
    Field.TRACKS: mark("of"),
    Field.DISC: mark("Disc"),
    Field.DISCS: mark("of"),
    Field.DATE: mark("Date"),
    Field.GENRE: mark("Genre"),
    Field.COMPOSER: mark("Composer"),
    Field.COMMENT: mark("Comment"),
    Field.COMPILATION: mark("Compilation"),
}
"""What people call the fields."""


class TagDialog(QDialog):
    """Only what was typed changes; a field in which files differ stays as it is in each of them until then.

    Signals:
        decided: the list of previews of what is to be done.
        undo_requested: the latest edit is to be undone.
    """

    decided = Signal(object)
    undo_requested = Signal()

    def __init__(self, previews: Sequence[Preview], parent: QWidget, *, can_undo: bool) -> None:
        """Show what the tags of these files say; `can_undo` tells that there is an edit to undo."""
        super().__init__(parent)
        self.setObjectName("tags")
        self.setWindowTitle(tr("Edit tags"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._previews = list(previews)
        self.fields = {field: QLineEdit() for field in Field}
        self.note = text_label("", "soft")
        self.changes_list = QTreeWidget()
        self.changes_list.setObjectName("changes")
        self.undo = push_button(tr("Undo the latest edit"))
        self.undo.setEnabled(can_undo)
        self.yes = push_button(tr("Change tags"), primary=True)
        self.no = push_button(tr("Cancel"))
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._fill()
        self._build_ui()
        self._connect()
        self.preview()

    @property
    def changes(self) -> dict[Field, list[str]]:
        """What was typed: of each field its values, none where it was emptied."""
        typed = {field: box.text() for field, box in self.fields.items() if box.isModified()}
        return {
            field: [part.strip() for part in (text.split(";") if field in SEVERAL else [text]) if part.strip()]
            for field, text in typed.items()
        }

    def preview(self) -> None:
        """Show what would change."""
        self._pause.stop()
        self.changes_list.clear()
        try:
            planned = with_changes(self._previews, self.changes)
        except TagsRefused as error:
            named = _named(error)
            self.note.setText(sentence(named.message, named.advice))
            self.yes.setEnabled(False)
            return
        changing = [each for each in planned if each.refusal is None and each.changed]
        for each in changing[:_SHOWN]:
            for field, values in each.changed.items():
                before = _joined(each.before.get(field, ()))
                row = (Path(each.path).name, tr(NAMES[field]), before, _joined(values))
                self.changes_list.addTopLevelItem(QTreeWidgetItem([shown_text(text) for text in row]))
        self.note.setText(self._noted(planned, len(changing)))
        self.yes.setEnabled(bool(changing))

    def _noted(self, planned: Sequence[Preview], changing: int) -> str:
        words = [trn("{number} file will change.", "{number} files will change.", changing)]
        refused = [each.refusal for each in planned if each.refusal is not None]
        if refused:
            words.append(trn("{number} file cannot be edited.", "{number} files cannot be edited.", len(refused)))
            words.append(refused[0].sentences)
        if any(each.others for each in planned):
            words.append(tr("Other names of a file (hard links) keep the tags that it has now."))
        return " ".join(words)

    def _fill(self) -> None:
        there = [each for each in self._previews if each.refusal is None]
        for field, box in self.fields.items():
            said = {each.before.get(field, ()) for each in there}
            box.setAccessibleName(tr(NAMES[field]))
            box.setEnabled(bool(there))
            if len(said) == 1:
                box.setText(_joined(said.pop()))
            elif said:
                box.setPlaceholderText(tr("different in these files"))
            if field is Field.COMPILATION and not (box.text() or box.placeholderText()):
                box.setPlaceholderText(tr("1 or empty"))

    def _build_ui(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        for row, beside in enumerate(_ROWS):
            span = _COLUMNS // len(beside) - 1
            for place, field in enumerate(beside):
                label = QLabel(tr(NAMES[field]))
                label.setBuddy(self.fields[field])
                grid.addWidget(label, row, place * (span + 1))
                grid.addWidget(self.fields[field], row, place * (span + 1) + 1, 1, span)
        self.changes_list.setAccessibleName(tr("What would change"))
        self.changes_list.setHeaderLabels([tr("File"), tr("Field"), tr("Before"), tr("After")])
        self.changes_list.setRootIsDecorated(False)
        self.changes_list.setUniformRowHeights(True)
        for column, width in enumerate(_WIDTHS):
            self.changes_list.setColumnWidth(column, width)
        self.changes_list.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(22, 20, 22, 18)
        layout.setSpacing(12)
        layout.addLayout(grid)
        layout.addWidget(self.changes_list, 1)
        layout.addWidget(self.note)
        layout.addLayout(button_line(self.undo, right=[self.no, self.yes], spacing=10))
        self.resize(*_SIZE)

    def _connect(self) -> None:
        for box in self.fields.values():
            box.textEdited.connect(lambda _: self._pause.start())
        self._pause.timeout.connect(self.preview)
        self.yes.clicked.connect(self._on_yes)
        self.no.clicked.connect(self.reject)
        self.undo.clicked.connect(self._on_undo)

    def _on_yes(self) -> None:
        self.preview()
        if self.yes.isEnabled():
            self.decided.emit(with_changes(self._previews, self.changes))
            self.accept()

    def _on_undo(self) -> None:
        self.undo_requested.emit()
        self.reject()


def _named(error: TagsRefused) -> TagsRefused:
    """The same about a field as people call it."""
    field = error.values.get("field")
    return TagsRefused(error.code, **{**error.values, "field": tr(NAMES[Field(str(field))])}) if field else error


def _joined(values: Sequence[str]) -> str:
    return "; ".join(values)
