"""A playlist as a small immutable value: whose it is, what is in it, and which version of it this is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from indexer.core.plays import OWNER, ListenerId
from indexer.core.text import as_text
from indexer.core.tracks import TrackId


class PlaylistKind(StrEnum):
    """Whether the tracks of a playlist were put there one by one, or are found anew each time."""

    LIST = "list"
    SMART = "smart"


@dataclass(frozen=True, slots=True)
class Playlist:
    """A playlist as it is kept; immutable, so that what it was before an edit costs no copy.

    Attributes:
        id: 32 hexadecimal digits, for life.
        name: what people call it; no two of one owner are the same.
        kind: whether `tracks`, or `query`, `order`, `descending` and `limit` say what is in it.
        tracks: in order; the same one may be there twice.
        query: in the search language.
        order: name of a column, "random", or empty for the order of the shelf.
        descending: from the end of the alphabet, the newest, the longest.
        limit: at most so many of the first; 0 for all.
        position: place among the playlists, smallest first.
        updated_at: seconds since 1970; of two versions the later holds.
        deleted: a tombstone, which keeps an older version from coming back.
        owner: the listener whose it is, who alone changes it.
        shared: whether other listeners see it.
        comment: what the owner says about it.
    """

    id: str
    name: str
    kind: PlaylistKind = PlaylistKind.LIST
    tracks: tuple[TrackId, ...] = ()
    query: str = ""
    order: str = ""
    descending: bool = False
    limit: int = 0
    position: float = 0.0
    updated_at: float = 0.0
    deleted: bool = False
    owner: ListenerId = OWNER
    shared: bool = False
    comment: str = ""

    @property
    def is_smart(self) -> bool:
        return self.kind is PlaylistKind.SMART

    def as_record(self) -> dict[str, Any]:
        """Plain values by name, as a file or a database keeps them."""
        record = {each.name: getattr(self, each.name) for each in fields(self)}
        return record | {"kind": self.kind.value, "tracks": list(self.tracks)}

    @classmethod
    def of_record(cls, record: Mapping[str, Any]) -> Playlist:
        """The playlist of a record from `as_record`, or of a version before, when there was one listener.

        Raises:
            KeyError, TypeError, ValueError, OverflowError: it is none.
        """
        return cls(
            id=as_text(record["id"]),
            name=as_text(record["name"]),
            kind=PlaylistKind(record["kind"]),
            tracks=tuple(TrackId(as_text(track)) for track in record["tracks"]),
            query=as_text(record["query"]),
            order=as_text(record["order"]),
            descending=bool(record["descending"]),
            limit=max(0, int(record["limit"])),
            position=float(record["position"]),
            updated_at=float(record["updated_at"]),
            deleted=bool(record["deleted"]),
            owner=ListenerId(as_text(record.get("owner", OWNER))),
            shared=bool(record.get("shared")),
            comment=as_text(record.get("comment", "")),
        )
