"""Model folders on disk: written beside the present one, swapped in whole, checked before use.

models/<profile>/<id>/manifest.json, transform.npz, *.npy    one model each; the present and the one before are kept
models/<profile>/current.json                                {"id": …, "manifest": its SHA-256}, replaced in one step
"""

from __future__ import annotations

import hashlib
import json
import mmap
import os
import shutil
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import Field, replace
from pathlib import Path
from typing import Any, ClassVar, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from indexer.core.files.array_files import DamagedArrays, mapped_array, stored_arrays
from indexer.core.files.atomic import write_atomically
from indexer.core.home import Home
from indexer.core.model.errors import ModelCorrupt, ModelMissing, ModelUnwritable
from indexer.core.model.manifest import MANIFEST_FILE, FileSum, Manifest, is_plain_name
from indexer.core.model.space.transform import Transform
from indexer.core.tracks import TrackId

POINTER_FILE = "current.json"
TRANSFORM_FILE = "transform.npz"
_UNFINISHED = ".unfinished-"

Arrays = Mapping[str, NDArray[Any]]


class Recorded(Protocol):
    """A manifest, a frozen dataclass: what is known of a model of any kind without opening its arrays."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    @property
    def id(self) -> str:
        """Name of its folder."""

    @property
    def profile(self) -> str:
        """Name of the folder of all models of its kind."""

    @property
    def files(self) -> Mapping[str, FileSum]:
        """Sizes and checksums, by name."""

    def to_json(self) -> str:
        """What its file holds."""


AnyManifest = TypeVar("AnyManifest", bound=Recorded)


def current_model_folder(home: Home, profile: str) -> Path:
    """Folder of the model in use for the profile of that name.

    Raises:
        ModelMissing: none was built yet.
        ModelCorrupt: the pointer to it is unreadable, or points nowhere.
    """
    folder, checksum = _pointed_to(home.models / profile / POINTER_FILE)
    if not _is_intact(folder / MANIFEST_FILE, checksum):
        raise ModelCorrupt("model-checksum", file=folder / MANIFEST_FILE)
    return folder


def model_stamp(home: Home, profile: str) -> object:
    """What changes with every build and with every change to a file of the model in use; None where there is none.

    By what the file system says of them, so that a model is read from end to end once, be it sound or damaged.
    """
    pointer = home.models / profile / POINTER_FILE
    files = [pointer]
    try:
        files += sorted(_pointed_to(pointer)[0].iterdir())
    except ModelMissing:
        return None
    except (ModelCorrupt, OSError):
        pass  # then the pointer alone tells whether anything has changed
    return [(str(file), *_state_of(file)) for file in files]


def write_model(home: Home, manifest: Manifest, arrays: Arrays, transform: Transform) -> Manifest:
    """Write a model and make it the present one; until the last step the present one stays as it is.

    Args:
        home: where models are kept.
        manifest: without `files`; its `id` becomes the name of the folder.
        arrays: by name, each written as `<name>.npy`.
        transform: what makes vectors of features.

    Returns:
        The manifest as written, with the checksums of the files.

    Raises:
        ModelUnwritable: the folder cannot be written.
    """
    with unfinished_folder(home, manifest.profile) as folder:
        for name, array in arrays.items():
            np.save(folder / f"{name}.npy", np.ascontiguousarray(array), allow_pickle=False)
        np.savez(folder / TRANSFORM_FILE, allow_pickle=False, **transform.to_arrays())
        return swap_in(home, folder, manifest)


@contextmanager
def unfinished_folder(home: Home, profile: str) -> Iterator[Path]:
    """A folder beside the models to write one in; gone afterwards unless it was swapped in.

    Raises:
        ModelUnwritable: no space or no permission, here or anywhere in the block.
    """
    folder = home.models / profile / f"{_UNFINISHED}{os.getpid()}-{uuid.uuid4().hex[:8]}"
    try:
        folder.mkdir(parents=True)
        yield folder
    except OSError as error:
        raise ModelUnwritable("model-unwritable", folder=folder.parent, reason=error.strerror or error) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def swap_in(home: Home, folder: Path, manifest: AnyManifest) -> AnyManifest:
    """Give a complete folder its final name, point to it, and delete all models but it and the one before."""
    sums = {path.name: file_sum(path) for path in sorted(folder.iterdir()) if path.name != MANIFEST_FILE}
    complete = replace(manifest, files=sums)
    (folder / MANIFEST_FILE).write_text(complete.to_json(), encoding="utf-8")
    manifest_sum = file_sum(folder / MANIFEST_FILE).sha256
    for path in folder.iterdir():
        _sync(path)
    parent = home.models / manifest.profile
    before = _current_or_none(home, manifest.profile)
    folder.rename(parent / manifest.id)
    pointer = json.dumps({"id": manifest.id, "manifest": manifest_sum}) + "\n"
    write_atomically(parent / POINTER_FILE, pointer.encode(), durable=True)
    _delete_others(parent, keep={manifest.id, before.name if before else manifest.id})
    return complete


def verify(folder: Path, manifest: Recorded) -> None:
    """Compare every file with its size and checksum.

    Raises:
        ModelCorrupt: naming the first file that is missing or differs.
    """
    for name, expected in manifest.files.items():
        path = folder / name
        try:
            intact = path.stat().st_size == expected.size and file_sum(path) == expected
        except OSError:
            intact = False
        if not intact:
            raise ModelCorrupt("model-checksum", file=path)


def open_array(folder: Path, name: str) -> NDArray[Any]:
    """The array of that name, memory-mapped and read-only.

    Raises:
        ModelCorrupt: it is missing or not an array.
    """
    path = folder / f"{name}.npy"
    try:
        mapped = mapped_array(path)
    except (OSError, DamagedArrays) as error:
        raise ModelCorrupt("model-unreadable", file=path) from error
    # A plain view of the map: slices of a memmap are several times slower to make than those of an array.
    array: NDArray[Any] = mapped.view(np.ndarray)
    return array


def built_tracks(folder: Path) -> set[TrackId]:
    """The tracks that a model was built of, without opening the rest of it.

    Raises:
        ModelCorrupt: their list is missing or unreadable.
    """
    ids = open_array(folder, "ids")
    if ids.dtype.kind != "S" or ids.ndim != 1:
        raise ModelCorrupt("model-unreadable", file=folder / "ids.npy")
    return {TrackId(name.decode("ascii", "replace")) for name in ids.tolist()}


def unload(array: NDArray[Any]) -> None:
    """Give back the memory of a mapped array that was read once from end to end; it is read again where needed.

    Does nothing where the system cannot, or for an array that is not mapped.
    """
    owner: Any = array
    while owner is not None and not isinstance(owner, mmap.mmap):
        owner = getattr(owner, "base", None)
    advice = getattr(mmap, "MADV_DONTNEED", None)
    if owner is not None and advice is not None:
        owner.madvise(advice)


def open_transform(folder: Path) -> Transform:
    """The transform of a model folder.

    Raises:
        ModelCorrupt: it is missing, unreadable, or of an unknown kind.
    """
    path = folder / TRANSFORM_FILE
    try:
        arrays = stored_arrays(path)
    except (OSError, DamagedArrays) as error:
        raise ModelCorrupt("model-unreadable", file=path) from error
    return Transform.from_arrays(arrays)


def _pointed_to(pointer: Path) -> tuple[Path, object]:
    """The folder that a pointer names, and the checksum of the manifest there."""
    try:
        record = json.loads(pointer.read_text(encoding="utf-8"))
        name = str(record["id"])
        folder = pointer.parent / name
        is_there = is_plain_name(name) and folder.is_dir()
    except FileNotFoundError:
        raise ModelMissing("model-missing") from None
    except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise ModelCorrupt("model-pointer-unreadable", file=pointer) from error
    if not is_there:
        raise ModelCorrupt("model-gone", file=pointer)
    return folder, record.get("manifest")


def _state_of(file: Path) -> tuple[int, int]:
    """Size and time of the last change, (0, 0) where they cannot be told."""
    try:
        state = file.stat()
    except OSError:
        return 0, 0
    return state.st_size, state.st_mtime_ns


def _is_intact(path: Path, expected: object) -> bool:
    """Whether a file has that SHA-256; models that were built before it was noted have none to compare with."""
    try:
        return expected is None or file_sum(path).sha256 == expected
    except OSError:
        return False


def file_sum(path: Path) -> FileSum:
    """Size and checksum of a file, as a manifest has them."""
    with path.open("rb") as stream:
        return FileSum(path.stat().st_size, hashlib.file_digest(stream, "sha256").hexdigest())


def _sync(path: Path) -> None:
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())


def _current_or_none(home: Home, profile: str) -> Path | None:
    with suppress(ModelMissing, ModelCorrupt):
        return current_model_folder(home, profile)
    return None


def _delete_others(parent: Path, keep: set[str]) -> None:
    """Delete what no one needs; a folder that is still open elsewhere (Windows) goes at a later swap."""
    for path in parent.iterdir():
        if path.is_dir() and path.name not in keep and not _is_written_by_another(path):
            shutil.rmtree(path, ignore_errors=True)


def _is_written_by_another(path: Path) -> bool:
    """Whether a build that is running now is writing there; leftovers of one that died are not."""
    if not path.name.startswith(_UNFINISHED):
        return False
    import psutil  # noqa: PLC0415 - only here, and only where a leftover was found

    return bool(psutil.pid_exists(int(path.name.removeprefix(_UNFINISHED).split("-")[0])))
