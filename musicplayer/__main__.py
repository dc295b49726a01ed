"""The command line of the player: `python -m musicplayer [--home DIR] [--demo | --diagnose] [FOLDER_OR_FILE ...]`.

With `--serve` there is no window: the rest of the line is for the server, which needs neither Qt nor a display.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from indexer.core.files.logs import LEVEL_VARIABLE, catch_all, start_logging
from indexer.core.files.privacy import keep_private
from indexer.core.home import Home
from indexer.core.politeness import calculate_in_one_thread
from musicplayer.desktop.visit import Command, visit_from

SERVE = "--serve"
THEMES = ("system", "light", "dark")
REMOTE = {
    Command.PLAY_PAUSE: "play or pause the Segue that runs",
    Command.NEXT: "go to the next track there",
    Command.PREVIOUS: "go to the previous one",
    Command.STOP: "stop there",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Open the window, tell the one that is open, serve without one, or take the tour; return the exit code."""
    calculate_in_one_thread()  # before anything loads NumPy
    given = list(sys.argv[1:] if arguments is None else arguments)
    if SERVE in given:
        from musicplayer.server.command import main as serve  # noqa: PLC0415 - the window knows nothing of it

        return serve([each for each in given if each != SERVE], program=f"segue {SERVE}")
    options = _parser().parse_args(given)
    if options.diagnose is not None:
        return _diagnose(Home.resolve(options.home), options.diagnose)
    if options.tour is not None:
        logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
        from musicplayer.tour import take_tour  # noqa: PLC0415 - of no use to a start that shows the window

        return take_tour(options.tour, folder=_first(options.paths), home=options.home, theme=options.theme)
    return _open(options, Home.resolve(options.home))


def _open(options: argparse.Namespace, home: Home) -> int:
    """Be the Segue of this home, or hand over to the one that is."""
    from musicplayer.desktop.instance import NotAnswering, claim_or_visit, hand_over  # noqa: PLC0415 - loads Qt

    if options.library and (known := _known_library(home, options.library)) is not None:
        options.library, home = "", known
    visit = visit_from(options.command, options.paths, library=options.library)
    if options.command in REMOTE:
        return 0 if hand_over(home, visit) else _complain("Segue is not running.", "Start it first.")
    from indexer.core.shared.server import ServerError, read_server  # noqa: PLC0415 - not for a report or the tour

    try:
        read_server(home)
        instance = claim_or_visit(home, visit)
    except (NotAnswering, ServerError) as error:
        return _complain(error.message, error.advice)
    if instance is None:
        return 0
    if options.verbose:
        os.environ[LEVEL_VARIABLE] = "DEBUG"  # for the indexer as well
    keep_private(home)
    start_logging(home, "player", verbose=options.verbose)
    catch_all(home, "player")
    from musicplayer.app import run  # noqa: PLC0415 - a second start ends before this

    return run(sys.argv, home, instance=instance, visit=visit, theme=options.theme)


def _known_library(home: Home, address: str) -> Home | None:
    """The home of the library at an address, where it was opened before."""
    from indexer.core.shared.server import ServerError, addresses_of, library_home  # noqa: PLC0415 - for this only

    try:
        homes = [library_home(home, whole) for whole in addresses_of(address)]
    except ServerError:
        return None  # the dialog says so
    return next((known for known in homes if known.server_file.exists()), None)


def _diagnose(home: Home, file: str) -> int:
    """Write a report and say where it is, and what it lacks."""
    from musicplayer.diagnose.report import ReportNotWritten, suggested_name, write_report  # noqa: PLC0415 - for this only

    try:
        report = write_report(home, Path(file or suggested_name()).absolute())
    except ReportNotWritten as error:
        return _complain(error.message, error.advice)
    for sentence in report.missing:
        sys.stderr.write(f"not in the report: {sentence}\n")
    sys.stdout.write(f"{report.file}\n")
    return 0


def _complain(message: str, advice: str) -> int:
    sys.stderr.write(f"segue: {message} {advice}\n")
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="segue", description="A music player that knows what your music sounds like.")
    parser.add_argument("paths", nargs="*", metavar="FOLDER_OR_FILE", help="folders to add, files to play")
    parser.add_argument("--home", type=Path, metavar="DIR", help="keep everything in this folder (also SEGUE_HOME)")
    parser.add_argument(
        "--library", default="", metavar="ADDRESS", help="open the library that another computer shares at this address"
    )
    parser.add_argument("--theme", choices=THEMES, help="the look, for this start")
    parser.add_argument(
        "--tour", type=Path, metavar="DIR", help="drive the window through the whole job, screenshots go to DIR"
    )
    parser.add_argument(
        SERVE, action="store_true", help=f"serve the library on the network instead; “segue {SERVE} --help” says more"
    )
    parser.add_argument("--verbose", action="store_true", help="log everything, also to standard error")
    parser.add_argument(
        "--diagnose",
        nargs="?",
        const="",
        metavar="FILE",
        help="write a report for a bug, without names of people, folders and music, to a zip file",
    )
    command = parser.add_mutually_exclusive_group()
    command.add_argument(
        "--demo", dest="command", action="store_const", const=Command.DEMO, help="make the demo library and open it"
    )
    for remote, what in REMOTE.items():
        command.add_argument(f"--{remote}", dest="command", action="store_const", const=remote, help=what)
    parser.set_defaults(command=Command.SHOW)
    return parser


def _first(paths: Sequence[str]) -> Path | None:
    return Path(paths[0]) if paths else None


if __name__ == "__main__":
    sys.exit(main())
