"""Makes a model of what the one in use lacks: features come some at a time, and leave a vector each."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from indexer.core.files.atomic import replacing
from indexer.core.tracks import TrackId

if TYPE_CHECKING:
    from indexer.core.model import SimilarityModel
    from indexer.core.model.similarity import Described, Describer
    from indexer.core.model.space.transform import Transform
    from indexer.core.store import FeatureRecord

_log = logging.getLogger(__name__)

FIRST_MODEL = 1_000
"""So many are worth a model while more come; the next is made of four times as many."""

GROWTH = 4


class Gathering:
    """Holds the vectors of tracks, 64 numbers each where their features are some thousand. For one thread at a time.

    Attributes:
        rev: all features up to this revision are known, of which the model or this has vectors.
    """

    def __init__(
        self,
        made_anew: Callable[[Mapping[TrackId, Described]], SimilarityModel],
        describer: Describer,
        *,
        known: Mapping[TrackId, Described] | None = None,
        rev: int = 0,
        kept_in: Path | None = None,
    ) -> None:
        """Begin with nothing lacking.

        Args:
            made_anew: gives the model with these tracks in it besides its own; not the one in use.
            describer: of the model in use, which itself can go once there is another.
            known: tracks of a model that stands in until one is built.
            rev: up to which features are known.
            kept_in: the file that the next start knows the vectors from.
        """
        self.rev = rev
        self._made_anew = made_anew
        self._describer = describer
        self._vectors: dict[TrackId, Described] = dict(known or {})
        self._kept_in = kept_in
        self._due = FIRST_MODEL

    def __len__(self) -> int:
        return len(self._vectors)

    def __contains__(self, track: object) -> bool:
        return track in self._vectors

    def take(self, records: Iterable[FeatureRecord]) -> None:
        """Make vectors of features, which are not kept; those that fit none are passed over, and noted in the log."""
        for record in records:
            if record.key != self._describer.key:
                continue
            try:
                self._vectors[record.track] = self._describer.describe(record.values)
            except (IndexError, ValueError) as error:  # a server may say so of a network that is another one there
                _log.warning("not taken into the model: %s", error)

    def is_due(self) -> bool:
        """Whether so many have come that a model of them is worth while before all have, since none was built yet."""
        if self._kept_in is None or len(self._vectors) < self._due:
            return False
        self._due = GROWTH * len(self._vectors)
        return True

    def forget(self, tracks: Iterable[TrackId]) -> None:
        """Leave tracks out that left the library."""
        for track in tracks:
            self._vectors.pop(track, None)

    def made(self, most: int | None = None) -> SimilarityModel:
        """A model with everything that has come, or with so many tracks of it; of a large library it takes minutes."""
        return self._made_anew(dict(islice(self._vectors.items(), most)))

    def keep(self) -> None:
        """Write the vectors down for the next start, where that is of use.

        Raises:
            OSError: they cannot be written; the next start makes them again.
        """
        if self._kept_in is None or not self._vectors:
            return
        tracks = sorted(self._vectors)
        with replacing(self._kept_in) as file:
            np.savez(
                file,
                ids=np.array([track.encode() for track in tracks]),
                vectors=np.stack([self._vectors[track].vector for track in tracks]),
                audible=np.array([self._vectors[track].audible for track in tracks]),
                rev=np.array([self.rev]),
                transform=np.array([mark_of(self._describer.transform)]),
            )


def kept_vectors(file: Path, transform: Transform) -> tuple[dict[TrackId, Described], int]:
    """What `Gathering.keep` wrote, and the revision; nothing where that is damaged, or of another transform."""
    from indexer.core.files.array_files import DamagedArrays, stored_arrays  # noqa: PLC0415 - in the background
    from indexer.core.model.similarity import Described  # noqa: PLC0415

    try:
        arrays = stored_arrays(file)
        ids, vectors, audible = arrays["ids"], arrays["vectors"], arrays["audible"]
        fitting = vectors.ndim == 2 and vectors.dtype == np.float32 and ids.dtype.kind == "S" and audible.dtype == bool  # noqa: PLR2004
        if not fitting or not len(ids) == len(vectors) == len(audible) or not np.isfinite(vectors).all():
            return {}, 0
        if arrays["transform"].tolist() != [mark_of(transform)]:
            return {}, 0
        described = (Described(vector, bool(can)) for vector, can in zip(vectors, audible, strict=True))
        names = (TrackId(name.decode("ascii", "replace")) for name in ids.tolist())
        return dict(zip(names, described, strict=True)), int(arrays["rev"][0])
    except (DamagedArrays, OSError, KeyError, IndexError, TypeError, ValueError):
        return {}, 0


def mark_of(transform: Transform) -> str:
    """What tells a transform from all others."""
    digest = hashlib.blake2b(digest_size=16)
    for name, array in sorted(transform.to_arrays().items()):
        digest.update(name.encode())
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()
