"""Triplets of many listeners are read as a stream: each line is accepted or refused, and a crowd holds the accepted."""

from __future__ import annotations

import io
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.plays import Named
from indexer.history import echonest
from indexer.history.crowd import Counts, CrowdWriter, counts_of, is_crowd, read_crowd
from indexer.history.echonest import Triplets, mismatched_songs
from indexer.history.lines import LONGEST_LINE
from indexer.history.reading import HistoryUnreadable, Refused
from indexer.history.strangers import CrowdOfTriplets, write_crowd
from tests.benchmarks.history import make_triplets

ANNA, BERT = "a" * 40, "b" * 40
SONGS = ("SOAAAAA12AAAAAAAAA", "SOBBBBB12BBBBBBBBB", "SOCCCCC12CCCCCCCCC")
LINE = f"{ANNA}\t{SONGS[0]}\t3"
BROKEN = {
    "half a line": "history-columns",
    "one\ttwo": "history-columns",
    "one\ttwo\t3\tfour": "history-columns",
    f"{ANNA}\t{SONGS[0]}\tmany": "history-count",
    f"{ANNA}\t{SONGS[0]}\t0": "history-count",
    f"{ANNA}\t{SONGS[0]}\t-1": "history-count",
    f"{ANNA}\t{SONGS[0]}\t99999999999": "history-count",
    f"two words\t{SONGS[0]}\t1": "history-id",
    f"{ANNA}\tsong of Bjørk\t1": "history-id",
    f"\t{SONGS[0]}\t1": "history-id",
    f"{ANNA}\t{'x' * 65}\t1": "history-id",
}


def triplets(*rows: tuple[str, str, int]) -> bytes:
    return "".join(f"{listener}\t{song}\t{plays}\n" for listener, song, plays in rows).encode()


def entries(folder: Path) -> dict[tuple[int, int], float]:
    histories = read_crowd(folder)
    return {
        (listener, int(item)): float(plays)
        for listener in range(len(histories))
        for item, plays in zip(*histories.row(listener), strict=True)
    }


def gathered(folder: Path, content: bytes, **files: str) -> CrowdOfTriplets:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / getattr(echonest, name)).write_text(text, encoding="utf-8")
    found = write_crowd(lambda: io.BytesIO(content), folder, folder / "crowd")
    assert found is not None
    return found


def test_a_crowd_holds_who_played_what_and_how_often(tmp_path: Path) -> None:
    content = triplets((ANNA, SONGS[1], 3), (ANNA, SONGS[0], 2), (BERT, SONGS[0], 1))
    found = gathered(tmp_path, content)
    assert found.counts == Counts(3, 3, {}, 2, 2) == counts_of(tmp_path / "crowd")
    assert entries(tmp_path / "crowd") == {(0, 0): 3, (0, 1): 2, (1, 1): 1}
    assert found.plays_of_songs.tolist() == [1, 2]


def test_pairs_that_are_told_twice_are_one_and_listeners_may_come_back(tmp_path: Path) -> None:
    content = triplets((ANNA, SONGS[0], 1), (BERT, SONGS[1], 5), (ANNA, SONGS[0], 2), (ANNA, SONGS[1], 4))
    assert gathered(tmp_path, content).counts.accepted == 4
    assert entries(tmp_path / "crowd") == {(0, 0): 3, (0, 1): 4, (1, 1): 5}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_broken_lines_are_counted_and_told_by_number(encoding: str, end: str) -> None:
    reader = Triplets()
    lines = [LINE, *(line for broken in BROKEN for line in (broken, LINE)), ""]
    list(reader.blocks(io.BytesIO(end.join(lines).encode(encoding))))
    assert (reader.lines, reader.accepted) == (1 + 2 * len(BROKEN), 1 + len(BROKEN))
    assert reader.refused == Counter(BROKEN.values())
    places = {code: [2 * n + 2 for n, each in enumerate(BROKEN.values()) if each == code] for code in BROKEN.values()}
    assert sorted(reader.examples, key=lambda each: each.line) == sorted(
        (Refused(line, code) for code, where in places.items() for line in where[: echonest.EXAMPLES]),
        key=lambda each: each.line,
    )


@pytest.mark.parametrize("block", [1 << 10, 1 << 25])
def test_a_line_without_end_takes_no_memory_and_costs_itself_alone(monkeypatch: pytest.MonkeyPatch, block: int) -> None:
    monkeypatch.setattr(echonest, "BLOCK", block)
    reader = Triplets()
    content = f"{LINE}\n{'x' * (3 * LONGEST_LINE + block)}\n{LINE}\n".encode() * 2
    assert sum(len(each.items) for each in reader.blocks(io.BytesIO(content))) == 4
    assert (reader.lines, reader.refused.total()) == (6, 2)


