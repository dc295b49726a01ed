from __future__ import annotations

from collections.abc import Callable

import pytest

from indexer.core.events import Event, Notice
from indexer.core.sentences.told import plain
from indexer.core.store import patience
from indexer.core.store.faults import DatabaseError, DatabaseUnavailable
from indexer.core.store.patience import Patience


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FIRST_PAUSE", "LONGEST_PAUSE", "LOOK_EVERY"):
        monkeypatch.setattr(patience, name, 0.001)


def refusal(message: str, advice: str = "") -> DatabaseUnavailable:
    return DatabaseUnavailable.again(*plain(message, advice))


class Work:
    """Fails as often as told, then answers with how often it was asked."""

    def __init__(self, failures: int, error: Callable[[int], DatabaseError] | None = None) -> None:
        self.asked = 0
        self._failures = failures
        self._error = error or (lambda number: refusal(f"Attempt {number} had no answer.", "Wait."))

    def __call__(self) -> int:
        self.asked += 1
        if self.asked <= self._failures:
            raise self._error(self.asked)
        return self.asked


def never() -> bool:
    return False


def test_an_answer_at_once_is_given_without_a_word() -> None:
    said: list[Event] = []
    assert Patience(on_event=said.append, cancelled=never)(Work(0)) == 1
    assert said == []


def test_it_asks_until_there_is_an_answer_and_says_so_once() -> None:
    said: list[Event] = []
    assert Patience(on_event=said.append, cancelled=never)(Work(5)) == 6
    first, last = [event.message for event in said if isinstance(event, Notice)]
    assert first.startswith("Attempt 1 had no answer. Waiting")
    assert last == "The database answers again."


def test_after_the_limit_the_last_error_is_raised() -> None:
    said: list[Event] = []
    work = Work(1_000_000)
    with pytest.raises(DatabaseUnavailable) as raised:
        Patience(on_event=said.append, cancelled=never, limit=0.02)(work)
    assert work.asked > 1
    assert raised.value.message == f"Attempt {work.asked} had no answer."
    assert len(said) == 1


def test_without_patience_it_asks_once() -> None:
    work = Work(1)
    with pytest.raises(DatabaseUnavailable):
        Patience(on_event=lambda _: None, cancelled=never, limit=0)(work)
    assert work.asked == 1


def test_a_job_that_is_cancelled_waits_no_longer() -> None:
    work = Work(1_000_000)
    with pytest.raises(DatabaseUnavailable):
        Patience(on_event=lambda _: None, cancelled=lambda: work.asked >= 3)(work)
    assert work.asked == 3


def test_a_refusal_is_not_waited_out() -> None:
    work = Work(2, lambda _: DatabaseError.again(*plain("The disk is full.", "Free some space.")))
    with pytest.raises(DatabaseError, match="full"):
        Patience(on_event=lambda _: None, cancelled=never)(work)
    assert work.asked == 1


def test_a_refusal_while_waiting_ends_it() -> None:
    def errors(number: int) -> DatabaseError:
        return refusal("No answer.") if number == 1 else DatabaseError.again(*plain("Refused."))

    work = Work(9, errors)
    with pytest.raises(DatabaseError, match="Refused"):
        Patience(on_event=lambda _: None, cancelled=never)(work)
    assert work.asked == 2
