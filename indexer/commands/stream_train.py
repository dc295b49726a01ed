"""The command `indexer stream train`: gathers plays from a Kafka broker with Spark, and learns taste from them."""

from __future__ import annotations

import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from indexer.analysis.control import Control
from indexer.commands.common import (
    EXIT_CANCELLED,
    EventsOption,
    JsonOption,
    ParentOption,
    ProfileOption,
    database_of,
    home_of,
    print_json,
    profile_named,
    reported,
    warn,
)
from indexer.commands.console import out
from indexer.commands.history import GATHERING
from indexer.commands.job import control_of, display, only_indexer
from indexer.commands.stream import broker_of
from indexer.commands.work import MasterOption
from indexer.core.errors import SegueError
from indexer.core.events import EventSink, Finished, Notice
from indexer.core.files.json_files import read_object, write_object
from indexer.core.files.locks import holding
from indexer.core.home import Home
from indexer.core.kafka.address import Address
from indexer.core.kafka.broker import KafkaAway, as_silent, make_topics
from indexer.core.taste.recommending import FRESH_PLAYS
from indexer.core.tracks import Seconds
from indexer.history.retrain import Learner

if TYPE_CHECKING:
    from indexer.spark.stream.query import Taken

_LOOK_SECONDS: Seconds = 1.0
_TRIES = 3
_FIRST_RETRY: Seconds = 1.0
_LONGEST_RETRY: Seconds = 30.0


class AlreadyGathering(SegueError):
    """Another process gathers for the same home."""


class Trigger(StrEnum):
    """When it ends."""

    AVAILABLE_NOW = "available-now"  # when all is gathered that is there at the beginning
    CONTINUOUS = "continuous"  # when it is told to


TriggerOption = Annotated[
    Trigger,
    typer.Option("--trigger", help="Gather what is there, learn and end; or go on, and learn again and again."),
]
EveryOption = Annotated[
    float, typer.Option("--every", metavar="MINUTES", min=0.1, help="How often is learnt where it goes on.")
]


@dataclass
class Work:
    """A run of the command.

    Attributes:
        home: which.
        address: of the broker.
        learner: learns from what was gathered.
        sink: told of everything.
        control: ends it.
        most: messages of a batch.
        counts: what was done, by name.
        model: the last that was built.
    """

    home: Home
    address: Address
    learner: Learner
    sink: EventSink
    control: Control
    most: int = 50_000
    counts: Counter[str] = field(default_factory=lambda: Counter(gathered=0, refused=0, models=0))
    model: str | None = None

    def note(self, before: Mapping[str, int], taken: Taken) -> None:
        """Count what a query took, beside what was counted `before` it, and say what the broker lost."""
        self.counts.update({"gathered": before["gathered"] + taken.plays - self.counts["gathered"]})
        self.counts.update({"refused": before["refused"] + taken.refused.total() - self.counts["refused"]})
        if taken.end is None:
            return
        file = self.home.stream / "said.json"
        said, now = read_object(file), {"anew": taken.end.anew, "gone": taken.end.gone}
        if said != now:
            if now["anew"] > said.get("anew", 0):
                self.sink(Notice("stream-anew"))
            if (gone := now["gone"] - said.get("gone", 0)) > 0:
                self.sink(Notice("stream-gone", {"number": gone}))
            write_object(file, now)


def train_command(
    context: typer.Context,
    trigger: TriggerOption = Trigger.AVAILABLE_NOW,
    every: EveryOption = 60.0,
    profile: ProfileOption = "sonic",
    most: Annotated[int, typer.Option("--most", min=1, help="Messages that are gathered at once.")] = 50_000,
    events: EventsOption = False,
    as_json: JsonOption = False,
    parent: ParentOption = None,
    spark_master: MasterOption = None,
) -> None:
    """Gather plays from a Kafka broker with Spark, learn taste from them, and tell the broker of the new model."""
    from indexer.spark.stream.files import GatheredFiles  # noqa: PLC0415 - Parquet is of no use to any other command

    home, chosen = home_of(context), profile_named(profile)
    control = control_of(events=events, parent=parent)
    with reported(as_events=events), only_gatherer(home), display(events) as sink, _ended_by_signals(control):
        learner = Learner(home, GatheredFiles(home), chosen.name, spark_master)
        work = Work(home, broker_of(home), learner, sink, control, most)
        learner.files.tidy()
        if not events and not as_json:
            warn(f"Gathering what was played from {work.address}; Spark takes half a minute to begin.")
        if trigger is Trigger.AVAILABLE_NOW:
            gather_once(work)
        else:
            gather_on(work, every * 60)
        sink(Finished(summary=dict(work.counts), cancelled=control.is_cancelled))
    if as_json:
        print_json({**work.counts, "model": work.model})
    elif not events:
        _print(work)
    if control.is_cancelled and trigger is Trigger.AVAILABLE_NOW:
        raise typer.Exit(EXIT_CANCELLED)


