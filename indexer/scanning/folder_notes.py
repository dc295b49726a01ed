"""Keeps and says what a scan finds about whole folders: those that are away or bare, or hold files of unknown kinds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial

from indexer.core.audio.errors import UnreadableFolder
from indexer.core.audio.walk import Listing
from indexer.core.events import EventSink, Notice
from indexer.core.files.kinds import counted_endings, leading_endings
from indexer.core.sentences.told import told
from indexer.core.store import Database, LibraryFolder
from indexer.core.store.patience import Patience
from indexer.core.text import shown_path
from indexer.core.tracks import FileRecord
from indexer.scanning.plan import is_below, is_seen


class FolderNotes:
    """What the library keeps of its folders."""

    def __init__(
        self, database: Database, registered: Mapping[str, LibraryFolder], on_event: EventSink, patiently: Patience
    ) -> None:
        """Prepare; `registered` are the folders of the library by their absolute paths."""
        self._database = database
        self._registered = registered
        self._on_event = on_event
        self._patiently = patiently

    def presence(self, listings: Iterable[Listing], records: Mapping[str, FileRecord]) -> None:
        """Mark folders that are not there, and say so; one that never was becomes an error of its listing."""
        for listing in listings:
            known = sum(is_below(path, listing.root) for path in records)
            away = not is_seen(listing, anything_known=known > 0)
            folder = self._registered.get(listing.root)
            name = listing.root if folder is None else folder.path
            self._patiently(partial(self._database.folders.set_away, name, away))
            if away and known:
                self._on_event(Notice("folder-away", {"folder": shown_path(listing.root), "number": known}))
            elif not listing.is_there and listing.root not in listing.errors:
                listing.errors[listing.root] = UnreadableFolder(listing.root, "there is no such folder")
            elif listing.is_there and not listing.files and not known:
                self._on_event(Notice("folder-without-music", {"folder": shown_path(listing.root)}))

    def unknown_kinds(self, listings: Iterable[Listing]) -> None:
        """Keep and say how many files are of kinds that are not known; says no more what it said before."""
        for listing in listings:
            counted = counted_endings(listing.unknown)
            known = self._registered.get(listing.root)
            if not listing.is_there or (known is not None and known.unknown == counted):
                continue
            if known is not None:
                self._patiently(partial(self._database.folders.set_unknown, known.path, counted))
            if counted:
                self._on_event(_unknown_kinds(listing))


def _unknown_kinds(listing: Listing) -> Notice:
    kinds, rest = leading_endings(counted_endings(listing.unknown))
    shown = [
        told("kind-count", kind=ending, number=count) if ending else told("kind-without-ending", number=count)
        for ending, count in kinds
    ]
    if rest:
        shown.append(told("kind-others", number=rest))
    values = {"number": listing.unknown.total(), "folder": shown_path(listing.root), "kinds": shown}
    return Notice("kinds-unknown", values)
