"""Copies the similarity model of a server, so that this machine answers from it as from one that was built here.

A model is written beside the one there is, checked, and swapped in whole; of a copy that was cut off nothing stays.
"""

from __future__ import annotations

import errno
import logging
import os
import re
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from indexer.core.home import Home
from indexer.core.model.errors import ModelCorrupt, ModelMissing
from indexer.core.model.folder import current_model_folder, swap_in, unfinished_folder, verify
from indexer.core.model.manifest import MANIFEST_FILE, read_manifest
from indexer.core.shared.asking import OF_LIBRARIES, Asking
from indexer.core.shared.given import Given
from indexer.core.shared.glance import Looks
from indexer.core.store.faults import NotTaken

_log = logging.getLogger(__name__)

MOST_BYTES = 20_000_000_000
"""Of one file: twenty million tracks."""

MOST_FILES = 100

_LARGEST_MANIFEST = 8_000_000
_SPARE_BYTES = 500_000_000
"""That a copy leaves free on the disk."""
_NAME = re.compile(r"[0-9A-Za-z_][0-9A-Za-z_.+-]{0,127}")
"""Of a model and its files: of these letters alone an address is made."""


class _Stopped(Exception):
    """Nobody waits for the copy any more."""


def copy_model(
    asking: Asking,
    home: Home,
    profile: str,
    *,
    anew: bool = False,
    stopped: Callable[[], bool] = lambda: False,
) -> bool:
    """Make the model that the server uses the one in use here; whether it is another one than before.

    Args:
        asking: the server, by a connection of this thread.
        home: of the shared library.
        profile: name of a profile of features, "sonic".
        anew: copy it also where it has the name of the one that is here, which was found to be damaged.
        stopped: asked again and again; once it says yes, nothing is copied.

    Raises:
        DatabaseUnavailable: the server stopped answering; the model of before stays.
        DatabaseError: it refuses. What it is asked for next time may be another model, for one that it made meanwhile.
        ModelCorrupt: what arrived differs from the checksums of its manifest, or is of another version of Segue.
        ModelUnwritable: no space or no permission here.
    """
    looks = Looks(asking)
    now = looks.now()
    if now.model is None or now.profile.partition(":")[0] != profile:
        return False
    if not _NAME.fullmatch(now.model):
        raise asking.stranger("model")
    if not anew and _current(home, profile) == now.model:
        return False
    try:
        _copy(looks, home, profile, now.model, stopped)
    except _Stopped:
        return False
    except NotTaken:
        if looks.asking.get(OF_LIBRARIES).get("model") == now.model:
            raise
        return False  # it made another one meanwhile, which is fetched next time
    _log.info("a model of the server was copied")
    return True


def _copy(looks: Looks, home: Home, profile: str, name: str, stopped: Callable[[], bool]) -> None:
    asking = looks.asking
    listed = looks.made(_sizes, asking.get(f"{OF_LIBRARIES}/model/{name}"))
    with unfinished_folder(home, profile) as folder:
        _must_fit(folder, sum(listed.values()))
        _fetch(asking, name, folder / MANIFEST_FILE, listed.get(MANIFEST_FILE, 0), stopped)
        manifest = read_manifest(folder)
        if (manifest.id, manifest.profile) != (name, profile):
            raise ModelCorrupt("model-contradictory", folder=folder)
        for file, wanted in manifest.files.items():
            if listed.get(file) != wanted.size:
                raise ModelCorrupt("model-checksum", file=folder / file)
            _fetch(asking, name, folder / file, wanted.size, stopped)
        verify(folder, manifest)
        with suppress(FileNotFoundError):  # a damaged one, or one of long ago
            shutil.rmtree(home.models / profile / name)
        swap_in(home, folder, manifest)


def _must_fit(folder: Path, size: int) -> None:
    """Raises OSError where a model of this many bytes would fill the disk."""
    if size > shutil.disk_usage(folder).free - _SPARE_BYTES:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _fetch(asking: Asking, name: str, path: Path, size: int, stopped: Callable[[], bool]) -> None:
    """Write a file of the server's model, which has this many bytes.

    Raises:
        ModelCorrupt: it has more or less.
    """
    arrived = 0
    with path.open("xb") as target:
        for content in asking.stream(f"/model/{name}/{path.name}"):
            if stopped():
                raise _Stopped
            arrived += len(content)
            if arrived > size:
                break
            target.write(content)
    if arrived != size:
        raise ModelCorrupt("model-checksum", file=path)


def _sizes(shape: Mapping[str, Any]) -> dict[str, int]:
    """Bytes by name of the files of a folder; raises ValueError where they are none."""
    files = shape.get("files")
    if not isinstance(files, list) or len(files) > MOST_FILES:
        raise ValueError("files")
    entries = map(Given, files)
    sizes = {str(entry.shape.get("name")): entry.count("size") for entry in entries}
    if not all(map(_NAME.fullmatch, sizes)) or any(size > MOST_BYTES for size in sizes.values()):
        raise ValueError("files")
    if sizes.get(MANIFEST_FILE, 0) > _LARGEST_MANIFEST:
        raise ValueError("files")
    return sizes


def _current(home: Home, profile: str) -> str | None:
    """The name of the model in use; None where there is none that could be."""
    with suppress(ModelMissing, ModelCorrupt):
        return current_model_folder(home, profile).name
    return None
