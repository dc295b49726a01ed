"""Says why a file does not play, or a track of a server."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from indexer.core.files import disk
from indexer.core.language import mark, tr
from indexer.core.shared.server import is_address
from indexer.core.text import shown_text
from musicplayer.playback.server_trouble import ServerTrouble

_WORDS = {
    ServerTrouble.AWAY: (
        mark("The server at {host} does not answer."),
        mark("See that it runs and that the network reaches it, then press play: it goes on where it was."),
    ),
    ServerTrouble.REFUSED: (
        mark("The server at {host} does not let this player in any more."),
        mark("Open the shared library again, with your name and password there."),
    ),
    ServerTrouble.STRANGE: (
        mark("The server at {host} does not show the certificate that was accepted."),
        mark("If it was renewed there, open the shared library again; else another machine may pretend to be it."),
    ),
    ServerTrouble.MISSING: (
        mark("The server at {host} does not have this track, or not its file."),
        mark("See on that machine whether the file was moved, or its drive is not mounted."),
    ),
    ServerTrouble.ELSEWHERE: (
        mark("The shared library is not at {host}."),
        mark("If its server was moved, open the shared library again at the new address."),
    ),
    ServerTrouble.FAILED: (
        mark("The server at {host} could not send all of a track."),
        mark("Play it again; its log, on that machine, says what was wrong."),
    ),
    None: (
        mark("A track from the server at {host} cannot be played."),
        mark("It is damaged or not audio; see on that machine whether another program opens it."),
    ),
}
"""Message and advice by what the trouble with a server is; None where it is with the sound that it gave."""


def explain(path: str, trouble: ServerTrouble | None = None) -> tuple[str, str]:
    """A message that names the file, and advice, by what the disk says about it.

    Of a track of a server it names the server, by what `trouble` there is with that; None where its sound is to blame.
    """
    if is_address(path):
        return _explain_server(_host(path), trouble)
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
    if is_address(path):
        return _explain_server(_host(path), None)
    return tr("{name} cannot be played: the decoder broke down over it.", name=_name(path)), tr(
        "It is damaged; see whether another program opens it, or replace it."
    )


def explain_silence(path: str) -> tuple[str, str]:
    """A message that names a file which gives nothing, and advice; its drive is not asked, it might not answer."""
    if is_address(path):
        return _explain_server(_host(path), ServerTrouble.AWAY)
    return tr("{name} cannot be read at the moment: its drive does not answer.", name=_name(path)), tr(
        "Check the drive or the network, then play it again."
    )


def explain_break(path: str, trouble: ServerTrouble | None = None) -> tuple[str, str]:
    """A message that names a file of which only a part could be played, or its server as `explain` does, and advice."""
    if is_address(path):
        return _explain_server(_host(path), trouble)
    return tr("{name} broke off: the rest of it cannot be read.", name=_name(path)), tr(
        "Check its drive; a file that is damaged there has to be replaced."
    )


def _name(path: str) -> str:
    return shown_text(Path(path).name)


def _explain_server(host: str, trouble: ServerTrouble | None) -> tuple[str, str]:
    message, advice = _WORDS[trouble]
    return tr(message, host=host), tr(advice)


def _host(address: str) -> str:
    return shown_text(urlsplit(address).hostname or address)
