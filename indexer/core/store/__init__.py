"""The database: all that Segue keeps, on any MongoDB server or on one that it manages itself.

Names are loaded on first use: the keeper lives in this package and starts twice as fast without the driver.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from indexer.core.store.database import Database as Database
    from indexer.core.store.database import open_database as open_database
    from indexer.core.store.faults import DatabaseError as DatabaseError
    from indexer.core.store.faults import DatabaseUnavailable as DatabaseUnavailable
    from indexer.core.store.records import FeatureRecord as FeatureRecord
    from indexer.core.store.records import Heir as Heir
    from indexer.core.store.records import LibraryFolder as LibraryFolder
    from indexer.core.store.records import SoundRecord as SoundRecord
    from indexer.core.store.records import TrackFile as TrackFile
    from indexer.core.store.records import WordsRecord as WordsRecord

_HOME_OF = {
    "Database": "database",
    "open_database": "database",
    "DatabaseError": "faults",
    "DatabaseUnavailable": "faults",
    "FeatureRecord": "records",
    "Heir": "records",
    "LibraryFolder": "records",
    "TrackFile": "records",
    "SoundRecord": "records",
    "WordsRecord": "records",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
