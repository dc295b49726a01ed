"""What Kafka costs where there is none: packages, modules, start, memory and journal, beside the commit before it."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import secrets
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from urllib.error import URLError
from urllib.request import Request, urlopen

import psutil

from indexer.core.home import Home
from indexer.core.store import open_database
from indexer.core.tracks import Seconds
from musicplayer.server.accounts.accounts import Accounts
from tests.benchmarks import journal_lines
from tests.benchmarks.machine import machine_line
from tests.benchmarks.packages import Installed, installed_by, own_bytes
from tests.benchmarks.player_start import STARTED_VARIABLE

FIRST_OF_IT = "indexer/core/kafka/address.py"
"""The file that came with the broker: what was before it knows none."""

STARTED_MOST, CPU_MOST, MEMORY_MOST, NOTE_MOST = 1.10, 1.05, 1.05, 1.10
NEVER_LOADED = ("confluent_kafka", "indexer.core.kafka.broker", "indexer.core.kafka.telling")
_SETTLING: Seconds = 1.0
"""From when a program can be used to when its memory is looked at; it goes on for longer."""

_ANSWER_SECONDS: Seconds = 60.0
_MEBIBYTE = 1024 * 1024
_MODULES_VARIABLE = "SEGUE_BENCHMARK_MODULES"
_AT_THE_END = f"""
import atexit, os, sys
def _tell(folder=os.environ.get({_MODULES_VARIABLE!r})):
    if folder:
        with open(os.path.join(folder, str(os.getpid())), "w") as file:
            file.write(chr(10).join(sys.modules))
