"""Learns taste anew from plays that were gathered, where there are new ones, and tells the broker of the model."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.analysis.control import Control
from indexer.core.events import EventSink
from indexer.core.files.json_files import read_object, write_object
from indexer.core.home import Home
from indexer.core.kafka.announcing import announced
from indexer.core.store import Database
from indexer.core.taste.folder import taste_stamp
from indexer.core.taste.model import TASTE, TasteManifest
from indexer.core.taste.solve import MOST_ROWS
from indexer.history.build import build_taste
from indexer.history.streamed import Streamed

if TYPE_CHECKING:
    from indexer.spark.stream.files import GatheredFiles

_PLAYS = "plays"


@dataclass(frozen=True)
class Learner:
    """What learns for a home.

    Attributes:
        home: has what was gathered.
        files: those of the home that the gathering writes to.
        profile: whose vectors of sound are taken.
        master: where Spark runs.
        most_rows: listeners up to which each is a row; of more, Spark learns factors.
    """

    home: Home
    files: GatheredFiles
    profile: str
    master: str | None = None
    most_rows: int = MOST_ROWS

    def fresh(self, database: Database) -> int:
        """How many gathered plays were not learnt from yet; all of them where there is no model.

        What was erased meanwhile is taken out of the files first.

        Raises:
            OSError, GatheredDamaged, DatabaseError: they cannot be read.
        """
        self.files.take_out(database.plays.erased())
        number, learnt = len(Streamed(database, self.home)), self._learnt()
        return number if learnt > number or taste_stamp(self.home) is None else number - learnt

    def learn(self, database: Database, on_event: EventSink, control: Control) -> TasteManifest | None:
        """Build the model, note what it was learnt from, and tell the broker; None if cancelled.

        Raises:
            SegueError: what `build_taste` raises.
        """
        number = len(Streamed(database, self.home))
        manifest = build_taste(
            database,
            self.home,
            self.profile,
            master=self.master,
            most_rows=self.most_rows,
            on_event=on_event,
            control=control,
        )
        if manifest is not None:
            write_object(self._note, {_PLAYS: number})
            announced(self.home, TASTE, manifest.id, on_event)
        return manifest

    @property
    def _note(self) -> Path:
        return self.home.stream / "learnt.json"

    def _learnt(self) -> int:
        found = read_object(self._note).get(_PLAYS)
        return found if isinstance(found, int) else 0
