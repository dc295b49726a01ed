"""A pass over files while the database is away: it waits, hands out nothing meanwhile, and loses nothing."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Self

import pytest

from indexer.analysis import file_run
from indexer.analysis.control import Control
from indexer.analysis.file_run import SAVE_TRACKS, FileRun
from indexer.analysis.pool import Job, Outcome
from indexer.analysis.worker import Analysed
from indexer.core.events import Event, Notice, Progress, Stage
from indexer.core.sentences.told import plain
from indexer.core.store import DatabaseError, DatabaseUnavailable, patience
from indexer.core.tracks import Problem, TrackId

ROOM = 4
JOBS = [Job(TrackId(f"{number:032x}"), f"/music/{number}.mp3", ("classic",)) for number in range(3 * SAVE_TRACKS)]


class InstantPool:
    """Hears files at once, one for each that is asked for."""

    def __init__(self) -> None:
        self.submitted: list[Job] = []
        self._left: list[Job] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._left.clear()

    @property
    def is_idle(self) -> bool:
        return not self._left

    @property
    def running(self) -> tuple[str, ...]:
        return ()

    def has_room_for(self, at_once: int | None = None) -> bool:
        return len(self._left) < min(at_once or ROOM, ROOM)

    def submit(self, job: Job) -> None:
        self.submitted.append(job)
        self._left.append(job)

    def finished(self, timeout: float) -> Iterator[tuple[Job, Outcome]]:
        yield self._left.pop(0), Analysed({})


class Problems:
    def by_path(self) -> dict[str, Problem]:
        return {}


class Library:
    """As much of a database as a pass without problems looks at."""

    problems = Problems()


class Shelf:
    """Stores what it is given, but for the calls that it is told to fail."""

    def __init__(self, pool: InstantPool, failing: range, error: type[DatabaseError] = DatabaseUnavailable) -> None:
        self.kept: list[Job] = []
        self.calls = 0
        self.most_unsaved = 0
        self._pool, self._failing, self._error = pool, failing, error

    def keep(self, done: list[tuple[Job, Analysed]]) -> None:
        self.calls += 1
        self.most_unsaved = max(self.most_unsaved, len(self._pool.submitted) - len(self.kept))
        if self.calls in self._failing:
            raise self._error.again(*plain("No answer.", "Wait."))
        self.kept.extend(job for job, _ in done)


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FIRST_PAUSE", "LONGEST_PAUSE", "LOOK_EVERY"):
        monkeypatch.setattr(patience, name, 0.001)


class Run:
    def __init__(self, failing: range, error: type[DatabaseError] = DatabaseUnavailable) -> None:
        self.pool, self.control, self.events = InstantPool(), Control(), list[Event]()
        self.shelf = Shelf(self.pool, failing, error)
        self.cancel_at: type[Event] | None = None
        self._pass = FileRun(
            Stage.EXTRACT, Library(), JOBS, self.shelf.keep,  # type: ignore[arg-type]
            on_event=self.on_event, control=self.control,
        )  # fmt: skip

    def on_event(self, event: Event) -> None:
        self.events.append(event)
        if self.cancel_at is not None and isinstance(event, self.cancel_at):
            self.control.cancel()

    def work(self) -> None:
        self._pass.work(self.pool)

    @property
    def notices(self) -> list[str]:
        return [event.message for event in self.events if isinstance(event, Notice)]


def test_a_database_that_is_away_is_waited_for_and_nothing_is_lost() -> None:
    run = Run(failing=range(2, 12))
    run.work()
    assert run.shelf.kept == JOBS
    assert run.notices == ["No answer. Waiting for it; nothing is lost.", "The database answers again."]
    assert isinstance(run.events[-1], Progress)
    assert run.events[-1].done == len(JOBS)


def test_nothing_is_handed_out_while_it_is_away() -> None:
    run = Run(failing=range(1, 50))
    run.work()
    assert run.shelf.most_unsaved <= SAVE_TRACKS + ROOM


def test_a_run_that_is_cancelled_meanwhile_ends_with_the_reason() -> None:
    run = Run(failing=range(1, 1_000_000))
    run.cancel_at = Notice
    with pytest.raises(DatabaseUnavailable):
        run.work()
    assert run.shelf.calls < 5


def test_a_database_that_refuses_is_not_waited_for() -> None:
    run = Run(failing=range(1, 2), error=DatabaseError)
    with pytest.raises(DatabaseError):
        run.work()
    assert run.notices == []


def test_a_frozen_database_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_run, "SLOW_SECONDS", 0.01)
    told = threading.Event()
    said: list[Event] = []

    def on_event(event: Event) -> None:
        said.append(event)
        told.set()

    assert file_run.patience_of(on_event, Control())(lambda: told.wait(10))
    assert said == [Notice("database-slow")]
