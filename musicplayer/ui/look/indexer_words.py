"""What comes from the indexer, which speaks English only, in the language of the window."""

from __future__ import annotations

import re
from functools import cache

from indexer.core.language import ENGLISH, code, mark, tr

SENTENCES = (
    # A file that cannot be taken in.
    mark("{name} cannot be read as audio."),
    mark("{name} is empty."),
    mark("Copy it again from where it came, or delete it."),
    mark("{name} cannot be opened."),
    mark("Check that you may read it and that its drive works, then rescan."),
    mark("{name} is still being written."),
    mark("Rescan when the copy or download has finished."),
    mark("The folder {name} cannot be opened, so what is in it was left as it was."),
    mark("Check that you may read the folder and that its drive works, then rescan."),
    mark("{name} holds no audio, whatever its name says."),
    mark("Give it its right name ending, or move it out of the music folder."),
    mark("{name} is damaged."),
    mark("Replace it with a sound copy."),
    mark("{name} is silent, so nothing sounds like it."),
    mark("It can be played; replace it if there should be music in it."),
    mark("{name} is too short to be compared with other tracks."),
    mark("It can be played; nothing needs to be done unless it should be longer."),
    mark("{name} disappeared while it was being read."),
    mark("Rescan if it should be there."),
    # A cue sheet that cannot be used.
    mark("The cue sheet {name} cannot be opened ({reason})."),
    mark("The cue sheet {name} is larger than {number} MB."),
    mark("The cue sheet {name} names no tracks of sound."),
    mark("The cue sheet {name} lists more than {number} tracks."),
    mark("The cue sheet {name} names more than {number} files."),
    mark("The cue sheet {name} has no time of minutes, seconds and frames in line {number}."),
    mark("The cue sheet {name} does not say where track {number} begins."),
    mark("The cue sheet {name} names {file}, which is not in the folder of the sheet."),
    mark("The cue sheet {name} names {file}, outside of its own folder."),
    mark("The cue sheet {name} names {file} twice."),
    mark(
        "The cue sheet {name} does not fit {file}: it lets track {number} begin at {start}, and the file ends at {end}."
    ),
    mark("The cue sheet {name} does not fit {file}: it lets track {number} begin before track {before} has begun."),
    mark("The cue sheet {name} divides {file} in another way than {other}."),
    mark("Correct the sheet, or move it out of the music folder; it is left out until then."),
    mark("Put the file beside the sheet under that name; if its tracks lie there each, delete the sheet."),
    mark("Keep the sheet that is right and delete the other; until then the file is one track."),
    mark("Correct or remove the sheet with a program for tags; until then the file is one track."),
    # A job that cannot go on.
    mark("Another indexer is already working on the library in {folder}."),
    mark("Another indexer, process {number}, is already working on the library in {folder}."),
    mark("Wait for it to end, or cancel it in the player under Library."),
    mark("The processes that analyse music keep ending unexpectedly."),
    mark("Free some memory or use fewer workers, then start again: what was analysed is kept."),
    mark("There is no folder {folder}."),
    mark("Check the spelling, or mount its drive."),
    mark("1 track is analysed; similar tracks need at least {fewest}."),
    mark("{number} tracks are analysed; similar tracks need at least {fewest}."),
    mark("Add music and build again."),
    mark("Of {tracks} tracks {number} hold enough sound; similar tracks need {fewest}."),
    mark("Add music that is not silent and lasts longer than a few seconds, then build again."),
    mark("Building the similarity model needs Java {oldest}, and there is none {where}."),
    mark("Building the similarity model needs Java {oldest}, and {found} does not run."),
    mark("Building needs Java {oldest} or newer, and {found} is Java {version}."),
    mark("The similarity model could not be written to {folder}: {reason}."),
    mark("Free some space or allow writing there, then rebuild the index; the model before is still in use."),
    mark("The similarity model is damaged: {file} differs from its checksum."),
    mark("The similarity model is damaged: {file} is unreadable."),
    mark("Rebuild the index."),
    # The database.
    mark("No database server is installed."),
    mark("The database folder {folder} cannot be used: {reason}."),
    mark("Make it a folder that you may write to, or choose another one with --home."),
    mark("The database server in {folder} did not start: {reason}."),
    mark("Its log is {file}; a damaged database can be moved away and is built again by a scan."),
    mark("The database server ended again and again."),
    mark("Its log is {file}."),
    # Backups.
    mark("{name} is not a backup of Segue, or its end is missing."),
    mark("Nothing was changed. Choose a file that Segue wrote, or another copy of it."),
    mark("The backup {name} is damaged: {reason}."),
    mark("Nothing was changed. Use another copy of it."),
    mark("The backup {name} was made by a newer Segue ({version})."),
    mark("Update Segue, then restore it."),
    mark("{name} is there already and is no backup of Segue."),
    mark("Choose another name for the backup."),
    mark("The weekly copy of the library could not be made in {folder}: {reason}"),
    mark("It is tried again by itself; copies made before are still there."),
    mark("The database at {address} holds another library, with {number} tracks."),
    mark("Choose an empty one, by another name at the end of the address for one, or give --replace."),
    mark("The library is in that database already."),
    mark("Give the address of another one."),
    # What is remarked on the way.
    mark("The indexer was interrupted the last time; what it had finished is kept."),
    mark("A worker process ended unexpectedly; {name} is tried once more."),
    mark("The worker processes ended unexpectedly; they are started again."),
    mark("Spark ({master}) failed: its Java process ended unexpectedly."),
    mark("The model before is still in use; {file} says more. Rebuild the index to try again."),
    mark("What was analysed is kept; {file} says more. Rescan the library to go on."),
    mark("The folder {folder} is not there now; its {number} files are kept."),
    mark("There is no music in {folder}."),
    mark("1 file in {folder} is of a kind that Segue does not know: {kinds}."),
    mark("{number} files in {folder} are of kinds that Segue does not know: {kinds}."),
    mark("Tracks that were replaced by new copies, which have their plays and marks: {number}."),
    mark("A cue sheet divides 1 file into {number} tracks."),
    mark("Cue sheets divide {files} files into {number} tracks."),
    mark("A cue sheet divides 1 file into {number} tracks. What was played of whole files is kept."),
    mark("Cue sheets divide {files} files into {number} tracks. What was played of whole files is kept."),
    mark("Building the similarity model of {number} tracks, as asked."),
    mark("All {number} tracks are compared with each other, as asked."),
    mark(
        "All {number} tracks are compared with each other: up to {limit} that takes about as long as the hash tables' "
        "join, and misses none."
    ),
    mark("Of {number} tracks those that share a bucket of the hash tables are compared, as asked."),
    mark(
        "Of {number} tracks those that share a bucket of the hash tables are compared: above {limit} that takes least "
        "time."
    ),
    mark("Few tracks are compared with all in no time."),
)
STEPS = (
    mark("starting Spark"),
    mark("reading the features"),
    mark("learning from the features"),
    mark("making vectors"),
    mark("smoothing"),
    mark("choosing the tables"),
    mark("hashing"),
    mark("joining"),
    mark("measuring hubs"),
    mark("drawing the map"),
    mark("writing the model"),
)
FILE_KINDS = (mark("without an ending"), mark("others"))
"""What `indexer.core.file_kinds` calls what it does not list by its ending."""

