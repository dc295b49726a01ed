"""Paths as file:// addresses and back, also of names that are not valid UTF-8."""

from __future__ import annotations

import os
from urllib.parse import quote, unquote_to_bytes, urlsplit


def file_url(path: str) -> str:
    """The file:// address of an absolute path."""
    return "file://" + quote(os.fsencode(path))


def path_of_url(url: str) -> str | None:
    """The path that a file:// address of this machine names, None for any other address."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme != "file" or parts.netloc not in {"", "localhost"} or not parts.path.startswith("/"):
        return None
    return os.fsdecode(unquote_to_bytes(url.split("://", 1)[1].removeprefix("localhost")))
