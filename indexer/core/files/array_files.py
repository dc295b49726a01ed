"""Reads arrays from files that somebody else may have written: never objects, and never more than the file holds."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_SUFFIX = ".npy"


class DamagedArrays(ValueError):
    """A file holds no arrays, or not what its headers say."""


def mapped_array(path: Path) -> NDArray[Any]:
    """The array of an .npy file, memory-mapped and read-only.

    Raises:
        DamagedArrays: it is none, or shorter than it says, or its values are objects.
        OSError: it cannot be read.
    """
    try:
        return np.lib.format.open_memmap(path, mode="r")
    except OSError:
        raise
    except Exception as error:  # headers are read with a tokenizer, and whatever that trips over comes out
        raise DamagedArrays(path) from error


def stored_arrays(path: Path) -> dict[str, NDArray[Any]]:
    """The arrays of an .npz file by name. Those of compressed ones are refused: a few kB could become gigabytes.

    Raises:
        DamagedArrays: it is none, or an array in it is shorter than it says, or compressed, or of objects.
        OSError: it cannot be read.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return {info.filename.removesuffix(_SUFFIX): _stored_array(archive, info) for info in archive.infolist()}
    except OSError as error:
        if error.errno is None or error.filename is None:  # an offset that no file has
            raise DamagedArrays(path) from error
        raise
    except Exception as error:  # damaged archives raise what their headers lead to, from struct.error to MemoryError
        raise DamagedArrays(path) from error


def _stored_array(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> NDArray[Any]:
    if info.compress_type != zipfile.ZIP_STORED:
        raise DamagedArrays(info.filename)
    with archive.open(info) as stream:
        array: NDArray[Any] = np.lib.format.read_array(stream, allow_pickle=False)
        return array
