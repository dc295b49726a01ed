"""What an evaluation of taste found, as plain values: for tables, for JSON and for the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from scipy.stats import rankdata

from indexer.evaluation.result import Figure, GroupsJudged
from indexer.evaluation.taste.methods import Tried

_FEWEST_TO_CORRELATE = 3


@dataclass(frozen=True)
class Judged:
    """How well one method served the test listeners of all seeds.

    Attributes:
        name: of the method, with the version of the package that does its work.
        missing: why it did not run; everything below is empty then.
        chosen: the settings that the validation listeners chose, one for each seed.
        ndcg: at 100, over all listeners of all seeds, in percent.
        recall20: of what could be found among the first 20, the share that is, in percent.
        recall50: likewise of 50.
        ahead: NDCG of the first method minus this one's, paired; None of the first itself.
        coverage: percent of the items that are in the first 20 of anybody, mean over seeds.
        popular: percent of those places that the most popular 1 % of items take.
        seconds: of learning with the chosen setting, mean over seeds.
    """

    name: str
    missing: str = ""
    chosen: tuple[str, ...] = ()
    ndcg: Figure | None = None
    recall20: Figure | None = None
    recall50: Figure | None = None
    ahead: Figure | None = None
    coverage: float = 0.0
    popular: float = 0.0
    seconds: float = 0.0


@dataclass(frozen=True)
class Grid:
    """Settings that one was chosen of, before anything was judged and by listeners who judge nothing.

    Attributes:
        tried: each with its NDCG and RMSE.
        rank_correlation: Spearman's, of RMSE and NDCG: -1 where a lower RMSE always ranks better, 1 where worse; None
            with fewer than three settings.
    """

    tried: tuple[Tried, ...]
    rank_correlation: float | None

    @classmethod
    def of(cls, tried: Sequence[Tried]) -> Grid:
        if len(tried) < _FEWEST_TO_CORRELATE:
            return cls(tuple(tried), None)
        rmse, ndcg = (rankdata(told) for told in zip(*((each.rmse, each.ndcg) for each in tried), strict=True))
        return cls(tuple(tried), float(np.corrcoef(rmse, ndcg)[0, 1]))

    @property
    def verdict(self) -> str:
        """What RMSE says of the order; empty where there is too little to tell."""
        if self.rank_correlation is None:
            return ""
        told = "worse" if self.rank_correlation > 0 else "better"
        return f"Spearman of RMSE and NDCG {self.rank_correlation:+.2f}: on the whole, a lower RMSE ranks {told}"


@dataclass(frozen=True)
class TasteResult:
    """All that was measured.

    Attributes:
        name: of the data.
        listeners: who took part, of whom so many were learnt from and asked about each time.
        items: that were ranked each time.
        refused: lines that could not be used, by reason.
        seeds: of the splits.
        strong: every method on listeners that were held out wholly.
        unheard: the same on items that nobody of those learnt from played.
        curve: NDCG in percent by method, for `counts` of listeners to learn from; with the first seed.
        counts: those numbers.
        grids: what was chosen among beforehand, by method.
        later_new: what listeners played later and had not played before.
        later_again: what they played again, among what they had played.
        notes: what was left out, and why.
        artists: which artists are alike, against which the same listeners play.
        artist_notes: what there is to say of that.
    """

    name: str
    listeners: tuple[int, int]
    items: int
    refused: dict[str, int]
    seeds: tuple[int, ...]
    strong: tuple[Judged, ...]
    unheard: tuple[Judged, ...] = ()
    curve: dict[str, list[float]] = field(default_factory=dict)
    counts: tuple[int, ...] = ()
    grids: dict[str, Grid] = field(default_factory=dict)
    later_new: tuple[Judged, ...] = ()
    later_again: tuple[Judged, ...] = ()
    notes: tuple[str, ...] = ()
    artists: tuple[GroupsJudged, ...] = ()
    artist_notes: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)

    def tables(self) -> list[tuple[str, tuple[Judged, ...]]]:
        """Every protocol that something was judged by, with its title."""
        protocols = [
            ("Listeners held out wholly", self.strong),
            ("Items that nobody played of those learnt from, ranked among themselves", self.unheard),
            ("New to a listener, in the last fifth of the plays of each", self.later_new),
            ("Played again there, ranked among what a listener had played", self.later_again),
        ]
        return [(title, judged) for title, judged in protocols if judged]
