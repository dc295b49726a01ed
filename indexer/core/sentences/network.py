"""What is said about the library on the network: who may log in, what is asked for, what is not given."""

from __future__ import annotations

from indexer.core.language import Sentences, mark

_ANOTHER_NAME = mark("Choose another name.")
_LATER = mark("Try again in {seconds} s.")
_OTHER_PORT = mark("End that program, or choose another port.")

NETWORK: Sentences = {
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
    # Logging in. These reach strangers: they name no file and nobody.
    "login-refused": (mark("Name or password is wrong."), ""),
    "login-later": (mark("Too many logins failed."), _LATER),
    "login-busy": (mark("Too many log in at this moment."), _LATER),
    "login-closed": (
        mark("Nobody can log in at present."),
        mark("The machine that has the music says why."),
    ),
    "first-link-spent": (
        mark("This link does not hold, or holds no longer."),
        mark("The machine that has the music shows the one that does."),
    ),
    # Accounts and devices.
    "name-unfit": (mark("A name has 1 to {most} characters, and something of it can be seen."), _ANOTHER_NAME),
    "password-length": (mark("A password has {least} to {most} characters."), mark("Choose another password.")),
    "account-name-taken": (mark("There is a listener of the name {name} already."), _ANOTHER_NAME),
    "account-unknown": (mark("There is no listener of the name {name}."), mark("Those there are: {known}.")),
    "account-gone": (mark("There is no such listener any more."), mark("Load the page again.")),
    "account-last-admin": (
        mark("{name} is the only one who can make and remove listeners."),
        mark("Make another listener an admin first."),
    ),
    "account-owner-stays": (
        mark("{name} is the listener of the desktop, who cannot be removed."),
        mark("Change the password to end all sessions, and revoke the devices."),
    ),
    "devices-many": (
        mark("A listener has at most {most} devices."),
        mark("Revoke one that is not used any more."),
    ),
    # The file of the accounts. These are shown at the machine itself.
    "accounts-damaged": (
        mark("Nobody can log in: the file of the accounts was damaged and is kept as {file}."),
        mark(
            "Put a sound one in its place as {wanted}, or restore a backup. To begin anew, delete {file}: then a "
            "link for the first account is shown here, and what was played stays."
        ),
    ),
    "accounts-unreadable": (
        mark("Nobody can log in: the file of the accounts, {file}, cannot be read ({reason})."),
        mark("Let the user who runs Segue read it."),
    ),
    "accounts-newer": (
        mark("Nobody can log in: the file of the accounts, {file}, was written by a newer Segue."),
        mark("Update Segue."),
    ),
    "accounts-unwritable": (
        mark("The accounts cannot be written to {file}: {reason}."),
        mark("Free some space or allow writing there, then try again; nothing has changed."),
    ),
    # Requests of pages and programs.
    "server-log-in": (mark("Log in first."), ""),
    "server-other-name": (
        mark("This server is not known by that name."),
        mark("Open it by one of the addresses that the machine with the music shows, or give it that name there."),
    ),
    "server-other-page": (mark("That was asked from a page of another server."), mark("Do it on a page of this one.")),
    "server-too-large": (mark("That is too much at once."), mark("Send it in several parts.")),
    "server-no-page": (mark("There is nothing at this address."), mark("What there is begins on the first page.")),
    "server-no-downloads": (mark("The files themselves are not given to you."), mark("Ask an admin of this server.")),
    "server-no-profile": (mark("There is no kind of stream “{name}”."), ""),
    "server-no-desktop": (
        mark("The desktop player does not run beside this server."),
        mark("Start it, and switch on Playback › Share on the network."),
    ),
    "server-busy": (mark("Too much is asked for at once."), mark("Try again in {seconds} s.")),
    "server-crowded": (mark("Too many are connected to this server."), mark("Try again in {seconds} s.")),
    "server-failed": (mark("Something went wrong on the server."), mark("Its log says what.")),
    "server-database-away": (
        mark("The library does not answer now."),
        mark("It is tried again by itself; what you do meanwhile is kept."),
    ),
    "server-not-noted": (
        mark("What was done cannot be written down on the server: {reason}."),
        mark("Free some space there, or it is lost if the database does not answer before the server ends."),
    ),
    # Playlists.
    "playlist-not-there": (mark("There is no such playlist."), ""),
    "playlist-told": (
        mark("“{name}” is made anew after every play, and cannot be changed."),
        mark("Make a copy of it, and change that."),
    ),
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
    "subsonic-not-in-queue": (mark("The song in “{parameter}” is not in the queue."), ""),
    "subsonic-not-kept": (
        mark("What the app asked to keep could not be written."),
        mark("Free some space on the disk of the server, then try again."),
    ),
    "subsonic-not-done": (mark("Segue does not do that: {name}."), ""),
    "subsonic-no-scan": (
        mark("Segue looks for new music where the library is, not when an app asks."),
        mark("Choose Library › Rescan there."),
    ),
    # What pages of the browser ask for.
    "api-missing": (mark("“{name}” is missing."), ""),
    "api-unknown": (mark("Nothing is known here of “{name}”."), ""),
    "api-twice": (mark("“{name}” may be named once only."), ""),
    "api-not-whole": (mark("“{name}” has to be a whole number from {least} to {most}."), ""),
    "api-not-number": (mark("“{name}” has to be a number from {least} to {most}."), ""),
    "api-not-text": (mark("“{name}” has to be a text of at most {most} characters."), ""),
    "api-no-choice": (mark("“{name}” has to be one of: {words}."), ""),
    "api-no-flag": (mark("“{name}” has to be true or false."), ""),
    "api-no-list": (mark("“{name}” has to be a list of at most {most}."), ""),
    "api-no-object": (mark("What was sent is no JSON object."), ""),
    "api-search-long": (mark("A search has at most {most} words."), mark("Leave some out.")),
    "api-wrong-password": (mark("That is not your password."), mark("Nothing was changed.")),
    "api-not-allowed": (mark("You may not do that."), mark("Ask an admin of this server.")),
    "api-not-there": (
        mark("That is not in the library."),
        mark("It may have been removed; go back and look again."),
    ),
    # Starting to serve, said to whoever starts it.
    "server-running": (
        mark("The library in {folder} is served already."),
        mark("End that server first, or give this one a library of its own with --home."),
    ),
    "server-port-taken": (mark("Another program has port {port}."), _OTHER_PORT),
    "server-port-refused": (
        mark("The system does not let you have port {port}."),
        mark("Choose one from 1024 on."),
    ),
    "server-address": (
        mark("Nobody can be served at {address}."),
        mark("Name an address of this machine, or 0.0.0.0 for all it has."),
    ),
    "server-proxy": (
        mark("{address} is no address of a proxy."),
        mark("Name it in numbers, such as 192.168.1.2, or a network, such as 10.0.0.0/8."),
    ),
    "server-base": (
        mark("{path} is no path that a library can lie below."),
        mark("Write letters, digits, - and _ between slashes, such as /music."),
    ),
    "server-certificate-half": (
        mark("A certificate is of no use without its key, nor a key without its certificate."),
        mark("Name both, with --tls-cert and --tls-key."),
    ),
    "server-certificate-unreadable": (
        mark("{file} cannot be read."),
        mark("Name files that you may read, the certificate with --tls-cert and its key with --tls-key."),
    ),
    "server-certificate-unfit": (
        mark("{file} and {key} are no certificate and its key."),
        mark("Both have to be in PEM, without a passphrase, and belong together."),
    ),
    "server-certificate-not-made": (
        mark("No certificate can be written into {folder}."),
        mark("Check that there is space and that you may write there."),
    ),
    "server-home": (
        mark("The folder {folder} cannot be written to."),
        mark("Check that there is space and that you may write there, or name another one with --home."),
    ),
    "server-not-started": (mark("{program} could not be started."), mark("Install Segue again.")),
    "server-stopped": (
        mark("The server stopped unexpectedly ({how}): the library is not on the network."),
        mark("Switch it on again. Details are in {file}."),
    ),
}
