"""How far apart two encodings of one recording lie, and how far two recordings: what SAME_SOUND is set by."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.audio import decode
from indexer.evaluation.alterations import ALTERATIONS, alter
from indexer.features.analyse import analyse
from indexer.features.profiles import SONIC
from indexer.home import Home
from indexer.library import Track, TrackId, TrackState
from indexer.model import SimilarityModel, current_model_folder
from indexer.recordings import SAME_SOUND
from indexer.store import open_database

Distances = NDArray[np.float64]
Say = Callable[[str], None]

_COPY = TrackId("f" * 32)


def run(home: Path, clips: int, say: Say) -> bool:
    """Encode clips of a library again, ask its model for them, and return whether SAME_SOUND parts the two kinds.

    Args:
        home: of a library with a model; its files are read.
        clips: how many of its tracks are encoded again.
        say: told of every figure.
    """
    chosen = Home.resolve(home)
    with open_database(chosen) as database:
        tracks = sorted(database.tracks.all(states=(TrackState.PRESENT,)), key=lambda track: track.id)
    model = SimilarityModel.load(current_model_folder(chosen, SONIC.name))
    sample = [track for track in tracks if track.id in model][:: max(1, len(tracks) // clips)][:clips]
    others = np.array([model.similar(track.id, len(model))[0].euclidean for track in tracks if track.id in model])
    nearest = np.sort([_nearest(model, track.id) for track in tracks if track.id in model])
    say(f"nearest other recording of {len(others)} tracks: {_spread(nearest)}")
    copies = {name: _copies(model, sample, name) for name in ALTERATIONS}
    for name, distances in copies.items():
        say(f"{len(distances)} copies, {name}: {_spread(distances)}")
    encoded = np.concatenate([distances for name, distances in copies.items() if name in {"mp3", "gain"}])
    say(f"below SAME_SOUND = {SAME_SOUND}: {np.mean(encoded < SAME_SOUND):.0%} of the encoded copies, "
        f"{np.mean(nearest < SAME_SOUND):.1%} of the other recordings")  # fmt: skip
    return bool(np.all(nearest >= SAME_SOUND) and np.mean(encoded < SAME_SOUND) > 0.9)  # noqa: PLR2004


def _nearest(model: SimilarityModel, track: TrackId) -> float:
    return min(neighbour.euclidean for neighbour in model.similar(track, 20))


def _copies(model: SimilarityModel, tracks: list[Track], name: str) -> Distances:
    """Distance of each track to a copy of it that is inserted into its library."""
    distances = []
    with tempfile.TemporaryDirectory(prefix="segue-versions-") as folder:
        for track in tracks:
            copy = Path(folder, f"copy{ALTERATIONS[name].suffix}")
            alter(Path(track.path), ALTERATIONS[name], copy)
            model.insert(_COPY, analyse(decode(copy).samples, [SONIC])[SONIC.key])
            distances.append(model.between(track.id, _COPY).euclidean)
            model.remove(_COPY)
    return np.sort(distances)


def _spread(distances: Distances) -> str:
    least, low, middle, high, most = np.percentile(distances, [0, 5, 50, 95, 100])
    return f"least {least:.3f}, 5 % {low:.3f}, median {middle:.3f}, 95 % {high:.3f}, most {most:.3f}"
