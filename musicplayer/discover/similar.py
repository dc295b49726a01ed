"""More like this: asks the exported model about a track, and makes of its answer a list worth showing."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.discover.model_file import LoadedModel, ModelUnusable, load_if_changed
from indexer.core.discover.more_like import MoreLike, SimilarAnswer
from indexer.core.discover.songs import SongRules, SongSense
from indexer.core.errors import SegueError
from indexer.core.follow.changes import LibraryCounts
from indexer.core.home import Home
from indexer.core.settings import SameArtist
from indexer.core.tracks import Track, TrackId, TrackState
from musicplayer.discover.dislikes import Dislikes
from musicplayer.discover.gatherer import Gatherer, Made
from musicplayer.discover.intake import Intake
from musicplayer.discover.reasons import Explainer
from musicplayer.discover.troubles import Troubles
from musicplayer.threads import Tasks

if TYPE_CHECKING:
    from indexer.core.discover.nearness import Nearness
    from indexer.core.model import Manifest, SimilarityModel
    from indexer.core.store import FeatureRecord

LOOK_MS = 3_000
"""How often the model folder is looked at, for models that someone else built."""

KEPT = 500
"""Features that came last, kept for the next model; whatever else it lacks is asked for when it is there."""


class Similar(QObject):
    """Holds the model of one profile and keeps it up to date with the models folder and with new features.

    Before the first build a provisional model answers from whatever is analysed.

    Attributes:
        more_like: what answers, to be asked in the main thread only.

    Signals:
        changed: answers may be others now.
        failed: message and advice; the model before is still in use, if there was one.
        wants_features: tracks that the model has; the features of all others that were analysed are asked for.
        wants_more_missing: the next of these are asked for.
        wants_features_of: a tuple of tracks whose features are asked for, to explain them.
        outgrown_changed: whether a rebuild should be offered, see `is_outgrown`.
        explained: two tracks and the `Explanation` that `explain` was asked for.
    """

    changed = Signal()
    failed = Signal(str, str)
    wants_features = Signal(object)
    wants_more_missing = Signal()
    wants_features_of = Signal(object)
    outgrown_changed = Signal(bool)
    explained = Signal(str, str, object)

    def __init__(
        self,
        home: Home,
        profile: str,
        catalogue: Catalogue,
        parent: QObject | None = None,
        *,
        dislikes: Dislikes | None = None,
        troubles: Troubles | None = None,
    ) -> None:
        """Answer about the tracks of `catalogue`.

        What `dislikes` hides for a seed stays out of its answers; `troubles` say why a track was not analysed.
        """
        super().__init__(parent)
        self._home = home
        self._profile = profile
        dislikes = dislikes or Dislikes(parent=self)
        dislikes.changed.connect(self.changed)
        self._troubles = troubles or Troubles(catalogue, parent=self)
        self._troubles.changed.connect(self.changed)
        self.more_like = MoreLike(catalogue, hidden=dislikes.hidden, problem_of=self._troubles.of)
        self._stamp: object = None
        self._refused: object = None
        self._left: set[TrackId] = set()
        self._recent: deque[FeatureRecord] = deque(maxlen=KEPT)
        self._explainer = Explainer(self)
        self._explainer.explained.connect(self.explained)
        self._was_outgrown = False
        self._looking = False
        self._intake = Intake(self)
        self._intake.took.connect(self._on_grown)
        self._tasks = Tasks(workers=1, parent=self)
        self._gatherer = Gatherer(self._tasks, self)
        self._gatherer.wants_more.connect(self.wants_more_missing)
        self._gatherer.made.connect(self._on_made)
        self._gatherer.failed.connect(self.failed)
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self._on_time)

    def start(self) -> None:
        """Load the model in the background, and look for newer ones from now on."""
        self._timer.start()
        self.reload()

    def reload(self) -> None:
        """Look at once whether there is another model than the one in use."""
        if not self._looking:
            self._looking = True
            stamp, refused = self._stamp, self._refused
            self._tasks.run(
                lambda: load_if_changed(self._home, self._profile, stamp, refused),
                self._on_looked,
                self._on_look_failed,
            )

    def shutdown(self) -> None:
        self._timer.stop()
        self._intake.stop()
        self._tasks.shutdown()

    @property
    def model(self) -> SimilarityModel | None:
        """What answers, to be asked in the main thread only; None while there is nothing."""
        return self.more_like.model

    @property
    def is_looking(self) -> bool:
        """Whether the models folder is being looked at."""
        return self._looking

    @property
    def songs(self) -> SongSense:
        """Tells songs from what is offered only beside its own kind."""
        return self.more_like.songs

    @property
    def manifest(self) -> Manifest | None:
        """What is known of the model in use, a provisional one too; None while there is none."""
        return None if self.model is None else self.model.manifest

    @property
    def growth(self) -> float:
        """Tracks that came or went since the model was built, as a share of those it was built from."""
        return 0.0 if self.model is None or self.model.manifest.provisional else self.model.growth

    @property
    def is_outgrown(self) -> bool:
        """Whether so much came or went since the model was built that a rebuild should be offered."""
        return self.model is not None and self.model.is_outgrown

    def set_song_rules(self, rules: SongRules) -> None:
        """What counts as a song in every answer."""
        if rules != self.songs.rules:
            self.songs.set_rules(rules)
            self.changed.emit()

    def set_same_artist(self, choice: SameArtist) -> None:
        """What becomes of the seed's own artist in every answer."""
        if choice != self.more_like.rules.same_artist:
            self.more_like.rules = replace(self.more_like.rules, same_artist=choice)
            self.changed.emit()

    def set_nearness(self, nearness: Nearness | None, *, awaited: bool) -> None:
        """What tells neighbours otherwise than by sound; None for sound, for the time being where that is `awaited`."""
        self.more_like.nearness, self.more_like.awaits_nearness = nearness, awaited
        self.changed.emit()

    def for_track(self, seed: TrackId, k: int = 30) -> SimilarAnswer:
        """Answer at once: the `k` tracks most like `seed`, or why there are none."""
        return self.for_tracks([seed], k)

    def for_tracks(self, seeds: Sequence[TrackId], k: int = 30) -> SimilarAnswer:
        """Answer at once: the `k` tracks that most of the `seeds` are near to, or why there are none.

        Raises:
            ValueError: there are no seeds.
        """
        for seed in seeds:
            self._intake.hurry(seed)
        return self.more_like.answer(seeds, k)

    def explain(self, one: TrackId, other: TrackId) -> None:
        """Ask why two tracks are near or far; `explained` tells, once their features have been fetched."""
        self._explainer.ask(one, other)
        self.wants_features_of.emit((one, other))

    def add_features(self, records: Sequence[FeatureRecord]) -> None:
        """Take in tracks that were analysed since the model was built; those that it has stay as it knows them."""
        fitting = [record for record in records if record.profile == self._profile and record.track not in self._left]
        self._explainer.take(fitting, self.model)
        self._recent.extend(record for record in fitting if self.model is None or record.track not in self.model)
        self._intake.add(fitting)  # those that it has, too: they may be on their way out

    def follow(self, tracks: Sequence[Track]) -> None:
        """Take out of the answers what left the library, and ask for the features of what came back to it."""
        self.drop({track.id for track in tracks if track.state is TrackState.GONE})
        back = self._left.intersection(track.id for track in tracks if track.state is not TrackState.GONE)
        if back:
            self._left -= back
            self.wants_features_of.emit(tuple(back))

    def drop(self, tracks: Collection[TrackId]) -> None:
        """Take tracks that are in the library no more out of all answers."""
        if tracks:
            self._left.update(tracks)
            self._gatherer.forget(tracks)
            self._intake.drop(tracks)

    def forget_library(self) -> None:
        """The library is another one: ask for what it has and the model lacks, and what it lacks and the model has."""
        self._left.clear()
        if self.model is not None:
            self.wants_features.emit(frozenset(self.model.tracks()))

    def take_missing(self, records: Sequence[FeatureRecord], left: int, rev: int) -> None:
        """Take in some of what the model lacks; `wants_more_missing` asks for the `left` others.

        A few are inserted into the model in use. Many become vectors in the background, and a model of its own.
        """
        if self.model is not None and not self._gatherer.take(self.model, records, left, rev):
            self.add_features(records)

    def _on_made(self, made: Made) -> None:
        self._serve(made.model, made.tracks)
        if made.last:
            self.wants_features.emit(made.tracks)  # more may have come than was kept
        self.changed.emit()

    def _serve(self, model: SimilarityModel, tracks: frozenset[TrackId]) -> None:
        """Answer from this model from now on, with what came and went since it was made."""
        self.more_like.model = model
        self._intake.serve(model)
        self._intake.drop(self._left)
        unwanted = tracks | self._left
        self._intake.add(record for record in self._recent if record.track not in unwanted)
        self._tell_if_outgrown()

    @property
    def known_rev(self) -> int:
        """The revision up to which the features of the model's tracks are known; 0 for one that was built."""
        return self._gatherer.known_rev

    def set_counts(self, counts: LibraryCounts) -> None:
        """Take the numbers that messages name."""
        before, self.more_like.counts = self.more_like.counts, counts
        if counts != before:
            if counts.problems != before.problems:
                self._troubles.forget()
            if not self._is_complete():
                self.changed.emit()

    def _is_complete(self) -> bool:
        return (
            self.model is not None
            and len(self.model) >= self.more_like.counts.tracks
            and not self.more_like.is_provisional
        )

    def _tell_if_outgrown(self) -> None:
        if self.is_outgrown != self._was_outgrown:
            self._was_outgrown = self.is_outgrown
            self.outgrown_changed.emit(self._was_outgrown)

    def _on_grown(self) -> None:
        self._tell_if_outgrown()
        self.changed.emit()

    def _on_time(self) -> None:
        if self.model is not None:
            self.model.rest()
        self.reload()

    def _on_looked(self, loaded: LoadedModel | None) -> None:
        self._looking = False
        first, self.more_like.is_looked_for = not self.more_like.is_looked_for, True
        if loaded is not None:
            self._stamp, self.more_like.fault = loaded.stamp, None
            self._serve(loaded.model, loaded.tracks)
            self.wants_features.emit(loaded.tracks)
            self._gatherer.begin(loaded.gathering, len(loaded.model))
        if loaded is not None or first:
            self.changed.emit()

    def _on_look_failed(self, error: Exception) -> None:
        self._looking = False
        self.more_like.is_looked_for = True
        if isinstance(error, ModelUnusable):
            self._refused = error.stamp
        fault = error if isinstance(error, SegueError) else SegueError("model-not-loaded", error=error)
        before, self.more_like.fault = self.more_like.fault, fault
        if before is None or fault.message != before.message:
            self.failed.emit(fault.message, fault.advice)
            self.changed.emit()
