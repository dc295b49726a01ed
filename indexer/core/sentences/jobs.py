"""What is said about a run of the indexer: remarks on its way, and why it cannot go on."""

from __future__ import annotations

from indexer.core.language import Sentences, mark, markn

_WAIT = mark("Wait for it to end, or cancel it in the player under Library.")
_INSTALL_JAVA = mark(
    "Install it (Debian, Ubuntu: sudo apt install openjdk-17-jre-headless; macOS: brew install "
    "openjdk@17; Windows: adoptium.net) or set JAVA_HOME to its folder."
)

JOBS: Sentences = {
    # Remarks on the way.
    "interrupted": (mark("The indexer was interrupted the last time; what it had finished is kept."), ""),
    "worker-ended": (mark("A worker process ended unexpectedly; {name} is tried once more."), ""),
    "workers-ended": (mark("The worker processes ended unexpectedly; they are started again."), ""),
    "database-slow": (mark("The database is slow to answer. Waiting for it."), ""),
    "database-waiting": (mark("{what} Waiting for it; nothing is lost."), ""),
    "database-back": (mark("The database answers again."), ""),
    "folder-away": (
        markn(
            "The folder {folder} is not there now; its file is kept.",
            "The folder {folder} is not there now; its {number} files are kept.",
        ),
        "",
    ),
    "folder-without-music": (mark("There is no music in {folder}."), ""),
    "kinds-unknown": (
        markn(
            "1 file in {folder} is of a kind that Segue does not know: {kinds}.",
            "{number} files in {folder} are of kinds that Segue does not know: {kinds}.",
        ),
        "",
    ),
    "kind-count": ("{kind} {number}", ""),
    "kind-without-ending": (mark("without an ending {number}"), ""),
    "kind-others": (mark("others {number}"), ""),
    "sheet-divides": (mark("A cue sheet divides 1 file into {number} tracks."), ""),
    "sheets-divide": (mark("Cue sheets divide {files} files into {number} tracks."), ""),
    "sheet-divides-played": (
        mark("A cue sheet divides 1 file into {number} tracks. What was played of whole files is kept."),
        "",
    ),
    "sheets-divide-played": (
        mark("Cue sheets divide {files} files into {number} tracks. What was played of whole files is kept."),
        "",
    ),
    "table-describes": (mark("{file} describes {number} of the tracks."), ""),
    "tracks-renewed": (
        mark("Tracks that were replaced by new copies, which have their plays and marks: {number}."),
        "",
    ),
    "plays-matched": (
        markn(
            "1 play from an imported history found its music in the library.",
            "{number} plays from imported histories found their music in the library.",
        ),
        "",
    ),
    "analysing-on": (mark("Analysing on {master}."), ""),
    "model-asked": (mark("Building the similarity model of {number} tracks, as asked."), ""),
    "model-first": (mark("Building the first similarity model, of {number} tracks."), ""),
    "model-renewed": (mark("Building the similarity model again: all {number} tracks were analysed anew."), ""),
    "model-outgrown": (
        mark("Building the similarity model again: {number} tracks came or went since the last one."),
        "",
    ),
    "model-heard": (
        mark("Building the similarity model again: {number} tracks were heard from end to end since the last one."),
        "",
    ),
    "hearing-waits-for-mains": (
        mark("Whole tracks are heard when the computer is plugged in again, as chosen in the settings."),
        "",
    ),
    "tables-tuned": (mark("The hash tables are those that `indexer tune` chose for this profile."), ""),
    "join-few": (mark("Few tracks are compared with all in no time."), ""),
    "join-exact-asked": (mark("All {number} tracks are compared with each other, as asked."), ""),
    "join-exact": (
        mark(
            "All {number} tracks are compared with each other: up to {limit} that takes about as long as the "
            "hash tables' join, and misses none."
        ),
        "",
    ),
    "join-buckets-asked": (
        mark("Of {number} tracks those that share a bucket of the hash tables are compared, as asked."),
        "",
    ),
    "join-buckets": (
        mark(
            "Of {number} tracks those that share a bucket of the hash tables are compared: above {limit} that "
            "takes least time."
        ),
        "",
    ),
    "model-built": (
        mark(
            "Similarity model of {number} tracks, built in {seconds:.0f} s: recall@10 {recall:.3f} against "
            "exact search ({sample} tracks asked), comparing {share:.1%} of the library for an answer; "
            "{tables} tables of {hashes} hashes, {probes} probes; neighbour lists {list_recall:.3f} by the "
            "{join} join; hub skewness {skewness:.2f}."
        ),
        "",
    ),
    "model-built-poor": (mark("Its recall is below {least}: new files may miss some of their nearest tracks."), ""),
    # A job that cannot go on.
    "indexer-busy": (mark("Another indexer is already working on the library in {folder}."), _WAIT),
    "indexer-busy-process": (
        mark("Another indexer, process {process}, is already working on the library in {folder}."),
        _WAIT,
    ),
    "workers-fail": (
        mark("The processes that analyse music keep ending unexpectedly."),
        mark("Free some memory or use fewer workers, then start again: what was analysed is kept."),
    ),
    "folder-missing": (mark("There is no folder {folder}."), mark("Check the spelling, or mount its drive.")),
    "folder-closed": (
        mark("The folder {folder} cannot be opened: {reason}."),
        mark("Check that you may read it and that its drive works, then add it again."),
    ),
    "disk-full": ("{what}", mark("Free some space on that disk, then start again; nothing that was finished is lost.")),
    "system-refused": ("{what}", mark("Check that the file or folder exists and may be read and written.")),
    "folder-not-shared": (
        mark("{machine}, which analyses for this build, cannot read {file}; this machine can."),
        mark("Mount the folder at the same path on every machine of the cluster, readable by Spark's user."),
    ),
    "database-out-of-reach": (
        mark("The database at {address} answers on this machine only; the workers of {master} are on others."),
        mark("Set SEGUE_MONGODB_URI to the address of a MongoDB server that every one of them can reach."),
    ),
    "few-analysed": (
        markn(
            "1 track is analysed; similar tracks need at least {fewest}.",
            "{number} tracks are analysed; similar tracks need at least {fewest}.",
        ),
        mark("Add music and build again."),
    ),
    "few-audible": (
        mark("Of {tracks} tracks {number} hold enough sound; similar tracks need {fewest}."),
        mark("Add music that is not silent and lasts longer than a few seconds, then build again."),
    ),
    "java-missing": (
        mark("Building the similarity model needs Java {oldest}, and there is none on this machine."),
        _INSTALL_JAVA,
    ),
    "java-not-in-home": (
        mark("Building the similarity model needs Java {oldest}, and there is none in JAVA_HOME, {folder}."),
        _INSTALL_JAVA,
    ),
    "java-broken": (
        mark("Building the similarity model needs Java {oldest}, and {found} does not run."),
        _INSTALL_JAVA,
    ),
    "java-old": (mark("Building needs Java {oldest} or newer, and {found} is Java {version}."), _INSTALL_JAVA),
    "spark-died": (mark("Spark ({master}) failed: its Java process ended unexpectedly."), ""),
    "spark-failed": (mark("Spark ({master}) failed: {reason}"), ""),
    "spark-rebuild": (mark("The model before is still in use; {file} says more. Rebuild the index to try again."), ""),
    "spark-rescan": (mark("What was analysed is kept; {file} says more. Rescan the library to go on."), ""),
    "spark-hashes-otherwise": (
        mark("This version of Spark hashes otherwise than the player does."),
        mark("The model before is still in use; install the version of pyspark that Segue asks for, then rebuild."),
    ),
    "folder-no-text": (
        mark("The name of the folder {folder} is not valid text."),
        mark("Rename it, or add the folder that it is in."),
    ),
    "indexer-not-started": (mark("The indexer could not be started ({program})."), mark("Install Segue again.")),
    "indexer-stopped": (
        mark("The indexer stopped unexpectedly ({how})."),
        mark("Nothing that was finished is lost; rescan to go on. Details are in {file}."),
    ),
    "indexer-crashed": (mark("crashed"), ""),
    "indexer-exit": (mark("exit code {number}"), ""),
}
