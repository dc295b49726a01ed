"""Names a track by its sound, so that renaming, moving and retagging leave it the same track."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from indexer.core.audio.errors import EmptyFile, from_os_error
from indexer.core.audio.payload import Payload, locate, page_bodies
from indexer.core.tracks import TrackId

BLOCK = 256 * 1024
"""Bytes of one of the three places that are hashed: a disc reads them in one go."""

_ID_BYTES = 16


def identify(path: Path) -> TrackId:
    """Return the id of the track in a file.

    It is BLAKE2b-128 of the size of the sound and of three blocks of it, at its beginning, in its middle and at its
    end; all of it where it is no larger than they are. Tags of every usual kind are skipped.

    Raises:
        EmptyFile: there are no bytes, or tags and nothing else.
        VanishedFile: the file is not there.
        UnreadableFile: the system does not let it be read.
    """
    try:
        with path.open("rb") as file:
            payload = locate(file)
            if payload.size == 0:
                raise EmptyFile(path)
            return TrackId(_digest(file, payload))
    except OSError as error:
        raise from_os_error(path, error) from error


def _digest(file: BinaryIO, payload: Payload) -> str:
    digest = hashlib.blake2b(payload.size.to_bytes(8, "little"), digest_size=_ID_BYTES)
    for block in _blocks(file, payload):
        if payload.paged:
            for body in page_bodies(block):
                digest.update(body)
        else:
            digest.update(block)
    return digest.hexdigest()


def _blocks(file: BinaryIO, payload: Payload) -> Iterator[bytes]:
    if payload.size <= 3 * BLOCK:
        file.seek(payload.start)
        yield file.read(payload.size)
        return
    for at in (0, (payload.size - BLOCK) // 2, payload.size - BLOCK):
        file.seek(payload.start + at)
        yield file.read(BLOCK)
