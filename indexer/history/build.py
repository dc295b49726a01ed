"""Builds the model of taste: rows of listeners and sessions, the one solve, a folder that takes the former's place."""

from __future__ import annotations

import time
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np

from indexer.analysis.control import Control
from indexer.core.errors import SegueError
from indexer.core.events import EventSink, Notice, Progress, Stage, StageStarted
from indexer.core.home import Home
from indexer.core.plays import OWNER, ListenerId
from indexer.core.store import Database
from indexer.core.taste.folder import TasteError, forget_taste, load_taste, save_taste
from indexer.core.taste.histories import Histories
from indexer.core.taste.model import APART, SOUND, WORDS, TasteManifest, TasteModel
from indexer.core.taste.solve import MOST_ROWS, Block, Heard, Sizes, Solve, solve
from indexer.core.taste.weights import Plays, Weighing, sessions_of, unit_rows, weighed
from indexer.history.choice import DEFAULT, Choice, TasteSetting, choose
from indexer.history.gathering import Gathered, gather

LISTENERS, SESSIONS = "listeners", "sessions"
"""What stretches of the rows are called."""

MOST_SESSIONS = 300
"""The last ones: each is a row more that every answer reads."""

GROWN = 0.2
"""Settings are chosen anew once there are so many plays more, as a share."""

_STEPS = ("reading", "learning of many listeners", "choosing settings", "solving", "writing")


class NothingToLearn(SegueError):
    """The library has no tracks."""


@dataclass(frozen=True, eq=False)
class Rows:
    """Who heard what, as it enters the solve.

    Attributes:
        histories: shape (rows, items), each of length 1.
        parts: what stretches of them are called.
        factors: blocks learnt of listeners who are too many to be rows.
    """

    histories: Histories
    parts: Sizes
    factors: tuple[Block, ...] = ()


def build_taste(
    database: Database,
    home: Home,
    profile: str,
    *,
    master: str | None = None,
    most_rows: int = MOST_ROWS,
    on_event: EventSink,
    control: Control,
) -> TasteManifest | None:
    """Learn taste from what the database knows, and make it the model in use.

    Args:
        database: of the library.
        home: has the model of sound, and where the model of taste goes.
        profile: whose vectors of sound are taken.
        master: where Spark runs, if it is needed.
        most_rows: listeners up to which each is a row; of more, Spark learns factors.
        on_event: told of every step.
        control: cancelling it leaves the model before in place.

    Plays that a listener erases meanwhile are in no model: it is learnt anew without them.

    Returns:
        The manifest as written, None if cancelled.

    Raises:
        NothingToLearn: there are no tracks.
        ModelCorrupt: the model of sound is damaged.
        TasteUnwritable: no space or permission; the model before stays in place.
        JavaMissing, SparkFailed: there are more than `most_rows` listeners, and Spark could not run.
    """
    began = time.monotonic()
    on_event(StageStarted(Stage.TASTE, total=len(_STEPS)))
    told = _Told(on_event, control)
    while True:
        erased = database.plays.erased()
        gathered = gather(database, home, profile)
        if not gathered.tracks:
            raise NothingToLearn("taste-without-tracks")
        if not gathered.sound_model:
            on_event(Notice("taste-without-sound"))
        try:
            model = _learnt(gathered, home, _Many(most_rows, master), told)
            told.step("writing")
        except _Cancelled:
            return None
        figures = model.manifest.figures | {"seconds": round(time.monotonic() - began, 3)}
        manifest = save_taste(home, replace(model, manifest=replace(model.manifest, figures=figures)))
        if database.plays.erased() == erased:
            break
        forget_taste(home)  # it was learnt of plays that a listener had erased meanwhile
    on_event(Progress(Stage.TASTE, len(_STEPS), len(_STEPS)))
    return manifest


def model_of(gathered: Gathered, rows: Rows, choice: Choice) -> TasteModel:
    """The model of what was gathered, with settings that were chosen."""
    setting = choice.setting
    solved = _solved(gathered, rows, setting)
    weighing = setting.weighing
    figures = {"plays": gathered.play_count, "strength": setting.strength, "asked": choice.asked}
    if choice.ndcg is not None and choice.default_ndcg is not None:
        figures |= {"ndcg": choice.ndcg, "default_ndcg": choice.default_ndcg}
    now = datetime.now(UTC)
    manifest = TasteManifest(
        id=f"{now:%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:8]}",
        built_at=now.isoformat(timespec="seconds"),
        sound=gathered.sound_model,
        regularisation=setting.regularisation,
        half_life=weighing.half_life,
        skip=weighing.skip,
        thumb=weighing.thumb,
        parts=solved.parts,
        blocks=solved.blocks,
        listeners=len(gathered.listeners),
        chosen="default" if setting == DEFAULT else "later plays",
        figures=figures,
    )
    ids = np.array([track.encode("ascii", "replace") for track in gathered.tracks], "S")
    return TasteModel(manifest, ids, solved, gathered.scales, np.array(gathered.terms, "U"))


