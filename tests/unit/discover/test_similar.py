"""More like this, from a real model folder: answers, words when there are none, and models that come and go."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from pytestqt.qtbot import QtBot

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.discover import model_file
from indexer.core.discover.more_like import SimilarState
from indexer.core.discover.radio_candidates import LibraryCandidates
from indexer.core.discover.songs import SongRules
from indexer.core.follow.changes import LibraryCounts
from indexer.core.home import Home
from indexer.core.model import SimilarityModel
from indexer.core.model.profiles import SONIC
from indexer.core.settings import SameArtist
from indexer.core.store import FeatureRecord
from indexer.core.tracks import TrackId, TrackState
from musicplayer.discover.dislikes import Dislikes
from musicplayer.discover.similar import Similar
from tests.unit.core.catalogue.tracks import track
from tests.unit.discover.small_model import PROFILE, write_small_model
from tests.waiting import cost

COUNT = 12
Make = Callable[[], Similar]


def features(number: int) -> NDArray[np.float32]:
    """A point on a quarter circle: the nearer two numbers, the nearer their tracks."""
    angle = number / COUNT * np.pi / 2
    return np.array([[np.cos(angle), np.sin(angle), 0.1]] * 3, np.float32)


def record(number: int) -> FeatureRecord:
    return FeatureRecord(track(number).id, PROFILE, 1, features(number))


def model_of(*numbers: int) -> dict[TrackId, NDArray[np.float32]]:
    return {track(number).id: features(number) for number in numbers}


@pytest.fixture
def make_similar(home: Home, qapp: object) -> Iterator[Make]:
    made: list[Similar] = []

    def make() -> Similar:
        catalogue = Catalogue()
        catalogue.upsert(
            [track(number, artist=f"Artist {number}", seconds=100.0 + 2 * number) for number in range(COUNT + 2)]
        )
        made.append(Similar(home, PROFILE, catalogue))
        return made[-1]

    yield make
    for one in made:
        one.shutdown()


def started(similar: Similar, qtbot: QtBot) -> Similar:
    with qtbot.waitSignal(similar.changed, timeout=60_000):
        similar.start()
    return similar


def numbers(similar: Similar, seed: int, k: int = 30) -> list[int]:
    return [int(row.track, 16) for row in similar.for_track(track(seed).id, k).rows]


def test_the_nearest_come_first_and_never_the_seed(home: Home, make_similar: Make, qtbot: QtBot) -> None:
    write_small_model(home, model_of(*range(COUNT)))
    similar = started(make_similar(), qtbot)
    answer = similar.for_track(track(0).id, 4)
    assert (answer.seed, answer.state, answer.message) == (track(0).id, SimilarState.READY, "")
    assert [int(row.track, 16) for row in answer.rows] == [1, 2, 3, 4]
    assert all(0 <= row.closeness <= 1 for row in answer.rows)
    assert [row.distance for row in answer.rows] == sorted(row.distance for row in answer.rows)


def test_an_answer_costs_little_more_than_the_list_that_it_is_made_of(
    home: Home, make_similar: Make, qtbot: QtBot
) -> None:
    write_small_model(home, model_of(*range(COUNT)))
    similar = started(make_similar(), qtbot)
    model, seeds = similar.model, [track(number).id for number in range(COUNT)]
    assert model is not None
    listed = cost(lambda: [model.similar(seed, 30) for seed in seeds])
    answered = cost(lambda: [similar.for_track(seed) for seed in seeds])
    assert answered < 30 * listed


def test_before_the_first_look_it_gets_ready(make_similar: Make) -> None:
    assert make_similar().for_track(track(0).id).state is SimilarState.LOADING


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        (LibraryCounts(8_000, 0), "Nothing has been analysed yet"),
        (LibraryCounts(8_000, 312), "still analysing your music: 312 of 8,000 done"),
        (LibraryCounts(8_000, 8_000), "The library is analysed, but its model is not built yet"),
    ],
)
def test_without_a_model_it_says_what_is_missing(
    make_similar: Make, qtbot: QtBot, counts: LibraryCounts, words: str
) -> None:
    similar = started(make_similar(), qtbot)
    similar.set_counts(counts)
    answer = similar.for_track(track(0).id)
    assert answer.state is SimilarState.NO_MODEL
    assert words in answer.message


def test_a_track_not_analysed_yet_is_told_with_how_far_it_is(home: Home, make_similar: Make, qtbot: QtBot) -> None:
    write_small_model(home, model_of(0, 1, 2))
    similar = started(make_similar(), qtbot)
    with qtbot.waitSignal(similar.changed):
        similar.set_counts(LibraryCounts(8_000, 312))
    answer = similar.for_track(track(5).id)
    assert (answer.state, answer.message) == (SimilarState.NOT_ANALYSED, "Not analysed yet: 312 of 8,000 done.")
    similar.set_counts(LibraryCounts(3, 3))
    assert "could not be analysed" in similar.for_track(track(5).id).message


def test_a_track_analysed_since_the_build_asks_and_answers(home: Home, make_similar: Make, qtbot: QtBot) -> None:
    write_small_model(home, model_of(0, 1, 2, 8, 9))
    similar = started(make_similar(), qtbot)
    with qtbot.waitSignal(similar.changed):
        similar.add_features([record(7)])
    assert numbers(similar, 7, 2) == [8, 9]
    assert numbers(similar, 9, 2) == [8, 7]


def test_features_that_come_before_the_model_are_not_lost(home: Home, make_similar: Make, qtbot: QtBot) -> None:
    write_small_model(home, model_of(0, 1, 2))
    similar = make_similar()
    similar.add_features([record(3)])
    started(similar, qtbot)
    assert numbers(similar, 3, 1) == [2]


def test_features_of_another_profile_are_not_mixed_in(home: Home, make_similar: Make, qtbot: QtBot) -> None:
    write_small_model(home, model_of(0, 1, 2))
    similar = started(make_similar(), qtbot)
    similar.add_features(
        [FeatureRecord(track(3).id, "classic", 1, features(3)), FeatureRecord(track(4).id, PROFILE, 9, features(4))]
    )
    assert similar.for_track(track(3).id).state is SimilarState.NOT_ANALYSED
    assert similar.for_track(track(4).id).state is SimilarState.NOT_ANALYSED


def test_a_new_model_takes_over_with_what_came_since(home: Home, make_similar: Make, qtbot: QtBot) -> None:
    write_small_model(home, model_of(0, 1, 2))
    similar = started(make_similar(), qtbot)
    similar.add_features([record(11)])
    write_small_model(home, model_of(0, 1, 2, 3, 4), name="two")
    wanted: list[frozenset[TrackId]] = []
    similar.wants_features.connect(wanted.append)
    with qtbot.waitSignal(similar.changed, timeout=60_000):
        similar.reload()
    assert wanted == [{track(number).id for number in range(5)}]
    assert numbers(similar, 4, 2) == [3, 2]
    assert numbers(similar, 11, 1) == [4]


def test_a_damaged_model_leaves_the_one_before_in_use_and_is_told_once(
    home: Home, make_similar: Make, qtbot: QtBot
) -> None:
    write_small_model(home, model_of(0, 1, 2))
    similar = started(make_similar(), qtbot)
    write_small_model(home, model_of(0, 1, 2, 3), name="two")
    (home.models / PROFILE / "two" / "vectors.npy").write_bytes(b"rubbish")
    with qtbot.waitSignal(similar.failed, timeout=10_000) as failed:
        similar.reload()
    message, advice = failed.args or ["", ""]
    assert str(home.models / PROFILE) in message
    assert "Rebuild index" in advice
    assert numbers(similar, 0, 2) == [1, 2]
    with qtbot.assertNotEmitted(similar.failed, wait=200):
        similar.reload()


def test_a_damaged_model_and_none_before_says_so(home: Home, make_similar: Make, qtbot: QtBot) -> None:
    write_small_model(home, model_of(0, 1, 2))
    (home.models / PROFILE / "current.json").write_text("{")
    similar = started(make_similar(), qtbot)
    answer = similar.for_track(track(0).id)
    assert answer.state is SimilarState.NO_MODEL
    assert "Rebuild index" in answer.advice
    write_small_model(home, model_of(0, 1, 2), name="two")
    with qtbot.waitSignal(similar.changed, timeout=60_000):
        similar.reload()
    assert numbers(similar, 0, 2) == [1, 2]


def test_a_damaged_model_and_none_before_says_so_in_the_language_of_the_window(
    home: Home, make_similar: Make, qtbot: QtBot, german: None
) -> None:
    write_small_model(home, model_of(0, 1, 2))
    (home.models / PROFILE / "current.json").write_text("{")
    similar = started(make_similar(), qtbot)
    assert similar.for_track(track(0).id).message.startswith("Das Ähnlichkeitsmodell in ")


def test_a_damaged_model_is_read_once_and_again_when_it_was_mended(
    home: Home, make_similar: Make, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_small_model(home, model_of(0, 1, 2))
    array = home.models / PROFILE / "one" / "vectors.npy"
    sound = array.read_bytes()
    array.write_bytes(b"rubbish")
    read: list[object] = []
    digest = hashlib.file_digest
    monkeypatch.setattr(hashlib, "file_digest", lambda file, name: (read.append(file.name), digest(file, name))[1])
    similar = started(make_similar(), qtbot)
    assert similar.for_track(track(0).id).state is SimilarState.NO_MODEL
    first = len(read)
    assert first > 0
    for _ in range(3):
        similar.reload()
        qtbot.waitUntil(lambda: not similar.is_looking)
    assert len(read) == first
    array.write_bytes(sound)
    with qtbot.waitSignal(similar.changed, timeout=60_000):
        similar.reload()
    assert numbers(similar, 0, 2) == [1, 2]


def heard(number: int) -> FeatureRecord:
    """Features as the profile has them, of a track that sounds like those with numbers near its own."""
    values = np.full((SONIC.windows, SONIC.dims), number / COUNT, np.float32)
    values[:, 1::2] *= -1
    values[:, SONIC.columns.index("heard_seconds")] = 10
    return FeatureRecord(track(number).id, SONIC.name, SONIC.version, values)


def test_before_the_first_build_it_answers_provisionally(make_similar: Make, qtbot: QtBot) -> None:
    similar = make_similar()
    with qtbot.waitSignal(similar.wants_features, timeout=60_000) as wanted:
        similar.start()
    assert wanted.args == [frozenset()]
    similar.set_counts(LibraryCounts(8_000, 12))
    with qtbot.waitSignal(similar.changed, timeout=60_000):
        similar.add_features([heard(number) for number in range(COUNT)])
    qtbot.waitUntil(lambda: len(numbers(similar, 0)) == COUNT - 1)
    answer = similar.for_track(track(0).id)
    assert (answer.state, answer.provisional) == (SimilarState.READY, True)
    assert answer.message == "Provisional, 12 of 8,000 analysed"
    assert not similar.is_outgrown


def give_missing(similar: Similar, qtbot: QtBot, records: list[FeatureRecord], at_once: int) -> None:
    """Answer what a model asks for, some at a time, the next ones only when it asks for them."""
    for at in range(0, len(records), at_once):
        left = max(len(records) - at - at_once, 0)
        signal = similar.wants_more_missing if left else similar.wants_features
        with qtbot.waitSignal(signal, timeout=60_000):
            similar.take_missing(records[at : at + at_once], left, 7)


def test_many_that_are_missing_are_taken_in_beside_the_window_and_known_at_the_next_start(
    home: Home, make_similar: Make, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = threading.get_ident()
    inserted_by: list[int] = []
    insert = SimilarityModel.insert
    monkeypatch.setattr(
        SimilarityModel, "insert", lambda *given: (inserted_by.append(threading.get_ident()), insert(*given))[1]
    )
    similar = make_similar()
    with qtbot.waitSignal(similar.wants_features, timeout=60_000):
        similar.start()
    give_missing(similar, qtbot, [heard(number) for number in range(COUNT)], at_once=5)
    assert window not in inserted_by
    expected = numbers(similar, 0)
    assert len(expected) == COUNT - 1
    similar.shutdown()

    monkeypatch.setattr(model_file, "FIRST_MODEL", 3)  # of many known tracks it begins with a few
    again = make_similar()
    with qtbot.waitSignal(again.wants_features, timeout=60_000) as wanted:
        again.start()
    assert wanted.args == [frozenset(track(number).id for number in range(COUNT))]
    assert again.known_rev == 7
    qtbot.waitUntil(lambda: numbers(again, 0) == expected, timeout=60_000)
    # One that was heard again since then replaces what was known of it.
    give_missing(again, qtbot, [replace(heard(11), track=track(1).id)], at_once=5)
    assert numbers(again, 0, 1) != expected[:1]


@pytest.mark.parametrize("damage", [b"", b"rubbish", None], ids=["empty", "rubbish", "cut short"])
def test_notes_of_the_last_start_that_are_damaged_are_made_again(
    home: Home, make_similar: Make, qtbot: QtBot, damage: bytes | None
) -> None:
    first = make_similar()
    with qtbot.waitSignal(first.wants_features, timeout=60_000):
        first.start()
    give_missing(first, qtbot, [heard(number) for number in range(COUNT)], at_once=5)
    first.shutdown()
    (notes,) = (home.cache / "vectors").iterdir()
    notes.write_bytes(notes.read_bytes()[:-200] if damage is None else damage)
    again = make_similar()
    with qtbot.waitSignal(again.wants_features, timeout=60_000) as wanted:
        again.start()
    assert wanted.args == [frozenset()]


def test_many_that_came_since_the_build_join_the_built_model(home: Home, make_similar: Make, qtbot: QtBot) -> None:
    write_small_model(home, model_of(0, 1, 2, 8, 9))
    similar = started(make_similar(), qtbot)
    give_missing(similar, qtbot, [record(number) for number in (3, 4, 5, 6, 7)], at_once=2)
    assert numbers(similar, 7, 2) == [8, 6]
    assert similar.growth == pytest.approx(1)


def test_the_first_build_takes_over_from_the_provisional_model(home: Home, make_similar: Make, qtbot: QtBot) -> None:
    similar = make_similar()
    with qtbot.waitSignal(similar.wants_features, timeout=60_000):
        similar.start()
    similar.add_features([heard(number) for number in range(COUNT)])
    write_small_model(home, model_of(0, 1, 2))
    with qtbot.waitSignal(similar.wants_features, timeout=60_000):
        similar.reload()
    answer = similar.for_track(track(0).id)
    assert (answer.provisional, answer.message) == (False, "")
    assert [int(row.track, 16) for row in answer.rows] == [1, 2]


def test_a_model_that_is_outgrown_is_told_once(home: Home, make_similar: Make, qtbot: QtBot) -> None:
    write_small_model(home, model_of(*range(5)))
    similar = started(make_similar(), qtbot)
    assert not similar.is_outgrown
    with qtbot.waitSignal(similar.outgrown_changed) as told:
        similar.add_features([record(number) for number in range(5, 8)])
    assert told.args == [True]
    write_small_model(home, model_of(*range(8)), name="two")
    with qtbot.waitSignal(similar.outgrown_changed, timeout=10_000) as told:
        similar.reload()
    assert told.args == [False]


def test_a_library_that_shrank_outgrows_its_model_and_a_track_that_is_back_counts_as_before(
    home: Home, make_similar: Make, qtbot: QtBot
) -> None:
    write_small_model(home, model_of(*range(COUNT)))
    similar = started(make_similar(), qtbot)
    nearest = similar.for_track(track(0).id, 1).rows[0]
    similar.follow([track(number, state=TrackState.GONE) for number in (9, 10)])
    assert not similar.is_outgrown
    similar.drop({track(11).id})
    assert similar.is_outgrown
    assert similar.growth == pytest.approx(3 / COUNT)
    assert numbers(similar, 8) == [7, 6, 5, 4, 3, 2, 1, 0]
    with qtbot.waitSignal(similar.wants_features_of) as wanted:
        similar.follow([track(number) for number in (3, 9)])
    assert wanted.args == [(track(9).id,)]
    similar.add_features([record(9)])
    assert (similar.growth, similar.is_outgrown) == (pytest.approx(2 / COUNT), False)
    assert (nearest.rank, nearest.others) == (1, 11)
    assert similar.for_track(track(0).id, 1).rows[0].others == 9


def test_what_is_back_before_it_was_taken_out_stays(
    home: Home, make_similar: Make, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("musicplayer.discover.intake.SLICE_SECONDS", 0.0)
    write_small_model(home, model_of(*range(COUNT)))
    similar = started(make_similar(), qtbot)
    left = range(2, COUNT)
    similar.follow([track(number, state=TrackState.GONE) for number in left])
    assert 2 < len(numbers(similar, 0)) < COUNT - 1, "a few at a time"
    similar.follow([track(number) for number in left])
    similar.add_features([record(number) for number in left])
    qtbot.waitUntil(lambda: len(numbers(similar, 0)) == COUNT - 1)
    qtbot.wait(100)  # nothing tells that nobody is taken out any more
    assert len(numbers(similar, 0)) == COUNT - 1


def test_what_left_is_taken_out_of_the_next_model_too(home: Home, make_similar: Make, qtbot: QtBot) -> None:
    write_small_model(home, model_of(0, 1, 2))
    similar = started(make_similar(), qtbot)
    similar.add_features([record(5)])
    similar.follow([track(2, state=TrackState.GONE), track(5, state=TrackState.GONE)])
    similar.add_features([record(5)])  # was on its way
    write_small_model(home, model_of(0, 1, 2, 3), name="two")
    with qtbot.waitSignal(similar.changed, timeout=60_000):
        similar.reload()
    assert numbers(similar, 0) == [1, 3]


def test_features_that_are_others_than_those_built_from_count_as_a_change(
    home: Home, make_similar: Make, qtbot: QtBot
) -> None:
    write_small_model(home, model_of(*range(COUNT)))
    similar = started(make_similar(), qtbot)
    similar.drop({track(1).id})
    similar.follow([track(1)])
    similar.add_features([FeatureRecord(track(1).id, PROFILE, 1, features(8))])
    assert similar.growth == pytest.approx(1 / COUNT)


def test_a_pair_is_explained_when_its_features_have_come(make_similar: Make, qtbot: QtBot) -> None:
    similar = make_similar()
    with qtbot.waitSignal(similar.wants_features, timeout=60_000):
        similar.start()
    similar.add_features([heard(number) for number in range(COUNT)])
    qtbot.waitUntil(lambda: len(numbers(similar, 0)) == COUNT - 1)
    with qtbot.waitSignal(similar.wants_features_of) as wanted:
        similar.explain(track(0).id, track(1).id)
    assert wanted.args == [(track(0).id, track(1).id)]
    similar.add_features([heard(0)])
    with qtbot.waitSignal(similar.explained) as told:
        similar.add_features([heard(1)])
    one, other, explanation = told.args or ()
    assert (one, other) == (track(0).id, track(1).id)
    assert sum(abs(block.share) for block in explanation.blocks) == pytest.approx(1)


def test_a_row_says_its_place_among_the_rest_of_the_library(home: Home, make_similar: Make, qtbot: QtBot) -> None:
    write_small_model(home, model_of(*range(COUNT)))
    similar = started(make_similar(), qtbot)
    rows = similar.for_track(track(0).id, 4).rows
    assert [(row.rank, row.others) for row in rows] == [(1, 11), (2, 11), (3, 11), (4, 11)]
    assert {row.seed for row in rows} == {track(0).id}


def test_several_seeds_are_answered_by_what_they_agree_about(home: Home, make_similar: Make, qtbot: QtBot) -> None:
    write_small_model(home, model_of(*range(COUNT)))
    similar = started(make_similar(), qtbot)
    seeds = [track(number).id for number in (0, 4)]
    answer = similar.for_tracks(seeds, 4)
    found = [int(row.track, 16) for row in answer.rows]
    assert set(found[:3]) == {1, 2, 3}
    assert not {0, 4}.intersection(found)
    assert {row.near for row in answer.rows} == {2}
    assert {row.seed for row in answer.rows} <= set(seeds)
    assert similar.for_tracks(seeds[::-1], 4).rows == answer.rows


def test_one_seed_of_several_is_answered_like_that_one(home: Home, make_similar: Make, qtbot: QtBot) -> None:
    write_small_model(home, model_of(*range(COUNT)))
    similar = started(make_similar(), qtbot)
    alone = similar.for_track(track(3).id, 5)
    assert similar.for_tracks([track(3).id], 5) == alone
    assert similar.for_tracks([track(COUNT).id, track(3).id], 5).rows == alone.rows
    assert similar.for_tracks([track(COUNT).id], 5).state is SimilarState.NOT_ANALYSED
    with pytest.raises(ValueError, match="nothing"):
        similar.for_tracks([])


def test_what_is_hidden_for_a_seed_stays_out_of_its_answers_only(home: Home, qtbot: QtBot) -> None:
    write_small_model(home, model_of(*range(COUNT)))
    catalogue = Catalogue()
    catalogue.upsert([track(number, artist=f"Artist {number}", seconds=100.0 + 2 * number) for number in range(COUNT)])
    dislikes = Dislikes()
    similar = Similar(home, PROFILE, catalogue, dislikes=dislikes)
    started(similar, qtbot)
    with qtbot.waitSignal(similar.changed):
        dislikes.hide(track(0).id, [track(1).id])
    assert numbers(similar, 0, 3) == [2, 3, 4]
    assert 1 in numbers(similar, 2, 3)
    joint = similar.for_tracks([track(0).id, track(4).id], 9).rows
    assert track(1).id not in {row.track for row in joint}
    similar.shutdown()


def test_the_choice_about_the_same_artist_is_told_once(make_similar: Make, qtbot: QtBot) -> None:
    similar = make_similar()
    with qtbot.waitSignal(similar.changed):
        similar.set_same_artist(SameArtist.HIDE)
    with qtbot.assertNotEmitted(similar.changed):
        similar.set_same_artist(SameArtist.HIDE)


MIX, TALK = 1, 2


def with_a_mix_and_talk(similar: Similar) -> Similar:
    """The nearest of 0 is a mix, the next a podcast."""
    catalogue = similar.more_like.catalogue
    catalogue.upsert(
        [
            track(MIX, artist="Artist 1", seconds=7_200.0),
            track(TALK, artist="Artist 2", seconds=900.0, path="/music/Podcasts/Talk/1.mp3"),
        ]
    )
    return similar


def test_what_is_no_song_is_offered_beside_its_own_kind_only(home: Home, make_similar: Make, qtbot: QtBot) -> None:
    write_small_model(home, model_of(*range(6)))
    similar = with_a_mix_and_talk(started(make_similar(), qtbot))
    assert numbers(similar, 0) == [3, 4, 5]
    assert similar.for_track(track(0).id).message == "2 left out that are no songs: talk, mixes or jingles"
    assert numbers(similar, MIX) == [0, 3, 4, 5]
    assert sorted(numbers(similar, TALK)) == [0, 3, 4, 5]
    together = similar.for_tracks([track(0).id, track(3).id])
    assert {int(row.track, 16) for row in together.rows} == {4, 5}
    beside = similar.for_tracks([track(0).id, track(TALK).id])
    assert MIX not in {int(row.track, 16) for row in beside.rows}
    with qtbot.waitSignal(similar.changed):
        similar.set_song_rules(SongRules(on=False))
    assert numbers(similar, 0) == [1, 2, 3, 4, 5]
    assert similar.for_track(track(0).id).message == ""


def test_a_list_that_is_full_says_nothing_of_what_was_left_out(home: Home, make_similar: Make, qtbot: QtBot) -> None:
    write_small_model(home, model_of(*range(6)))
    similar = with_a_mix_and_talk(started(make_similar(), qtbot))
    answer = similar.for_track(track(0).id, 3)
    assert ([int(row.track, 16) for row in answer.rows], answer.message) == ([3, 4, 5], "")


def test_an_empty_list_says_that_the_rest_is_no_music(home: Home, make_similar: Make, qtbot: QtBot) -> None:
    write_small_model(home, model_of(0, MIX, TALK))
    similar = with_a_mix_and_talk(started(make_similar(), qtbot))
    answer = similar.for_track(track(0).id)
    assert (answer.state, answer.rows) == (SimilarState.READY, ())
    assert answer.message.startswith("What sounds like this is no music")


def test_the_radio_chooses_among_songs(home: Home, make_similar: Make, qtbot: QtBot) -> None:
    write_small_model(home, model_of(*range(6)))
    similar = with_a_mix_and_talk(started(make_similar(), qtbot))
    candidates = LibraryCandidates(similar.more_like)
    assert [int(song.track, 16) for song in candidates.near(track(0).id, 10)] == [3, 4, 5]
    assert MIX not in {int(song.track, 16) for song in candidates.near(track(TALK).id, 10)}
    assert candidates.playable(track(MIX).id) is not None


def test_the_radio_leans_towards_what_the_listener_likes(home: Home, make_similar: Make, qtbot: QtBot) -> None:
    write_small_model(home, model_of(*range(8)))
    similar = started(make_similar(), qtbot)
    candidates = LibraryCandidates(similar.more_like)
    nearest = [song.track for song in candidates.near(track(0).id, 7)]
    candidates.liking = lambda tracks: np.array([float(one == nearest[-1]) for one in tracks], np.float32)
    assert [song.track for song in candidates.near(track(0).id, 7)] == nearest
    candidates.lean = 1.0
    assert [song.track for song in candidates.near(track(0).id, 7)] == [nearest[-1], *nearest[:-1]]
    assert [song.track for song in candidates.near(track(0).id, 2)] == [nearest[-1], nearest[0]]
    candidates.liking = lambda _: None
    assert [song.track for song in candidates.near(track(0).id, 7)] == nearest
