"""Says why a file does not play."""

from __future__ import annotations

import os
from pathlib import Path

from musicplayer.language import tr


def explain(path: str) -> tuple[str, str]:
    """A message that names the file, and advice, by what the disk says about it."""
    name, file = _name(path), Path(path)
    if not file.exists():
        return tr("{name} is not there any more.", name=name), tr(
            "Mount its drive, or rescan the library if the file was moved."
        )
    if not os.access(file, os.R_OK):
        return tr("{name} may not be read.", name=name), tr("Change its permissions so that you can read it.")
    return tr("{name} cannot be played.", name=name), tr(
        "It is damaged or not audio; see whether another program opens it."
    )


def explain_crash(path: str) -> tuple[str, str]:
    """A message that names a file which took the decoder with it, and advice."""
    return tr("{name} cannot be played: the decoder broke down over it.", name=_name(path)), tr(
        "It is damaged; see whether another program opens it, or replace it."
    )


def explain_silence(path: str) -> tuple[str, str]:
    """A message that names a file which gives nothing, and advice; its drive is not asked, it might not answer."""
    return tr("{name} cannot be read at the moment: its drive does not answer.", name=_name(path)), tr(
        "Check the drive or the network, then play it again."
    )


def explain_break(path: str) -> tuple[str, str]:
    """A message that names a file of which only a part could be played, and advice."""
    return tr("{name} broke off: the rest of it cannot be read.", name=_name(path)), tr(
        "Check its drive; a file that is damaged there has to be replaced."
    )


def _name(path: str) -> str:
    return os.fsencode(Path(path).name).decode("utf-8", "replace")
