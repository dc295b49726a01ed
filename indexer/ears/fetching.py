"""Brings the file of a package: from a folder, or from the Python package index where a person agreed to that."""

from __future__ import annotations

import hashlib
import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from indexer.core.model.embedding.ears import Ear
from indexer.core.model.embedding.errors import EarError

INDEX = "https://pypi.org/pypi/{package}/{version}/json"
"""What the index tells of a version, among it where its files are."""

_TIMEOUT_SECONDS = 30
_BLOCK = 1 << 18
_LARGEST_ANSWER = 16 << 20
"""Bytes of what the index tells; more is not what was asked for."""

Progress = Callable[[int, int], None]
"""Told how many bytes of how many have come."""


def read_package(ear: Ear, path: Path) -> bytes:
    """The file of an ear's package, from a folder.

    Raises:
        EarError: it cannot be read, or is another one.
    """
    try:
        content = path.expanduser().read_bytes()
    except OSError as error:
        raise EarError("ear-file-unreadable", file=path, reason=error.strerror or str(error)) from error
    return _checked(ear, content, str(path))


def download_package(ear: Ear, on_progress: Progress = lambda _done, _total: None, *, index: str = INDEX) -> bytes:
    """The file of an ear's package from the index, through the proxies of the environment.

    Raises:
        EarError: there is no way there, the index does not have it, or what comes is another file or a part of it.
    """
    address = index.format(package=ear.package, version=ear.version)
    place = _place_of(ear, _fetched(ear, address, _LARGEST_ANSWER), address)
    if not place.startswith(index.partition("//")[0]):  # as secure as the index itself
        raise EarError("ear-not-there", file=ear.file, address=address)
    content = _fetched(ear, place, ear.size + 1, on_progress)
    if len(content) < ear.size:
        raise EarError("ear-incomplete", file=ear.file, came=len(content), size=ear.size)
    return _checked(ear, content, place)


def _place_of(ear: Ear, told: bytes, address: str) -> str:
    """Where the file is, as the index tells it."""
    try:
        files = json.loads(told)["urls"]
        return next(str(file["url"]) for file in files if file["filename"] == ear.file)
    except (ValueError, TypeError, KeyError, StopIteration, RecursionError) as error:
        raise EarError("ear-not-there", file=ear.file, address=address) from error


def _fetched(ear: Ear, address: str, most: int, on_progress: Progress = lambda _done, _total: None) -> bytes:
    """What an address answers, `most` bytes of it at most."""
    content = bytearray()
    try:
        with urllib.request.urlopen(address, timeout=_TIMEOUT_SECONDS) as answer:  # noqa: S310 - its scheme is checked
            while len(content) < most and (block := answer.read(min(_BLOCK, most - len(content)))):
                content += block
                on_progress(len(content), ear.size)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise EarError(
            "ear-unreachable", address=address, reason=_reason(error), file=ear.file, name=ear.name
        ) from error
    return bytes(content)


def _reason(error: Exception) -> str:
    if isinstance(error, urllib.error.HTTPError):
        return f"{error.code} {error.reason}"
    reason = error.reason if isinstance(error, urllib.error.URLError) else error
    return str(getattr(reason, "strerror", None) or reason or type(error).__name__).rstrip(".")


def _checked(ear: Ear, content: bytes, where: str) -> bytes:
    if hashlib.sha256(content).hexdigest() != ear.sha256:
        raise EarError("ear-other-file", file=where, wanted=ear.file)
    return content
