"""Measures what the app's hash tables find of the true neighbours of the clips at hand."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from indexer.core.model.index.recall import RECALL_AT, exact_distances, measure, sample_rows
from indexer.core.model.index.search import SearchIndex
from indexer.engines.base import WANTED_RECALL
from indexer.engines.spark_lsh import PROBES, hashes_for, seeded_family
from indexer.evaluation.result import Search


def search_quality(vectors: NDArray[np.float32], seed: int) -> Search:
    """Recall@10 of plain distance, at the fewest probes that reach the wanted recall.

    Args:
        vectors: shape (n, dims), n > 1.
        seed: of the projections, and of the sample of clips that ask where there are many.
    """
    rows = sample_rows(len(vectors), seed)
    truth = exact_distances(vectors, rows, RECALL_AT)
    family = seeded_family(vectors.shape[1], hashes_for(len(vectors)), seed)
    found = Search(0.0, 0.0)
    for probes in PROBES:
        quality = measure(SearchIndex.build(vectors, family, probes), rows, truth)
        found = Search(quality.recall, quality.candidate_share)
        if found.recall >= WANTED_RECALL:
            break
    return found
