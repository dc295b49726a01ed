"""Analyses that tell what they did, for executors of a test cluster: every process writes to one log beside the music.

They are called by name in processes that know nothing of the test, so they find everything from the path of the file.
"""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from pathlib import Path

from indexer.worker import Analysed, Failure, analyse_file

_POLL_SECONDS = 0.02


def counted(path: str, profiles: tuple[str, ...]) -> Analysed | Failure:
    """Analyse a file and note that it was done."""
    outcome = analyse_file(path, profiles)
    _note(Path(path))
    return outcome


def gated(path: str, profiles: tuple[str, ...]) -> Analysed | Failure:
    """As `counted`, but a file called `…-gated` waits for the gate to open, and `…-killer` ends its process."""
    name = Path(path).stem
    if name.endswith("-killer"):
        os.kill(os.getpid(), signal.SIGKILL)
    while name.endswith("-gated") and not gate(Path(path).parent).exists():
        time.sleep(_POLL_SECONDS)
    return counted(path, profiles)


def gate(music: Path) -> Path:
    """The file whose being there lets gated analyses go on."""
    return music.with_name(f"{music.name}.gate")


def done_by_name(music: Path) -> Counter[str]:
    """How often each file below a folder was analysed to the end."""
    log = _log(music)
    return Counter(log.read_text(encoding="utf-8").split("\n")[:-1] if log.exists() else [])


def _note(path: Path) -> None:
    with _log(path.parent).open("a", encoding="utf-8") as log:
        log.write(f"{path.name}\n")


def _log(music: Path) -> Path:
    return music.with_name(f"{music.name}.log")
