"""Asks what to do with tracks that a playlist has already."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from indexer.core.language import tr, trn
from musicplayer.ui.look.buttons import push_button
from musicplayer.ui.look.confirm import ConfirmDialog


def ask_doubles(
    parent: QWidget,
    name: str,
    doubles: int,
    of: int,
    *,
    add_all: Callable[[], object],
    skip: Callable[[], object],
) -> ConfirmDialog:
    """Ask whether to add `doubles` of `of` tracks once more; with nothing else to add there is nothing to skip to."""
    question = trn(
        "{number} track is already in “{name}”", "{number} tracks are already in “{name}”", doubles, name=name
    )
    some = doubles < of
    text = (
        trn("The other {number} can be added alone.", "The other {number} can be added alone.", of - doubles)
        if some
        else tr("They would be in the playlist twice.")
    )
    dialog = ConfirmDialog(
        tr("Already in this playlist"), question, text, tr("Skip those") if some else tr("Add again"), parent
    )
    dialog.accepted.connect(skip if some else add_all)
    if some:
        anyway = push_button(tr("Add all"))
        anyway.clicked.connect(dialog.reject)
        anyway.clicked.connect(add_all)
        dialog.add_button(anyway)
    dialog.open()
    dialog.yes.setFocus()
    return dialog
