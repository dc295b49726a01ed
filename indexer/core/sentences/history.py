"""What is said about plays that are brought from elsewhere, and about those that are told to a server elsewhere."""

from __future__ import annotations

from indexer.core.language import Sentences, mark

_GOES_ON = mark("It was left out; the rest was read.")
_WAITS = mark("What you play waits here, and is sent when it is taken.")
_AGAIN = mark("It was left out; export the history again if there are many of these.")

HISTORY: Sentences = {
    # A file that cannot be read as a whole.
    "history-missing": (mark("{file} is not there."), mark("Choose a file or folder that is.")),
    "history-unreadable": (mark("{file} cannot be read: {reason}."), mark("Check that you may read it.")),
    "history-zip": (
        mark("{file} is damaged, or locked with a password."),
        mark("Unpack it yourself and choose the folder, or get it again."),
    ),
    "history-busy": (
        mark("{file} is being used by another program ({reason})."),
        mark("Close that program, then import again."),
    ),
    "history-nothing": (
        mark("{file} holds no listening history that Segue reads."),
        mark("Choose an export of ListenBrainz, Last.fm or Spotify, or the library of another player."),
    ),
    "history-missed": (mark("Most of the music that is not in the library is by: {artists}."), ""),
    # A line that is no play. `line` is the number of a song where the file has no lines.
    "history-json": (mark("Line {line} of {file} is no JSON."), _AGAIN),
    "history-xml": (mark("The entry in line {line} of {file} is no XML."), _AGAIN),
    "history-half": (mark("What begins in line {line} of {file} does not end."), _AGAIN),
    "history-long": (mark("Line {line} of {file} is too long for a play."), _AGAIN),
    "history-columns": (mark("Line {line} of {file} does not have the columns of a history."), _AGAIN),
    "history-damaged": (mark("{file} is damaged from line {line} on."), _AGAIN),
    "history-id": (mark("Line {line} of {file} does not name a listener and a song."), _GOES_ON),
    "history-mismatched": (
        mark("Line {line} of {file} is of a song that was taken for another one when the data set was made."),
        _GOES_ON,
    ),
    "history-artist": (mark("Line {line} of {file} names no artist."), _GOES_ON),
    "history-title": (mark("Line {line} of {file} names no title."), _GOES_ON),
    "history-time": (mark("Line {line} of {file} has no time that can be read."), _GOES_ON),
    "history-time-old": (
        mark("Line {line} of {file} has a time before the year 2000: a clock was not set."),
        _GOES_ON,
    ),
    "history-time-ahead": (mark("Line {line} of {file} lies in the future."), _GOES_ON),
    "history-count": (mark("Line {line} of {file} has no number of plays that makes sense."), _GOES_ON),
    "history-heard": (mark("Line {line} of {file} does not say how long was listened."), _GOES_ON),
    "history-podcast": (mark("Line {line} of {file} is a podcast, an audiobook or a radio station."), ""),
    "history-playing": (mark("Line {line} of {file} is what was playing during the export."), ""),
    "history-unplayed": (mark("Line {line} of {file} was never played nor rated."), ""),
    # Words of songs.
    "history-bag": (mark("Line {line} of {file} does not say which words a song has, and how often."), _GOES_ON),
    "history-word": (mark("Line {line} of {file} counts a word that is not in the list of words."), _GOES_ON),
    "history-name": (mark("Line {line} of {file} does not say what a track is called."), _GOES_ON),
    "history-vocabulary": (
        mark("{file} has no list of words, a line that begins with %, before its songs."),
        mark("Get the data set again, and unpack all of it."),
    ),
    "history-nameless": (
        mark("{file} does not say what its songs are called, nor does a file beside it."),
        mark("Put mxm_779k_matches.txt or unique_tracks.txt of the Million Song Dataset into the same folder."),
    ),
    # A history that methods are measured on.
    "history-format": (
        mark("{file} is no history that can be measured on."),
        mark("Give lastfm-2k, Echo Nest triplets, or a folder with a history that can be imported for each listener."),
    ),
    "history-empty": (
        mark("{file} holds no line of plays that can be used."),
        mark("Get the data set again, and unpack all of it."),
    ),
    "history-few": (
        mark("{file} has too few listeners to hold some of them out."),
        mark("Give a history of at least 50 listeners with 5 items each."),
    ),
    # A server that plays are shared with.
    "sharing-away": (mark("{server} does not answer: {reason}."), _WAITS),
    "sharing-later": (mark("{server} takes no plays at the moment: {reason}."), _WAITS),
    "sharing-token": (
        mark("{server} refuses the token."),
        mark("Copy it from your page there into the settings, under Sharing; what you play waits here until then."),
    ),
    "sharing-no-token": (
        mark("What the settings have for a token of {server} can be none: there are letters in it that no token has."),
        mark("Copy it from your page there into the settings, under Sharing; what you play waits here until then."),
    ),
    "sharing-not-there": (
        mark("What answers at {server} takes no plays: {reason}."),
        mark("Check the address in the settings, under Sharing; what you play waits here until then."),
    ),
    "sharing-address": (
        mark("“{server}” is no address of a server."),
        mark("It begins with https:// or http://, and is set in the settings, under Sharing."),
    ),
    "sharing-failed": (mark("Sharing plays failed: {error}."), _WAITS),
    "sharing-refused": (mark("{server} does not take “{title}” by {artist}: {reason}."), ""),
}
