"""Reads playlist files, and writes two kinds of them; nothing that an entry names is opened, fetched or looked at."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from indexer.core.files.atomic import write_atomically
from indexer.core.playlists import m3u, other_lists, xspf
from indexer.core.playlists.entries import Entry, Listing, PlaylistFileError

LARGEST = 32 * 1024 * 1024
"""Bytes that are read; a list of the whole of a large library has a third of this."""

_TAGGED = (".wpl", ".zpl", ".asx", ".wax", ".wvx")
READABLE = (".m3u8", ".m3u", ".xspf", ".pls", *_TAGGED)
WRITABLE = (".m3u8", ".xspf")


def is_playlist_file(path: str) -> bool:
    """Whether the name says that this is one."""
    return path.lower().endswith(READABLE)


def read_playlist(path: Path) -> Listing:
    """What a playlist file says.

    Raises:
        PlaylistFileError: it cannot be read, is too large, or is no playlist.
    """
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise PlaylistFileError("playlist-unreadable", file=path, reason=error.strerror or error) from error
    if len(content) > LARGEST:
        raise PlaylistFileError("playlist-too-large", file=path, size=LARGEST >> 20)
    listing = parse_playlist(content, path.name)
    return listing if listing.name else Listing(path.stem, listing.entries)


def parse_playlist(content: bytes, file_name: str) -> Listing:
    """What the content of a playlist file says; the ending of its name, or how it begins, tells the format.

    Raises:
        PlaylistFileError: it is no playlist.
    """
    ending = file_name.lower()
    if ending.endswith(_TAGGED) or (other_lists.looks_like_tags(content) and not ending.endswith(".xspf")):
        return other_lists.parse_tags(content, file_name)
    if other_lists.looks_like_pls(content):
        return other_lists.parse_pls(content)
    looks_like_xml = content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<"
    if ending.endswith(".xspf") or looks_like_xml:
        return xspf.parse(content, file_name)
    listing = m3u.parse(content)
    if any("\0" in entry.locations[0] for entry in listing.entries):  # which no path holds: this is no text
        raise PlaylistFileError("playlist-unknown", file=file_name)
    return listing


def write_playlist(path: Path, name: str, entries: Sequence[Entry]) -> None:
    """Write `entries`, whose paths become relative to the folder of `path`; the ending tells the format.

    Raises:
        PlaylistFileError: the file cannot be written; what was there stays.
    """
    made = xspf.made(name, entries, path.parent) if path.suffix.lower() == ".xspf" else m3u.made(entries, path.parent)
    try:
        write_atomically(path, made, shared=True)
    except OSError as error:
        raise PlaylistFileError("playlist-unwritable", file=path, reason=error.strerror or error) from error
