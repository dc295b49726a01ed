"""What is said about listening histories that are brought from elsewhere."""

from __future__ import annotations

from indexer.core.language import Sentences, mark

HISTORY: Sentences = {
    "history-missing": (mark("{file} is not there."), mark("Choose a file or folder that is.")),
    "history-unreadable": (mark("{file} cannot be read: {reason}."), mark("Check that you may read it.")),
    "history-format": (mark("{file} is no history that can be measured on."), mark("Give the folder of lastfm-2k.")),
    "history-empty": (
        mark("{file} holds no line of plays that can be used."),
        mark("Get the data set again, and unpack all of it."),
    ),
    "history-few": (
        mark("{file} has too few listeners to hold some of them out."),
        mark("Give a history of at least 50 listeners with 5 items each."),
    ),
}
