"""A short run of everything that `python -m tests.fuzz` does at length."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.fuzz.command import child_command, fuzz
from tests.fuzz.mutation import Mutator
from tests.fuzz.registry import all_targets
from tests.fuzz.target import LARGEST

EXAMPLES = 100
SEED = 1
OWN_PROCESS = pytest.mark.skipif(sys.platform == "win32", reason="the time limit ends the process there")


def test_no_input_does_harm(tmp_path: Path) -> None:
    names = list(all_targets())
    results = list(fuzz(names, seconds=3, examples=EXAMPLES, seed=SEED, failures=tmp_path, together=True))
    assert [failure for result in results for failure in result.tally.failures] == []
    assert {result.tally.target for result in results} == set(names)
    assert all(result.tally.tried for result in results)


def test_mutations_are_the_same_for_the_same_seed_and_never_huge() -> None:
    def made(seed: int) -> list[bytes]:
        mutator = Mutator([b"a whole input", b"x" * LARGEST], [b"word"], random.Random(seed))
        return [mutator.make() for _ in range(100)]

    assert made(1) == made(1) != made(2)
    assert max(map(len, made(1))) <= LARGEST


# The harness finds what it is to find. Audit hooks stay for good, so that each of these has a process of its own.

_HARMFUL = {
    "reads elsewhere": "open(box.outside / 'secret.mp3').read()",
    "writes elsewhere": "open(box.outside / 'made', 'w')",
    "looks elsewhere": "(box.outside / 'secret.mp3').exists()",
    "swallows what stopped it": "\n    try: open(box.outside / 'secret.mp3')\n    except BaseException: pass",
    "runs a program": "__import__('subprocess').run(['true'])",
    "runs a shell": "__import__('os').system('true')",
    "evaluates": "eval('1 + 1')",
    "unpickles": "__import__('pickle').loads(b'cos\\nsystem\\n.')",
    "connects": "__import__('socket').create_connection(('127.0.0.1', 9))",
    "raises": "{}['no such key']",
    "hangs": "\n    while True: pass",
    "ends the process": "__import__('os')._exit(139)",
}

_SCRIPT = """
import sys
from pathlib import Path
from tests.fuzz.engine import Engine
from tests.fuzz.guard import Guard
from tests.fuzz.target import Box, Target

def run(data, box):
    {act}

folder = Path(sys.argv[1])
target = Target("harmful", run, lambda box: [b"one"], limit=0.3)
tally = Engine(Guard(), Box.make(folder), folder).run(target, seconds=9, examples=1, start=1)
sys.exit(0 if tally.failed else 3)
"""


@OWN_PROCESS
def test_every_kind_of_harm_is_found(tmp_path: Path) -> None:
    running = {name: _started(act, tmp_path / name.replace(" ", "-")) for name, act in _HARMFUL.items()}
    found = {name: process.wait(60) for name, process in running.items()}
    assert found == dict.fromkeys(_HARMFUL, 0) | {"ends the process": 139}


@OWN_PROCESS
def test_a_process_that_dies_of_an_input_is_a_failure_that_can_be_repeated(tmp_path: Path) -> None:
    orders = {"targets": ["no such target"], "seconds": 1, "examples": 1, "seed": 1, "failures": str(tmp_path)}
    assert subprocess.run(child_command(orders), capture_output=True, check=False, cwd=REPOSITORY).returncode != 0
    (result,) = fuzz(["no such target"], seconds=1, examples=1, seed=1, failures=tmp_path)
    assert result.tally.failed == 1
    assert "the process ended" in result.tally.failures[0]


def _started(act: str, folder: Path) -> subprocess.Popen[bytes]:
    folder.mkdir()
    script = _SCRIPT.replace("{act}", act)
    return subprocess.Popen([sys.executable, "-c", script, str(folder)], cwd=REPOSITORY, stderr=subprocess.DEVNULL)
