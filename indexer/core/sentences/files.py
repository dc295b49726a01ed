"""What is said about single files: audio, cue sheets, tables of metadata, playlists."""

from __future__ import annotations

from indexer.core.language import Sentences, mark

_REPLACE = mark("Replace it with a sound copy or convert it to a common format.")
_CORRECT = mark("Correct the sheet, or move it out of the music folder; it is left out until then.")
_PUT_BESIDE = mark("Put the file beside the sheet under that name; if its tracks lie there each, delete the sheet.")
_FETCH_TABLES = mark(
    "Get fma_metadata.zip of the FMA data set again, or move the folder away to use the files' own tags."
)

FILES: Sentences = {
    # A file that cannot be taken in or analysed.
    "file-undecodable": (mark("{name} cannot be read as audio."), ""),
    "file-empty": (mark("{name} is empty."), mark("Copy it again from where it came, or delete it.")),
    "file-unreadable": (
        mark("{name} cannot be opened."),
        mark("Check that you may read it and that its drive works, then rescan."),
    ),
    # A cover that a person chose.
    "cover-none": (
        mark("{name} is no picture that can be shown as a cover."),
        mark("Choose one in JPEG, PNG or WebP."),
    ),
    "cover-large": (mark("The picture is larger than {megabytes} MB."), mark("Choose a smaller one.")),
    "cover-unwritable": (
        mark("The cover cannot be kept in {folder}: {reason}."),
        mark("Free some space there, then choose it again."),
    ),
    "file-busy": (mark("{name} is still being written."), mark("Rescan when the copy or download has finished.")),
    "folder-unreadable": (
        mark("The folder {name} cannot be opened, so what is in it was left as it was."),
        mark("Check that you may read the folder and that its drive works, then rescan."),
    ),
    "file-not-audio": (
        mark("{name} holds no audio, whatever its name says."),
        mark("Give it its right name ending, or move it out of the music folder."),
    ),
    "file-corrupt": (mark("{name} is damaged."), mark("Replace it with a sound copy.")),
    "file-silent": (
        mark("{name} is silent, so nothing sounds like it."),
        mark("It can be played; replace it if there should be music in it."),
    ),
    "file-too-short": (
        mark("{name} is too short to be compared with other tracks."),
        mark("It can be played; nothing needs to be done unless it should be longer."),
    ),
    "file-vanished": (mark("{name} disappeared while it was being read."), mark("Rescan if it should be there.")),
    "file-truncated": (
        mark("{name} ends before its time; what there is of it was analysed."),
        mark("Replace it with a complete copy if you have one."),
    ),
    "file-too-slow": (
        mark("{name} was not analysed within {seconds} s."),
        mark("Check that its drive works; if it does, convert the file to a common format."),
    ),
    "file-too-large": (
        mark("{name} needs more memory than a file may take."),
        mark("Convert it to a common format, or cut it into shorter files."),
    ),
    "file-deadly": (mark("{name} ended the process that analysed it."), _REPLACE),
    "file-failed": (mark("{name} could not be analysed ({error})."), _REPLACE),
    # A cue sheet that cannot be used. `name` is that of the sheet, or says in which file it is.
    "sheet-unreadable": (mark("The cue sheet {name} cannot be opened ({reason})."), _CORRECT),
    "sheet-too-large": (mark("The cue sheet {name} is larger than {size} MB."), _CORRECT),
    "sheet-without-tracks": (mark("The cue sheet {name} names no tracks of sound."), _CORRECT),
    "sheet-many-tracks": (mark("The cue sheet {name} lists more than {most} tracks."), _CORRECT),
    "sheet-many-files": (mark("The cue sheet {name} names more than {most} files."), _CORRECT),
    "sheet-without-time": (
        mark("The cue sheet {name} has no time of minutes, seconds and frames in line {line}."),
        _CORRECT,
    ),
    "sheet-without-start": (mark("The cue sheet {name} does not say where track {track} begins."), _CORRECT),
    "sheet-names-outside": (mark("The cue sheet {name} names {file}, outside of its own folder."), _CORRECT),
    "sheet-names-twice": (mark("The cue sheet {name} names {file} twice."), _CORRECT),
    "sheet-names-nothing": (mark("The cue sheet {name} names no file."), _PUT_BESIDE),
    "sheet-alone": (mark("The cue sheet {name} names {file}, which is not in the folder of the sheet."), _PUT_BESIDE),
    "sheet-soundless": (mark("The cue sheet {name} does not fit {file}: it names no tracks of sound."), _CORRECT),
    "sheet-beyond-end": (
        mark(
            "The cue sheet {name} does not fit {file}: it lets track {track} begin at {start}, and the file "
            "ends at {end}."
        ),
        _CORRECT,
    ),
    "sheet-out-of-order": (
        mark("The cue sheet {name} does not fit {file}: it lets track {track} begin before track {before} has begun."),
        _CORRECT,
    ),
    "sheets-differ": (
        mark("The cue sheet {name} divides {file} in another way than {other}."),
        mark("Keep the sheet that is right and delete the other; until then the file is one track."),
    ),
    "sheet-inside": (mark("in {name}"), ""),
    "sheet-inside-advice": (
        mark("Correct or remove the sheet with a program for tags; until then the file is one track."),
        "",
    ),
    # A table of metadata.
    "table-without-columns": (mark("{file} is not used: it lacks the columns {columns}."), _FETCH_TABLES),
    "table-broken": (mark("{file} is not used: it is not a table ({error})."), _FETCH_TABLES),
    "table-unreadable": (mark("{file} cannot be opened: {reason}."), _FETCH_TABLES),
    # A playlist of another program, or for one.
    "playlist-unreadable": (mark("{file} cannot be read: {reason}."), mark("Check the file.")),
    "playlist-too-large": (mark("{file} is too large for a playlist."), mark("Up to {size} MB are read.")),
    "playlist-unknown": (mark("{file} is no playlist that Segue reads."), mark("Export it as .m3u8 or .xspf.")),
    "playlist-unwritable": (
        mark("{file} cannot be written: {reason}."),
        mark("Choose another folder, or free some space there."),
    ),
    "xspf-broken": (mark("{file} is not a whole XSPF playlist: {error}."), mark("Export it again.")),
    "xspf-other": (mark("{file} is not an XSPF playlist."), mark("Choose an .xspf or .m3u8 file.")),
    "xspf-doctype": (
        mark("{file} declares a document type, which no playlist needs, and was not read."),
        mark("Remove the line with <!DOCTYPE, if you trust the file."),
    ),
}
