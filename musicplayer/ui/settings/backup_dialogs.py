"""What is asked before a backup is made or restored, with dates and numbers of what is at stake."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QDateTime, QLocale
from PySide6.QtWidgets import QWidget

from indexer.core.language import code, number, tr, trn
from musicplayer.ui.look.buttons import push_button
from musicplayer.ui.look.dialogs import ConfirmDialog

if TYPE_CHECKING:
    from indexer.core.backup import BackupManifest


def ask_backup(parent: QWidget, then: Callable[[bool], None]) -> ConfirmDialog:
    """Ask what goes into a backup; `then` gets whether what was heard is to be in it."""
    dialog = ConfirmDialog(
        tr("Back up library"),
        tr("Back up the library to a file?"),
        tr(
            "Tracks, plays, playlists, folders, what you hid, the settings and the queue go into one file, which is "
            "read back and verified. Your music itself stays where it is."
        ),
        tr("Choose file…"),
        parent,
        option=tr("With the analysis of every track (large; saves analysing again)"),
    )
    dialog.accepted.connect(lambda: then(dialog.option.isChecked()))
    dialog.open()
    return dialog


def ask_restore(
    parent: QWidget, manifest: BackupManifest, *, tracks: int, playlists: int, then: Callable[[bool], None]
) -> ConfirmDialog:
    """Ask whether a backup is added to the library or put in its place; `then` gets whether it replaces."""
    holds = tr("The backup holds {what}.", what=_contents(manifest))
    dialog = ConfirmDialog(
        tr("Restore from a backup"),
        tr("Restore the backup of {date}?", date=date_and_time(manifest.created)),
        f"{holds} {_choice(tracks, playlists)}" if tracks or playlists else holds,
        tr("Add what is missing") if tracks or playlists else tr("Restore"),
        parent,
    )
    dialog.accepted.connect(lambda: then(False))
    if tracks or playlists:
        replace = push_button(tr("Replace the library"))
        replace.setObjectName("replace")
        replace.setAccessibleName(replace.text())
        replace.setAutoDefault(False)
        replace.clicked.connect(dialog.reject)
        replace.clicked.connect(lambda: then(True))
        dialog.add_button(replace)
    dialog.open()
    return dialog


def date_and_time(at: float) -> str:
    """Seconds since 1970 as people write it where they live."""
    locale, moment = QLocale(code()), QDateTime.fromSecsSinceEpoch(round(at))
    time = locale.toString(moment.time(), QLocale.FormatType.ShortFormat)
    return f"{locale.toString(moment.date(), tr('d MMM yyyy'))}, {time}"


def _contents(manifest: BackupManifest) -> str:
    counts = manifest.counts
    parts = (
        trn("{number} track", "{number} tracks", counts.get("tracks", 0)),
        trn("{number} play", "{number} plays", counts.get("plays", 0)),
        trn("{number} playlist", "{number} playlists", manifest.playlists),
    )
    return tr("{first}, {second} and {third}", first=parts[0], second=parts[1], third=parts[2])


def _choice(tracks: int, playlists: int) -> str:
    return tr(
        "Your library has {tracks} tracks and {playlists} playlists.\n\nAdding keeps all of that, and brings back what "
        "is missing, deleted playlists too; no play counts twice. Replacing makes the library what it was then, with "
        "its settings; what is there now is copied first, to the backups in Segue's own folder.",
        tracks=number(tracks),
        playlists=number(playlists),
    )
