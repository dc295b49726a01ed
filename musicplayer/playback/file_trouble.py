"""Says why a file does not play."""

from __future__ import annotations

import os
from pathlib import Path


def explain(path: str) -> tuple[str, str]:
    """A message that names the file, and advice, by what the disk says about it."""
    name = os.fsencode(Path(path).name).decode("utf-8", "replace")
    file = Path(path)
    if not file.exists():
        return f"{name} is not there any more.", "Mount its drive, or rescan the library if the file was moved."
    if not os.access(file, os.R_OK):
        return f"{name} may not be read.", "Change its permissions so that you can read it."
    return f"{name} cannot be played.", "It is damaged or not audio; see whether another program opens it."
