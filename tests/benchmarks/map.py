"""The music map at full size: how well its layout keeps neighbours, how long that takes, and frames while it moves."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.core.home import Home
from indexer.core.model import current_model_folder
from indexer.core.model.folder import open_array
from indexer.core.model.index.exact import exact_lists
from indexer.core.model.picture.layout import NEIGHBOURS, framed, layout_of, principal_places
from indexer.core.model.profiles import SONIC
from indexer.core.model.scaling import SCALE_NEIGHBOURS, local_scales, rescaled_lists
from indexer.core.store import open_database
from tests.benchmarks.build_large import grown_vectors
from tests.benchmarks.grown import real_features

Say = Callable[[str], None]
Vectors = NDArray[np.float32]
Rows = NDArray[np.integer[Any]]

NEAR, AMONG = 10, 50
ASKED = 2_000
MOST_SECONDS, MOST_SMALL_SECONDS, MOST_FRAME_MS = 40.0, 3.0, 16.7
SIZE = (1200, 800)


def run(real_home: Path, tracks: int, say: Say) -> bool:
    """Lay out the real tracks and as many grown ones as asked; return whether that is quick, and better than PCA."""
    home = Home.resolve(real_home)
    small = np.array(open_array(current_model_folder(home, SONIC.name), "vectors"))
    with open_database(home) as database:
        real = real_features(database, SONIC)
    kept = _judged(f"{len(small):,} real tracks", small, MOST_SMALL_SECONDS, say)[0]
    grown = grown_vectors(real, tracks)
    kept_large = _judged(f"{tracks:,} grown tracks", grown, MOST_SECONDS, say)[0]
    return kept and kept_large


def layout_for_frames(real_home: Path, tracks: int, say: Say) -> tuple[Vectors, Vectors]:
    """Vectors and layout of a grown library, to be painted."""
    with open_database(Home.resolve(real_home)) as database:
        real = real_features(database, SONIC)
    grown = grown_vectors(real, tracks)
    return grown, _judged(f"{tracks:,} grown tracks", grown, MOST_SECONDS, say)[1]


def _judged(name: str, vectors: Vectors, most_seconds: float, say: Say) -> tuple[bool, Vectors]:
    lists = exact_lists(vectors, max(AMONG, SCALE_NEIGHBOURS))
    rows = lists.rows
    nearest = rescaled_lists(rows, lists.distances, local_scales(lists.distances), NEIGHBOURS)
    asked = np.sort(np.random.default_rng(0).choice(len(vectors), min(ASKED, len(vectors)), replace=False))
    began, busy = time.perf_counter(), time.process_time()
    drawn = layout_of(vectors, nearest)
    seconds, busy = time.perf_counter() - began, time.process_time() - busy
    say(f"{name}: laid out in {seconds:.1f} s (at most {most_seconds:.0f}), {busy:.1f} s of a processor")
    shares = {}
    for kind, places in (("layout", drawn), ("first two principal components", framed(principal_places(vectors)))):
        shares[kind] = share_kept(places, rows, asked)
        say(
            f"  {kind}: {shares[kind]:.3f} of the {NEAR} nearest in the plane are among the {AMONG} nearest in the "
            f"model; trustworthiness {trustworthiness(vectors, places, asked):.3f}"
        )
    better = shares["layout"] > shares["first two principal components"]
    return better and seconds < most_seconds, drawn


def share_kept(places: Vectors, rows: Rows, asked: Rows) -> float:
    """Share of the NEAR nearest in the plane of each asked point that are among its AMONG nearest in the model."""
    near = exact_lists(places, NEAR, asked).rows
    return float(np.mean([np.isin(own, rows[row, :AMONG]).mean() for own, row in zip(near, asked, strict=True)]))


def trustworthiness(vectors: Vectors, places: Vectors, asked: Rows) -> float:
    """1 where the NEAR nearest in the plane are the nearest in the model, 0.5 for chance (Venna & Kaski, 2001)."""
    near = exact_lists(places, NEAR, asked).rows
    n, penalty = len(vectors), 0.0
    for own, row in zip(near, asked, strict=True):
        apart = np.linalg.norm(vectors - vectors[row], axis=1)
        apart[row] = -1
        ranks = np.array([np.count_nonzero(apart < apart[other]) for other in own])
        penalty += float(np.maximum(ranks - NEAR, 0).sum())
    return 1 - 2 * penalty / (len(asked) * NEAR * (2 * n - 3 * NEAR - 1))
