"""How small the steps of journeys are, beside a straight line and chance, and what a journey and the radio cost."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.discover.more_like import MoreLike
from indexer.core.discover.radio_candidates import LibraryCandidates
from indexer.core.discover.travel import GROUND, Leg, travel
from indexer.core.home import Home
from indexer.core.model import SimilarityModel, current_model_folder
from indexer.core.model.profiles import SONIC
from indexer.core.playing.queue import PlayQueue
from indexer.core.sentences.told import plain
from indexer.core.tracks import Track, TrackId
from musicplayer.discover.radio import AHEAD, Radio
from musicplayer.playback.backend import BackendUnavailable, NullBackend
from musicplayer.playback.player import Player

LENGTHS = (5, 12, 30)
PAIRS = 40
JOURNEY_S, REFILL_MS = 0.5, 20.0
TRACKS_PER_ARTIST = 6
"""Of FMA's large set, about: 106,574 tracks by 16,341 artists."""

Say = Callable[[str], None]
Way = Sequence[TrackId]


def run(models: Sequence[Path], say: Say) -> bool:
    """Measure in each home that has a model, tell, and return whether the times and every comparison are kept."""
    folders = [current_model_folder(Home.resolve(home), SONIC.name) for home in models]
    kept = [_run_one(SimilarityModel.load(folder), say) for folder in folders]
    return all(kept)


def _run_one(model: SimilarityModel, say: Say) -> bool:
    tracks = model.tracks()
    catalogue = Catalogue()
    catalogue.upsert([_track(number, track) for number, track in enumerate(tracks)])
    say(f"{len(tracks):,} tracks")
    more_like = MoreLike(catalogue)
    more_like.model = model
    candidates = LibraryCandidates(more_like)
    kept = [_journeys(model, candidates, length, say) for length in LENGTHS]
    return all([*kept, _refills(candidates, tracks, say)])


def _journeys(model: SimilarityModel, candidates: LibraryCandidates, length: int, say: Say) -> bool:
    """Largest steps over `PAIRS` random pairs of ends, by three ways of choosing the tracks between them."""
    generator = np.random.default_rng(length)
    tracks = model.tracks()
    vectors = np.stack([model.vector(track) for track in tracks])
    largest: dict[str, list[float]] = {"journey": [], "straight line": [], "chance": []}
    held, whole = [], []
    for _ in range(PAIRS):
        start, end = generator.choice(len(tracks), 2, replace=False).tolist()
        began = time.perf_counter()
        between = model.tracks_between(tracks[start], tracks[end], length - 2, GROUND)
        asked = time.perf_counter()
        songs = [candidates.playable(track) for track in between.tracks]
        named = time.perf_counter()
        held.append(max(asked - began, named - asked))
        found = travel([Leg(between, songs)], length)
        whole.append(time.perf_counter() - began)
        by_chance = [start, *generator.choice(len(tracks), length - 2, replace=False).tolist(), end]
        ways = {"journey": found, "straight line": _straight(vectors, tracks, start, end, length),
                "chance": [tracks[row] for row in by_chance]}  # fmt: skip
        for name, way in ways.items():
            largest[name].append(_largest(model, way))
    journey = np.array(largest["journey"])
    for name, values in largest.items():
        wins = f", the journey's is smaller in {np.mean(journey < np.array(values)):.0%}" if name != "journey" else ""
        say(f"{length:3} tracks, largest step by {name:13}: median {np.median(values):.3f}{wins}")
    in_main = f"of it in one turn of the main thread {1e3 * np.median(held):.1f} ms"
    say(f"    takes {np.median(whole):.3f} s, at most {max(whole):.3f} (at most {JOURNEY_S}); {in_main}")
    journey_step, straight, chance = (float(np.median(values)) for values in largest.values())
    return journey_step < straight < chance and max(whole) < JOURNEY_S


def _straight(vectors: NDArray[np.float32], tracks: Way, start: int, end: int, length: int) -> Way:
    """The tracks nearest to points at equal distances on the line from one vector to the other, each once."""
    taken = [start]
    for share in np.linspace(0, 1, length)[1:-1]:
        distances = np.linalg.norm(vectors - ((1 - share) * vectors[start] + share * vectors[end]), axis=1)
        distances[[*taken, end]] = np.inf
        taken.append(int(distances.argmin()))
    return [tracks[row] for row in (*taken, end)]


def _largest(model: SimilarityModel, way: Way) -> float:
    return max(model.between(one, other).distance for one, other in pairwise(way) if one != other)


def _refills(candidates: LibraryCandidates, tracks: Way, say: Say) -> bool:
    """Five tracks at a time, for a hundred turns, from seeds never asked about before."""
    application = QCoreApplication.instance() or QCoreApplication([])
    player = Player(NullBackend(BackendUnavailable.again(*plain("No sound."))), PlayQueue(), lambda track: None)
    radio = Radio(player, candidates, candidates.song, application, chance=Random(0))
    times = []
    for seed in Random(1).sample(list(tracks), min(100, len(tracks))):
        player.clear()
        radio.start([seed])
        began = time.perf_counter()
        radio.refill()
        times.append(1e3 * (time.perf_counter() - began))
    p95 = float(np.percentile(times, 95))
    say(f"radio: {AHEAD} tracks in {np.median(times):.1f} ms, p95 {p95:.1f} ms (at most {REFILL_MS:.0f})")
    player.close()
    return p95 < REFILL_MS


def _track(number: int, track: TrackId) -> Track:
    artist = number // TRACKS_PER_ARTIST
    return Track(id=track, path=f"/{track}.mp3", root="/", title=f"Title {number}", artist=f"Artist {artist}",
                 album=f"Album {artist} {number % 2}", seconds=120.0 + number % 240)  # fmt: skip
