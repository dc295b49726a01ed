"""Writes a file so that a reader, or the next start after a crash, finds the old content or the new, never half."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

PARTIAL = ".part-"
"""Before the name of a file that is being written, which lies beside the one that it will be."""
_PRIVATE = 0o600
_ANY = 0o666
"""What the system's mask is taken from."""


def write_atomically(path: Path, content: bytes, *, durable: bool = False, shared: bool = False) -> None:
    """Replace `path` by `content`; the arguments are those of `replacing`.

    Raises:
        OSError: the disk is full or the folder may not be written. `path` is as it was.
    """
    with replacing(path, durable=durable, shared=shared) as file:
        file.write(content)


@contextmanager
def replacing(path: Path, *, durable: bool = False, shared: bool = False) -> Iterator[BinaryIO]:
    """A file to write to that takes the place of `path` when the block ends without an error.

    Until then it lies where its `name` says, and can be read back. A link stays one: what it points to is replaced.

    Args:
        path: the file to write.
        durable: also survive a loss of power right after; costs milliseconds.
        shared: a file among those of a person, with the rights that it has or any new file gets, in a folder that is
            there; other files are Segue's own, for their owner only, and the folders above them are made.

    Raises:
        OSError: the disk is full or the folder may not be written. `path` is as it was, and nothing else is left.
    """
    if path.is_symlink():
        path = Path(os.path.realpath(path))
    if not shared:
        path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{PARTIAL}{secrets.token_hex(4)}{path.suffix}")
    try:
        with open(partial, "x+b", opener=_opened_for_all if shared else _opened_for_owner) as file:
            yield file
            if shared:
                _keep_rights(path, partial)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        partial.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
        raise
    if durable:
        sync_folder(path.parent)


def _opened_for_owner(name: str, flags: int) -> int:
    return os.open(name, flags, _PRIVATE)


def _opened_for_all(name: str, flags: int) -> int:
    return os.open(name, flags, _ANY)


def _keep_rights(path: Path, partial: Path) -> None:
    """Those of the file before, on drives that know any."""
    with contextlib.suppress(OSError):
        partial.chmod(stat.S_IMODE(path.stat().st_mode))


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a loss of power, where folders can be synced."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
