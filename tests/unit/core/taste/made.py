"""Models of taste and listeners, made of a seed."""

from __future__ import annotations

import numpy as np

from indexer.core.taste.histories import Histories
from indexer.core.taste.model import SOUND, WORDS, TasteManifest, TasteModel
from indexer.core.taste.solve import Block, solve
from indexer.core.taste.weights import DAY, Plays
from indexer.core.taste.words import of_length_one

NOW = 400 * DAY
TERMS = ("calm", "loud", "new")


def made_model(seed: int = 0, items: int = 120, listeners: int = 4, *, content: bool = True) -> TasteModel:
    """Items around six centres of sound, each tagged with one term; listeners keep to one centre each."""
    draw = np.random.default_rng(seed)
    kinds = np.arange(items) % 6
    sound = of_length_one(draw.normal(size=(6, 8))[kinds] + 0.3 * draw.normal(size=(items, 8)))
    words = np.eye(len(TERMS), dtype=np.float32)[kinds % len(TERMS)]
    rows = []
    for listener in range(listeners):
        own = np.flatnonzero(kinds == listener % 6).astype(np.int32)
        rows.append((own, np.full(own.size, 1 / np.sqrt(max(own.size, 1)), np.float32)))
    blocks = [Block(SOUND, sound), Block(WORDS, words)] if content else []
    solved = solve(Histories.of_rows(rows, items), blocks, 0.5)
    manifest = TasteManifest(
        id=f"made-{seed}",
        built_at="2026-01-01T00:00:00+00:00",
        sound="made",
        regularisation=0.5,
        half_life=180.0,
        skip=0.5,
        thumb=1.0,
        parts=solved.parts,
        blocks=solved.blocks,
        listeners=listeners,
    )
    ids = np.array([f"{item:064x}" for item in range(items)], "S64")
    terms = np.array(TERMS if content else [], dtype="U8")
    return TasteModel(manifest, ids, solved, np.ones(items, np.float32), terms)


def made_plays(seed: int = 0, items: int = 120, count: int = 200, days: float = 300.0) -> Plays:
    """Plays over the days before NOW, most of few items, some soon skipped."""
    draw = np.random.default_rng(seed)
    some = np.minimum(draw.geometric(0.05, count) - 1, items - 1).astype(np.int32)
    heard = np.where(draw.random(count) < 0.1, -1.0, draw.uniform(0.3, 1.0, count)).astype(np.float32)
    return Plays(some, np.sort(NOW - draw.uniform(0, days, count) * DAY), heard)


def plays_at(*plays: tuple[int, float], heard: float = 1.0) -> Plays:
    """Plays of (item, days before NOW)."""
    known = sorted((NOW - days * DAY, item) for item, days in plays)
    return Plays(
        np.array([item for _, item in known], np.int32),
        np.array([at for at, _ in known], np.float64),
        np.full(len(known), heard, np.float32),
    )
