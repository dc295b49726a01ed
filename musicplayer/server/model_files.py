"""The files of the model in use, for players of other machines, which answer from a copy of it."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from indexer.core.errors import SegueError
from indexer.core.home import Home
from indexer.core.model import current_model_folder
from musicplayer.server.errors import NotThere
from musicplayer.server.streams.opening import OpenFile, opened


class ModelFiles:
    """Of one profile of a home; for worker threads, for it reads the disk.

    No folder but that of the model in use is there, and in it nothing but files: no links, no folders.
    """

    def __init__(self, home: Home, profile: str) -> None:
        self._home = home
        self._profile = profile

    def current(self) -> str | None:
        """What the model in use is called; None where none was built, or it is damaged."""
        folder = self._folder()
        return None if folder is None else folder.name

    def sizes(self, model: str) -> dict[str, int]:
        """The files of a model by name, with their bytes; raises NotThere for one that is not in use."""
        folder = self._folder()
        if folder is None or folder.name != model:
            raise NotThere("api-not-there")
        try:
            with os.scandir(folder) as entries:
                states = {entry.name: entry.stat(follow_symlinks=False) for entry in entries}
        except OSError as error:  # another model took its place
            raise NotThere("api-not-there") from error
        return {name: state.st_size for name, state in sorted(states.items()) if stat.S_ISREG(state.st_mode)}

    def open(self, model: str, name: str) -> OpenFile:
        """Open one of them.

        Raises:
            NotThere: it is none of them.
            StreamError: it cannot be read.
        """
        folder = self._folder()
        if folder is None or name not in self.sizes(model):
            raise NotThere("api-not-there")
        return opened(str(folder / name))

    def _folder(self) -> Path | None:
        try:
            return current_model_folder(self._home, self._profile)
        except (SegueError, OSError):
            return None  # what is wrong with it is said where answers come from
