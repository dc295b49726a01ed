"""What is said about the library on the network: who may log in, what is asked for, what is not given."""

from __future__ import annotations

from indexer.core.language import Sentences, mark

NETWORK: Sentences = {
    # Logging in. These reach strangers: they name no file and nobody.
    "login-later": (mark("Too many logins failed."), mark("Try again in {seconds} s.")),
    # Streams: what is not sent, and why.
    "stream-vanished": (
        mark("{name} is not there now."),
        mark("Connect its drive, or rescan the library where the file is gone for good."),
    ),
    "stream-silent": (mark("The drive of {name} does not answer."), mark("Try again in a minute; look at the drive.")),
    "stream-unreadable": (mark("{name} cannot be read."), mark("Check that the server may read it.")),
    "stream-outside": (
        mark("{name} is a link that leads out of the folders of the library, and is not sent."),
        mark("Add the folder that it leads to to the library."),
    ),
    "stream-busy": (
        mark("The server converts as much music as it may already."),
        mark("Try again in {seconds} s, or play the original."),
    ),
    "stream-undecodable": (mark("{name} cannot be converted."), mark("Replace it with a sound copy.")),
    "stream-given-up": (
        mark("{name} cannot be converted: its decoder stood still or ended."),
        mark("Replace it with a sound copy."),
    ),
    "stream-too-large": (
        mark("{name} gets too long when it is converted."),
        mark("Play the original, or give converted music more room."),
    ),
    "stream-beyond-end": (mark("There is no sound at that place of {name}."), ""),
    "stream-disk-full": (
        mark("There is no room for converted music on the server's drive."),
        mark("Free some space there, or play the original."),
    ),
}
