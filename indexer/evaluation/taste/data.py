"""What ways of learning from listening are tried on: whose plays of what, and what is known of the items."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import scipy.sparse
from numpy.typing import NDArray
from scipy.sparse.linalg import svds

from indexer.core.taste.histories import Histories
from indexer.core.taste.weights import Plays

_NOTHING = 1e-9
"""Length of a row of zeros, up to rounding."""

CONTENT_DIMS = 256
"""Dimensions that tags are brought down to, few as those of a sound model."""


NOBODY = -1
"""Who gave a tag that is known of an item whoever listens."""


@dataclass(frozen=True, eq=False)
class Data:
    """Histories to evaluate on.

    Attributes:
        name: of the file or folder.
        histories: listeners by items, all plays.
        taggings: shape (taggings, 3), int64: listener or NOBODY, item and number of the tag; without rows where none
            are known.
        refused: lines that could not be used, by reason.
        plays: of each listener with their times; empty where those are not known.
        names: of the items, where these are artists who are named; empty where they are not.
    """

    name: str
    histories: Histories
    taggings: NDArray[np.int64]
    refused: Mapping[str, int] = field(default_factory=dict)
    plays: tuple[Plays, ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Content:
    """What is known of items besides their listeners.

    Attributes:
        vectors: shape (items, dims), float32, each row of length 1 or 0.
        texts: of each item its tags, each a word by its number, as often as somebody gave it.
    """

    vectors: NDArray[np.float32]
    texts: tuple[str, ...]


def content_of(data: Data, items: NDArray[np.intp], without: NDArray[np.intp]) -> Content | None:
    """What is known of items; None where nothing is.

    Its vectors are tags by their TF-IDF, brought down by a truncated singular value decomposition (latent semantic
    analysis).

    Args:
        data: with taggings.
        items: those of `data` that are asked for.
        without: listeners whose taggings are not looked at, since they are asked about.

    Source: Manning, Raghavan, Schütze, "Introduction to information retrieval" (2008), chapters 6 and 18.
    """
    place = np.full(data.histories.item_count, -1, np.int64)
    place[items] = np.arange(items.size)
    listeners, tagged, tags = data.taggings.T
    used = ~np.isin(listeners, without) & (place[tagged] >= 0)
    if not used.any():
        return None
    owners, given = place[tagged[used]], tags[used]
    return Content(vectors_of_tags(owners, given, items.size), _texts(owners, given, items.size))


def vectors_of_tags(owners: NDArray[np.integer], tags: NDArray[np.integer], count: int) -> NDArray[np.float32]:
    """Tags of `count` owners by their TF-IDF, brought down to CONTENT_DIMS; rows of length 1 or 0.

    Args:
        owners: shape (taggings,), 0 to `count` - 1.
        tags: shape (taggings,), their numbers.
        count: of rows.
    """
    _, words = np.unique(tags, return_inverse=True)
    counts = scipy.sparse.csr_matrix((np.ones(words.size), (owners, words)))
    counts.resize(count, counts.shape[1])
    counts.data = np.log1p(counts.data)
    rarity = np.log(count / np.maximum(counts.getnnz(axis=0), 1))
    return _reduced(_of_length_one(counts @ scipy.sparse.diags(rarity)))


def _texts(owners: NDArray[np.int64], tags: NDArray[np.int64], items: int) -> tuple[str, ...]:
    texts: list[list[str]] = [[] for _ in range(items)]
    for owner, tag in zip(owners.tolist(), tags.tolist(), strict=True):
        texts[owner].append(str(tag))
    return tuple(map(" ".join, texts))


def _reduced(rows: scipy.sparse.csr_matrix) -> NDArray[np.float32]:
    dims = min(CONTENT_DIMS, min(rows.shape) - 1)
    if dims < 1:
        whole: NDArray[np.float32] = rows.toarray().astype(np.float32)
        return whole
    left, sizes, _ = svds(rows, dims, v0=np.ones(min(rows.shape)))  # a start of its own would differ from run to run
    brought = left * sizes
    lengths = np.linalg.norm(brought, axis=1, keepdims=True)
    unit: NDArray[np.float32] = (brought / np.where(lengths > _NOTHING, lengths, 1.0)).astype(np.float32)
    return unit


def _of_length_one(rows: scipy.sparse.csr_matrix) -> scipy.sparse.csr_matrix:
    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    return (scipy.sparse.diags(1.0 / np.where(lengths > 0, lengths, 1.0)) @ rows).tocsr()
