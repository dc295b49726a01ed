"""A short run of everything that `python -m tests.fuzz` does at length."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.fuzz.command import fuzz
from tests.fuzz.mutation import Mutator
from tests.fuzz.registry import all_targets
from tests.fuzz.target import LARGEST

EXAMPLES = 40
SEED = 1
OWN_PROCESS = pytest.mark.skipif(sys.platform == "win32", reason="the time limit ends the process there")


def test_no_input_does_harm(tmp_path: Path) -> None:
    names = list(all_targets())
    results = list(fuzz(names, seconds=30, examples=EXAMPLES, seed=SEED, failures=tmp_path, together=True))
    assert [failure for result in results for failure in result.tally.failures] == []
    assert {result.tally.target for result in results} == set(names)
    assert all(result.tally.tried for result in results)


def test_mutations_are_the_same_for_the_same_seed_and_never_huge() -> None:
    def made(seed: int) -> list[bytes]:
        mutator = Mutator([b"a whole input", b"x" * LARGEST], [b"word"], random.Random(seed))
        return [mutator.make() for _ in range(100)]

    assert made(1) == made(1) != made(2)
    assert max(map(len, made(1))) <= LARGEST


_HARMFUL = {
    "reads elsewhere": "open(box.outside / 'secret.mp3').read()",
    "writes elsewhere": "open(box.outside / 'made', 'w')",
    "looks elsewhere": "(box.outside / 'secret.mp3').exists()",
    "swallows what stopped it": "try:\n    open(box.outside / 'secret.mp3')\nexcept BaseException: pass",
    "runs a program": "subprocess.run(['true'])",
    "runs a shell": "os.system('true')",
    "evaluates": "eval('1 + 1')",
    "unpickles": "pickle.loads(b'cos\\nsystem\\n.')",
    "connects": "socket.create_connection(('127.0.0.1', 9))",
    "raises": "{}['no such key']",
    "hangs": "while True: pass",
}

_SCRIPT = """
import os, pickle, socket, subprocess, sys
from pathlib import Path
from tests.fuzz.engine import Engine
from tests.fuzz.guard import Guard
from tests.fuzz.target import Box, Target

folder, acts = Path(sys.argv[1]), eval(sys.argv[2])
engine, box = Engine(Guard(), Box.make(folder), folder), Box.make(folder)
for name, act in acts.items():
    scope = {"box": box, **globals()}
    exec("def run(data, box):\\n    " + act.replace("\\n", "\\n    "), scope)
    target = Target(name, scope["run"], lambda box: [b"one"], limit=0.3)
    print(name, engine.run(target, seconds=9, examples=1, start=1).failed)
"""


@OWN_PROCESS
def test_every_kind_of_harm_is_found(tmp_path: Path) -> None:
    """In a process of its own: audit hooks stay for good."""
    command = [sys.executable, "-c", _SCRIPT, str(tmp_path), repr(_HARMFUL)]
    said = subprocess.run(command, capture_output=True, text=True, check=True, cwd=REPOSITORY).stdout
    assert said.split("\n")[:-1] == [f"{name} 1" for name in _HARMFUL]


def test_a_process_that_dies_of_an_input_is_a_failure_that_can_be_repeated(tmp_path: Path) -> None:
    (result,) = fuzz(["no such target"], seconds=1, examples=1, seed=1, failures=tmp_path)
    assert result.tally.failed == 1
    path, _, said = result.tally.failures[0].partition(": ")
    assert Path(path).is_file()
    assert said.startswith("the process ended")
