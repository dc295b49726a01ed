"""What a report must not hold: who uses this machine, what it is called, where the music is and what it is called."""

from __future__ import annotations

import contextlib
import getpass
import json
import os
import re
import socket
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from urllib.parse import unquote, unquote_plus, urlsplit

from indexer.core.address import database_uri
from indexer.core.catalogue import snapshot
from indexer.core.errors import SegueError
from indexer.core.home import Home
from indexer.core.settings import Settings

_SHORTEST = 3
"""Characters; a shorter word is in every text, and tells no one anything."""
_COMMON = frozenset({
    "admin", "administrator", "applications", "audio", "bin", "cache", "config", "data", "database", "desktop",
    "documents", "etc", "export", "files", "home", "library", "local", "localhost", "localdomain", "log", "logs",
    "main", "media", "mnt", "models", "mount", "music", "musik", "nobody", "none", "null", "opt", "private",
    "public", "root", "run", "sbin", "segue", "shared", "srv", "system", "temp", "tmp", "tracks", "ubuntu",
    "user", "username", "users", "usr", "var", "video", "videos", "volumes", "work", "appdata", "roaming",
})  # fmt: skip
"""Names of folders, users and hosts that are on every other machine."""
_TEXTS_WITH_NAMES = ("title", "artist", "album", "album_artist")


@dataclass(frozen=True)
class Personal:
    """Strings by what they are.

    Attributes:
        homes: paths of the home folders, of the system's and of Segue's.
        folders: of the library.
        people: user names and what else tells who it is: parts of the paths above.
        hosts: names of this machine and of the database's.
        secrets: user names and passwords.
        music: file names, titles, artists, albums and playlists.
    """

    homes: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    music: frozenset[str] = field(default_factory=frozenset)


def gather(home: Home, settings: Settings, folders: Iterable[str] = ()) -> Personal:
    """What can be found out about this machine and library; what cannot be read is left out.

    Args:
        home: whose library.
        settings: hold addresses and a folder.
        folders: of the library, as the database has them.
    """
    music, roots = _from_snapshot(home)
    places = _distinct([*folders, *roots, settings.last_folder])
    homes = _distinct(map(str, _home_folders(home)))
    login, hosts = _from_addresses((settings.database_uri, database_uri(home)))
    return Personal(
        homes=homes,
        folders=places,
        people=_telling([*_user_names(), *_parts([*homes, *places])]),
        hosts=_telling([*hosts, *_host_names()]),
        secrets=tuple(secret for secret in _distinct(login) if len(secret) >= _SHORTEST),
        music=frozenset(music | _playlist_names(home)),
    )


def _home_folders(home: Home) -> Iterator[Path]:
    for folder in (home.config, home.data, home.cache, *((home.root,) if home.root else ())):
        yield folder
        with contextlib.suppress(OSError, RuntimeError):
            yield folder.resolve()
    with contextlib.suppress(RuntimeError):
        yield Path.home()


def _user_names() -> Iterator[str]:
    with contextlib.suppress(OSError, KeyError):
        yield getpass.getuser()
    for variable in ("USER", "LOGNAME", "USERNAME", "SUDO_USER"):
        yield os.environ.get(variable, "")
    try:
        import pwd  # noqa: PLC0415 - not on Windows
    except ImportError:
        return
    with contextlib.suppress(KeyError):
        entry = pwd.getpwuid(os.getuid())
        full_name = entry.pw_gecos.partition(",")[0]
        yield from (entry.pw_name, full_name, *full_name.split())


def _host_names() -> Iterator[str]:
    name = socket.gethostname()
    yield from (name, name.partition(".")[0], os.environ.get("HOSTNAME", ""), os.environ.get("COMPUTERNAME", ""))


def _parts(paths: Iterable[str]) -> Iterator[str]:
    for path in paths:
        yield from PurePath(path).parts


def _telling(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(
        word for word in _distinct(words) if len(word) >= _SHORTEST and word.strip("._-").lower() not in _COMMON
    )


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text.strip("/\\. ")))


def _from_addresses(addresses: Iterable[str | None]) -> tuple[list[str], list[str]]:
    """User names and passwords, and hosts, of the addresses of databases."""
    logins: list[str] = []
    hosts: list[str] = []
    for address in filter(None, addresses):
        with contextlib.suppress(ValueError):
            login, _, places = urlsplit(address).netloc.rpartition("@")
            parts = login.split(":", 1)
            logins += [*parts, *map(unquote, parts), *map(unquote_plus, parts)]
            hosts += [re.sub(r":\d+$", "", place) for place in places.split(",")]
    return logins, [host for host in hosts if not _is_loopback(host)]


def _is_loopback(host: str) -> bool:
    return host in {"[::1]", "localhost"} or host.startswith("127.")


def _from_snapshot(home: Home) -> tuple[set[str], list[str]]:
    """Names of the music, and the folders of the library, from the list that the player opens with."""
    try:
        texts = snapshot.read(home.catalogue_snapshot).texts
    except (SegueError, OSError):
        return set(), []
    names = {value for name in _TEXTS_WITH_NAMES for value in (texts[name][0] if name in texts else ())}
    roots = [str(value) for value in (texts["root"][0] if "root" in texts else ())]
    for path in texts["path"][0] if "path" in texts else ():
        whole = PurePath(path)
        inside = next((whole.relative_to(root) for root in roots if root and whole.is_relative_to(root)), whole)
        names.update((*inside.parts, whole.stem))
    return {name for name in names if len(name) >= _SHORTEST}, roots


def _playlist_names(home: Home) -> set[str]:
    with contextlib.suppress(OSError, ValueError, AttributeError, TypeError, RecursionError):
        record = json.loads(home.playlists_file.read_text("utf-8"))
        return {str(playlist["name"]) for playlist in record.get("playlists", []) if "name" in playlist}
    return set()
