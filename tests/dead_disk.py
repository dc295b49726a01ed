"""Mounts that are dead in every way a drive or a server can be: a file system of our own in /dev/fuse, for root."""

from __future__ import annotations

import ctypes
import errno
import os
import struct
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

DEVICE = Path("/dev/fuse")
ERRORS = (errno.EACCES, errno.EIO, errno.ENOTCONN, errno.ESTALE)

_GETATTR, _INIT, _FORGET, _STATFS, _BATCH_FORGET, _INTERRUPT, _DESTROY = 3, 26, 2, 17, 42, 36, 38
_HEADER = struct.Struct("<IIQQIIII")
_DETACHED = 2


@contextmanager
def hung(folder: Path) -> Iterator[None]:
    """While open, whoever asks about `folder` waits for ever: its server never answers."""
    with _mounted(folder):
        yield


@contextmanager
def failing(folder: Path, error: int) -> Iterator[None]:
    """While open, `folder` is a mount that answers every question, about itself too, with one error."""
    with _mounted(folder) as device:
        threading.Thread(target=_serve, args=(device, error), daemon=True).start()
        yield


@contextmanager
def _mounted(folder: Path) -> Iterator[int]:
    """A file system whose requests are read from the descriptor that is given."""
    if sys.platform != "linux" or os.geteuid() != 0 or not DEVICE.exists():
        pytest.skip("only root can mount, and only where there is /dev/fuse")
    system = ctypes.CDLL(None, use_errno=True)
    device = os.open(DEVICE, os.O_RDWR)
    options = f"fd={device},rootmode=40000,user_id=0,group_id=0,allow_other".encode()
    if system.mount(b"dead", os.fsencode(folder), b"fuse", 0, options):
        os.close(device)
        pytest.skip(f"nothing can be mounted here: {os.strerror(ctypes.get_errno())}")
    try:
        yield device
    finally:
        system.umount2(os.fsencode(folder), _DETACHED)
        _abort(device)


def _abort(device: int) -> None:
    """End the file system; whoever waits for it gets an error."""
    os.close(device)


def _serve(device: int, error: int) -> None:
    """Answer as https://www.kernel.org/doc/html/latest/filesystems/fuse.html says, until the device is closed."""
    while True:
        try:
            request = os.read(device, 1 << 20)
        except OSError:
            return
        _, operation, unique, *_ = _HEADER.unpack_from(request)
        if operation in {_FORGET, _BATCH_FORGET, _INTERRUPT}:
            continue
        if operation == _INIT:
            major, minor, ahead = struct.unpack_from("<III", request, _HEADER.size)
            answer = struct.pack("<IIIIHHIIHH8I", major, min(minor, 31), ahead, 0, 12, 9, 1 << 16, 1, 0, 0, *[0] * 8)
            _reply(device, unique, 0, answer[:64])
        else:
            _reply(device, unique, -error, b"")


def _reply(device: int, unique: int, error: int, answer: bytes) -> None:
    try:
        os.write(device, struct.pack("<IiQ", 16 + len(answer), error, unique) + answer)
    except OSError:
        return  # it was unmounted meanwhile
