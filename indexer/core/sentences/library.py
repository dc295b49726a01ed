"""What is said about the library as a whole: its database, its copies, questions to it, and its player."""

from __future__ import annotations

from indexer.core.language import Sentences, mark, markn

_EXAMPLES = mark("For example {one} or {other}.")
_EXAMPLE = mark("For example {example}.")
_INSTALL_VLC = mark(
    "Install VLC with its plugins, then start Segue again (Debian and Ubuntu: sudo apt install "
    "libvlc5 vlc-plugin-base; others: videolan.org)."
)
_FREE_SPACE = mark("Free some space on that disk, then start again; nothing that was finished is lost.")
_NOTHING_DELETED = mark("Nothing was deleted.")

LIBRARY: Sentences = {
    # Searching.
    "query-quotation": (mark("A quotation mark is not closed."), mark('Close it: "live at".')),
    "query-compares-words": (
        mark("{field} is words, which cannot be compared with {operator}."),
        mark("Look in it with a colon: {field}:{value}"),
    ),
    "query-field": (mark("There is no field “{field}”."), mark("Put it in quotation marks to find the words.")),
    "query-field-meant": (mark("There is no field “{field}”."), mark("Did you mean {meant}?")),
    "query-date": (mark("{field} wants an age or a date, not “{value}”."), _EXAMPLES),
    "query-date-missing": (mark("{field} wants an age or a date."), _EXAMPLES),
    "query-number": (mark("{field} wants a number, not “{text}”."), _EXAMPLE),
    "query-number-missing": (mark("{field} wants a number."), _EXAMPLE),
    "query-as-words": (mark("“{text}” is looked for as words."), _EXAMPLE),
    "query-bracket": (mark("A bracket is not closed; it ends where the search does."), ""),
    "query-sort": (mark("Nothing is sorted by “{name}”."), mark("For example sort:-added or sort:bpm.")),
    # More like this.
    "similar-loading": (mark("Getting ready…"), ""),
    "similar-provisional": (mark("Provisional, {analysed} of {tracks} analysed"), ""),
    "similar-not-built-yet": (
        mark("Provisional, {analysed} of {tracks} analysed: no similarity model has been built yet."),
        "",
    ),
    "similar-no-songs": (
        markn(
            "{number} left out that is no song: talk, a mix or a jingle",
            "{number} left out that are no songs: talk, mixes or jingles",
        ),
        "",
    ),
    "similar-no-music": (
        mark("What sounds like this is no music: talk, mixes and jingles are left out. Settings can change that."),
        "",
    ),
    "similar-all-hidden": (mark("Everything that sounds like this is hidden, or by the same artist."), ""),
    "similar-alone": (mark("Nothing else in the library has been analysed yet."), ""),
    "similar-nothing-analysed": (mark("Nothing has been analysed yet: choose Library › Rescan."), ""),
    "similar-analysing": (mark("Segue is still analysing your music: {analysed} of {tracks} done."), ""),
    "similar-not-built": (
        mark("The library is analysed, but its model is not built yet: choose Library › Rebuild index."),
        "",
    ),
    "similar-not-yet": (mark("Not analysed yet: {analysed} of {tracks} done."), ""),
    "similar-no-taste": (
        mark("Alike by sound, until your taste is learnt."),
        mark("It is learnt from what you play: see For you."),
    ),
    "similar-nothing-near": (
        mark("Nothing is known of this track but its sound."),
        mark("Choose Sound above, or play it among other music."),
    ),
    "similar-left-out": (
        mark("This track could not be analysed, or its file is gone: see Library › Problems, or rescan."),
        "",
    ),
    # The map, and journeys.
    "map-not-drawn": (mark("The map could not be drawn."), mark("Rebuild the index: the map is made anew with it.")),
    "journey-nowhere": (mark("The start and the end are the same track."), mark("Choose another one for either.")),
    "journey-without-way": (
        mark("There is no way of {number} tracks between these two."),
        mark("Ask for fewer tracks, or add more music: a journey takes two tracks of an artist at most."),
    ),
    # The program.
    "vlc-missing": (mark("VLC was not found, so nothing can be played."), _INSTALL_VLC),
    "vlc-not-started": (mark("VLC is installed, but could not be started."), _INSTALL_VLC),
    "segue-silent": (mark("Segue is running already, and does not answer."), mark("End it, then start again.")),
    "report-unwritable": (mark("The report {file} cannot be written: {reason}."), mark("Choose another folder.")),
    # The database.
    "database-full": (mark("The disk of the database at {address} is full."), _FREE_SPACE),
    "database-folder-full": (mark("The disk of the database folder {folder} is full."), _FREE_SPACE),
    "database-folder-unusable": (
        mark("The database folder {folder} cannot be used: {reason}."),
        mark("Make it a folder that you may write to, or choose another one with --home."),
    ),
    "database-silent": (mark("The database at {address} does not answer."), ""),
    "database-refused": (mark("The database at {address} refused the user name or password."), ""),
    "database-failed": (mark("The database at {address} failed: {reason}."), ""),
    "database-restarts": (mark("It is started again by itself; if this comes back, look at {file}."), ""),
    "database-of-others": (
        mark("Check that it runs, and that the address in {variable} or the settings is right."),
        "",
    ),
    "database-address": (mark("The database address cannot be understood."), mark("It should look like {example}.")),
    "database-newer": (
        mark("The database at {address} was made by a newer Segue (schema {version})."),
        mark("Update Segue, or choose another library with --home."),
    ),
    "database-not-installed": (
        mark("No database server is installed."),
        mark('Install one with "pip install SecantusDB", or MongoDB\'s mongod.'),
    ),
    "database-ends": (mark("The database server ended again and again."), mark("Its log is {file}.")),
    "database-not-started": (
        mark("The database server in {folder} did not start: {reason}."),
        mark("Its log is {file}; a damaged database can be moved away and is built again by a scan."),
    ),
    "database-start-slow": (
        mark("The database server in {folder} did not start within {seconds} s."),
        mark("Try again; its log is {file}."),
    ),
    "database-start-mute": (mark("it said nothing"), ""),
    "database-without-user": (
        mark("The database server could not be given a user: {reason}."),
        mark("Start Segue again; if this comes back, move the database folder away."),
    ),
    "database-credentials": (
        mark("The database credentials {file} cannot be read."),
        mark("Make the file yours to read, or delete it: the next start makes new ones."),
    ),
    "database-stays": (mark("The database server does not end."), mark("Look at {file}.")),
    "database-keeper-ended": (mark("The database keeper ended unexpectedly."), mark("Its log is keeper.log.")),
    "library-unreadable": (mark("Reading the library failed: {error}."), mark("It is tried again by itself.")),
    "snapshot-damaged": (
        mark("The list of tracks saved in {file} is damaged."),
        mark("It is read again from the database; nothing is lost."),
    ),
    "settings-unreadable": (
        mark("The settings in {file} cannot be understood."),
        mark("Start Segue once: it puts them aside."),
    ),
    "player-open": (
        mark("Segue is open, and would go on with the database that it knows."),
        mark("Close it first, or move the library in its settings, under Database."),
    ),
    # Copies of the library.
    "backup-not": (
        mark("{name} is not a backup of Segue, or its end is missing."),
        mark("Nothing was changed. Choose a file that Segue wrote, or another copy of it."),
    ),
    "backup-damaged": (
        mark("The backup {name} is damaged: {what}."),
        mark("Nothing was changed. Use another copy of it."),
    ),
    "backup-newer": (
        mark("The backup {name} was made by a newer Segue ({version})."),
        mark("Update Segue, then restore it."),
    ),
    "backup-in-the-way": (
        mark("{name} is there already and is no backup of Segue."),
        mark("Choose another name for the backup."),
    ),
    "backup-weekly": (
        mark("The weekly copy of the library could not be made in {folder}: {reason}"),
        mark("It is tried again by itself; copies made before are still there."),
    ),
    "restore-library-there": (
        mark("There is a library with {number} tracks already, so {name} was not restored."),
        mark("Give --merge to add what it lacks, or --replace to have the backup in its place."),
    ),
    "restore-nothing": (mark("Nothing was restored."), ""),
    # Moving it to another database.
    "move-library-there": (
        mark("The database at {address} holds another library, with {number} tracks."),
        mark("Choose an empty one, by another name at the end of the address for one, or give --replace."),
    ),
    "move-same": (mark("The library is in that database already."), mark("Give the address of another one.")),
    "move-differs": (
        mark(
            "The copy of the library differs: {theirs} of {ours} {name} at {address}. The library is still "
            "where it was."
        ),
        mark("It changed while it was copied. Close Segue on other computers that use it, then try again."),
    ),
    "forget-no-move": (mark("No library was moved away from that database."), _NOTHING_DELETED),
    "forget-nothing-left": (mark("No library was left behind by a move."), _NOTHING_DELETED),
    "forget-empty": (
        mark("The database in use is empty, so what the library left behind was kept."),
        mark("Look at its address."),
    ),
}
