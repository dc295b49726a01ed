"""A process that fuzzes: what kills it, by a crash in C or by taking too much memory, costs the command nothing.

Takes its orders as one argument of JSON, and prints a line of JSON for each target that it has done.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from indexer.core.audio.decode import hush_native_decoders
from indexer.core.politeness import end_with_parent, limit_memory
from tests.fuzz.engine import Engine
from tests.fuzz.guard import Guard
from tests.fuzz.registry import all_targets
from tests.fuzz.target import Box

MEMORY_MB = 2_048
"""What the inputs may take: as much as a worker allows a file."""


def main(orders: dict[str, object]) -> None:
    targets = all_targets()
    failures = Path(str(orders["failures"]))
    hush_native_decoders()
    end_with_parent()
    with tempfile.TemporaryDirectory(prefix="segue-fuzz-") as name:
        tempfile.tempdir = name
        box = Box.make(Path(name))
        engine = Engine(Guard(), box, failures)
        limit_memory(MEMORY_MB)
        repeat = orders.get("repeat")
        if repeat is not None:
            target, data = targets[str(orders["target"])], Path(str(repeat)).read_bytes()
            target.prepare()
            target.seeds(box)  # some of them are kept, and made with files that no input may touch
            try:
                engine.attempt(target, data)
            except target.errors as error:
                sys.stdout.write(f"refused: {error}\n")
            return
        wanted = orders["targets"]
        assert isinstance(wanted, list)
        for chosen in wanted:
            _say({"begin": chosen})
            tally = engine.run(
                targets[chosen],
                seconds=float(str(orders["seconds"])),
                examples=int(str(orders["examples"])),
                start=int(str(orders["seed"])),
            )
            _say({"tally": asdict(tally), "peak_mb": _peak_mb()})


def _say(message: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def _peak_mb() -> float:
    """The most memory this process has held."""
    try:
        import resource
    except ImportError:  # Windows
        return 0.0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
