"""The last bytes of a backup: a checksum of everything before them, so that no byte can change unnoticed.

The checksums inside cover the parts; names, dates and the table of contents of a zip file have none. They are the
comment that a zip file may end with, so that any program can open a backup.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from typing import BinaryIO

_MARK = b"Segue backup. SHA-256 of all bytes before this: "
_DIGITS = 64
_LENGTH = len(_MARK) + _DIGITS
_AT_ONCE = 1 << 20


def unsealed() -> bytes:
    """The comment of a backup that is being written, with room for the checksum."""
    return _MARK + b"0" * _DIGITS


def seal(file: BinaryIO) -> None:
    """Put the checksum in its place at the end of a file that is written and read.

    Raises:
        OSError: it cannot be written.
    """
    digest = _digest(file)
    file.seek(-_DIGITS, os.SEEK_END)
    file.write(digest)


def has_seal(file: BinaryIO) -> bool:
    """Whether a file ends as backups do."""
    return _end_of(file).startswith(_MARK)


def is_unbroken(file: BinaryIO) -> bool:
    """Whether every byte of a sealed file is as it was when it was sealed."""
    return hmac.compare_digest(_end_of(file)[len(_MARK) :], _digest(file))


def _end_of(file: BinaryIO) -> bytes:
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _LENGTH))
    return file.read(_LENGTH)


def _digest(file: BinaryIO) -> bytes:
    left = file.seek(0, os.SEEK_END) - _DIGITS
    file.seek(0)
    digest = hashlib.sha256()
    while left > 0 and (block := file.read(min(_AT_ONCE, left))):
        digest.update(block)
        left -= len(block)
    return digest.hexdigest().encode()
