"""Takes lines of triplets apart, very many at once: each is of the form, or there is a reason why not."""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.history.ids import LONGEST_ID, Words, same_as_before, words_in
from indexer.history.reading import MOST_PLAYS

_ID = re.compile(rb"[!-~]{1,%d}" % LONGEST_ID)
_COUNT = re.compile(rb"[0-9]{1,12}")
_FIRST_OF_ID, _OTHERS_OF_ID = ord("!"), ord("~") - ord("!")
_TAB, _END, _ZERO = b"\t\n0"
_MARKS = 3
"""Bytes of a line that are none of an id or a number: two tabs and its end."""

_DIGITS = 12


class Lines(NamedTuple):
    """What lines say.

    Attributes:
        total: how many there are.
        fine: shape (fine,), which of them, from 1 on and in ascending order, are of the form.
        listeners: of these without those that are the same as in the line before.
        owners: shape (fine,), by where they are in `listeners`.
        songs: shape (fine, words).
        plays: shape (fine,), at least 1.
        refused: which of the lines, from 1 on and in ascending order, by the code of the sentence that says why.
    """

    total: int
    fine: NDArray[np.int64]
    listeners: Words
    owners: NDArray[np.int64]
    songs: Words
    plays: NDArray[np.float32]
    refused: dict[str, NDArray[np.int64]]


def taken_apart(text: bytes) -> Lines:
    """What some whole lines say; the last may lack its end."""
    if b"\r" in text:
        text = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    text = b"".join((text, b"" if text.endswith(b"\n") else b"\n", bytes(LONGEST_ID)))
    letters = np.frombuffer(text, np.uint8)
    marks = np.flatnonzero(letters[:-LONGEST_ID] - np.uint8(_FIRST_OF_ID) > _OTHERS_OF_ID)
    ends = np.flatnonzero(letters[marks] == _END)
    starts = np.concatenate([[0], marks[ends[:-1]] + 1])
    whole = np.flatnonzero(np.diff(ends, prepend=-1) == _MARKS)
    is_whole = np.zeros(ends.size, bool)
    is_whole[whole] = (letters[marks[ends[whole] - 1]] == _TAB) & (letters[marks[ends[whole] - 2]] == _TAB)
    whole = np.flatnonzero(is_whole)
    of_songs, of_plays, end = (marks[ends[whole] - before] for before in (2, 1, 0))
    listener_lengths, song_lengths = of_songs - starts[whole], of_plays - of_songs - 1
    plays = _numbers(letters, of_plays + 1, end)
    why = np.zeros(ends.size, np.int8)
    why[whole] = np.select(
        [~_is_length(listener_lengths), (plays < 1) | (plays > MOST_PLAYS), ~_is_length(song_lengths)],
        [_NO_ID, _NO_COUNT, _NO_ID], _FINE,
    )  # fmt: skip
    for line in np.flatnonzero(~is_whole).tolist():
        why[line] = _reason(text[starts[line] : marks[ends[line]]])
    fine = np.flatnonzero(why[whole] == _FINE)
    listeners = words_in(text, starts[whole[fine]], listener_lengths[fine])
    is_first = ~same_as_before(listeners)
    return Lines(
        ends.size, whole[fine] + 1, listeners.take(np.flatnonzero(is_first), axis=0), np.cumsum(is_first) - 1,
        words_in(text, of_songs[fine] + 1, song_lengths[fine]), plays[fine].astype(np.float32),
        {code: np.flatnonzero(why == reason) + 1 for reason, code in _REASONS.items()},
    )  # fmt: skip


def is_id(value: bytes) -> bool:
    """Whether a listener or a song may be called so."""
    return _ID.fullmatch(value) is not None


_FINE, _NO_COLUMNS, _NO_ID, _NO_COUNT = range(4)
_REASONS = {_NO_COLUMNS: "history-columns", _NO_ID: "history-id", _NO_COUNT: "history-count"}


def _is_length(lengths: NDArray[np.int64]) -> NDArray[np.bool_]:
    return (lengths >= 1) & (lengths <= LONGEST_ID)


def _numbers(letters: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.int64]:
    """The numbers that are written there in up to 12 digits; -1 for what is none."""
    lengths = ends - starts
    numbers = np.where((lengths >= 1) & (lengths <= _DIGITS), 0, -1)
    for digit in range(int(lengths.clip(max=_DIGITS).max(initial=0))):
        rows = np.flatnonzero((lengths > digit) & (numbers >= 0))
        values = letters[ends[rows] - 1 - digit] - np.uint8(_ZERO)
        numbers[rows] = np.where(values <= 9, numbers[rows] + values * np.int64(10**digit), -1)  # noqa: PLR2004 - the last digit
    return numbers


def _reason(line: bytes) -> int:
    """What speaks against a line that has other marks than it should have."""
    parts = line.split(b"\t") if line else [line] * _MARKS
    if len(parts) != _MARKS:
        return _NO_COLUMNS
    listener, _, plays = parts
    is_count = _COUNT.fullmatch(plays) is not None and 1 <= int(plays) <= MOST_PLAYS
    return _NO_ID if is_count or not is_id(listener) else _NO_COUNT
