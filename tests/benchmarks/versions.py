"""How far apart encodings and versions of one recording lie, and how far two recordings: what its limits are set by."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from indexer.core.audio.decode import decode
from indexer.core.home import Home
from indexer.core.model import SimilarityModel, current_model_folder
from indexer.core.model.profiles import SONIC
from indexer.core.recordings.same import FAR, FAR_FOR_A_VERSION, SAME_SOUND
from indexer.core.store import open_database
from indexer.core.tracks import Track, TrackId, TrackState
from indexer.evaluation.alterations import ALTERATIONS, Alteration, alter
from indexer.features.analyse import analyse

Distances = NDArray[np.float64]
Say = Callable[[str], None]

_COPY = TrackId("f" * 32)
_BLOCK = 65_536
LEAST_FOUND, MOST_WRONG = 0.9, 0.01
_DULL_RATE = 11_025
_DULL_TREBLE = 0.25
"""Of what lies above 5.5 kHz, 12 dB less."""
_CONCERT_SPEED = 1.04
_ECHOES = ((0.07, 0.5), (0.11, 0.3))
"""Seconds later, and how loud against the sound itself."""


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
    return _versions(model, sample, say) and bool(found >= LEAST_FOUND and wrong <= MOST_WRONG)


def _versions(model: SimilarityModel, sample: list[Track], say: Say) -> bool:
    """Whether the limits for tracks of one name part versions from other recordings."""
    versions = {alteration.name: _copies(model, sample, alteration) for alteration in VERSIONS}
    for name, distances in versions.items():
        say(f"{len(distances)} versions, {name}: {_spread(distances)}")
    one_by_one = np.concatenate([_to_all(model, track.id) for track in sample])
    joined = np.concatenate(list(versions.values()))
    for name, limit in (("FAR", FAR), ("FAR_FOR_A_VERSION", FAR_FOR_A_VERSION)):
        found, wrong = np.mean(joined <= limit), np.mean(one_by_one <= limit)
        say(f"within {name}, {limit}: {found:.0%} of the versions, {wrong:.1%} of all other recordings")
    return bool(np.mean(joined <= FAR) >= LEAST_FOUND and np.mean(one_by_one <= FAR) <= MOST_WRONG)


def _to_all(model: SimilarityModel, track: TrackId) -> Distances:
    return np.asarray(model.apart(track, [other for other in model.tracks() if other != track]), np.float64)


def _ogg(path: Path, samples: NDArray[np.float32], rate: int) -> None:
    """Vorbis; libsndfile wants it in small pieces."""
    with soundfile.SoundFile(path, "w", rate, samples.shape[1], format="OGG", subtype="VORBIS") as output:
        for start in range(0, len(samples), _BLOCK):
            output.write(samples[start : start + _BLOCK])


OGG = Alteration("ogg", "ogg", ".ogg", _ogg)


def _half(path: Path, samples: NDArray[np.float32], rate: int) -> None:
    soundfile.write(path, samples[: len(samples) // 2], rate, subtype="PCM_16")


def _dull(path: Path, samples: NDArray[np.float32], rate: int) -> None:
    mono = samples.mean(axis=1)
    low = soxr.resample(soxr.resample(mono, rate, _DULL_RATE, quality="HQ"), _DULL_RATE, rate, quality="HQ")
    length = min(len(mono), len(low))
    dull = low[:length] + _DULL_TREBLE * (mono[:length] - low[:length])
    soundfile.write(path, dull, rate, subtype="PCM_16")


def _concert(path: Path, samples: NDArray[np.float32], rate: int) -> None:
    heard = samples.copy()
    for seconds, level in _ECHOES:
        late = round(seconds * rate)
        heard[late:] += level * samples[:-late]
    played = soxr.resample(heard * 0.5, rate * _CONCERT_SPEED, rate, quality="HQ")
    soundfile.write(path, played, rate, subtype="PCM_16")


VERSIONS = (
    Alteration("half", "first half", ".wav", _half),
    Alteration("dull", "one dull channel", ".wav", _dull),
    Alteration("concert", "echoes, 4 % faster", ".wav", _concert),
)


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
