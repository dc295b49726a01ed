"""Serves the library: `python -m musicplayer.server`."""

from __future__ import annotations

import sys

from indexer.core.politeness import calculate_in_one_thread


def main() -> int:
    """Serve until told to end; return the exit code."""
    calculate_in_one_thread()  # before anything loads NumPy
    from musicplayer.server.command import main as serve  # noqa: PLC0415 - see above

    return serve()


if __name__ == "__main__":
    sys.exit(main())
