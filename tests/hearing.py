"""Analyses that tell what they did, for executors of a test cluster: every process writes to one log.

They are called by name in processes that know nothing of the test but the environment they inherit.
"""

from __future__ import annotations

import os
import signal
from collections import Counter
from pathlib import Path

from indexer.analysis.worker import Analysed, Failure, analyse_file
from indexer.core.tracks import Stretch
from tests.waiting import wait_until

FOLDER_VARIABLE = "SEGUE_TEST_HEARING"
"""Names the folder of the log and the gate; set it before the cluster starts."""


def counted(stretch: Stretch, profiles: tuple[str, ...]) -> Analysed | Failure:
    """Analyse a file and note that it was done."""
    outcome = analyse_file(stretch, profiles)
    with _log(_folder()).open("a", encoding="utf-8") as log:
        log.write(f"{Path(stretch.path).name}\n")
    return outcome


def gated(stretch: Stretch, profiles: tuple[str, ...]) -> Analysed | Failure:
    """As `counted`, but a file called `…-gated` waits for the gate to open, and `…-killer` ends its process."""
    name = Path(stretch.path).stem
    if name.endswith("-killer"):
        os.kill(os.getpid(), signal.SIGKILL)
    if name.endswith("-gated"):
        wait_until(lambda: gate(_folder()).exists(), seconds=3_600)
    return counted(stretch, profiles)


def gate(folder: Path) -> Path:
    """The file whose being there lets gated analyses go on."""
    return folder / "gate"


def done_by_name(folder: Path) -> Counter[str]:
    """How often each file was analysed to the end."""
    log = _log(folder)
    return Counter(log.read_text(encoding="utf-8").split("\n")[:-1] if log.exists() else [])


def _folder() -> Path:
    return Path(os.environ[FOLDER_VARIABLE])


def _log(folder: Path) -> Path:
    return folder / "heard.log"
