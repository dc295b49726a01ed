"""What is carried when rows are dragged: track ids from anywhere, positions within the queue, files from outside."""

from __future__ import annotations

import json
from collections.abc import Sequence

from PySide6.QtCore import QByteArray, QMimeData

from indexer.library import TrackId

TRACKS = "application/x-segue-tracks"
QUEUE_ROWS = "application/x-segue-queue-rows"


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


def files_of(data: QMimeData) -> list[str]:
    """Local paths dropped from a file manager."""
    return [url.toLocalFile() for url in data.urls() if url.isLocalFile()] if data.hasUrls() else []


def _list_of(data: QMimeData, kind: str) -> list[object]:
    if not data.hasFormat(kind):
        return []
    try:
        value = json.loads(bytes(data.data(kind).data()))
    except ValueError:
        return []
    return value if isinstance(value, list) else []
