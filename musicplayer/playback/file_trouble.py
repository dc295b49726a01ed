"""Says why a file does not play."""

from __future__ import annotations

from pathlib import Path

from indexer.core.files import disk
from indexer.core.language import tr
from indexer.core.text import shown_text


def explain(path: str) -> tuple[str, str]:
    """A message that names the file, and advice, by what the disk says about it."""
    name = _name(path)
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
    return shown_text(Path(path).name)
