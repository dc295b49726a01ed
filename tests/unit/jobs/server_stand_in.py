"""A program that talks as the server does, for tests of what starts it: `server_stand_in.py BEHAVIOUR OPTIONS…`."""

from __future__ import annotations

import json
import os
import sys
import threading

from indexer.core import events, serving
from indexer.core.sentences.told import plain

behaviour, *options = sys.argv[1:]
listeners: list[serving.KnownListener] = []


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def tell() -> None:
    link = "" if listeners else "http://192.0.2.1:4849/first?token=once"
    say(serving.encode(serving.Serving(("http://192.0.2.1:4849/", json.dumps(options)), link, tuple(listeners))))


if behaviour == "fails":
    say(events.encode(events.Failed("server-port-taken", {"port": "4849"})))
    sys.exit(1)
tell()
if behaviour == "crashes":
    os._exit(7)
if behaviour == "deaf":
    threading.Event().wait()
for line in sys.stdin:
    match serving.decode_request(line):
        case serving.Stop():
            sys.exit(0)
        case serving.AddListener(name="nobody"):
            say(events.encode(events.Notice(*plain("That is no name.", "Take another."))))
        case serving.AddListener(name=name):
            device = serving.KnownDevice(f"{name}-phone", "phone")
            listeners.append(serving.KnownListener("owner" if not listeners else name, name, not listeners, (device,)))
            tell()
        case serving.RemoveListener(id=identity):
            listeners[:] = [each for each in listeners if each.id != identity]
            tell()
        case serving.RevokeDevice(listener=identity):
            listeners[:] = [
                serving.KnownListener(each.id, each.name, each.admin) if each.id == identity else each
                for each in listeners
            ]
            tell()
