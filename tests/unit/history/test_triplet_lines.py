"""Lines that are taken apart many at once say what each says by itself."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from indexer.history.ids import words_of
from indexer.history.reading import MOST_PLAYS
from indexer.history.triplet_lines import taken_apart

IDS = st.sampled_from([b"a" * 40, b"b" * 40, b"SOAAAAA12AAAAAAAAA", b"~", b"x" * 64, b"x" * 65, b"", b"a b", b"\xff"])
PLAYS = st.integers(0, 10**13).map(lambda plays: b"%d" % plays) | st.sampled_from(
    [b"1", b"17", b"0012", b"10000000", b"10000001", b"", b"-1", b"1.5", b"0" * 12 + b"1", b"many", b"\xb2"]
)
LINES = st.tuples(IDS, IDS, PLAYS).map(b"\t".join) | st.lists(IDS | PLAYS, max_size=5).map(b"\t".join)


def said(line: bytes) -> tuple[bytes, bytes, int] | str:
    """What one line says, or the code of what speaks against it."""
    parts = line.split(b"\t") if line else [b""] * 3
    if len(parts) != 3:
        return "history-columns"
    listener, song, plays = parts
    if not re.fullmatch(rb"[!-~]{1,64}", listener):
        return "history-id"
    if not (re.fullmatch(rb"[0-9]{1,12}", plays) and 1 <= int(plays) <= MOST_PLAYS):
        return "history-count"
    return (listener, song, int(plays)) if re.fullmatch(rb"[!-~]{1,64}", song) else "history-id"


@given(st.lists(LINES, min_size=1), st.sampled_from([b"\n", b"\r\n", b"\r"]), st.booleans())
def test_each_line_says_what_it_says_by_itself(lines: list[bytes], end: bytes, is_ended: bool) -> None:
    is_ended = is_ended or not lines[-1]
    found = taken_apart(end.join(lines) + (end if is_ended else b""))
    expected = dict(enumerate(map(said, lines), 1))
    fine = {line: each for line, each in expected.items() if isinstance(each, tuple)}
    assert found.total == len(lines)
    assert found.fine.tolist() == list(fine)
    assert found.plays.tolist() == [plays for _, _, plays in fine.values()]
    assert (found.songs == words_of([song for _, song, _ in fine.values()])).all()
    assert (found.listeners[found.owners] == words_of([listener for listener, _, _ in fine.values()])).all()
    refused = {line: code for code, numbers in found.refused.items() for line in numbers.tolist()}
    assert refused == {line: each for line, each in expected.items() if isinstance(each, str)}
