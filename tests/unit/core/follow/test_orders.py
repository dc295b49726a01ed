"""What notes are about, and which of them a later one makes untrue."""

from __future__ import annotations

from indexer.core.follow.journal import Note, NoteKind
from indexer.core.follow.orders import replaced_by, tracks_in
from indexer.core.plays import Opinion
from indexer.core.tracks import TrackId
from tests.plays import play_of

ONE, OTHER = TrackId("1" * 32), TrackId("2" * 32)


def opinion(track: TrackId) -> Note:
    return Note(NoteKind.OPINION, Opinion(track, favourite=True).as_record())


def hiding(kind: NoteKind, seeds: list[TrackId], tracks: list[TrackId]) -> Note:
    return Note(kind, {"seeds": seeds, "tracks": tracks, "at": 1.0})


def test_an_opinion_takes_the_place_of_those_of_the_same_track() -> None:
    before = [opinion(ONE), opinion(OTHER), hiding(NoteKind.HIDE, [ONE], [OTHER])]
    assert replaced_by(opinion(ONE), before) == before[:1]


def test_hiding_takes_the_place_of_what_was_hidden_or_shown_of_these_pairs_alone() -> None:
    before = [
        hiding(NoteKind.HIDE, [ONE], [OTHER]),
        hiding(NoteKind.RESTORE, [ONE], [OTHER]),
        hiding(NoteKind.HIDE, [ONE, OTHER], [OTHER]),
        opinion(ONE),
    ]
    assert replaced_by(hiding(NoteKind.RESTORE, [ONE], [OTHER, ONE]), before) == before[:2]


def test_plays_take_nothing_of_anybodys_place() -> None:
    play = play_of(ONE)
    note = Note(NoteKind.PLAY, play.as_record(), play.id)
    assert replaced_by(note, [note, opinion(ONE)]) == []


def test_a_note_is_about_all_tracks_in_it() -> None:
    assert tracks_in(opinion(ONE)) == {ONE}
    assert tracks_in(hiding(NoteKind.HIDE, [ONE], [OTHER])) == {ONE, OTHER}