atexit.register(_tell)
"""

Say = Callable[[str], None]


@dataclass(frozen=True)
class Started:
    """A program that could be used: seconds since its start, CPU seconds until then, MiB, threads, what it loaded."""

    seconds: float
    cpu: float
    memory: float
    threads: int
    modules: frozenset[str]


@dataclass(frozen=True)
class Tree:
    """A checkout, by what is said of it."""

    name: str
    folder: Path

    def variables(self, more: Mapping[str, str]) -> dict[str, str]:
        """The environment of a program of it, in which nobody names a broker, and that may keep what it compiled."""
        left_out = {"SEGUE_KAFKA", "PYTHONDONTWRITEBYTECODE"}  # only one of the trees may have been compiled before
        kept = {name: value for name, value in os.environ.items() if name not in left_out}
        more = {"QT_QPA_PLATFORM": "offscreen", **more}
        return {**kept, **more, "PYTHONPATH": os.pathsep.join(filter(None, (str(self.folder), more.get("PYTHONPATH"))))}


def run(home: Path, runs: int, before: str, after: str, say: Say) -> bool:
    """Measure both, tell every figure, and return whether nothing is slower, larger to install or different.

    Args:
        home: of a library with a model and no broker; its accounts get one of the benchmark for the time being.
        runs: starts of each program and each checkout, which take turns.
        before: a revision to compare with; empty for the one before the broker came.
        after: a revision to measure; empty for the code as it is here.
        say: told of every figure.
    """
    say(machine_line())
    here = Path(__file__).resolve().parents[2]
    place = Home.resolve(home)
    with tempfile.TemporaryDirectory(prefix="segue-without-") as name:
        revision = before or _before_it(here)
        then = Tree("before", _checked_out(here, revision, Path(name) / "before"))
        now = Tree("now", _checked_out(here, after, Path(name) / "now") if after else here)
        say(f"before: {revision[:12]}; now: {after[:12] or 'the code here'}")
        kept = [_packages(then, now, say), _journals(then, now, Path(name), say)]
        with open_database(place), _device(place) as key:
            programs = {
                "server": lambda tree, folder: _server(place, key, tree, folder),
                "player": lambda tree, folder: _player(place, tree, folder),
            }
            for program, start in programs.items():
                taken: dict[str, list[Started]] = {then.name: [], now.name: []}
                for number in range(runs + 1):
                    for tree in (then, now) if number % 2 else (now, then):
                        started = start(tree, Path(name))
                        if number:  # the first of each only fills caches
                            taken[tree.name].append(started)
                kept.append(_compared(program, taken[then.name], taken[now.name], say))
    return all(kept)


def _packages(then: Tree, now: Tree, say: Say) -> bool:
    found: dict[str, Installed] = {tree.name: installed_by(tree.folder) for tree in (then, now)}
    for tree in (then, now):
        packages = found[tree.name]
        own = own_bytes(tree.folder)
        say(
            f"install without extras, {tree.name}: {len(packages.versions)} packages, {packages.mebibytes:.1f} MiB, "
            f"and Segue's own {own / _MEBIBYTE:.2f} MiB"
        )
    same = found[then.name].versions == found[now.name].versions
    has_client = "confluent-kafka" in found[now.name].versions
    say(f"  the same packages in the same versions: {_word(same)}; no Kafka client among them: {_word(not has_client)}")
    return same and not has_client


def _journals(then: Tree, now: Tree, folder: Path, say: Say) -> bool:
    """Whether a journal of the same notes has the same bytes at every stage of its life."""
    costs: dict[str, list[float]] = {then.name: [], now.name: []}
    for number in range(6):
        for tree in (then, now) if number % 2 else (now, then):
            made = folder / f"journal-{tree.name}"
            command = [sys.executable, "-P", str(journal_lines.__file__), str(made)]
            output = subprocess.run(command, env=tree.variables({}), check=True, capture_output=True, text=True).stdout
            costs[tree.name].append(json.loads(output)["microseconds"])
    stages = sorted(path.name for path in (folder / f"journal-{now.name}").iterdir())
    contents = {
        tree.name: [(folder / f"journal-{tree.name}" / stage).read_bytes() for stage in stages] for tree in (then, now)
    }
    same = contents[then.name] == contents[now.name]
    size = sum(map(len, contents[now.name]))
    ratio = min(costs[now.name]) / min(costs[then.name])
    say(f"journal without a broker, {len(stages)} stages, {size:,} bytes: byte for byte the same: {_word(same)}")
    say(f"  a note: {min(costs[then.name]):.0f} µs before, {min(costs[now.name]):.0f} µs now, ratio {ratio:.2f}")
    return same and ratio <= NOTE_MOST


def _compared(program: str, then: list[Started], now: list[Started], say: Say) -> bool:
    kept = True
    for what, unit, most in (
        ("seconds", "s to the first use", STARTED_MOST),
        ("cpu", "s of CPU until then", CPU_MOST),
        ("memory", "MiB", MEMORY_MOST),
        ("threads", "threads", 1.0),
    ):
        before, after = ([getattr(each, what) for each in some] for some in (then, now))
        least = min(after) / min(before)  # other work only adds to it
        kept &= least <= most
        say(
            f"{'ok  ' if least <= most else 'OVER'} {program:7} median {median(before):7.2f} before, "
            f"{median(after):7.2f} now, ratio {median(after) / median(before):.3f}; least {min(before):7.2f} and "
            f"{min(after):7.2f}, ratio {least:.3f} (at most {most:g}), {unit}"
        )
    loaded = frozenset().union(*(each.modules for each in now))
    more = sorted(name for name in loaded - frozenset().union(*(each.modules for each in then)) if "." in name)
    wrong = [name for name in NEVER_LOADED if name in loaded]
    own = [name for name in more if name.partition(".")[0] in {"indexer", "musicplayer"}]
    say(f"{'ok  ' if not wrong else 'OVER'} {program:7} loads {len(loaded)} modules; new of its own: {own or 'none'}")
    return kept and not wrong


def _server(home: Home, key: str, tree: Tree, folder: Path) -> Started:
    command = ["-m", "musicplayer.server", "--home", str(home.root), "--port", "0"]
    with _running(command, tree, folder) as (process, began):
        assert process.stdout is not None
        lines = (re.search(r"http://[\d.]+:\d+", line) for line in process.stdout)
        address = next(found[0] for found in lines if found)
        asked = Request(f"{address}/api/tracks?size=50", headers={"Authorization": f"Bearer {key}"})
        while not _is_answered(asked):
            time.sleep(0.01)  # it starts; it says nothing more of itself
            assert time.monotonic() < began + _ANSWER_SECONDS, "the server does not answer"
        return _looked_at(process, time.monotonic() - began, folder)


def _player(home: Home, tree: Tree, folder: Path) -> Started:
    command = ["-m", "tests.benchmarks.player_start", str(home.root)]
    with _running(command, tree, folder) as (process, _):
        assert process.stdout is not None
        line = next(line for line in process.stdout if line.startswith("{"))
        return _looked_at(process, json.loads(line)["painted"], folder, ends_itself=True)


def _looked_at(process: subprocess.Popen[str], seconds: float, folder: Path, *, ends_itself: bool = False) -> Started:
    about = psutil.Process(process.pid)
    spent = about.cpu_times()
    time.sleep(_SETTLING)  # what it does once it can be used takes memory as well
    memory, threads = about.memory_info().rss / _MEBIBYTE, about.num_threads()
    if not ends_itself:
        process.terminate()
    process.wait(_ANSWER_SECONDS)
    modules = frozenset((folder / "modules" / str(process.pid)).read_text(encoding="utf-8").splitlines())
    return Started(seconds, spent.user + spent.system, memory, threads, modules)


@contextlib.contextmanager
def _running(command: list[str], tree: Tree, folder: Path) -> Iterator[tuple[subprocess.Popen[str], float]]:
    """A program of a checkout, unchanged but for saying at its end what it loaded; and when it was started."""
    customised, modules = folder / "customised", folder / "modules"
    for made in (customised, modules):
        made.mkdir(exist_ok=True)
    (customised / "sitecustomize.py").write_text(_AT_THE_END, encoding="utf-8")
    variables = {"PYTHONPATH": str(customised), _MODULES_VARIABLE: str(modules), STARTED_VARIABLE: str(time.time())}
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, *command],
        env=tree.variables(variables),
        cwd=tree.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
    )
    try:
        yield process, began
    finally:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


@contextlib.contextmanager
def _device(home: Home) -> Iterator[str]:
    """The key of a device of a listener, who is there for as long as it lasts, as are the accounts if they are new."""
    kept = home.accounts_file.read_bytes() if home.accounts_file.exists() else None
    accounts = Accounts(home.accounts_file)
    try:
        yield accounts.new_device(accounts.add(f"without-{secrets.token_hex(4)}", secrets.token_hex()).id, "it")[1]
    finally:
        if kept is None:
            home.accounts_file.unlink(missing_ok=True)
        else:
            home.accounts_file.write_bytes(kept)


def _is_answered(asked: Request) -> bool:
    with contextlib.suppress(URLError, OSError), urlopen(asked, timeout=_ANSWER_SECONDS) as answer:
        return bool(answer.status == 200)
    return False


def _before_it(repository: Path) -> str:
    """The revision before the one that the broker came with."""
    found = _git(repository, "log", "--diff-filter=A", "--format=%H", "--", FIRST_OF_IT).decode().split()
    return _git(repository, "rev-parse", f"{found[-1]}~1").decode().strip()


def _checked_out(repository: Path, revision: str, folder: Path) -> Path:
    with tarfile.open(fileobj=io.BytesIO(_git(repository, "archive", revision))) as archive:
        archive.extractall(folder, filter="data")
    return folder


def _git(repository: Path, *arguments: str) -> bytes:
    return subprocess.run(["git", "-C", str(repository), *arguments], check=True, capture_output=True).stdout


def _word(holds: bool) -> str:
    return "yes" if holds else "NO"
