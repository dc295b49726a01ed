"""What is said about the library on the network: who may log in, what is asked for, what is not given."""

from __future__ import annotations

from indexer.core.language import Sentences, mark

NETWORK: Sentences = {
    # Logging in. These reach strangers: they name no file and nobody.
    "login-later": (mark("Too many logins failed."), mark("Try again in {seconds} s.")),
    # Playlists.
    "playlist-not-there": (mark("There is no such playlist."), ""),
    "playlist-of-another": (mark("“{name}” is another listener's."), mark("Make a copy of it, and change that.")),
    "playlist-track-not-there": (mark("One of the tracks is not in the library."), mark("Nothing was changed.")),
    "playlist-smart": (
        mark("“{name}” finds its tracks by itself."),
        mark("What it looks for can be changed in the window of Segue."),
    ),
    "playlist-too-long": (mark("A playlist holds {number} tracks at most."), mark("Nothing was changed.")),
    "playlists-too-many": (mark("A listener has {number} playlists at most."), mark("Delete some first.")),
    "playlist-not-written": (
        mark("The playlist could not be written down: {reason}."),
        mark("Nothing was changed. Free some space where Segue runs."),
    ),
    "playlists-not-read": (mark("The playlists are not read yet."), mark("They come when the database answers.")),
    # Requests of Subsonic apps.
    "subsonic-missing": (mark("The parameter “{parameter}” is missing."), ""),
    "subsonic-too-many": (mark("The request has more than {number} parameters."), mark("Ask for fewer at once.")),
    "subsonic-too-long": (mark("The parameter “{parameter}” has more than {number} characters."), ""),
    "subsonic-too-large": (mark("The request is longer than {number} bytes."), mark("Ask for fewer at once.")),
    "subsonic-not-among": (mark("The parameter “{parameter}” cannot be “{value}”."), mark("It is one of: {known}.")),
    "subsonic-no-number": (mark("The parameter “{parameter}” wants a number, not “{value}”."), ""),
    "subsonic-no-flag": (mark("The parameter “{parameter}” wants true or false, not “{value}”."), ""),
    "subsonic-out-of-range": (mark("The parameter “{parameter}” lies between {least} and {most}, not at {value}."), ""),
    "subsonic-callback": (mark("The parameter “{parameter}” wants the name of a function."), ""),
    "subsonic-no-version": (
        mark("The parameter “{parameter}” wants a version of the API, not “{value}”."),
        mark("For example {example}."),
    ),
    "subsonic-client-too-old": (
        mark("The app speaks version {client} of the API, which is too old."),
        mark("Update the app."),
    ),
    "subsonic-server-too-old": (
        mark("The app speaks version {client} of the API, which this server does not know."),
        mark("Update Segue."),
    ),
    "subsonic-wrong-login": (
        mark("Wrong name or password."),
        mark("Apps log in with the key of a device, which the web page of Segue makes under Devices."),
    ),
    "subsonic-several-logins": (mark("An API key stands alone: no name, password or token goes with it."), ""),
    "subsonic-invalid-key": (
        mark("This API key is not valid."),
        mark("The web page of Segue makes one under Devices."),
    ),
    "subsonic-not-allowed": (mark("{name} may not do that."), ""),
    "subsonic-not-found": (mark("There is nothing of that id."), ""),
    "subsonic-unknown": (mark("There is no request “{name}” here."), ""),
    "subsonic-not-done": (mark("Segue does not do that: {name}."), ""),
    "subsonic-no-scan": (
        mark("Segue looks for new music where the library is, not when an app asks."),
        mark("Choose Library › Rescan there."),
    ),
}
