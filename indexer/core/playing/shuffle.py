"""An order of play by chance in which nothing comes twice before everything came once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from random import Random

Uid = int

_FEW = 50
"""Items that are put among those to come one by one."""


@dataclass
class ShuffleOrder:
    """What was played and what comes, by the queue's item numbers. The current item is in neither.

    Attributes:
        chance: where the order comes from.
        played: oldest first.
        upcoming: next first.
    """

    chance: Random
    played: list[Uid] = field(default_factory=list)
    upcoming: list[Uid] = field(default_factory=list)

    def begin(self, items: Collection[Uid], current: Uid | None) -> None:
        """Forget the past and shuffle everything but the current item."""
        self.played = []
        self.upcoming = [uid for uid in items if uid != current]
        self.chance.shuffle(self.upcoming)

    def begin_next_round(self, items: Collection[Uid], current: Uid | None) -> None:
        """Shuffle everything again for another round; the item just heard does not open it if there is a choice."""
        self.played = self.played[-len(items) :]
        self.upcoming = list(items)
        self.chance.shuffle(self.upcoming)
        if len(self.upcoming) > 1 and self.upcoming[0] == current:
            other = self.chance.randrange(1, len(self.upcoming))
            self.upcoming[0], self.upcoming[other] = self.upcoming[other], self.upcoming[0]

    def scatter(self, added: Sequence[Uid]) -> None:
        """Put new items at places of chance among those to come."""
        if len(added) > _FEW:  # inserting one by one would take quadratic time
            self._mix_in(list(added))
            return
        for uid in added:
            self.upcoming.insert(self.chance.randint(0, len(self.upcoming)), uid)

    def _mix_in(self, added: list[Uid]) -> None:
        """Put new items at places of chance, in an order of chance; those to come keep theirs among themselves."""
        self.chance.shuffle(added)
        whole = len(self.upcoming) + len(added)
        places = set(self.chance.sample(range(whole), len(added)))
        new, old = iter(added), iter(self.upcoming)
        self.upcoming = [next(new if place in places else old) for place in range(whole)]

    def put_next(self, added: Sequence[Uid]) -> None:
        """Let these items come next, in the order given."""
        first = set(added)
        self.upcoming = [*added, *(uid for uid in self.upcoming if uid not in first)]

    def drop(self, removed: Collection[Uid]) -> None:
        gone = set(removed)
        self.played = [uid for uid in self.played if uid not in gone]
        self.upcoming = [uid for uid in self.upcoming if uid not in gone]

    def leave(self, current: Uid | None) -> None:
        """Note that the current item was left for another."""
        if current is not None:
            self.played.append(current)

    def take(self, uid: Uid) -> None:
        """Note that `uid` is the current item now."""
        if uid in self.upcoming:
            self.upcoming.remove(uid)

    def back(self, current: Uid | None) -> Uid | None:
        """Return the item played before, which becomes the current one; the current one comes next again."""
        if not self.played:
            return None
        if current is not None and current not in self.upcoming:
            self.upcoming.insert(0, current)
        earlier = self.played.pop()
        self.take(earlier)
        return earlier

    def copy(self) -> ShuffleOrder:
        return ShuffleOrder(self.chance, list(self.played), list(self.upcoming))
