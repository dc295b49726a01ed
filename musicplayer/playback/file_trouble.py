"""Says why a file does not play."""

from __future__ import annotations

import os
from pathlib import Path

from indexer import disk
from musicplayer.language import tr


def explain(path: str) -> tuple[str, str]:
    """A message that names the file, and advice, by what the disk says about it."""
    name = os.fsencode(Path(path).name).decode("utf-8", "replace")
    try:
        disk.ask(path, lambda: Path(path).open("rb").close(), wait=disk.GLANCE_SECONDS)
    except PermissionError:
        return tr("{name} may not be read.", name=name), tr("Change its permissions so that you can read it.")
    except OSError as error:
        if disk.is_absent(error):
            return tr("{name} is not there any more.", name=name), tr(
                "Mount its drive, or rescan the library if the file was moved."
            )
        return tr("{name} cannot be reached: {error}.", name=name, error=disk.said(error)), tr(
            "See that its drive works, and connect or mount it again."
        )
    return tr("{name} cannot be played.", name=name), tr(
        "It is damaged or not audio; see whether another program opens it."
    )
