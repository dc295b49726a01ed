"""Models of taste on disk, written beside the present one and swapped in whole, as models of sound are.

models/taste/<id>/manifest.json, *.npy    see `indexer.core.model.folder`
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.core.errors import SegueError
from indexer.core.home import Home
from indexer.core.model.errors import ModelCorrupt, ModelMissing, ModelUnwritable
from indexer.core.model.folder import (
    current_model_folder,
    model_stamp,
    open_array,
    swap_in,
    unfinished_folder,
    verify,
)
from indexer.core.model.manifest import MANIFEST_FILE, files_of
from indexer.core.taste.histories import Histories
from indexer.core.taste.model import FORMAT, TASTE, WORDS, TasteManifest, TasteModel
from indexer.core.taste.solve import Solve


class TasteError(SegueError):
    """No usable model of taste."""


class TasteMissing(TasteError):
    """None was built yet."""


class TasteDamaged(TasteError):
    """Its folder is incomplete, damaged, or of a format that this version does not know."""


class TasteUnwritable(TasteError):
    """Its folder cannot be written: no space, no permission."""


def load_taste(home: Home) -> TasteModel:
    """The model in use; arrays are mapped, so pages are read as they are needed.

    Raises:
        TasteMissing: none was built yet.
        TasteDamaged: a file is missing, differs from its checksum, or does not fit the others.
    """
    try:
        folder = current_model_folder(home, TASTE)
        return _opened(folder, _read_manifest(folder))
    except ModelMissing:
        raise TasteMissing("taste-missing") from None
    except ModelCorrupt as error:
        raise TasteDamaged("taste-damaged", folder=home.models / TASTE, reason=error) from error


def taste_stamp(home: Home) -> object:
    """What changes with every build, and with every change to a file of the model in use; None where there is none."""
    return model_stamp(home, TASTE)


def save_taste(home: Home, model: TasteModel) -> TasteManifest:
    """Write a model and make it the one in use; until the last step the one before stays as it is.

    Returns:
        The manifest as written, with the checksums of the files.

    Raises:
        TasteUnwritable: the folder cannot be written; the model before is still in use.
    """
    try:
        with unfinished_folder(home, TASTE) as folder:
            for name, array in _by_name(model).items():
                np.save(folder / f"{name}.npy", np.ascontiguousarray(array), allow_pickle=False)
            return swap_in(home, folder, model.manifest)
    except ModelUnwritable as error:
        raise TasteUnwritable("taste-unwritable", **error.values) from error


def forget_taste(home: Home) -> None:
    """Take every model of taste away: they hold what listeners played, and who is erased is erased from them too.

    Raises:
        TasteUnwritable: they cannot be deleted.
    """
    folder = home.models / TASTE
    try:
        if folder.exists():
            shutil.rmtree(folder)
    except OSError as error:
        raise TasteUnwritable("taste-not-erased", folder=folder, error=error) from error


def _by_name(model: TasteModel) -> dict[str, NDArray[Any]]:
    solved = model.solve
    return {
        "ids": model.ids,
        "offsets": solved.rows.offsets,
        "items": solved.rows.items,
        "plays": solved.rows.plays,
        "columns": solved.columns,
        "inverse": solved.inverse,
        "leverage": solved.leverage,
        "scales": model.scales,
        "terms": model.terms,
    }


def _read_manifest(folder: Path) -> TasteManifest:
    try:
        record = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
        if record["format"] != FORMAT or record["profile"] != TASTE:
            raise ValueError("of another format")
        sizes = {name: tuple((str(part), int(size)) for part, size in record[name]) for name in ("parts", "blocks")}
        numbers = {name: float(record[name]) for name in ("regularisation", "half_life", "skip", "thumb")}
        return TasteManifest(**record | sizes | numbers | {"files": files_of(record)})
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ModelCorrupt("model-without-manifest", folder=folder) from error


def _opened(folder: Path, manifest: TasteManifest) -> TasteModel:
    verify(folder, manifest)
    ids, scales, terms = (open_array(folder, name) for name in ("ids", "scales", "terms"))
    columns, inverse, leverage = (open_array(folder, name) for name in ("columns", "inverse", "leverage"))
    offsets, items, plays = (open_array(folder, name) for name in ("offsets", "items", "plays"))
    rows = Histories(offsets, items, plays, len(ids))
    solved = Solve(rows, columns, manifest.parts, manifest.blocks, manifest.regularisation, inverse, leverage)
    if not _fits(TasteModel(manifest, ids, solved, scales, terms)):
        raise ModelCorrupt("model-contradictory", folder=folder)
    return TasteModel(manifest, ids, solved, scales, terms)


def _fits(model: TasteModel) -> bool:
    """Whether all arrays have the types and shapes that are told of them, and point into each other alone."""
    solved, rows = model.solve, model.solve.rows
    dims = dict(solved.blocks)
    size = len(rows) + sum(dims.values())
    shapes = (
        _is(model.ids, "S", (len(model.ids),)),
        _is(model.scales, "f", (len(model.ids),)),
        _is(model.terms, "U", (dims.get(WORDS, 0),)),
        _is(solved.columns, "f", (len(model.ids), size - len(rows))),
        _is(solved.inverse, "f", (size, size)),
        _is(solved.leverage, "f", (len(model.ids),)),
        _is(rows.offsets, "i", (sum(size for _, size in solved.parts) + 1,)),
        _is(rows.plays, "f", rows.items.shape),
    )
    if not all(shapes) or not all(number >= 0 for _, number in (*solved.parts, *solved.blocks)):
        return False
    ascends = rows.offsets[0] == 0 and rows.offsets[-1] == rows.items.size and bool((np.diff(rows.offsets) >= 0).all())
    within = rows.items.size == 0 or (int(rows.items.min()) >= 0 and int(rows.items.max()) < len(model.ids))
    return ascends and within and rows.items.dtype.kind == "i" and bool(np.isfinite(solved.inverse).all())


def _is(array: NDArray[Any], kind: str, shape: Sequence[int]) -> bool:
    return array.dtype.kind == kind and array.shape == tuple(shape)
