"""How far apart two encodings of one recording lie, and how far two recordings: what SAME_SOUND is set by."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from indexer.audio import decode
from indexer.evaluation.alterations import ALTERATIONS, Alteration, alter
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
_BLOCK = 65_536
LEAST_FOUND, MOST_WRONG = 0.9, 0.01


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
    nearest = np.sort([_nearest(model, track.id) for track in tracks if track.id in model])
    say(f"nearest other recording of {len(nearest)} tracks: {_spread(nearest)}")
    copies = {alteration.name: _copies(model, sample, alteration) for alteration in (*ALTERATIONS, OGG)}
    for name, distances in copies.items():
        say(f"{len(distances)} copies, {name}: {_spread(distances)}")
    encoded = np.concatenate([copies[name] for name in ("mp3", "ogg", "quieter")])
    found, wrong = np.mean(encoded < SAME_SOUND), np.mean(nearest < SAME_SOUND)
    say(f"nearer than SAME_SOUND, {SAME_SOUND}: {found:.0%} of the copies, {wrong:.1%} of the other recordings")
    return bool(found >= LEAST_FOUND and wrong <= MOST_WRONG)


def _ogg(path: Path, samples: NDArray[np.float32], rate: int) -> None:
    """Vorbis; libsndfile wants it in small pieces."""
    with soundfile.SoundFile(path, "w", rate, samples.shape[1], format="OGG", subtype="VORBIS") as output:
        for start in range(0, len(samples), _BLOCK):
            output.write(samples[start : start + _BLOCK])


OGG = Alteration("ogg", "ogg", ".ogg", _ogg)


def _nearest(model: SimilarityModel, track: TrackId) -> float:
    return float(model.apart(track, [neighbour.track for neighbour in model.similar(track, len(model))]).min())


def _copies(model: SimilarityModel, tracks: list[Track], alteration: Alteration) -> Distances:
    """Distance of each track to a copy of it that is inserted into its library."""
    distances = []
    with tempfile.TemporaryDirectory(prefix="segue-versions-") as folder:
        for track in tracks:
            copy = Path(folder, f"copy{alteration.suffix}")
            alter(Path(track.path), alteration, copy)
            model.insert(_COPY, analyse(decode(copy).samples, [SONIC])[SONIC.key])
            distances.append(float(model.apart(track.id, [_COPY])[0]))
            model.remove(_COPY)
    return np.sort(distances)


def _spread(distances: Distances) -> str:
    least, low, middle, high, most = np.percentile(distances, [0, 5, 50, 95, 100])
    return f"least {least:.3f}, 5 % {low:.3f}, median {middle:.3f}, 95 % {high:.3f}, most {most:.3f}"
