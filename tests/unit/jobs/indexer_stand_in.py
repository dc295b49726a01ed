"""A program that talks as the indexer does, for tests of what starts it: `stand_in.py BEHAVIOUR ARGUMENTS…`."""

from __future__ import annotations

import json
import os
import sys
import threading

from indexer.core import events
from indexer.core.sentences.told import plain

behaviour, *arguments = sys.argv[1:]


def say(event: events.Event) -> None:
    sys.stdout.write(events.encode(event) + "\n")
    sys.stdout.flush()


sys.stderr.write(f"{behaviour} {json.dumps(arguments)}\n")
say(events.Notice(*plain(json.dumps(arguments))))
if behaviour == "works":
    say(events.StageStarted(events.Stage.SCAN, 2))
    say(events.Progress(events.Stage.SCAN, 1, 2))
    sys.stdout.write("a stray line\n")
    say(events.ProblemFound("/x.mp3", "empty", *plain("x.mp3 is empty.", "Delete it.")))
    say(events.ModelSwapped("m1", 2))
    say(events.Finished({"tracks": 2}))
elif behaviour == "fails":
    say(events.Failed(*plain("There is no Java.", "Install it.")))
    sys.exit(1)
elif behaviour == "crashes":
    os._exit(7)
elif behaviour == "tells-database":
    say(events.Notice(*plain(os.environ.get("SEGUE_MONGODB_URI", ""))))
    say(events.Finished())
elif behaviour == "obeys":
    for line in sys.stdin:
        if line.strip() == "cancel":
            break
        say(events.Paused(line.strip() == "pause"))
    say(events.Finished(cancelled=True))
elif behaviour == "repeats":
    for line in sys.stdin:
        say(events.Notice(*plain(line.strip())))
elif behaviour == "deaf":
    threading.Event().wait()
