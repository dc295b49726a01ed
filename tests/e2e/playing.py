"""A player in a process of its own, to be killed: plays, says on each line what it has, or says what it restored.

`python -m tests.e2e.playing HOME play` plays the whole library and prints its session while it goes;
`python -m tests.e2e.playing HOME restore` opens again and prints what came back.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from PySide6.QtCore import Qt, QTimer

from indexer.core.home import Home
from musicplayer.app import begin, compose, make_qt_application
from musicplayer.playback.backend import PlaybackState


def main() -> None:
    root, task = Path(sys.argv[1]), sys.argv[2]
    qt = make_qt_application(["playing"])
    application = compose(qt, Home.resolve(root))
    services, timer = application.services, QTimer()

    def report() -> None:
        player = services.player
        state = {
            "tracks": len(services.library.catalogue),
            "queue": [item.track for item in player.queue.items],
            "current": player.current,
            "position": player.position(),
            "playing": player.state is PlaybackState.PLAYING,
        }
        sys.stdout.write(json.dumps(state) + "\n")
        sys.stdout.flush()

    def play() -> None:
        tracks = [services.library.catalogue.id_at(int(row)) for row in services.library.catalogue.rows()]
        services.player.play_tracks(tracks, 1)

    timer.timeout.connect(report)
    application.window.show()
    begin(application)
    if task == "play":
        services.library.client.caught_up.connect(
            lambda _: QTimer.singleShot(200, play), Qt.ConnectionType.SingleShotConnection
        )
    timer.start(100)
    if task == "restore":
        services.library.client.caught_up.connect(
            lambda _: QTimer.singleShot(300, qt.quit), Qt.ConnectionType.SingleShotConnection
        )
    qt.exec()
    application.shutdown()


if __name__ == "__main__":
    main()
