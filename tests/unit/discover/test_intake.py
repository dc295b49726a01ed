"""Tracks go into a model and out of it a few at a time, and nothing that waits is lost or doubled."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from indexer.core.model import SimilarityModel
from indexer.core.model.space.transform import Transform, UnitLength
from indexer.core.store import FeatureRecord
from indexer.core.tracks import TrackId
from musicplayer.discover import intake as module
from musicplayer.discover.intake import AT_ONCE, Intake
from tests.unit.core.catalogue.tracks import track
from tests.unit.discover.small_model import KEY, PROFILE

MANY = 5 * AT_ONCE + 1


def record(number: int, *, version: int = 1, angle: float | None = None) -> FeatureRecord:
    turn = number / 10 if angle is None else angle
    values = np.array([[np.cos(turn), np.sin(turn), 0.1]] * 3, np.float32)
    return FeatureRecord(track(number).id, PROFILE, version, values)


def records(numbers: Iterable[int]) -> list[FeatureRecord]:
    return [record(number) for number in numbers]


def model_of(*numbers: int) -> SimilarityModel:
    known = records(numbers)
    return SimilarityModel.provisional(
        Transform((UnitLength(),)), KEY, [each.track for each in known], [each.values for each in known]
    )


def numbers_in(model: SimilarityModel) -> set[int]:
    return {int(each, 16) for each in model.tracks()}


@pytest.fixture
def intake(qapp: object, monkeypatch: pytest.MonkeyPatch) -> Intake:
    """One that takes no more than `AT_ONCE` in a turn, however fast the machine is."""
    monkeypatch.setattr(module, "SLICE_SECONDS", 0.0)
    return Intake()


def test_a_few_are_in_before_it_returns_and_are_told_once(intake: Intake, qtbot: QtBot) -> None:
    model, told = model_of(0), []
    intake.serve(model)
    intake.took.connect(lambda: told.append(numbers_in(model)))
    intake.add(records(range(1, 4)))
    assert told == [{0, 1, 2, 3}]


def test_many_come_in_over_several_turns_and_all_are_told_in_the_end(intake: Intake, qtbot: QtBot) -> None:
    model, told = model_of(0), []
    intake.serve(model)
    intake.took.connect(lambda: told.append(len(model)))
    intake.add(records(range(1, MANY)))
    assert len(model) == 1 + AT_ONCE, "the window is not held up for the others"
    qtbot.waitUntil(lambda: len(model) == MANY)
    qtbot.waitUntil(lambda: told[-1:] == [MANY])
    assert len(told) < MANY - 1, "not for each of them"


def test_what_is_asked_for_goes_first(intake: Intake, qtbot: QtBot) -> None:
    model = model_of(0)
    intake.serve(model)
    intake.add(records(range(1, MANY)))
    last = track(MANY - 1).id
    assert last not in model
    intake.hurry(last)
    assert last in model
    intake.hurry(TrackId("nobody"))
    qtbot.waitUntil(lambda: len(model) == MANY)


def test_what_comes_before_there_is_a_model_waits_for_it(intake: Intake) -> None:
    intake.add(records((1, 2)))
    intake.drop([track(1).id])
    intake.hurry(track(2).id)
    model = model_of(0, 1)
    intake.serve(model)
    intake.add([])
    assert numbers_in(model) == {0, 2}


def test_of_coming_and_going_the_last_word_holds(intake: Intake, qtbot: QtBot) -> None:
    model = model_of(0)
    intake.serve(model)
    intake.add(records(range(1, MANY)))
    intake.drop([track(MANY - 1).id, track(1).id])
    intake.drop([track(MANY - 2).id])
    intake.add(records([MANY - 2]))
    qtbot.waitUntil(lambda: numbers_in(model) == set(range(MANY)) - {1, MANY - 1})
    intake.drop([track(number).id for number in range(MANY)])
    qtbot.waitUntil(lambda: len(model) == 0)


def test_nothing_is_told_of_what_changes_nothing(intake: Intake, qtbot: QtBot) -> None:
    model = model_of(0, 1)
    intake.serve(model)
    before = model.vector(track(1).id).tolist()
    with qtbot.assertNotEmitted(intake.took, wait=50):
        intake.add([record(1, angle=3.0)])
        intake.add([record(2, version=2)])
        intake.drop([track(9).id])
    assert numbers_in(model) == {0, 1}
    assert model.vector(track(1).id).tolist() == before, "what the model has stays as it was built"


def test_the_next_model_gets_what_still_waits(intake: Intake, qtbot: QtBot) -> None:
    first, second = model_of(0), model_of(0)
    intake.serve(first)
    intake.add(records(range(1, MANY)))
    intake.serve(second)
    qtbot.waitUntil(lambda: numbers_in(second) == {0, *range(1 + AT_ONCE, MANY)})
    assert len(first) == 1 + AT_ONCE


def test_stopped_it_takes_no_more(intake: Intake, qtbot: QtBot) -> None:
    model = model_of(0)
    intake.serve(model)
    intake.add(records(range(1, MANY)))
    intake.stop()
    with qtbot.assertNotEmitted(intake.took, wait=50):
        pass
    assert len(model) == 1 + AT_ONCE


def test_features_that_fit_no_vector_keep_nobody_out(intake: Intake, qtbot: QtBot) -> None:
    """A server may say that they are of a network, which is another one there by now."""
    model = model_of(0)
    intake.serve(model)
    odd = FeatureRecord(track(1).id, PROFILE, 1, np.ones((3, 9), np.float32))
    intake.add([odd, record(2)])
    assert numbers_in(model) == {0, 2}
