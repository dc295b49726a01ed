"""Says why a file does not play."""

from __future__ import annotations

import os
from pathlib import Path

from musicplayer.language import tr


def explain(path: str) -> tuple[str, str]:
    """A message that names the file, and advice, by what the disk says about it."""
    name = os.fsencode(Path(path).name).decode("utf-8", "replace")
    file = Path(path)
    if not file.exists():
        return tr("{name} is not there any more.", name=name), tr(
            "Mount its drive, or rescan the library if the file was moved."
        )
    if not os.access(file, os.R_OK):
        return tr("{name} may not be read.", name=name), tr("Change its permissions so that you can read it.")
    return tr("{name} cannot be played.", name=name), tr(
        "It is damaged or not audio; see whether another program opens it."
    )