def test_songs_that_were_taken_for_others_are_refused_unless_another_track_is_right(tmp_path: Path) -> None:
    mismatches = f"ERROR: <{SONGS[0]} TR1> A  -  B  !=  C  -  D\nERROR: <{SONGS[1]} TR2> A  -  B  !=  C  -  D\n"
    tracks = (
        f"TR1<SEP>{SONGS[0]}<SEP>Wrong<SEP>Song\nTR2<SEP>{SONGS[1]}<SEP>Wrong<SEP>Too\nTR3<SEP>x<SEP>Right<SEP>One\n"
    )
    content = triplets(*((ANNA, song, 1) for song in SONGS))
    found = gathered(
        tmp_path, content, MISMATCHES_FILE=mismatches, TRACKS_FILE=tracks,
        SONGS_FILE=f"{SONGS[0]}\tTR1\n{SONGS[1]}\tTR2\tTR3\n{SONGS[2]}\n",
    )  # fmt: skip
    assert found.counts.refused == {"history-mismatched": 1}
    assert found.names == [Named(artist="Right", title="One"), None]
    alone = mismatched_songs(io.BytesIO(mismatches.encode()), None)
    assert alone == {SONGS[0].encode(), SONGS[1].encode()}


def test_songs_are_named_by_their_own_line_where_no_other_file_is_there(tmp_path: Path) -> None:
    tracks = f"TR1<SEP>{SONGS[0]}<SEP>Björk<SEP>Jóga\nhalf a line\nTR9<SEP>SOX<SEP>Nobody<SEP>Asked\n"
    found = gathered(tmp_path, triplets((ANNA, SONGS[0], 1), (ANNA, SONGS[1], 1)), TRACKS_FILE=tracks)
    assert found.names == [Named(artist="Björk", title="Jóga"), None]


def test_a_file_without_a_line_that_can_be_used_leaves_the_crowd_before(tmp_path: Path) -> None:
    gathered(tmp_path, triplets((ANNA, SONGS[0], 1)))
    with pytest.raises(HistoryUnreadable, match="holds no line of plays"):
        gathered(tmp_path, b"nothing\n" * 10)
    assert write_crowd(lambda: io.BytesIO(LINE.encode()), tmp_path, tmp_path / "crowd", goes_on=lambda _: False) is None
    assert entries(tmp_path / "crowd") == {(0, 0): 1}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["crowd"]


def test_a_folder_that_is_no_crowd_is_none(tmp_path: Path) -> None:
    assert not is_crowd(tmp_path)
    gathered(tmp_path, triplets((ANNA, SONGS[0], 1)))
    (tmp_path / "crowd" / "plays.parquet").write_bytes(b"no table")
    with pytest.raises(HistoryUnreadable):
        read_crowd(tmp_path / "crowd")


def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A made file, read in blocks of a few lines and as a whole."""
    made = make_triplets(tmp_path / "made", 3_000, songs=200)
    content = (tmp_path / "made" / echonest.TRIPLETS_FILE).read_bytes()
    assert content.count(b"\n") == made.lines
    whole = gathered(tmp_path / "whole", content)
    monkeypatch.setattr(echonest, "BLOCK", 1 << 10)
    parts = gathered(tmp_path / "parts", content)
    assert parts.counts == whole.counts
    assert np.array_equal(parts.plays_of_songs, whole.plays_of_songs)
    assert entries(tmp_path / "parts" / "crowd") == entries(tmp_path / "whole" / "crowd")


@given(st.lists(st.sampled_from([LINE, *BROKEN, "", "\x01", "\u2028", '"', "Ä\tÖ\tÜ"])), st.binary(max_size=40))
def test_every_line_is_accepted_or_refused(lines: list[str], rest: bytes) -> None:
    reader = Triplets()
    content = "".join(f"{line}\n" for line in lines).encode() + rest.translate(
        None, b"\r\0"
    )  # another end of line, and what tells of UTF-16
    accepted = sum(block.items.size for block in reader.blocks(io.BytesIO(b"x\n" + content)))
    ends = content.count(b"\n") + (not content.endswith(b"\n") and content != b"")
    assert reader.lines == 1 + ends
    assert reader.accepted == accepted
    assert reader.accepted + reader.refused.total() == reader.lines


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(1, 9)), min_size=1), st.integers(1, 7))
def test_whatever_the_order_a_crowd_adds_up(rows: list[tuple[int, int, int]], size: int) -> None:
    added: Counter[tuple[int, int]] = Counter()
    for listener, item, plays in rows:
        added[listener, item] += plays
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "crowd")
        with CrowdWriter(folder) as writer:
            for start in range(0, len(rows), size):
                owners, items, plays = zip(*rows[start : start + size], strict=True)
                writer.add(np.array(owners, np.int32), np.array(items, np.int32), np.array(plays, np.float32))
            writer.finish(Counts(len(rows), len(rows), {}, 6, 6), [None] * 6)
        assert entries(folder) == added
