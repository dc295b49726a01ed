"""Parts of the indexing page: the steps of a job, the folders of the library, the figures of the model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QListWidget, QListWidgetItem, QSizePolicy, QWidget

from indexer.core.events import Stage
from indexer.core.files.kinds import OTHERS, WITHOUT_ENDING, endings_shown
from indexer.core.language import mark, tr, trn
from indexer.core.phrases import percent
from indexer.core.text import shown_text
from musicplayer.discover.similar import Similar
from musicplayer.library.library import Library
from musicplayer.ui.indexing.model_card import Section, card_of, provisional_card
from musicplayer.ui.look.form import text_label
from musicplayer.ui.look.icons import Icons
from musicplayer.ui.look.theme import Theme

if TYPE_CHECKING:
    from indexer.core.store import LibraryFolder

_STAGES = {
    Stage.SCAN: mark("Look for music"),
    Stage.EXTRACT: mark("Analyse"),
    Stage.MODEL: mark("Compare"),
    Stage.SOUND: mark("Hear whole tracks"),
}
_BAR = 5
_GAP = 10
_PATH = int(Qt.ItemDataRole.UserRole)
_LIST_HEIGHT = 116
_SHOWN_FACTS = (
    mark("Tracks"),
    mark("Can be recommended"),
    mark("Built"),
    mark("Profile"),
    mark("Recall@10"),
    mark("Tables × hashes × probes"),
    mark("Biggest hub"),
)


class StageSteps(QWidget):
    """A bar for each stage of a build, side by side: those that are over are full, the present one fills.

    While nothing runs all are full where there is nothing left to do, else all are empty.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._running = self._done = False
        self._stage: Stage | None = None
        self._share: float | None = None
        self._passed: set[Stage] = set()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Stages of the build"))
        theme.changed.connect(self.update)

    def begin(self) -> None:
        self._running, self._stage, self._share = True, None, None
        self._passed.clear()
        self.update()

    def show_stage(self, stage: Stage, share: float | None = None) -> None:
        """Show how far a stage is, 0 to 1, None where nobody knows. One may come again after those behind it."""
        if self._stage is not None and self._stage is not stage:
            self._passed.add(self._stage)
        self._stage, self._share = stage, share
        name = tr(_STAGES[stage]) if stage in _STAGES else ""
        self.setAccessibleDescription(name if share is None else f"{name}: {percent(share)}")
        self.update()

    def end(self, *, done: bool) -> None:
        """Nothing runs; `done` says that there is nothing left to do."""
        self._running, self._done = False, done
        self.setAccessibleDescription(tr("Nothing runs"))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, _BAR + 8 + self.fontMetrics().height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left = 0.0
        for (stage, name), width in zip(_STAGES.items(), self._widths(), strict=True):
            self._bar(painter, QRectF(left, 0, width, _BAR), self._filled(stage))
            current = self._running and stage is self._stage
            painter.setPen(self._theme.colour("text" if current else "soft"))
            words = QFontMetrics(self.font()).elidedText(tr(name), Qt.TextElideMode.ElideRight, int(width))
            painter.drawText(QRectF(left, _BAR + 5, width, self.height() - _BAR - 5), Qt.AlignmentFlag.AlignLeft, words)
            left += width + _GAP

    def _widths(self) -> list[float]:
        """Of the stages, all the same; where that cuts a name, in proportion to the names."""
        room = self.width() - _GAP * (len(_STAGES) - 1)
        names = [self.fontMetrics().horizontalAdvance(tr(name)) + 1 for name in _STAGES.values()]
        if max(names) <= room // len(names):
            return [room / len(names)] * len(names)
        return [room * name / sum(names) for name in names]

    def _filled(self, stage: Stage) -> float:
        if not self._running:
            return float(self._done)
        if self._stage not in _STAGES:
            return 0.0
        if stage is self._stage:
            return self._share or 0.04
        order = list(_STAGES)
        return 1.0 if stage in self._passed or order.index(stage) < order.index(self._stage) else 0.0

    def _bar(self, painter: QPainter, bar: QRectF, share: float) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        for part, token in ((1.0, "track"), (share, "strong")):
            painter.setBrush(self._theme.colour(token))
            painter.drawRoundedRect(QRectF(bar.left(), bar.top(), bar.width() * part, bar.height()), 2.5, 2.5)


