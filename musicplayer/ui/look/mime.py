"""What is carried when rows are dragged: track ids from anywhere, positions within the queue, files from outside."""

from __future__ import annotations

import json
from collections.abc import Sequence

from PySide6.QtCore import QByteArray, QMimeData, QUrl

from indexer.core.tracks import TrackId
from musicplayer.desktop.file_urls import path_of_url

TRACKS = "application/x-segue-tracks"
QUEUE_ROWS = "application/x-segue-queue-rows"
PLAYLIST_ROWS = "application/x-segue-playlist-rows"
FILES = "text/uri-list"


def tracks_to_mime(tracks: Sequence[TrackId]) -> QMimeData:
    data = QMimeData()
    data.setData(TRACKS, QByteArray(json.dumps(list(tracks)).encode()))
    return data


def tracks_of(data: QMimeData) -> list[TrackId]:
    return [TrackId(str(item)) for item in _list_of(data, TRACKS)]


def queue_rows_to_mime(rows: Sequence[int], tracks: Sequence[TrackId]) -> QMimeData:
    data = tracks_to_mime(tracks)
    data.setData(QUEUE_ROWS, QByteArray(json.dumps(list(rows)).encode()))
    return data


def queue_rows_of(data: QMimeData) -> list[int]:
    return [item for item in _list_of(data, QUEUE_ROWS) if isinstance(item, int)]


def playlist_rows_to_mime(playlist: str, rows: Sequence[int], tracks: Sequence[TrackId]) -> QMimeData:
    data = tracks_to_mime(tracks)
    data.setData(PLAYLIST_ROWS, QByteArray(json.dumps([playlist, *rows]).encode()))
    return data


def playlist_rows_of(data: QMimeData, playlist: str) -> list[int]:
    """Positions within a playlist, none where the rows come from another one."""
    source = _list_of(data, PLAYLIST_ROWS)
    return [item for item in source[1:] if isinstance(item, int)] if source[:1] == [playlist] else []


def files_of(data: QMimeData) -> list[str]:
    """Local paths dropped from a file manager."""
    return [_path(url) for url in data.urls() if url.isLocalFile()] if data.hasUrls() else []


def _path(url: QUrl) -> str:
    """The path, also of a name that is not UTF-8, which Qt replaces by question marks."""
    path = url.toLocalFile()
    exact = path_of_url(bytes(url.toEncoded().data()).decode("ascii", "replace")) if "\ufffd" in path else None
    return exact or path


def _list_of(data: QMimeData, kind: str) -> list[object]:
    if not data.hasFormat(kind):
        return []
    try:
        value = json.loads(bytes(data.data(kind).data()))
    except (ValueError, RecursionError):
        return []
    return value if isinstance(value, list) else []
