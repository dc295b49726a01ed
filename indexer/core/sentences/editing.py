"""What is said about files whose tags were to be edited, and were left as they are."""

from __future__ import annotations

from indexer.core.language import Sentences, mark

_AGAIN = mark("Look at the change anew, then apply it again.")
_ELSEWHERE = mark("Edit it with another program, such as Picard or Kid3, then rescan.")

EDITING: Sentences = {
    # A value that a field may not have.
    "tags-field": (mark("There is no field “{field}”."), mark("The fields are {known}.")),
    "tags-value": (
        mark("“{value}” is no value of the field {field}."),
        mark("Numbers are from 1 to 9999, dates such as 1999 or 1999-12-31, a compilation is 1 or nothing."),
    ),
    "tags-value-many": (mark("The field {field} has at most {most} values."), mark("Give fewer.")),
    "tags-value-long": (mark("A value of the field {field} is longer than {most} characters."), mark("Shorten it.")),
    # A file that was left as it was.
    "tags-kind": (mark("{name} is of a kind whose tags Segue does not write."), _ELSEWHERE),
    "tags-damaged": (
        mark("The tags of {name} are damaged, so nothing was changed lest something be lost."),
        _ELSEWHERE,
    ),
    "tags-album": (
        mark("{name} is an album in one file, which a cue sheet divides."),
        mark("Change the titles in its cue sheet, then rescan."),
    ),
    "tags-read-only": (mark("{name} is write-protected."), mark("Allow writing to it, then try again.")),
    "tags-unwritable": (
        mark("{name} cannot be replaced: {reason}."),
        mark("Allow writing to its folder, then try again."),
    ),
    "tags-owner": (
        mark("{name} belongs to somebody else, which it would not after an edit."),
        mark("Have its owner edit it, or make it yours."),
    ),
    "tags-no-space": (
        mark("The drive of {name} has no room for a second copy of it, which an edit needs for a moment."),
        mark("Free some space there, then try again."),
    ),
    "tags-drive": (
        mark("{name} was not edited, because its drive failed: {reason}."),
        mark("Check the drive, then try again; the file is as it was."),
    ),
    "tags-changed": (mark("{name} has changed since it was looked at, so it was left as it is."), _AGAIN),
    "tags-not-taken": (mark("The tags of {name} do not take this value, so the file was left as it was."), _ELSEWHERE),
    "tags-not-kept": (
        mark("Other tags of {name} would have changed too, so the file was left as it was."),
        _ELSEWHERE,
    ),
    "tags-sound": (mark("The sound of {name} would have changed too, so the file was left as it was."), _ELSEWHERE),
    "tags-changed-since": (
        mark("{name} has changed since that edit, so it was left as it is."),
        mark("Undo later edits of it first; what another program changed cannot be undone here."),
    ),
    # An edit as a whole.
    "tags-busy": (mark("Tags are being edited by another Segue."), mark("Wait for it to end, then try again.")),
    "tags-journal": (
        mark("What is needed to undo an edit cannot be kept in {folder}: {reason}."),
        mark("Free some space there, then try again; files that were not edited yet are as they were."),
    ),
    "tags-no-edit": (mark("There is no edit of tags to undo."), ""),
    "tags-no-such-edit": (
        mark("There is no edit {edit} that could be undone."),
        mark("`indexer tags --list` shows those that there are."),
    ),
}
