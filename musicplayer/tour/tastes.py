"""Steps of the tour about taste: a history is imported, something is recommended and judged, and all of it added up."""

from __future__ import annotations

import json
import tempfile
import time
from pathlib import Path

from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest

from indexer.core.plays import PlaySource, Thumb
from indexer.core.taste.recommending import TasteState
from indexer.core.taste.shelves import ShelfKind
from indexer.core.tracks import Track
from musicplayer.tour.hands import StepLeftOut, check, click, rest, wait_until
from musicplayer.tour.tour import Tour
from musicplayer.ui.foryou.shelf_view import DOWN, WHY, ShelfPart
from musicplayer.ui.listening.import_control import ImportReport

_DAY = 86_400
_IMPORT_SECONDS = 60
_TASTE_SECONDS = 240
_SHELF_SECONDS = 20
_MOST_TRACKS = 12
_STRANGER = {"artist_name": "Somebody Else", "track_name": "Not In This Library"}


def made_up(tour: Tour) -> str:
    """See what would be recommended to somebody who played the demo library, and have these plays gone again."""
    if tour.folder is not None:
        raise StepLeftOut("the music is no demo library")
    control, page = tour.window.extras.made_up, tour.window.extras.foryou.page
    tour.go("for-you")
    wait_until(control.button.isVisible, "made-up plays are offered", 20)
    tour.picture("for you to begin with")
    click(control.button)
    seconds = wait_until(lambda: bool(page.parts), "shelves are there", _TASTE_SECONDS)
    bar = control.bars[0]
    check(bar.isVisible(), "it is not said that the plays are made up")
    tour.picture("for you made up")
    number = len(page.parts)
    click(bar.remove)
    wait_until(lambda: tour.segue.recommended.now.state is TasteState.TOO_LITTLE, "the plays are gone", 20)
    tour.go("tracks")
    return f"{number} shelves of made-up plays after {seconds:.1f} s, and gone with a click"


def import_history(tour: Tour) -> str:
    """Import what somebody would have listened to elsewhere: some of the library often, and a stranger."""
    page, control = tour.window.extras.foryou.page, tour.window.extras.imports
    tour.go("for-you")
    wait_until(lambda: tour.segue.recommended.now.state is not TasteState.LOADING, "the page says what it needs", 20)
    tour.picture("for you before")
    said = page.empty.text
    with tempfile.TemporaryDirectory(prefix="segue-history-") as folder:
        export = Path(folder) / "listens.jsonl"
        told = _write_listens(export, _some_tracks(tour))
        control.start(str(export))
        wait_until(lambda: bool(_reports(tour)), "the history is imported", _IMPORT_SECONDS)
    report = _reports(tour)[0]
    tour.picture("import report", report)
    found = [figure for figure, _ in report.lines]
    check(found[2] == "1", f"one play is by a stranger, not {found[2]}")
    click(report.close_button)
    return f"before: “{said}” {told} plays written, {found[0]} found, {found[1]} matched, {found[2]} missing"


def for_you(tour: Tour) -> str:
    """Have taste learnt, which begins by itself, and play from a shelf."""
    page, player = tour.window.extras.foryou.page, tour.segue.player
    tour.go("for-you")
    seconds = wait_until(lambda: page.currentWidget() is not page.empty, "shelves are there", _TASTE_SECONDS)
    rest(1.0)
    part = _first(tour)
    wanted = part.model.track_at(0)
    tour.start(lambda: click(part.play_button), wanted)
    current = player.queue.current
    check(current is not None and current.origin.source is PlaySource.FOR_YOU, "the play is not told to be of For you")
    titles = [each.words.title for each in page.parts.values()]
    return f"{len(titles)} shelves after {seconds:.1f} s: {', '.join(titles)}; {tour.name(wanted)} plays"


def thumb_changes_the_shelf(tour: Tour) -> str:
    """Ask why, and thumb a track down: it keeps its place under the pointer, and goes when that leaves."""
    page = tour.window.extras.foryou.page
    part = _first(tour)
    viewport, track = part.view.viewport(), part.model.track_at(1)
    _point(part, 1, WHY)
    click(viewport, _spot(part, 1, WHY))
    wait_until(lambda: tour.segue.library.track(track) is not None and ":" in part.about.whole_text, "why is told", 10)
    why = part.about.whole_text
    tour.picture("why for you")
    _point(part, 1, DOWN)
    click(viewport, _spot(part, 1, DOWN))
    check(tour.segue.opinions.of(track).thumb is Thumb.DOWN, "the thumb is not down")
    rest(1.0)
    check(part.model.track_at(1) == track, "the track moved under the pointer")
    tour.picture("thumb down for you")
    for x in (5, 9):
        QTest.mouseMove(tour.window.transport, QPoint(x, 5))
        rest(0.05)
    wait_until(lambda: all(track not in each.model.tracks for each in page.parts.values()), "it goes", _SHELF_SECONDS)
    return f"“{why}”; thumbed down, {tour.name(track)} stayed under the pointer, then left every shelf"


def listening(tour: Tour) -> str:
    """See what the plays add up to."""
    page = tour.window.extras.listening.page
    tour.go("listening")
    wait_until(lambda: bool(page.days.reading) and page.currentWidget() is not page.empty, "the plays are added up", 20)
    page.days.read(page.days.bars - 1)
    today = page.days.reading
    rest(0.3)
    return f"{today}; {page.artists.plot.reading}"


def _first(tour: Tour) -> ShelfPart:
    parts = tour.window.extras.foryou.page.parts
    check(bool(parts), "there is no shelf")
    return next((part for key, part in parts.items() if key[0] is ShelfKind.FOR_YOU), next(iter(parts.values())))


def _spot(part: ShelfPart, row: int, button: str) -> QPoint:
    return part.view.delegate.button_rect(part.view.visualRect(part.model.index(row)), button).center()


def _point(part: ShelfPart, row: int, button: str) -> None:
    spot = _spot(part, row, button)
    for place in (spot + QPoint(0, 2), spot):
        QTest.mouseMove(part.view.viewport(), place)
        rest(0.05)


def _some_tracks(tour: Tour) -> list[Track]:
    """Every other track of the library, as many as an evening knows."""
    catalogue = tour.segue.library.catalogue
    return [catalogue.track(row) for row in catalogue.rows().tolist()][::2][:_MOST_TRACKS]


def _write_listens(file: Path, tracks: list[Track]) -> int:
    """An export of ListenBrainz: the first of the tracks often and of late, the last ones seldom and long ago."""
    now = int(time.time())
    listens = [{"listened_at": now - 3 * _DAY, "track_metadata": _STRANGER}]
    for place, track in enumerate(tracks):
        names = {"artist_name": track.artist, "track_name": track.title, "release_name": track.album}
        times = range(1 + len(tracks) - place)
        listens += [
            {"listened_at": now - (3 + 9 * place + 2 * turn) * _DAY - 600 * place, "track_metadata": names}
            for turn in times
        ]
    file.write_text("".join(f"{json.dumps(listen)}\n" for listen in listens), encoding="utf-8")
    return len(listens)


def _reports(tour: Tour) -> list[ImportReport]:
    return [report for report in tour.window.findChildren(ImportReport) if report.isVisible()]