def rows_of(
    listeners: Mapping[ListenerId, Plays],
    opinions: Mapping[ListenerId, Mapping[int, float]],
    items: int,
    apart: Collection[ListenerId] = (),
) -> Rows:
    """A row for each listener, and the last sessions of those that heard more than one track.

    Those of who is `apart` stand last, under a name of their own.
    """
    lasting = Weighing(half_life=np.inf)  # what belongs together does so however long ago it was played
    heard = {who: weighed(plays, 0.0, lasting, opinions.get(who)) for who, plays in listeners.items()}
    sessions = [(session, who) for who, plays in listeners.items() for session in sessions_of(plays, MOST_SESSIONS)]
    telling = [(session, who) for session, who in sessions if np.ptp(session.items)]
    last = [(who, weighed(each, 0.0, lasting)) for each, who in sorted(telling, key=_began)[-MOST_SESSIONS:]]
    whole = [row for who, row in heard.items() if who not in apart and row[0].size]
    shared = [row for who, row in last if who not in apart and row[0].size]
    own = [row for who, row in (*heard.items(), *last) if who in apart and row[0].size]
    parts = ((LISTENERS, len(whole)), (SESSIONS, len(shared)), *([(APART, len(own))] if apart else []))
    return Rows(unit_rows(Histories.of_rows([*whole, *shared, *own], items)), parts)


def factors_of(listeners: Mapping[ListenerId, Plays], items: int, home: Home, master: str | None) -> Block:
    """What Spark's ALS learns of items from more listeners than can be rows, as a block that weighs as much as they.

    Raises:
        JavaMissing, SparkFailed: Spark could not run.
    """
    from indexer.spark.session import spark_session  # noqa: PLC0415 - pyspark takes a second to import
    from indexer.spark.taste.als import AlsSetting, learn_factors  # noqa: PLC0415 - as above

    rows = [_counted(plays, items) for plays in listeners.values()]
    with spark_session(home, master) as spark:
        factors = learn_factors(spark, Histories.of_rows([row for row in rows if row[0].size], items), AlsSetting(), 0)
    return Block(LISTENERS, factors.items, len(rows) / factors.items.shape[1])


@dataclass(frozen=True)
class _Told:
    """Who is told, and may stop it."""

    on_event: EventSink
    control: Control

    def step(self, name: str) -> None:
        """Tell of the next of _STEPS; raises _Cancelled where there is to be none."""
        self.on_event(Progress(Stage.TASTE, _STEPS.index(name), len(_STEPS)))
        self.control.wait_while_paused()
        if self.control.is_cancelled:
            raise _Cancelled


@dataclass(frozen=True)
class _Many:
    """How many listeners are too many to be rows, and where Spark runs then."""

    most_rows: int
    master: str | None


class _Cancelled(Exception):
    """The build was to end before its next step."""


def _learnt(gathered: Gathered, home: Home, many: _Many, told: _Told) -> TasteModel:
    items, rows = len(gathered.tracks), gathered.listeners
    factors: tuple[Block, ...] = ()
    if len(gathered.listeners) > many.most_rows:
        told.step("learning of many listeners")
        taught = {who: plays for who, plays in rows.items() if who not in gathered.apart}
        factors = (factors_of(taught, items, home, many.master),)
        rows = {who: plays for who, plays in rows.items() if who == OWNER}

    def solved(setting: TasteSetting, listeners: Mapping[ListenerId, Plays]) -> Solve:
        some = rows_of({who: listeners[who] for who in rows}, gathered.opinions, items)
        return _solved(gathered, replace(some, factors=factors), setting)

    told.step("choosing settings")
    choice = _choice_before(home, gathered) or choose(gathered.listeners, items, solved)
    told.step("solving")
    return model_of(gathered, replace(rows_of(rows, gathered.opinions, items, gathered.apart), factors=factors), choice)


def _choice_before(home: Home, gathered: Gathered) -> Choice | None:
    """What was chosen last, unless there is much more to choose by."""
    try:
        before = load_taste(home).manifest
    except TasteError:
        return None  # there is none, or one that is about to be replaced
    figures = before.figures
    if "ndcg" not in figures or gathered.play_count > (1 + GROWN) * figures.get("plays", 0):
        return None
    setting = TasteSetting(before.half_life, figures["strength"], before.regularisation)
    return Choice(setting, figures["ndcg"], figures["default_ndcg"], int(figures["asked"]))


def _solved(gathered: Gathered, rows: Rows, setting: TasteSetting) -> Solve:
    content = ((SOUND, gathered.sound), (WORDS, gathered.words))
    blocks = [Block(name, columns, setting.strength) for name, columns in content if columns.shape[1]]
    return solve(rows.histories, [*blocks, *rows.factors], setting.regularisation, rows.parts)


def _counted(plays: Plays, items: int) -> Heard:
    """How much was heard of every track that was not only skipped."""
    sums = np.bincount(plays.items, np.maximum(plays.heard, 0.0), items)
    heard = np.flatnonzero(sums).astype(np.int32)
    return heard, sums[heard].astype(np.float32)


def _began(session: tuple[Plays, ListenerId]) -> float:
    return float(session[0].at[0])
