"""Files for other programs: every track's neighbours, every track's features, as CSV or Parquet."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TextIO

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from indexer.core.discover.ask import asker
from indexer.core.errors import SegueError
from indexer.core.files.atomic import replacing
from indexer.core.model import SimilarityModel
from indexer.core.model.profiles import Profile
from indexer.core.store import Database, FeatureRecord

NEIGHBOUR_COLUMNS = ("query_path", "rank", "neighbour_path", "distance")
_BATCH = 1_000
Texts = tuple[str, str, str, str]
"""Track id, path, artist and title."""


class ExportFailed(SegueError):
    """The file asked for could not be written."""


def printable_path(path: str) -> str:
    r"""The path as valid Unicode: bytes that are not UTF-8 become \xNN."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def write_neighbours(
    database: Database, model: SimilarityModel, k: int, output: Path, *, all_versions: bool = False
) -> int:
    """Write the `k` nearest tracks of every analysed track, best first; return the number of rows.

    Each recording is named once in a list, unless `all_versions` are asked for.
    """
    tracks = list(database.tracks.all())
    paths = {track.id: printable_path(track.path) for track in tracks}
    more_like = asker(database, model, tracks=tracks, all_versions=all_versions)
    rows = 0
    with _text(output) as stream:
        writer = csv.writer(stream)
        writer.writerow(NEIGHBOUR_COLUMNS)
        for track in sorted((track for track in model.tracks() if track in paths), key=lambda track: paths[track]):
            for rank, found in enumerate(more_like.answer([track], k).rows, start=1):
                writer.writerow((paths[track], rank, paths[found.track], f"{found.distance:.6f}"))
                rows += 1
    return rows


def write_features(database: Database, profile: Profile, output: Path) -> int:
    """Write one row per analysed track: id, path, artist, title, then one column per feature (mean of its windows).

    Raises:
        ExportFailed: the file name ends in neither .csv nor .parquet, or it cannot be written.
    """
    writers = {".csv": _write_feature_csv, ".parquet": _write_feature_parquet}
    writer = writers.get(output.suffix.lower())
    if writer is None:
        raise ExportFailed("export-format", file=output)
    return writer(database, profile, output)


def _write_feature_csv(database: Database, profile: Profile, output: Path) -> int:
    rows = 0
    with _text(output) as stream:
        writer = csv.writer(stream)
        writer.writerow([*_TRACK_COLUMNS, *profile.columns])
        for texts, values in _feature_rows(database, profile):
            writer.writerows(
                [*text, *(f"{value:.7g}" for value in row)] for text, row in zip(texts, values, strict=True)
            )
            rows += len(texts)
    return rows


def _write_feature_parquet(database: Database, profile: Profile, output: Path) -> int:
    schema = pa.schema(
        [(name, pa.string()) for name in _TRACK_COLUMNS] + [(name, pa.float32()) for name in profile.columns]
    )
    rows = 0
    with _written(output) as file, pq.ParquetWriter(file, schema) as writer:
        for texts, values in _feature_rows(database, profile):
            columns = [*zip(*texts, strict=True)]
            arrays = [pa.array(column, pa.string()) for column in columns]
            arrays += [pa.array(np.ascontiguousarray(column)) for column in values.T]
            writer.write_table(pa.table(arrays, schema=schema))
            rows += len(texts)
    return rows


_TRACK_COLUMNS = ("track_id", "path", "artist", "title")


def _feature_rows(database: Database, profile: Profile) -> Iterator[tuple[list[Texts], NDArray[np.float32]]]:
    """Batches of (track_id, path, artist, title) and of float32 (batch, dims), ordered by track id."""
    batch: list[FeatureRecord] = []
    analysed = database.analysed(profile.key)
    for record in database.features.iterate(profile.key):
        if record.track in analysed:
            batch.append(record)
        if len(batch) == _BATCH:
            yield _described(database, batch)
            batch = []
    if batch:
        yield _described(database, batch)


def _described(database: Database, batch: Sequence[FeatureRecord]) -> tuple[list[Texts], NDArray[np.float32]]:
    tracks = database.tracks.get([record.track for record in batch])
    known = [record for record in batch if record.track in tracks]
    texts: list[Texts] = [
        (track.id, printable_path(track.path), track.artist, track.title)
        for track in (tracks[record.track] for record in known)
    ]
    return texts, np.stack([record.values.mean(axis=0) for record in known]).astype(np.float32)


@contextmanager
def _written(output: Path) -> Iterator[BinaryIO]:
    """A file that takes the place of `output` only once it is complete."""
    try:
        with replacing(output, shared=True) as file:
            yield file
    except OSError as error:
        raise ExportFailed("export-unwritable", file=output, reason=error.strerror) from error


@contextmanager
def _text(output: Path) -> Iterator[TextIO]:
    with _written(output) as file, io.TextIOWrapper(file, encoding="utf-8", newline="") as text:
        yield text
