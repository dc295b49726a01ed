"""What is said about the library of another machine: where it is, why it does not answer, what is not done here."""

from __future__ import annotations

from indexer.core.language import Sentences, mark

_BY_ITSELF = mark("It is tried again by itself; what you do meanwhile is kept.")
_OPEN_ANEW = mark("Open the library of that machine anew, with name and password.")

SHARED: Sentences = {
    "shared-address": (
        mark("“{address}” is no address of a machine."),
        mark("Write its name or address, such as kitchen or 192.168.1.20, or what a browser shows above its page."),
    ),
    "shared-file": (mark("{file}, which says where this library is, cannot be read."), _OPEN_ANEW),
    "shared-unwritable": (
        mark("{file} cannot be written: {reason}."),
        mark("Free some space or allow writing there, then try again."),
    ),
    # What a server answers, or does not.
    "shared-silent": (
        mark("{address} does not answer ({reason})."),
        mark("See whether that machine is on and shares its library; it is asked again by itself."),
    ),
    "shared-trouble": (mark("{address} cannot answer now: {reason}"), _BY_ITSELF),
    "shared-key": (
        mark("{address} does not know this player any more: its key was revoked, or the listener is gone."),
        _OPEN_ANEW,
    ),
    "shared-older": (mark("The Segue at {address} is older than this one."), mark("Update it there.")),
    "shared-stranger": (
        mark("What answers at {address} is no Segue ({reason})."),
        mark("Compare the address with the one that Segue shows there under Share on the network."),
    ),
    "shared-profile": (
        mark("The Segue at {address} hears music otherwise than this one."),
        mark("Bring both machines to the same version of Segue."),
    ),
    "shared-refused": (mark("{address} refused: {reason}"), ""),
    "shared-certificate": (
        mark("{address} cannot show that it is the machine it says it is ({reason})."),
        mark("Open its library anew and compare the fingerprint with the one that is shown there."),
    ),
    # What is done where the music is.
    "shared-elsewhere": (mark("This library is on another machine; that is done there."), ""),
}
