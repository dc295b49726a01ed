"""The files of gathered plays: each once, few of them, and without what was erased."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

import pyarrow as pa
import pytest

from indexer.core.home import Home
from indexer.core.plays import ListenerId
from indexer.spark.stream.files import MOST_BATCHES, SCHEMA, GatheredDamaged, GatheredFiles


def plays(*ids: int, listener: str = "one", at: float = 100.0) -> pa.Table:
    return pa.Table.from_pylist([_play(number, listener, at + number) for number in ids], schema=SCHEMA)


def _play(number: int, listener: str, at: float) -> dict[str, object]:
    return {
        "id": f"{number:024x}",
        "listener": listener,
        "track": f"{number:032x}",
        "at": at,
        "finished": True,
        "skipped": False,
        "source": "unknown",
        "told": at,
    }


def ids(files: GatheredFiles) -> Sequence[int]:
    return [int(each, 16) for each in files.read().column("id").to_pylist()]


def test_a_batch_that_is_repeated_is_there_once(home: Home) -> None:
    files = GatheredFiles(home)
    files.write("query", 0, plays(1, 2))
    files.write("query", 1, plays(3))
    files.write("query", 1, plays(3))
    assert ids(files) == [1, 2, 3]
    assert files.number == 2


def test_batches_of_another_query_take_no_place_of_others(home: Home) -> None:
    files = GatheredFiles(home)
    files.write("one", 0, plays(1))
    files.write("other", 0, plays(2))
    assert ids(files) == [1, 2]


def test_what_lies_in_two_files_is_read_once_by_listener_and_time(home: Home) -> None:
    files = GatheredFiles(home)
    files.write("query", 0, plays(4, 1, listener="b"))
    files.write("query", 1, plays(2, 3, listener="a"))
    files.write("query", 2, plays(3, listener="a"))
    files.write("query", 2, plays(3, listener="a"))
    files.write("query", 3, plays(4, listener="b"))
    assert ids(files) == [2, 3, 1, 4]


def test_nothing_is_read_where_nothing_was_gathered(home: Home) -> None:
    assert GatheredFiles(home).read().num_rows == 0
    GatheredFiles(home).write("query", 0, plays())
    assert GatheredFiles(home).number == 0


def test_many_files_become_few(home: Home) -> None:
    files = GatheredFiles(home)
    for number in range(3 * MOST_BATCHES):
        files.write("query", number, plays(number, max(number - 1, 0)))
        files.put_together()
        assert files.number <= MOST_BATCHES + 1
    assert ids(files) == list(range(3 * MOST_BATCHES))
    files.write("query", 3 * MOST_BATCHES - 1, plays(3 * MOST_BATCHES - 1))
    assert ids(files) == list(range(3 * MOST_BATCHES))


def test_what_was_erased_is_not_read_and_is_taken_out(home: Home) -> None:
    files = GatheredFiles(home)
    files.write("query", 0, plays(1, 2, 3, listener="one", at=100))
    files.write("query", 1, plays(4, listener="other", at=100))
    erased = {ListenerId("one"): 103.0}
    assert files.read(erased).column("id").to_pylist() == [f"{number:024x}" for number in (3, 4)]
    assert ids(files) == [1, 2, 3, 4]
    files.take_out(erased)
    assert ids(files) == [3, 4]
    files.take_out({ListenerId("one"): 1_000.0})
    assert ids(files) == [4]


def test_what_a_killed_process_left_half_is_no_file_and_is_tidied_away(home: Home) -> None:
    files = GatheredFiles(home)
    files.write("query", 0, plays(1))
    left = home.stream / "plays" / f".part-{secrets.token_hex(4)}.parquet"
    left.write_bytes(b"half")
    assert ids(files) == [1]
    files.tidy()
    assert not left.exists()
    assert ids(files) == [1]


def test_a_damaged_file_is_named(home: Home) -> None:
    files = GatheredFiles(home)
    files.write("query", 0, plays(1))
    [file] = (home.stream / "plays").glob("*.parquet")
    file.write_bytes(b"nothing")
    with pytest.raises(GatheredDamaged, match=file.name):
        files.read()
