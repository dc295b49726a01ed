"""Reads the label file of an evaluation: who made which clip, for what, of which genre."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath

import numpy as np
from numpy.typing import NDArray

from indexer.core.errors import SegueError
from indexer.core.sentences.told import told
from indexer.core.text import identity

COLUMNS = ("clip", "artist", "album", "genre")
CLIPS_FOLDER = "clips"
_SHOWN = 3

UNKNOWN = -1
"""Code of an empty label, which matches nothing, not even another empty one."""


class EvaluationError(SegueError):
    """The root of everything that stops an evaluation."""


class LabelsUnreadable(EvaluationError):
    """The label file is not there, is empty or is no CSV."""


class LabelsIncomplete(EvaluationError):
    """The label file lacks a column or a value that is needed."""


class ClipMissing(EvaluationError):
    """A clip that the label file names is not in the folder."""


@dataclass(frozen=True)
class LabelledClip:
    """One row of the label file; `name` is the path below the folder, as written there."""

    name: str
    path: Path
    artist: str
    album: str
    genre: str
    title: str = ""


@dataclass(frozen=True, eq=False)
class Codes:
    """Labels as numbers, shape (clips,) each: equal numbers are equal labels, UNKNOWN where there is none."""

    artist: NDArray[np.intp]
    album: NDArray[np.intp]
    genre: NDArray[np.intp]


def default_clips_folder(labels: Path) -> Path:
    """The folder `clips` beside the label file, else the folder it is in."""
    beside = labels.parent / CLIPS_FOLDER
    return beside if beside.is_dir() else labels.parent


def read_labels(path: Path, clips_folder: Path) -> list[LabelledClip]:
    """The clips of a label file, in its order.

    Args:
        path: a CSV in UTF-8 with the columns clip, artist, album, genre in any order; others are allowed, and `title`
            is shown in examples. Empty cells are unknown labels.
        clips_folder: what the paths in the column clip are relative to.

    Raises:
        LabelsUnreadable: no such file, not UTF-8, no CSV, or empty.
        LabelsIncomplete: a column is missing, or a line has no clip, a clip twice or too many cells.
        ClipMissing: a clip is not in the folder.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            clips = _rows(path, clips_folder, csv.DictReader(file))
    except FileNotFoundError as error:
        raise LabelsUnreadable("labels-missing", file=path) from error
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise LabelsUnreadable("labels-unreadable", file=path, error=error) from error
    if not clips:
        raise LabelsUnreadable("labels-without-clips", file=path)
    return [clip for _, clip in clips]


def encode(clips: Sequence[LabelledClip]) -> Codes:
    """Labels as numbers; what is one name in a library is one here, whatever its case and kinds of hyphens."""
    return Codes(
        _codes(clip.artist for clip in clips),
        _codes(clip.album for clip in clips),
        _codes(clip.genre for clip in clips),
    )


def _rows(path: Path, clips_folder: Path, reader: csv.DictReader[str]) -> list[tuple[int, LabelledClip]]:
    header = [name.strip() for name in reader.fieldnames or ()]
    if not header:
        raise LabelsUnreadable("labels-empty", file=path, columns=COLUMNS)
    reader.fieldnames = header
    missing = [column for column in COLUMNS if column not in header]
    if missing:
        raise LabelsIncomplete("labels-without-column", file=path, missing=missing, columns=COLUMNS)
    clips: dict[str, tuple[int, LabelledClip]] = {}
    for row in reader:
        clip = _clip(path, reader.line_num, row, clips_folder)
        if clip.name in clips:
            lines = {"line": str(reader.line_num), "other": str(clips[clip.name][0])}
            raise LabelsIncomplete("labels-twice", file=path, clip=clip.name, **lines)
        clips[clip.name] = (reader.line_num, clip)
    _require_files(path, clips_folder, clips.values())
    return list(clips.values())


def _clip(path: Path, line: int, row: dict[str, str | None], clips_folder: Path) -> LabelledClip:
    if None in row:  # csv puts surplus cells there
        raise LabelsIncomplete("labels-many-cells", file=path, line=str(line))
    name = (row["clip"] or "").strip()
    if not name:
        raise LabelsIncomplete("labels-clip-empty", file=path, line=str(line))
    pure = PurePosixPath(name)
    if pure.is_absolute() or PureWindowsPath(name).is_absolute() or ".." in pure.parts:
        raise LabelsIncomplete("labels-outside", file=path, line=str(line), clip=name)
    artist, album, genre = ((row[column] or "").strip() for column in COLUMNS[1:])
    return LabelledClip(name, clips_folder / name, artist, album, genre, (row.get("title") or "").strip())


def _require_files(path: Path, clips_folder: Path, clips: Iterable[tuple[int, LabelledClip]]) -> None:
    absent = [(line, clip) for line, clip in clips if not clip.path.is_file()]
    if not absent:
        return
    shown = [told("clip-of-line", clip=clip.name, line=str(line)) for line, clip in absent[:_SHOWN]]
    more = len(absent) - _SHOWN
    if more > 0:
        raise ClipMissing("clips-missing-more", file=path, folder=clips_folder, clips=shown, number=more)
    raise ClipMissing("clips-missing", file=path, folder=clips_folder, clips=shown)


def _codes(labels: Iterable[str]) -> NDArray[np.intp]:
    known: dict[str, int] = {}
    names = map(identity, labels)
    return np.array([known.setdefault(name, len(known)) if name else UNKNOWN for name in names], dtype=np.intp)