@contextmanager
def only_gatherer(home: Home) -> Iterator[None]:
    """Gather alone for the block; raises AlreadyGathering."""
    with holding(home, GATHERING) as alone:
        if not alone:
            raise AlreadyGathering("stream-training", folder=home.data)
        yield


def gather_once(work: Work) -> None:
    """Gather what the broker has at this moment, and learn from it.

    Raises:
        KafkaAway, KafkaMissing: the broker does not answer.
        GatheringFailed, SparkFailed, JavaMissing: Spark could not; what was gathered until then is kept.
        SegueError: what learning raises.
    """
    from indexer.spark.session import spark_session  # noqa: PLC0415 - pyspark takes a second to import
    from indexer.spark.stream.query import GatheringFailed  # noqa: PLC0415 - as above

    try:
        make_topics(work.address)
    except KafkaAway as error:
        raise as_silent(error) from error
    with spark_session(work.home, work.learner.master):
        for failed in range(_TRIES):
            try:
                _gather(work, goes_on=False)
                break
            except GatheringFailed as error:  # as where a worker of Spark took long to start
                if failed == _TRIES - 1:
                    raise
                work.sink(Notice(error.code, error.values))
                _wait(work.control, _FIRST_RETRY)
        if work.counts["refused"]:
            work.sink(Notice("stream-refused", {"number": work.counts["refused"]}))
        if not learn(work, fewest=1) and not work.control.is_cancelled:
            work.sink(Notice("stream-nothing-new"))


def gather_on(work: Work, seconds: Seconds) -> None:
    """Gather until it is told to end, and learn every so many seconds; a broker that is away is waited for.

    Raises:
        SparkFailed, JavaMissing: Spark cannot run.
    """
    from indexer.spark.session import spark_session  # noqa: PLC0415 - pyspark takes a second to import
    from indexer.spark.stream.query import GatheringFailed  # noqa: PLC0415 - as above

    due = time.monotonic() + seconds

    def beside() -> None:
        nonlocal due
        if time.monotonic() >= due:
            _learn_if_possible(work)
            due = time.monotonic() + seconds

    retry, troubled = _FIRST_RETRY, ""
    with spark_session(work.home, work.learner.master):
        while not work.control.is_cancelled:
            began = time.monotonic()
            try:
                make_topics(work.address)
                _gather(work, goes_on=True, beside=beside)
            except (KafkaAway, GatheringFailed) as error:
                if error.english != troubled:
                    troubled = error.english
                    work.sink(Notice(error.code, error.values))
            retry = _FIRST_RETRY if time.monotonic() - began > _LONGEST_RETRY else min(2 * retry, _LONGEST_RETRY)
            _wait(work.control, retry)


def _gather(work: Work, *, goes_on: bool, beside: Callable[[], None] = lambda: None) -> None:
    """Gather until there is nothing more, or until it is told to end; `beside` is called every second."""
    from indexer.spark.stream.query import gathering  # noqa: PLC0415 - pyspark takes a second to import

    before, learner = dict(work.counts), work.learner
    with gathering(work.home, learner.master, work.address, learner.files, goes_on=goes_on, most=work.most) as query:
        ended = False
        while not ended and not work.control.is_cancelled:
            ended = query.wait(_LOOK_SECONDS)
            work.note(before, query.taken)
            beside()


def _learn_if_possible(work: Work) -> None:
    """Another indexer at work, or a database that is away, is no reason to gather no more."""
    try:
        learn(work, fewest=FRESH_PLAYS)
    except SegueError as error:
        work.sink(Notice(error.code, error.values))


def learn(work: Work, *, fewest: int) -> bool:
    """Learn where there are so many new plays; returns whether there were, and nobody wanted it to end.

    Raises:
        IndexerBusy: another indexer works on the library.
        SegueError: what `build_taste` raises.
    """
    if work.control.is_cancelled:
        return False
    with only_indexer(work.home), database_of(work.home) as database:
        if work.learner.fresh(database) < fewest:
            return False
        manifest = work.learner.learn(database, work.sink, work.control)
    if manifest is None:
        return False
    work.model = manifest.id
    work.counts["models"] += 1
    return True


def _wait(control: Control, seconds: Seconds) -> None:
    end = time.monotonic() + seconds
    while not control.is_cancelled and time.monotonic() < end:
        time.sleep(0.1)


@contextmanager
def _ended_by_signals(control: Control) -> Iterator[None]:
    """Within the block the system's wish that this ends is one to end in order."""
    before = {each: signal.signal(each, lambda *_: control.cancel()) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _print(work: Work) -> None:
    counts = work.counts
    line = f"{counts['gathered']:,} plays gathered, {counts['refused']:,} messages left out"
    learnt = "; nothing was learnt anew." if work.model is None else f"; taste was learnt anew: {work.model}"
    out.print(line + learnt, highlight=False, markup=False, soft_wrap=True)
