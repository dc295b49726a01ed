"""The whole player in a process of its own, told what to do on standard input: what a person does, and what they see.

`python -m tests.faults.driven_player HOME` prints each line of what happens as JSON, its kind as "say".
"""

from __future__ import annotations

import json
import sys
import threading
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from indexer.core.home import Home
from indexer.core.plays import Play
from indexer.core.tracks import Seconds, TrackId
from musicplayer.app import Application, begin, compose, make_qt_application
from tests.plays import play_of

LOOK_MS = 50
PAINT_MS = 300
"""That a window takes to be painted anew."""


def _say_play(play: Play) -> None:
    say("played", id=play.id, track=play.track, heard=play.seconds_heard, finished=play.finished)


class Driver(QObject):
    """Obeys lines: `play`, `next`, `heard TRACK SECONDS`, `playlist NAME`, `hide SEED TRACK`, `queue`, `like TRACK`…"""

    line = Signal(str)

    def __init__(self, application: Application, quit_all: Any) -> None:
        super().__init__()
        self._services = application.services
        self._window = application.window
        self._quit = quit_all
        self._shown = ""
        self.line.connect(self._obey, Qt.ConnectionType.QueuedConnection)
        client, player = self._services.library.client, self._services.player
        player.played.connect(_say_play)
        client.connected.connect(lambda: say("connected"))
        client.unavailable.connect(lambda message, advice: say("unavailable", message=message, advice=advice))
        client.counts_changed.connect(lambda counts: self._on_counts(counts.tracks))
        self._services.jobs.failed.connect(lambda event: say("message", message=f"{event.message} {event.advice}"))
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def _obey(self, line: str) -> None:
        word, *more = line.split(" ")
        getattr(self, f"_do_{word}")(*more)

    def _do_play(self) -> None:
        self._services.player.play_tracks(self._tracks(), 0)

    def _do_next(self) -> None:
        self._services.player.next()

    def _do_heard(self, track: str, seconds: str) -> None:
        """As if a track had been heard for so long: what the player says when it leaves one."""
        self._services.player.played.emit(play_of(TrackId(track), heard=Seconds(seconds), finished=True))

    def _do_playlist(self, name: str) -> None:
        made = self._services.playlists.create(name, self._tracks()[:3])
        say("playlist", id=made.id, name=made.name, tracks=list(made.tracks))

    def _do_extend(self, playlist: str, track: str) -> None:
        self._services.playlists.add(playlist, [TrackId(track)])
        made = self._services.playlists.get(playlist)
        assert made is not None
        say("playlist", id=made.id, name=made.name, tracks=list(made.tracks))

    def _do_hide(self, seed: str, track: str) -> None:
        self._services.dislikes.hide(TrackId(seed), [TrackId(track)])
        say("hidden", seed=seed, track=track)

    def _do_state(self) -> None:
        player, library = self._services.player, self._services.library
        say(
            "state",
            tracks=len(library.catalogue),
            queue=[item.track for item in player.queue.items],
            current=player.current,
            position=player.position(),
            state=player.state.name,
            playlists={each.id: [each.name, list(each.tracks)] for each in self._services.playlists.all()},
        )

    def _do_like(self, seed: str) -> None:
        answer = self._services.similar.for_track(TrackId(seed), 10)
        say("like", state=answer.state.name, message=answer.message, tracks=[row.track for row in answer.rows])

    def _do_foryou(self) -> None:
        """Look at For you, and say what its first shelf holds whenever that is something else."""
        recommended = self._services.recommended
        recommended.changed.connect(self._say_shelf)
        self._window.shell.places.go("for-you")
        self._say_shelf()

    def _do_picture(self, theme: str, file: str) -> None:
        """Save what the window looks like, light or dark."""
        self._services.look.theme.set_mode(theme)
        QTimer.singleShot(PAINT_MS, lambda: say("picture", saved=self._window.grab().save(file)))

    def _say_shelf(self) -> None:
        shelves = self._services.recommended.now.page.shelves
        say("foryou", tracks=[pick.track for pick in shelves[0].picks] if shelves else [])

    def _do_scan(self) -> None:
        self._services.jobs.scan()

    def _do_quit(self) -> None:
        self._quit()

    def _tracks(self) -> list[TrackId]:
        catalogue = self._services.library.catalogue
        return [catalogue.id_at(int(row)) for row in catalogue.rows()]

    def _on_counts(self, tracks: int) -> None:
        say("ready", tracks=tracks)

    def _look(self) -> None:
        """Say what the window says, whenever it says something else."""
        text = self._window.shell.messages.text
        if text != self._shown:
            self._shown = text
            if text:
                say("message", message=text)


def say(kind: str, **content: Any) -> None:
    sys.stdout.write(json.dumps({"say": kind, **content}) + "\n")
    sys.stdout.flush()


def main() -> None:
    qt = make_qt_application(["player"])
    application = compose(qt, Home.resolve(Path(sys.argv[1])))
    driver = Driver(application, qt.quit)
    application.window.show()
    qt.processEvents()
    say("shown", tracks=len(application.services.library.catalogue))
    begin(application)
    say("opened", tracks=len(application.services.library.catalogue))
    threading.Thread(target=_listen, args=(driver,), daemon=True).start()
    qt.exec()
    application.shutdown()
    say("ended")


def _listen(driver: Driver) -> None:
    for line in sys.stdin:
        driver.line.emit(line.strip())


if __name__ == "__main__":
    main()
