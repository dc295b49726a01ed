"""Opens the cue sheets that lie among files, finds the files they are about, and makes the tracks of these."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path

from indexer.core.audio.walk import FoundFile, Listing
from indexer.core.files import disk
from indexer.core.sentences.told import told
from indexer.core.tags.cue.division import divided
from indexer.core.tags.cue.sheet import LARGEST, CueFile, Sheet, SheetRefused, decode_sheet, parse_sheet
from indexer.core.text import clean, path_identity, shown_name
from indexer.core.tracks import Problem, ProblemKind, Seconds, Stamp, Track

_LOSSLESS_FIRST = (".flac", ".wav", ".ape", ".wv", ".tta", ".tak", ".aiff", ".aif", ".m4a")
"""Which of several endings of one name a sheet is about: what it was written for is a copy without loss."""

_ENDING = re.compile(r"\.[A-Za-z0-9]{1,5}$")
_SEPARATORS = re.compile(r"[\\/]+")
_ABSOLUTE = re.compile(r"[\\/]|[A-Za-z]:")


@dataclass(frozen=True, slots=True)
class Named:
    """A sheet that is about a file, and the part of it that is."""

    stamp: Stamp
    sheet: Sheet
    file: CueFile


@dataclass(slots=True)
class Sheets:
    """The sheets that a scan opened.

    Attributes:
        by_file: what is said about each file, by its path.
        problems: what is wrong with sheets that were opened, by their paths.
    """

    by_file: dict[str, list[Named]] = field(default_factory=dict)
    problems: dict[str, Problem] = field(default_factory=dict)


def sheets_about(listing: Listing) -> Sheets:
    """The sheets in a listing that are about files in it, all of them opened."""
    reader = SheetReader([listing])
    for path in sorted(reader.stamps):
        reader.open(path)
    return reader.found


def tracks_of(
    whole: Track, inside: Sheet | SheetRefused | None, beside: Sequence[Named], length: Seconds | None
) -> tuple[tuple[Track, ...], list[Problem]]:
    """The tracks of a file by the sheets beside it, or else by the one inside it, and what is wrong with these.

    A file that no sheet fits, or that two divide differently, is one track.
    """
    made: dict[tuple[Track, ...], Named] = {}
    problems: list[Problem] = []
    for named in sorted(beside, key=lambda each: (not _names(each.file, whole.path), each.stamp)):
        try:
            made.setdefault(divided(whole, named.sheet, named.file, length), named)
        except SheetRefused as refusal:
            problems.append(_problem(named.stamp, refusal.code, file=shown_name(whole.path), **refusal.values))
    cuts = {tuple(track.id for track in tracks) for tracks in made}
    if len(cuts) > 1:
        first, other = sorted(named.stamp for named in made.values())[:2]
        names = {"file": shown_name(whole.path), "other": shown_name(first.path)}
        return (whole,), [*problems, _problem(other, "sheets-differ", **names)]
    if made:
        return next(iter(made)), problems
    tracks, more = _by_inside(whole, inside, length)
    return tracks, [*problems, *more]


def _by_inside(
    whole: Track, inside: Sheet | SheetRefused | None, length: Seconds | None
) -> tuple[tuple[Track, ...], list[Problem]]:
    if isinstance(inside, SheetRefused):
        return (whole,), [_problem_inside(whole.path, inside)]
    file = None if inside is None else _own_file(inside, whole.path)
    if inside is None or file is None:
        return (whole,), []
    try:
        return divided(whole, inside, file, length), []
    except SheetRefused as refusal:
        return (whole,), [_problem_inside(whole.path, refusal, file=shown_name(whole.path))]


def _problem_inside(path: str, refusal: SheetRefused, **names: str) -> Problem:
    inside = {"name": told("sheet-inside", name=shown_name(path)), "then": told("sheet-inside-advice")}
    return Problem(path, ProblemKind.SHEET, refusal.code, {**inside, **names, **refusal.values}, time.time())


def _own_file(sheet: Sheet, path: str) -> CueFile | None:
    """Which file of a sheet the one is that carries it: the only one, or the one of its name."""
    if len(sheet.files) == 1:
        return sheet.files[0]
    return next((file for file in sheet.files if _names(file, path, but_for_ending=True)), None)


def _names(file: CueFile, path: str, *, but_for_ending: bool = False) -> bool:
    """Whether a sheet calls a file by its name."""
    said, own = path_identity(_SEPARATORS.split(file.name)[-1]), path_identity(os.path.basename(path))  # noqa: PTH119
    return _stem_of(said) == _stem_of(own) if but_for_ending else said == own


class SheetReader:
    """Opens sheets one by one.

    Attributes:
        stamps: the sheets that can be opened, by path.
        found: what those that were opened say, and what is wrong with them.
    """

    def __init__(self, listings: Sequence[Listing]) -> None:
        """Read sheets of these folders, about files in them."""
        self._listings = listings
        self.stamps = {path: _stamp_of(found) for each in listings for path, found in each.sheets.items()}
        self.found = Sheets()
        self._encodings = {path: found.encoding for each in listings for path, found in each.sheets.items()}

    def open(self, path: str) -> Mapping[str, CueFile]:
        """Open a sheet; the files that it is about, by path. What is wrong with it is noted, not raised."""
        stamp, files = self.stamps[path], dict[str, CueFile]()
        try:
            sheet = disk.ask(path, partial(_read, path, self._encodings[path]))
            for file in sheet.files:
                self._place(files, stamp, file, is_only=len(sheet.files) == 1)
        except OSError as error:
            self._refuse(stamp, "sheet-unreadable", reason=disk.said(error))
        except SheetRefused as refusal:
            files.clear()
            self._refuse(stamp, refusal.code, **refusal.values)
        for about, file in files.items():
            self.found.by_file.setdefault(about, []).append(Named(stamp, sheet, file))
        return files

    def _place(self, files: dict[str, CueFile], stamp: Stamp, file: CueFile, *, is_only: bool) -> None:
        """Find one file of a sheet; that it is not there is a problem, and the others are divided even so."""
        path = self._resolved(stamp.path, file.name, is_only=is_only)
        if path is None:
            if name := clean(file.name):
                self._refuse(stamp, "sheet-alone", file=name)
            else:
                self._refuse(stamp, "sheet-names-nothing")
        elif path in files:
            raise SheetRefused("sheet-names-twice", file=clean(file.name))
        else:
            files[path] = file

    def _resolved(self, sheet: str, name: str, *, is_only: bool) -> str | None:
        """The listed file that a name in a sheet means: beside the sheet or below it, never anywhere else."""
        folder, own = os.path.split(sheet)
        steps = [step for step in _SEPARATORS.split(name) if step not in {"", "."}]
        if ".." in steps:
            raise SheetRefused("sheet-names-outside", file=clean(name))
        steps = steps[-1:] if _ABSOLUTE.match(name) else steps
        found = self._at(folder, name) or (self._at(folder, *steps) if steps else None)
        if found is None and is_only:
            own = own[: -len(".cue")]
            found = self._by_look.get(path_identity(os.path.join(folder, own))) or self._at(folder, f"{own}.")  # noqa: PTH118
        return found

    def _at(self, folder: str, *steps: str) -> str | None:
        """The file of this name, whatever its case; else one of another ending."""
        path = os.path.join(folder, *steps)  # noqa: PTH118 - any bytes
        if os.path.isabs(steps[0]) or "\0" in path:  # noqa: PTH117
            return None
        others = self._by_stem.get(path_identity(path), []) or self._by_stem.get(path_identity(_stem_of(path)), [])
        return self._by_look.get(path_identity(path)) or next(iter(sorted(others, key=_preference)), None)

    @cached_property
    def _by_look(self) -> dict[str, str]:
        return {path_identity(path): path for listing in self._listings for path in listing.files}

    @cached_property
    def _by_stem(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path in self._by_look.values():
            found.setdefault(path_identity(os.path.splitext(path)[0]), []).append(path)  # noqa: PTH122
        return found

    def _refuse(self, stamp: Stamp, code: str, **values: object) -> None:
        self.found.problems.setdefault(stamp.path, _problem(stamp, code, **values))


def _read(path: str, encoding: str) -> Sheet:
    with Path(path).open("rb") as file:
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise SheetRefused("sheet-too-large", size=LARGEST >> 20)
    return parse_sheet(decode_sheet(content, encoding))


def _stamp_of(found: FoundFile) -> Stamp:
    return Stamp(found.path, found.size, found.mtime_ns)


def _problem(stamp: Stamp, code: str, **values: object) -> Problem:
    named = {"name": shown_name(stamp.path)} | values
    return Problem(stamp.path, ProblemKind.SHEET, code, named, time.time(), stamp.size, stamp.mtime_ns)


def _stem_of(name: str) -> str:
    return _ENDING.sub("", name) if _ENDING.search(name) else name.removesuffix(".")


def _preference(path: str) -> tuple[int, str]:
    ending = os.path.splitext(path)[1].lower()  # noqa: PTH122
    return _LOSSLESS_FIRST.index(ending) if ending in _LOSSLESS_FIRST else len(_LOSSLESS_FIRST), path
