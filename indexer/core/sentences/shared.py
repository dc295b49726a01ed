"""What is said about the library of another machine: where it is, why it does not answer, what is not done here."""

from __future__ import annotations

from indexer.core.language import Sentences, mark

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
}
