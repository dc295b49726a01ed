"""What a playlist file lists, and how the paths in it are meant and written."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote_to_bytes

from indexer.core.errors import SegueError
from indexer.core.tracks import Seconds, TrackId

LONGEST_LOCATION = 32_768
_FILE_URL = re.compile(r"file:(?://(?P<host>[^/\\]*))?(?P<path>[/\\].*|[A-Za-z]:.*)", re.IGNORECASE | re.DOTALL)
_NETWORK = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]+://")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
_DRIVE = re.compile(r"[A-Za-z]:[/\\]")
_PLAIN = "/!$&'()*+,;=@~"
_BACKSLASH = "\\"
_SHARE = re.compile(r"(?:smb|cifs|nfs|afp|s?ftp|ssh|davs?|mtp)://[^/]*(?P<path>/.*)", re.IGNORECASE | re.DOTALL)
"""Addresses by which desktops name folders of other machines and devices: their files may be in the library, too."""
_SHARE = re.compile(r"(?:smb|cifs|nfs|afp|s?ftp|ssh|davs?|mtp)://[^/]*(?P<path>/.*)", re.IGNORECASE | re.DOTALL)
"""Addresses by which desktops name folders of other machines and devices: their files may be in the library, too."""
_MOPIDY = re.compile(r"local:(?:track|file):", re.IGNORECASE)


class PlaylistFileError(SegueError):
    """A playlist file cannot be read or written."""


@dataclass(frozen=True)
class Entry:
    """One line of a playlist file.

    Attributes:
        locations: where the file is, as written; several where it is not sure how that is spelt.
        title: what it says about the track, to name it where the library does not have it.
        artist: likewise.
        album: likewise.
        seconds: likewise.
        track: the library's own id of it.
        readings: other ways to read the line about it, where it is not sure how that is spelt.
        start: where it begins in its file, None where it is all of it.
        end: where it ends there, None for the end of the file.
    """

    locations: tuple[str, ...]
    title: str = ""
    artist: str = ""
    album: str = ""
    seconds: Seconds | None = None
    track: TrackId | None = None
    readings: tuple[str, ...] = ()
    start: Seconds | None = None
    end: Seconds | None = None

    @property
    def is_address(self) -> bool:
        """Whether it is on the network, and no file."""
        return bool(self.locations) and all(map(_is_address, self.locations))

    @property
    def place(self) -> str:
        """Where it is, as written; empty where nothing says."""
        return self.locations[0] if self.locations else ""

    @property
    def shown(self) -> str:
        """A line to name it by."""
        name = " – ".join(part for part in (self.artist, self.title) if part)
        return f"{name} ({self.place})" if name and self.place else name or self.place


@dataclass(frozen=True)
class Listing:
    """A playlist file: its name, empty where it says none, and its entries."""

    name: str
    entries: tuple[Entry, ...]


def paths_of(entry: Entry, folders: Iterable[str]) -> Iterator[str]:
    """Absolute paths that an entry may mean, likeliest first, by its words alone; none for an address of the network.

    Args:
        entry: of a playlist file.
        folders: absolute ones that relative paths start from: where the playlist file is.
    """
    bases = list(folders)
    for location in entry.locations:
        if not location or len(location) > LONGEST_LOCATION or "\0" in location:
            continue
        for spelling in _spellings(location):
            for base in bases:
                yield os.path.normpath(os.path.join(base, spelling))  # noqa: PTH118 - Path would drop surrogates of a drive


def relative_path(path: str, folder: Path) -> str:
    """`path` as seen from `folder`, with slashes; as it is where they share no drive, or it is of another machine."""
    if not os.path.isabs(path):  # noqa: PTH117 - paths may hold any bytes
        return path
    try:
        found = os.path.relpath(path, folder)
    except ValueError:
        found = path
    return found.replace(os.sep, "/")


def as_url(path: str) -> str:
    """A path with slashes as a part of an XML or a URL: relative as it is, absolute with `file://`."""
    if _NETWORK.match(path):
        return path
    if _DRIVE.match(path):
        return f"file:///{path[:2]}{quote(_bytes(path[2:].replace(_BACKSLASH, '/')), safe=_PLAIN)}"
    quoted = quote(_bytes(path), safe=_PLAIN)
    return f"file://{quoted}" if path.startswith("/") else quoted


def needs_dot(path: str) -> bool:
    """Whether a relative path would be taken for a comment or a URL if it did not begin with "./"."""
    if path.startswith(("#", " ", "\t")):
        return True
    return _SCHEME.match(path) is not None and not _DRIVE.match(path) and not _NETWORK.match(path)


def anchored(location: str, folder: str) -> str:
    """A location as it means the same in a list in another folder than `folder`, an absolute one."""
    is_relative = not location.startswith(("/", "\\")) and _SCHEME.match(location) is None
    if not is_relative or not location:
        return location
    return os.path.normpath(os.path.join(folder, location.replace("\\", "/")))  # noqa: PTH118 - paths may hold any bytes


def unquoted(text: str) -> str:
    """`text` with %20 and its like as what they stand for; bytes that are no UTF-8 become surrogates."""
    return os.fsdecode(unquote_to_bytes(text.encode("utf-8", "surrogateescape")))


def _is_address(location: str) -> bool:
    is_file = _FILE_URL.fullmatch(location) or _SHARE.fullmatch(location)
    return _NETWORK.match(location) is not None and not is_file


def _spellings(location: str) -> Iterator[str]:
    found = _FILE_URL.fullmatch(location)
    if found is not None:
        yield from _of_url(found["host"] or "", found["path"])
        return
    if share := _SHARE.fullmatch(location):
        yield _safely_unquoted(share["path"]).replace("\0", "")
        return
    if _NETWORK.match(location):
        return
    if _MOPIDY.match(location):
        yield _safely_unquoted(_MOPIDY.sub("", location)).replace("\0", "")
        return
    yield location
    if "\\" in location:
        yield location.replace("\\", "/")
    if location != location.strip():
        yield location.strip()


def _of_url(host: str, path: str) -> Iterator[str]:
    """Paths of a URL: of this machine, or of a share of another one, which only a library that has it would match."""
    unquoted_path = _safely_unquoted(path)
    if "\0" in unquoted_path:
        return
    for plain in dict.fromkeys((unquoted_path, unquoted_path.replace("\\", "/"))):
        if host and host.lower() != "localhost":
            yield f"//{host}{plain}"
        elif _DRIVE.match(plain[1:]):
            yield plain[1:]
        yield plain


def _safely_unquoted(text: str) -> str:
    try:
        return unquoted(text)
    except UnicodeError:  # a lone surrogate that stands for no byte
        return text


def _bytes(path: str) -> bytes:
    try:
        return os.fsencode(path)
    except UnicodeError:
        return path.encode("utf-8", "replace")