class FolderList(QListWidget):
    """The folders of the library with their number of tracks.

    Signals:
        selection_changed: path of the folder that is selected, empty for none.
    """

    selection_changed = Signal(str)

    def __init__(self, library: Library, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self._icons = icons
        library.copies.changed.connect(self.refresh)
        self._folders: list[LibraryFolder] = []
        self.setObjectName("folders")
        self.setAccessibleName(tr("Folders of the library"))
        self.setFixedHeight(_LIST_HEIGHT)
        self.itemSelectionChanged.connect(lambda: self.selection_changed.emit(self.selected))

    @property
    def selected(self) -> str:
        """Path of the folder that is selected, empty for none."""
        items = self.selectedItems()
        return str(items[0].data(_PATH) or "") if items else ""

    def show_folders(self, folders: list[LibraryFolder]) -> None:
        self._folders = folders
        self.refresh()

    def refresh(self) -> None:
        """Count again."""
        selected = self.selected
        self.clear()
        for folder in self._folders:
            path = shown_text(folder.path)
            item = QListWidgetItem(self._icons.icon("folder"), f"{path}   ·   {folder_words(self._library, folder)}")
            item.setData(_PATH, folder.path)
            item.setToolTip(unknown_words(folder))
            self.addItem(item)
            item.setSelected(folder.path == selected)


class FactsCard(QWidget):
    """The figures of the model that matter most, two to a line."""

    def __init__(self, similar: Similar, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._similar = similar
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(18)
        self._grid.setVerticalSpacing(5)
        self._grid.setColumnMinimumWidth(0, 150)
        self._grid.setColumnStretch(1, 1)
        self._shown: list[tuple[str, str]] = []
        similar.changed.connect(self.refresh)
        self.refresh()

    @property
    def facts(self) -> list[tuple[str, str]]:
        """Names and values that are shown."""
        return self._shown

    def refresh(self) -> None:
        wanted = self._wanted()
        if wanted == self._shown:
            return
        self._shown = wanted
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for row, (name, value) in enumerate(wanted):
            self._grid.addWidget(text_label(name, "soft"), row, 0)
            self._grid.addWidget(text_label(value, "strong" if value else "soft"), row, 1)

    def _wanted(self) -> list[tuple[str, str]]:
        manifest = self._similar.manifest
        if manifest is None:
            return [(tr("There is no model yet."), "")]
        counts = self._similar.more_like.counts
        analysed = min(counts.analysed, counts.tracks)
        sections: tuple[Section, ...] = (
            provisional_card(manifest, analysed, counts.tracks) if manifest.provisional else card_of(manifest)
        )
        shown = [tr(name) for name in _SHOWN_FACTS]
        facts = [fact for section in sections for fact in section.facts]
        return [(fact.name, fact.value) for fact in facts if manifest.provisional or fact.name in shown]


def folder_words(library: Library, folder: LibraryFolder) -> str:
    """How many tracks a folder has, how many files are copies of others, and whether it is there."""
    catalogue = library.catalogue
    roots = catalogue.texts("root")
    code = next((code for code, root in enumerate(roots.values) if root == folder.path), None)
    number = 0 if code is None else int(np.count_nonzero(roots.codes[catalogue.rows()] == code))
    words = trn("{number} track", "{number} tracks", number)
    copies = library.copies.number_in(folder.path)
    if copies:
        also = trn("{number} copy of a track in the library", "{number} copies of tracks in the library", copies)
        words = f"{words}, {also}"
    return tr("{tracks}, not there now", tracks=words) if folder.away else words


def unknown_words(folder: LibraryFolder) -> str:
    """What was left out of a folder because its kind is not known; empty where nothing was."""
    if not folder.unknown:
        return ""
    kinds = endings_shown(folder.unknown, without=tr(WITHOUT_ENDING), others=tr(OTHERS))
    return trn(
        "{number} file of a kind that Segue does not know: {kinds}",
        "{number} files of kinds that Segue does not know: {kinds}",
        sum(count for _, count in folder.unknown),
        kinds=kinds,
    )
