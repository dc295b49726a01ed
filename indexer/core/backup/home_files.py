"""The files of a home that belong into a backup, without what is a secret or only true of one machine."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from indexer.core.catalogue.chosen_covers import INDEX, PICTURE_NAME
from indexer.core.files.atomic import write_atomically
from indexer.core.files.json_files import object_in, read_object
from indexer.core.files.settings_file import BACKUP_FOLDER, DATABASE_URI, KAFKA, SHARING_TOKEN
from indexer.core.home import Home

SETTINGS = "settings.json"
_POSITION = "position.json"
_ACCOUNTS = "accounts.json"
_COVER = re.compile(rf"cover-({PICTURE_NAME.pattern})")
"""A picture that a person chose as a cover."""
_MARKS = re.compile(r"marks-([0-9a-z]{1,64})\.json")
"""What a listener marked by way of Subsonic apps, by the listener's id."""
LARGEST = 64 * 1024 * 1024
"""Bytes of such a file; the queue of a million tracks has 40 MB."""
_OF_THIS_MACHINE = (DATABASE_URI, BACKUP_FOLDER, KAFKA, SHARING_TOKEN)
_SECRETS = "secrets"
"""Of the accounts, by which listeners prove who they are; names and rights stand beside it."""


def path_of(home: Home, name: str) -> Path | None:
    """Where the file of a name in a backup is; None for every other name, which is never written."""
    marks, cover = _MARKS.fullmatch(name), _COVER.fullmatch(name)
    if cover:
        return home.covers / cover[1]
    return home.marks / f"{marks[1]}.json" if marks else _paths_of(home).get(name)


def contents_of(home: Home) -> Iterator[tuple[str, bytes]]:
    """Those files that are there, as they go into a backup."""
    marks = {f"marks-{path.stem}.json": path for path in sorted(home.marks.glob("*.json"))}
    of_listeners = {name: path for name, path in marks.items() if path_of(home, name) == path}
    covers = {f"cover-{path.name}": path for path in sorted(home.covers.glob("*"))}
    chosen = {name: path for name, path in covers.items() if path_of(home, name) == path}
    for name, path in {**_paths_of(home), **of_listeners, **chosen}.items():
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            continue
        if name == SETTINGS:
            content = _without(content, {})
        elif name == _POSITION:
            content = _at_rest(content)
        elif name == _ACCOUNTS:
            content = _accounts(content, {})
        if 0 < len(content) <= LARGEST:
            yield name, content


def put_back(home: Home, name: str, content: bytes, *, over: bool) -> bool:
    """Write a file from a backup, over the one that is there if `over`; returns whether it was written.

    One that is none of a home's is not, nor accounts in which nobody is named.

    Raises:
        OSError: it cannot be written.
    """
    path = path_of(home, name)
    if path is None or (path.exists() and not over):
        return False
    if name == SETTINGS:
        content = _without(content, _own(path))
    elif name == _ACCOUNTS:
        content = _accounts(content, read_object(path))
    if content:
        write_atomically(path, content, durable=True)
    return bool(content)


def _paths_of(home: Home) -> dict[str, Path]:
    """The files that each home has once."""
    return {
        SETTINGS: home.settings_file,
        "session.json": home.session_file,
        _POSITION: home.session_file.with_name("position.json"),
        "embeddings.json": home.embeddings_file,
        _ACCOUNTS: home.accounts_file,
        "covers.json": home.covers / INDEX,
    }


def _without(content: bytes, own: dict[str, object]) -> bytes:
    """Settings with this machine's own values, or none, in place of those that only one machine can use."""
    kept = {name: value for name, value in object_in(content).items() if name not in _OF_THIS_MACHINE}
    return json.dumps({**kept, **own}, indent=2).encode()


def _accounts(content: bytes, own: dict[str, object]) -> bytes:
    """Who there is, with this machine's own secrets or none: nobody logs in by what a backup holds.

    Nothing where there are no accounts in it: what is there stays.
    """
    found = {name: value for name, value in object_in(content).items() if name != _SECRETS}
    secrets = {_SECRETS: own[_SECRETS]} if _SECRETS in own else {}
    return json.dumps({**found, **secrets}).encode() if isinstance(found.get("accounts"), list) else b""


def _at_rest(content: bytes) -> bytes:
    """The position without the mark that a player is running, which would look like a crash later."""
    place = object_in(content)
    return json.dumps({**place, "running": False}).encode() if place else content


def _own(path: Path) -> dict[str, object]:
    settings = read_object(path)
    return {name: settings[name] for name in _OF_THIS_MACHINE if name in settings}
