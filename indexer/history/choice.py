"""Which settings of the one solve suit a listener: those that foretell best what was played later."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, product

import numpy as np
from numpy.typing import NDArray

from indexer.core.plays import ListenerId
from indexer.core.taste.held_out import HeldOut
from indexer.core.taste.histories import Histories
from indexer.core.taste.solve import Solve
from indexer.core.taste.weights import Plays, Weighing, weighed

FEWEST_PLAYS = 200
"""Of a listener whose later plays are asked: below, chance decides."""

MOST_ASKED = 5
"""Listeners, those with most plays: each costs a few answers for every setting."""

CUTS = (0.6, 0.7, 0.8, 0.9)
"""Shares of the plays after which it is asked what comes in the next tenth."""


_LIKED = 0.5
"""Share of a track from which on it was liked."""


@dataclass(frozen=True)
class TasteSetting:
    """What is chosen before anything is solved.

    Attributes:
        half_life: days after which a play weighs half.
        strength: of each block of content: what one dimension weighs, where a listener weighs 1.
        regularisation: λ.
    """

    half_life: float = 180.0
    strength: float = 1.0
    regularisation: float = 3.0

    @property
    def weighing(self) -> Weighing:
        """How plays become weights."""
        return Weighing(half_life=self.half_life)


DEFAULT = TasteSetting()
"""For listeners who have not played enough to choose by. On the validation listeners of lastfm-2k (`indexer evaluate
--history`), strength and λ are within 0.009 of the best NDCG@100 of the grid, whether 1 or 900 others are learnt from;
the half-life is a guess, for those plays have no times."""

HALF_LIVES = (30.0, 180.0, 1_000.0)
GRID = tuple(
    TasteSetting(half_life, strength, regularisation)
    for strength, regularisation, half_life in product((1.0, 3.0, 10.0), (1.0, 3.0, 10.0), HALF_LIVES)
)


@dataclass(frozen=True)
class Choice:
    """The setting taken, and how good it and the default are.

    Attributes:
        setting: the default unless another is better by more than chance makes two differ.
        ndcg: mean NDCG@100 of it over all times asked, 0 to 1; None where nobody has plays enough.
        default_ndcg: the same of the default.
        asked: how many times were asked.
    """

    setting: TasteSetting = DEFAULT
    ndcg: float | None = None
    default_ndcg: float | None = None
    asked: int = 0


@dataclass(frozen=True, eq=False)
class _Moment:
    """A time in a listening life: what was known, and what came then."""

    plays: Plays
    now: float
    all: HeldOut
    new: HeldOut | None


def choose(
    listeners: Mapping[ListenerId, Plays],
    items: int,
    solved: Callable[[TasteSetting, Mapping[ListenerId, Plays]], Solve],
    settings: Sequence[TasteSetting] = GRID,
) -> Choice:
    """Try every setting on the later plays of those who played most.

    What came new and all that came count alike: the one asks for discoveries, the other for what is loved.

    Args:
        listeners: plays by name.
        items: how many tracks there are.
        solved: solves with a setting for listeners whose plays end before what is asked for.
        settings: to try; those that differ in half-life alone are solved once.
    """
    enough = [name for name, plays in listeners.items() if len(plays) >= FEWEST_PLAYS]
    asked = sorted(enough, key=lambda name: -len(listeners[name]))[:MOST_ASKED]
    moments = [moment for name in asked for moment in _moments(listeners[name], items)]
    if not moments:
        return Choice()
    past = {name: plays.before(_upto(plays, CUTS[0])) if name in asked else plays for name, plays in listeners.items()}
    alike: dict[TasteSetting, list[TasteSetting]] = {}
    for setting in dict.fromkeys((DEFAULT, *settings)):
        alike.setdefault(replace(setting, half_life=DEFAULT.half_life), []).append(setting)
    found: dict[TasteSetting, NDArray[np.float64]] = {}
    for one, others in alike.items():
        solve = solved(one, past)
        found |= {setting: np.array([_ndcg(solve, setting, moment) for moment in moments]) for setting in others}
    best = max(found, key=lambda setting: found[setting].mean())
    gains = found[best] - found[DEFAULT]
    setting = best if gains.mean() > gains.std() / np.sqrt(gains.size) else DEFAULT
    return Choice(setting, float(found[setting].mean()), float(found[DEFAULT].mean()), len(moments))


def _moments(plays: Plays, items: int) -> Iterator[_Moment]:
    """The times at which a listener is asked about, without those after which nothing was liked."""
    for cut, end in pairwise((*CUTS, 1.0)):
        known = plays.before(_upto(plays, cut))
        later = plays.before(_upto(plays, end)).after(len(known))
        liked = np.unique(later.items[later.heard >= _LIKED])
        heard = np.unique(known.items)
        new = np.setdiff1d(liked, heard)
        if liked.size:
            yield _Moment(
                known,
                float(known.at[-1]),
                _asked(np.empty(0, np.int32), liked, items),
                _asked(heard, new, items) if new.size else None,
            )


def _ndcg(solve: Solve, setting: TasteSetting, moment: _Moment) -> float:
    """Of all that came, and of what was new, in equal parts."""
    known = weighed(moment.plays, moment.now, setting.weighing)
    scores = solve.scores(known)[np.newaxis]
    judged = [float(each.ndcg(scores)[0]) for each in (moment.all, moment.new) if each is not None]
    return sum(judged) / len(judged)


def _asked(left_out: NDArray[np.int32], wanted: NDArray[np.int32], items: int) -> HeldOut:
    """One listener, of whom some items are not asked about."""
    known, found = (Histories.of_rows([(some, np.ones(some.size, np.float32))], items) for some in (left_out, wanted))
    return HeldOut(known, found, np.zeros(1, np.intp))


def _upto(plays: Plays, share: float) -> int:
    return round(len(plays) * share)
