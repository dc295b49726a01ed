"""Edits what one file or many say of themselves: fields above, and below what would change in each of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
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
from indexer.core.tags.editing.fields import SEVERAL, Field, TagsRefused, checked
from indexer.core.tags.editing.previews import Preview, with_changes
from indexer.core.text import shown_text
from musicplayer.ui.look.buttons import button_line, push_button
from musicplayer.ui.look.form import text_label
from musicplayer.ui.look.theme import mark_as

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
    Field.TRACKS: mark("Tracks in all"),
    Field.DISC: mark("Disc"),
    Field.DISCS: mark("Discs in all"),
    Field.DATE: mark("Date"),
    Field.GENRE: mark("Genre"),
    Field.COMPOSER: mark("Composer"),
    Field.COMMENT: mark("Comment"),
    Field.COMPILATION: mark("Compilation"),
}
"""What people call the fields."""

_BESIDE = {Field.TRACKS: mark("of"), Field.DISCS: mark("of")}
"""What stands before a field that goes on with what is left of it."""


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
        self.fields: dict[Field, QLineEdit] = {field: QLineEdit() for field in Field if field is not Field.COMPILATION}
        self.compilation = QCheckBox(tr(NAMES[Field.COMPILATION]))
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
        wanted = {
            field: [part.strip() for part in (text.split(";") if field in SEVERAL else [text]) if part.strip()]
            for field, text in typed.items()
        }
        if self.compilation.checkState() is not self._compilation_was:
            wanted[Field.COMPILATION] = ["1"] if self.compilation.isChecked() else []
        return wanted

    def preview(self) -> None:
        """Show what would change, and which fields have a value that no tag may have."""
        self._pause.stop()
        self.changes_list.clear()
        refused = self._refused()
        for field, box in self.fields.items():
            mark_as(box, "wrong", field in refused)
            box.setAccessibleDescription(refused.get(field, ""))
        allowed = {field: values for field, values in self.changes.items() if field not in refused}
        planned = with_changes(self._previews, allowed)
        changing = [each for each in planned if each.refusal is None and each.changed]
        for each in changing[:_SHOWN]:
            for field, values in each.changed.items():
                before = _joined(each.before.get(field, ()))
                row = (Path(each.path).name, tr(NAMES[field]), before, _joined(values))
                self.changes_list.addTopLevelItem(QTreeWidgetItem([shown_text(text) for text in row]))
        self.note.setText(next(iter(refused.values()), "") or self._noted(planned, len(changing)))
        mark_as(self.note, "tone", "danger" if refused else "soft")
        self.yes.setEnabled(bool(changing) and not refused)

    def _refused(self) -> dict[Field, str]:
        """Why the value of a field is none that it may have."""
        found: dict[Field, str] = {}
        for field, values in self.changes.items():
            try:
                checked({field: values})
            except TagsRefused as error:
                named = TagsRefused(error.code, **{**error.values, "field": tr(NAMES[field])})
                found[field] = sentence(named.message, named.advice)
        return found

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
                box.setCursorPosition(0)
            elif said:
                box.setPlaceholderText(tr("different in these files"))
        said = {each.before.get(Field.COMPILATION, ()) for each in there}
        state = Qt.CheckState
        self._compilation_was = state.Checked if any(said) else state.Unchecked
        if len(said) > 1:
            self._compilation_was = state.PartiallyChecked
            self.compilation.setTristate(True)
            self.compilation.setToolTip(tr("different in these files"))
        self.compilation.setCheckState(self._compilation_was)
        self.compilation.setEnabled(bool(there))

    def _of_what(self) -> str:
        """The file, or how many there are."""
        if len(self._previews) == 1:
            return shown_text(Path(self._previews[0].path).name)
        return trn("{number} file", "{number} files", len(self._previews))

    def _build_ui(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        for row, beside in enumerate(_ROWS):
            span = _COLUMNS // len(beside) - 1
            for place, field in enumerate(beside):
                if field is Field.COMPILATION:
                    grid.addWidget(self.compilation, row, place * (span + 1), 1, span + 1)
                    continue
                label = QLabel(tr(_BESIDE.get(field, NAMES[field])))
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
        layout.addWidget(text_label(tr("Edit tags"), "headline"))
        layout.addWidget(text_label(self._of_what(), "soft"))
        layout.addLayout(grid)
        layout.addWidget(self.changes_list, 1)
        layout.addWidget(self.note)
        layout.addLayout(button_line(self.undo, right=[self.no, self.yes], spacing=10))
        self.resize(*_SIZE)

    def _connect(self) -> None:
        for box in self.fields.values():
            box.textEdited.connect(lambda _: self._pause.start())
        self.compilation.clicked.connect(self.preview)
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


def _joined(values: Sequence[str]) -> str:
    return "; ".join(values)