KEYS = (
    mark("C major"), mark("C♯ major"), mark("D major"), mark("D♯ major"), mark("E major"), mark("F major"),
    mark("F♯ major"), mark("G major"), mark("G♯ major"), mark("A major"), mark("A♯ major"), mark("B major"),
    mark("C minor"), mark("C♯ minor"), mark("D minor"), mark("D♯ minor"), mark("E minor"), mark("F minor"),
    mark("F♯ minor"), mark("G minor"), mark("G♯ minor"), mark("A minor"), mark("A♯ minor"), mark("B minor"),
)  # fmt: skip
_DETAIL = re.compile(r"(?P<sentence>.*\.) \((?P<detail>.*)\)", re.DOTALL)
_PLACE = re.compile(r"\\{(\w+)\\}")


def said(sentence: str) -> str:
    """A sentence of the indexer, translated where it is one of `SENTENCES`, with the values it holds."""
    if code() == ENGLISH or not sentence:
        return sentence
    detailed = _DETAIL.fullmatch(sentence)
    if detailed is not None:
        return f"{said(detailed['sentence'])} ({detailed['detail']})"
    for template, pattern in _patterns():
        match = pattern.fullmatch(sentence)
        if match is not None:
            return tr(template, **_translated(match.groupdict()))
    return sentence


def _translated(values: dict[str, str]) -> dict[str, str]:
    """The values of a sentence, the one that holds words of ours translated."""
    if "kinds" in values:
        for words in FILE_KINDS:
            values["kinds"] = values["kinds"].replace(words, tr(words))
    return values


def key_name(key: str | None) -> str:
    """`A minor` as the language calls it; empty for none."""
    return tr(key) if key else ""


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (template, re.compile(_PLACE.sub(r"(?P<\1>.+)", re.escape(template)), re.DOTALL)) for template in SENTENCES
    )
