"""Chooses how many tables and probes the exported model uses: the least work that finds what it should."""

from __future__ import annotations

from dataclasses import dataclass, replace

from indexer.evaluation.recall import RECALL_AT, Quality, exact_distances, measure, sample_rows
from indexer.model.hashing import HashFamily
from indexer.model.search import SearchIndex
from indexer.model.tables import Tables
from indexer.spark.lsh import HashedTracks

WANTED_RECALL = 0.95
LEAST_RECALL = 0.90
"""Below this a model is still exported, and the person is told."""

SETTINGS = ((4, 3), (8, 3), (8, 7), (16, 7), (32, 7), (32, 15), (32, 31), (32, 63))
"""(tables, probes per table) from the cheapest to the dearest."""

MOST_TABLES = max(tables for tables, _ in SETTINGS)
_MARGIN = 0.01
"""The setting is chosen on one sample and its recall reported on another, which may come out a little lower."""


@dataclass(frozen=True, eq=False)
class Choice:
    """The index as it will be exported, and how well it answers."""

    index: SearchIndex
    quality: Quality


def choose(hashed: HashedTracks, family: HashFamily, seed: int) -> Choice:
    """The first of SETTINGS that reaches WANTED_RECALL, or the last, measured again on other tracks."""
    rows = sample_rows(len(hashed.ids), seed)
    truth = exact_distances(hashed.vectors, rows, RECALL_AT)
    index = _index(hashed, family, *SETTINGS[0])
    for tables, probes in SETTINGS:
        same_tables = tables == index.family.tables
        index = replace(index, probes=probes) if same_tables else _index(hashed, family, tables, probes)
        if measure(index, rows, truth).recall >= WANTED_RECALL + _MARGIN:
            break
    others = sample_rows(len(hashed.ids), seed + 1)
    return Choice(index, measure(index, others, exact_distances(hashed.vectors, others, RECALL_AT)))


def _index(hashed: HashedTracks, family: HashFamily, tables: int, probes: int) -> SearchIndex:
    return SearchIndex(hashed.vectors, family.first(tables), Tables.build(hashed.keys[:, :tables]), probes)
