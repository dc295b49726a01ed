"""Brings a listening history from elsewhere: reads, matches with the library, keeps, and tells what was there."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from indexer.analysis.control import Control
from indexer.core.events import EventSink, Finished, Notice, Progress, Stage, StageStarted
from indexer.core.plays import OWNER, ListenerId, Named, Play, Tally
from indexer.core.store import Database
from indexer.core.text import shown_text
from indexer.core.tracks import Seconds, TrackId
from indexer.history.account import Account
from indexer.history.formats import Chapter, HistoryFormat, chapters_in, unreadable
from indexer.history.matching import Matcher, SaidElsewhere
from indexer.history.reading import LEFT_OUT, Found, HistoryUnreadable, Refused, Source, Teller, batches
from indexer.history.song_words import SongWords

_TOLD_OF_ONE_KIND = 3
"""Lines that are told of each reason; the others are counted."""

_MOST_ARTISTS = 50_000
"""Different artists that are counted as missing; so many nobody has listened to."""

_PROGRESS_EVERY: Seconds = 0.25

Told = TypeVar("Told", Play, Tally)


@dataclass(frozen=True)
class ImportOptions:
    """What is imported, and how.

    Attributes:
        path: a file, a zip, or a folder of these.
        format: what the files are taken for; None to tell by their content.
        listener: whose history it is.
        dry_run: read and match, and keep nothing.
        crowds: where histories of many listeners are kept, each in a folder.
    """

    path: Path
    crowds: Path
    format: HistoryFormat | None = None
    listener: ListenerId = OWNER
    dry_run: bool = False


def import_history(database: Database, options: ImportOptions, *, on_event: EventSink, control: Control) -> Account:
    """Import a history and report events, `Finished` last.

    Ids are made of what is told, so that importing again, after a kill for one, neither loses nor doubles anything.

    Raises:
        HistoryUnreadable: there is nothing at the path, or no history in it.
        DatabaseError: the database failed; what was kept until then stays.
    """
    work = _Import(database, options, on_event, control)
    on_event(StageStarted(Stage.IMPORT))
    for chapter in chapters_in(options.path, work.trouble, options.format):
        work.take(chapter)
        if control.is_cancelled:
            break
    if not work.account.files and not control.is_cancelled:
        raise work.first_trouble or HistoryUnreadable("history-nothing", file=shown_text(str(options.path)))
    work.account.cancelled = control.is_cancelled
    if work.account.missing:
        on_event(Notice("history-missed", {"artists": ", ".join(work.account.most_missed())}))
    on_event(Finished(work.account.summary(), cancelled=control.is_cancelled))
    return work.account


class _Import:
    """One import at work."""

    def __init__(self, database: Database, options: ImportOptions, on_event: EventSink, control: Control) -> None:
        self.account = Account()
        self.first_trouble: HistoryUnreadable | None = None
        self._database = database
        self._options = options
        self._on_event = on_event
        self._control = control
        self._matcher = Matcher.of(database)
        self._said = SaidElsewhere(database)
        self._begun = self._told_at = time.monotonic()

    @cached_property
    def _tallies(self) -> set[str]:
        """Ids of those that are kept; their numbers may have grown since, so that they are written again."""
        return {tally.id for tally in self._database.tallies.of(self._options.listener)}

    def take(self, chapter: Chapter) -> None:
        """Import one file, up to where it can be read."""
        self.account.files += 1
        self.account.formats[chapter.format.value] += 1
        name = shown_text(chapter.source.name)
        try:
            if chapter.format is HistoryFormat.ECHONEST:
                self._gather(chapter.source, name)
                return
            if chapter.format is HistoryFormat.MUSIXMATCH:
                self._take_words(chapter.source, name)
                return
            for batch in batches(chapter.read(self._teller)):
                self._tell_refused(batch, name)
                self._keep(batch)
                self._tell_progress(name)
                if not self._may_go_on():
                    return
        except (HistoryUnreadable, OSError) as error:
            self.trouble(unreadable(name, error))

    def trouble(self, error: HistoryUnreadable) -> None:
        """Tell of a file that cannot be read, and go on."""
        self.first_trouble = self.first_trouble or error
        self._on_event(Notice(error.code, error.values))

    def _gather(self, source: Source, name: str) -> None:
        """Keep the plays of many listeners as a crowd, and count those of music that the library has."""
        # Imported here: pyarrow takes a while to import, and no other history needs it.
        from indexer.history.crowd import Counts, counts_of, is_crowd  # noqa: PLC0415
        from indexer.history.echonest import Triplets  # noqa: PLC0415
        from indexer.history.strangers import write_crowd  # noqa: PLC0415

        read, told = self.account.read, 0

        def goes_on(triplets: Triplets) -> bool:
            nonlocal told
            self.account.read = read + triplets.lines
            for each in triplets.examples[told:]:
                self._on_event(Notice(each.code, {"line": str(each.line), "file": name}))
            told = len(triplets.examples)
            self._tell_progress(name)
            return self._may_go_on()

        folder = self._options.crowds / Path(source.name).stem
        before = counts_of(folder) if is_crowd(folder) else Counts(0, 0)
        path = self._options.path
        beside = source.path.parent if source.path is not None else path if path.is_dir() else path.parent
        gathered = write_crowd(source.open, beside, folder, goes_on=goes_on, keep=not self._options.dry_run)
        if gathered is None:
            self.account.read = read
            return
        if not self._options.dry_run:
            self.account.crowds.append(shown_text(str(folder)))
        accepted = gathered.counts.accepted
        is_known = gathered.counts == before
        self.account.refused.update(gathered.counts.refused)
        self.account.kept += 0 if is_known else accepted
        self.account.known += accepted if is_known else 0
        for named, plays in zip(gathered.names, gathered.plays_of_songs.tolist(), strict=True):
            self._find(named or Named(artist=""), plays)

    @cached_property
    def _words(self) -> SongWords:
        return SongWords(self._database, self._matcher, keep=not self._options.dry_run)

    def _take_words(self, source: Source, name: str) -> None:
        """Keep the words of songs that the library has."""
        for step in self._words.read(source, self._options.path):
            self._tell_refused(step.refused, shown_text(step.file))
            self.account.read += len(step.refused)
            self.account.songs += step.songs
            self.account.songs_matched += step.matched
            self.account.words_kept += step.kept
            self._tell_progress(name)
            if not self._may_go_on():
                return

    def _teller(self, client: str) -> Teller:
        return Teller(client, self._options.listener)

    def _keep(self, batch: Sequence[Found]) -> None:
        plays = self._matched(each for each in batch if isinstance(each, Play))
        tallies = self._matched(each for each in batch if isinstance(each, Tally))
        new = self._new_of(tallies) if tallies else 0
        if self._options.dry_run:
            new += len(plays)
        else:
            new += self._database.plays.add(plays)
            self._database.tallies.save(tallies)
            self._said.keep(tallies)
        told = sum(not isinstance(each, Refused) for each in batch)
        self.account.read += len(batch)
        self.account.kept += new
        self.account.known += told - new

    def _new_of(self, tallies: Sequence[Tally]) -> int:
        ids = {tally.id for tally in tallies} - self._tallies
        self._tallies.update(ids)
        return len(ids)

    def _matched(self, told: Iterable[Told]) -> list[Told]:
        found = {}
        for each in told:
            if each.named is None:
                continue
            found[each.id] = replace(each, track=self._find(each.named, 1))
        return list(found.values())

    def _find(self, named: Named, plays: int) -> TrackId | None:
        """What music is in the library; counts so many plays of it as matched or missing."""
        match = self._matcher.find(named)
        if match.track is not None:
            self.account.matched += plays
            return match.track
        self.account.by_artist += plays * match.knows_artist
        missing = self.account.missing
        if named.artist and (named.artist in missing or len(missing) < _MOST_ARTISTS):
            missing[named.artist] += plays
        return None

    def _tell_refused(self, batch: Iterable[Found], name: str) -> None:
        for each in batch:
            if isinstance(each, Refused):
                self.account.refused[each.code] += 1
                if self.account.refused[each.code] <= _TOLD_OF_ONE_KIND and each.code not in LEFT_OUT:
                    self._on_event(Notice(each.code, {"line": str(each.line), "file": name}))

    def _tell_progress(self, name: str) -> None:
        now = time.monotonic()
        if now - self._told_at >= _PROGRESS_EVERY:
            self._told_at = now
            done = self.account.read + self.account.songs
            rate = done / max(now - self._begun, 1e-3)
            failed = self.account.refused_number
            self._on_event(Progress(Stage.IMPORT, done, rate=rate, failed=failed, current=(name,)))

    def _may_go_on(self) -> bool:
        self._control.wait_while_paused()
        return not self._control.is_cancelled
