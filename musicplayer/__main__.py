"""The command line of the player: `python -m musicplayer [--home DIR] [--demo] [--tour DIR] [FOLDER_OR_FILE ...]`."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from indexer.home import Home

THEMES = ("system", "light", "dark")


def main(arguments: Sequence[str] | None = None) -> int:
    """Open the window, or take the tour; return the exit code."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    if options.tour is not None:
        from musicplayer.tour import take_tour  # noqa: PLC0415 - of no use to a start that shows the window

        return take_tour(options.tour, folder=_first(options.paths), home=options.home, theme=options.theme)
    from musicplayer.app import run  # noqa: PLC0415 - so that --help and a wrong option answer before Qt is loaded

    home = Home.resolve(options.home)
    return run(sys.argv, home, paths=options.paths, demo=options.demo, theme=options.theme)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="segue", description="A music player that knows what your music sounds like.")
    parser.add_argument("paths", nargs="*", metavar="FOLDER_OR_FILE", help="folders to add, files to play")
    parser.add_argument("--home", type=Path, metavar="DIR", help="keep everything in this folder (also SEGUE_HOME)")
    parser.add_argument("--demo", action="store_true", help="make the demo library and open it")
    parser.add_argument("--theme", choices=THEMES, help="the look, for this start")
    parser.add_argument(
        "--tour", type=Path, metavar="DIR", help="drive the window through the whole job, screenshots go to DIR"
    )
    return parser


def _first(paths: Sequence[str]) -> Path | None:
    return Path(paths[0]) if paths else None


if __name__ == "__main__":
    sys.exit(main())
