"""Runs one target: mutated inputs and those of hypothesis, each under a time limit and the guard."""

from __future__ import annotations

import faulthandler
import random
import signal
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.fuzz.guard import Guard
from tests.fuzz.mutation import Mutator
from tests.fuzz.target import Box, Target

_HYPOTHESIS_EXAMPLES = 50
_MUTATIONS_PER_TURN = 200
_MOST_FAILURES = 200
"""A target that fails so often is left alone: the next hundred are of the same causes."""

_PATIENCE = 10
"""How many times its limit an input may wait for; a busy machine is no failure."""


class TookTooLong(BaseException):
    """An input took longer than it may; no handler of errors catches this."""


@dataclass
class Tally:
    """What came of a target."""

    target: str
    seed: int
    tried: int = 0
    refused: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    failed: int = 0
    failures: list[str] = field(default_factory=list)
    causes: list[str] = field(default_factory=list)


class Engine:
    """Gives inputs to targets and keeps the tally; failing inputs are written to `failures`."""

    def __init__(self, guard: Guard, box: Box, failures: Path) -> None:
        self._guard = guard
        self._box = box
        self._failures = failures
        self._current = failures / "current.input"

    def run(self, target: Target, *, seconds: float, examples: int, start: int) -> Tally:
        """Try inputs until `seconds` are over or `examples` tried, whichever comes first; whole ones in any case."""
        examples = round(examples * target.share)
        tally = Tally(target.name, start)
        target.prepare()
        deadline = time.monotonic() + seconds
        for data in target.seeds(self._box):
            self._try(target, data, tally)
        turns = self._turns(target, tally, start)
        while tally.tried < examples and time.monotonic() < deadline and tally.failed < _MOST_FAILURES:
            for attempt in next(turns):
                attempt()
                if tally.tried >= examples or time.monotonic() >= deadline:
                    break
        return tally

    def attempt(self, target: Target, data: bytes) -> None:
        """Run one input; raises what is a failure."""
        with _time_limit(target.limit), self._guard.armed(self._box.inside):
            target.run(data, self._box)

    def _turns(self, target: Target, tally: Tally, start: int) -> Iterator[Iterator[Callable[[], None]]]:
        """Mutations and hypothesis by turns, for ever."""
        chance = random.Random(f"{target.name} {start}")
        mutator = Mutator(target.seeds(self._box), target.words, chance)

        def mutations() -> Iterator[Callable[[], None]]:
            for _ in range(_MUTATIONS_PER_TURN):
                yield lambda: self._try(target, mutator.make(), tally)

        turn = start
        while True:
            if target.strategy is not None:
                turn += 1
                yield iter([self._by_hypothesis(target, tally, turn)])
            yield mutations()

    def _by_hypothesis(self, target: Target, tally: Tally, number: int) -> Callable[[], None]:
        assert target.strategy is not None

        @seed(number)
        @settings(
            max_examples=_HYPOTHESIS_EXAMPLES,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(target.strategy())
        def attempt(data: bytes) -> None:
            self._try(target, data, tally)

        return attempt

    def _try(self, target: Target, data: bytes, tally: Tally) -> None:
        self._current.write_bytes(data)  # there when this process dies of it
        tally.tried += 1
        started = time.process_time()
        try:
            self.attempt(target, data)
        except target.errors:
            tally.refused += 1
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001 - whatever else comes is what is looked for
            self._note(target, data, error, tally)
        took = time.process_time() - started
        tally.seconds += took
        tally.slowest = max(tally.slowest, took)

    def _note(self, target: Target, data: bytes, error: BaseException, tally: Tally) -> None:
        """Count a failure, and keep the input of the first of each cause."""
        tally.failed += 1
        cause = _cause(error)
        if cause not in tally.causes:
            tally.causes.append(cause)
            tally.failures.append(self._keep(target, data, error))

    def _keep(self, target: Target, data: bytes, error: BaseException) -> str:
        path = kept(self._failures, target.name, data)
        where = "".join(traceback.format_exception(error, limit=-6))
        path.with_suffix(".txt").write_text(where, encoding="utf-8", errors="backslashreplace")
        return f"{path}: {type(error).__name__}: {error}"[:400]


def _cause(error: BaseException) -> str:
    """Kind and place of an error: inputs that fail alike are one finding."""
    places = traceback.extract_tb(error.__traceback__)
    own = [place for place in places if "site-packages" not in place.filename]
    last = (own or places)[-1]
    return f"{type(error).__name__} {last.filename}:{last.lineno}"


def kept(folder: Path, target: str, data: bytes) -> Path:
    """Write a failing input under a name that says which target it is for."""
    import hashlib

    path = folder / f"{target}.{hashlib.blake2b(data, digest_size=6).hexdigest()}.input"
    path.write_bytes(data)
    return path


@contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    """Interrupt what takes `seconds` of the processor, or waits for ten times that; end what is stuck in C."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise TookTooLong(f"more than {seconds:g} s")

    if not hasattr(signal, "setitimer"):  # Windows
        faulthandler.dump_traceback_later(_PATIENCE * seconds, exit=True)
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()
        return
    clocks = {signal.SIGPROF: (signal.ITIMER_PROF, seconds), signal.SIGALRM: (signal.ITIMER_REAL, _PATIENCE * seconds)}
    before = {number: signal.signal(number, interrupt) for number in clocks}
    try:
        for clock, limit in clocks.values():
            signal.setitimer(clock, limit)
        yield
    finally:
        for clock, _ in clocks.values():
            signal.setitimer(clock, 0)
        for number, handler in before.items():
            signal.signal(number, handler)
