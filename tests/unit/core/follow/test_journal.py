"""The journal: what was noted is there after any end of the program, once, until the database has it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.follow.journal import Journal, Note, NoteKind, Sink

PLAY = {"track": "a" * 32, "at": 12.5, "seconds_heard": 200.25, "finished": True}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "journal.jsonl"


def test_notes_are_there_again_in_their_order(path: Path) -> None:
    first = Journal(path)
    notes = [Note(NoteKind.PLAY, {**PLAY, "at": float(number)}) for number in range(3)]
    notes.append(Note(NoteKind.RESTORE, {"seeds": ["a"], "tracks": ["b"]}))
    for note in notes:
        first.add(note)
    assert Journal(path).open_notes() == notes


def test_what_the_database_has_is_not_told_again(path: Path) -> None:
    journal = Journal(path)
    told, untold = Note(NoteKind.PLAY, PLAY), Note(NoteKind.PLAY, PLAY)
    journal.add(told)
    journal.add(untold)
    journal.strike_out(told)
    assert Journal(path).open_notes() == [untold]


BOTH = (Sink.DATABASE, Sink.STREAM)


@given(steps=st.lists(st.sampled_from(["note", "again", *BOTH]), max_size=40))
def test_each_sink_is_told_each_note_until_it_has_it(
    tmp_path_factory: pytest.TempPathFactory, steps: list[str | Sink]
) -> None:
    path = tmp_path_factory.mktemp("journal") / "journal.jsonl"
    journal = Journal(path, BOTH)
    waiting: dict[Sink, list[Note]] = {sink: [] for sink in BOTH}
    for step in steps:
        if step == "note":
            note = Note(NoteKind.PLAY, PLAY)
            journal.add(note)
            for notes in waiting.values():
                notes.append(note)
        elif step == "again":
            journal = Journal(path, BOTH)
        else:
            sink = Sink(step)
            journal.strike_out(*waiting[sink][:2], sink=sink)
            waiting[sink] = waiting[sink][2:]
        for sink in BOTH:
            assert journal.open_notes(sink) == waiting[sink]
    assert path.exists() == any(waiting.values())


def test_a_sink_that_is_there_no_more_is_not_waited_for(path: Path) -> None:
    both = Journal(path, BOTH)
    first, second = Note(NoteKind.PLAY, PLAY), Note(NoteKind.PLAY, PLAY)
    for note in (first, second):
        both.add(note)
    both.strike_out(first)
    both.strike_out(second, sink=Sink.STREAM)
    alone = Journal(path)
    assert alone.open_notes() == [second]
    alone.strike_out(second)
    assert not path.exists()


def test_a_sink_that_comes_is_told_what_is_open_and_one_that_goes_leaves_nothing_behind(path: Path) -> None:
    journal = Journal(path)
    first, second = Note(NoteKind.PLAY, PLAY), Note(NoteKind.PLAY, PLAY)
    journal.add(first)
    journal.serve(BOTH)
    journal.add(second)
    journal.strike_out(first, second)
    assert (journal.open_notes(), journal.open_notes(Sink.STREAM)) == ([], [first, second])
    journal.serve([Sink.DATABASE])
    assert len(journal) == 0
    assert not path.exists()


def test_a_file_does_not_grow_with_what_was_told_while_something_waits(path: Path) -> None:
    journal = Journal(path, BOTH)
    waits = Note(NoteKind.PLAY, PLAY)
    journal.add(waits)
    for _ in range(1_500):
        note = Note(NoteKind.PLAY, PLAY)
        journal.add(note)
        for sink in BOTH:
            journal.strike_out(note, sink=sink)
    assert len(path.read_text().splitlines()) < 10_000
    assert Journal(path, BOTH).open_notes() == [waits]


def test_a_file_for_the_database_alone_is_only_added_to(path: Path) -> None:
    journal = Journal(path)
    journal.add(Note(NoteKind.PLAY, PLAY))
    for _ in range(1_500):
        before, note = path.stat().st_size, Note(NoteKind.PLAY, PLAY)
        journal.add(note)
        journal.strike_out(note)
        assert path.stat().st_size > before


def test_there_is_no_file_while_there_is_nothing_to_tell(path: Path) -> None:
    journal = Journal(path)
    note = Note(NoteKind.PLAY, PLAY)
    journal.add(note)
    journal.strike_out(note)
    assert not path.exists()
    assert len(Journal(path)) == 0


def test_what_cannot_be_written_is_kept_in_memory(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    journal = Journal(blocked / "journal.jsonl")
    note = Note(NoteKind.PLAY, PLAY)
    with pytest.raises(OSError, match="file"):
        journal.add(note)
    assert journal.open_notes() == [note]


@given(cut=st.integers(0, 400))
def test_a_line_that_was_cut_short_costs_only_itself(tmp_path_factory: pytest.TempPathFactory, cut: int) -> None:
    path = tmp_path_factory.mktemp("journal") / "journal.jsonl"
    notes = [Note(NoteKind.PLAY, PLAY), Note(NoteKind.PLAY, PLAY)]
    for note in notes:
        Journal(path).add(note)
    path.write_bytes(path.read_bytes()[:cut])
    whole = Journal(path).open_notes()
    assert whole == notes[: len(whole)]
    later = Note(NoteKind.PLAY, PLAY)
    Journal(path).add(later)
    assert Journal(path).open_notes() == [*whole, later]


IDENTITY = '"id": "' + "0" * 24 + '"'


@pytest.mark.parametrize(
    "line",
    [
        "[]", "{}", "7", '{"id": "00", "kind": "play"}', f'{{{IDENTITY}, "kind": "sing"}}',
        f'{{{IDENTITY}, "kind": ["play"]}}',
        f'{{{IDENTITY}, "kind": "play", "track": 3, "at": 1, "seconds_heard": 1, "finished": true}}',
        f'{{{IDENTITY}, "kind": "play", "track": "a", "at": 1e999, "seconds_heard": 1, "finished": true}}',
        f'{{{IDENTITY}, "kind": "play", "track": "a", "at": NaN, "seconds_heard": 1, "finished": true}}',
        f'{{{IDENTITY}, "kind": "play", "track": "\\ud800", "at": 1, "seconds_heard": 1, "finished": true}}',
        f'{{{IDENTITY}, "kind": "hide", "seeds": [1], "tracks": [], "at": 1}}',
        f'{{{IDENTITY}, "kind": "restore", "seeds": 5, "tracks": []}}',
        '{"done": 7}',
    ],
)  # fmt: skip
def test_what_is_no_note_is_set_aside_once_and_the_others_stay(path: Path, line: str) -> None:
    note = Note(NoteKind.PLAY, PLAY)
    Journal(path).add(note)
    with path.open("a") as file:
        file.write(line + "\n")
    journal = Journal(path)
    assert (journal.open_notes(), journal.set_aside) == ([note], 1)
    assert journal.odd_file.read_text() == line + "\n"
    again = Journal(path)
    assert (again.open_notes(), again.set_aside) == ([note], 0)


def test_seeds_that_are_no_list_do_not_stop_the_start_of_a_play(path: Path) -> None:
    path.parent.mkdir()
    path.write_text(json.dumps({"id": "0" * 24, "kind": "play", **PLAY, "seeds": 5}) + "\n")
    assert [note.content for note in Journal(path).open_notes()] == [PLAY]


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6) | st.just(10**400),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
named = st.fixed_dictionaries(
    {},
    optional={
        "id": st.just("0" * 24) | anything, "kind": st.sampled_from(["play", "hide", "restore"]) | anything,
        **dict.fromkeys(("track", "at", "seconds_heard", "finished", "seeds", "tracks", "done"), anything),
    },
)  # fmt: skip


@given(records=st.lists(anything | named, max_size=4))
def test_no_journal_of_anything_stops_the_start(
    tmp_path_factory: pytest.TempPathFactory, records: list[object]
) -> None:
    path = tmp_path_factory.mktemp("journal") / "journal.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    notes = Journal(path).open_notes()
    assert all(note.id == "0" * 24 for note in notes)
    Journal(path).add(Note(NoteKind.PLAY, PLAY))
    assert len(Journal(path)) == len(notes) + 1
