"""Paths as file:// addresses and back, also of names that are not valid UTF-8."""

from __future__ import annotations

import os
from urllib.parse import quote, unquote_to_bytes, urlsplit


def file_url(path: str) -> str:
    """The file:// address of an absolute path."""
    return "file://" + quote(os.fsencode(path))


def path_of_url(url: str) -> str | None:
    """The path that a file: address of this machine names, None for any other address."""
    try:
        parts = urlsplit(url)
        url.encode("utf-8", "surrogateescape")
    except ValueError:  # no address, or no text that stands for bytes
        return None
    if parts.scheme != "file" or parts.netloc not in {"", "localhost"} or not parts.path.startswith("/"):
        return None
    rest = url.partition(":")[2]  # the path as it stands: urlsplit takes ? and # for ends of it, and drops line breaks
    path = rest[2:].removeprefix("localhost") if rest.startswith("//") else rest
    named = unquote_to_bytes(path.encode("utf-8", "surrogateescape"))
    return os.fsdecode(named) if named.startswith(b"/") and b"\0" not in named else None
