"""Backups of a large library: seconds, megabytes and memory, beside reading and writing the same bytes unverified."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from indexer.core.backup import BackupFile, RestoreMode, restore, write_backup
from indexer.core.home import Home
from indexer.core.store import Database, open_database
from indexer.core.store.collections import ANALYSED, PERSONAL
from tests.benchmarks.machine import machine_line

_MEGABYTE = 1e6
_SAMPLE_SECONDS = 0.05


class Memory:
    """The greatest resident size of this process while a block runs; the library must not show in it."""

    def __init__(self) -> None:
        self.peak = 0.0
        self._ended = threading.Event()

    @contextmanager
    def watched(self) -> Iterator[None]:
        thread = threading.Thread(target=self._watch, daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._ended.set()
            thread.join()

    def _watch(self) -> None:
        process = psutil.Process()
        while not self._ended.wait(_SAMPLE_SECONDS):
            self.peak = max(self.peak, process.memory_info().rss / _MEGABYTE)


def run(home: Path, say: Callable[[str], None]) -> bool:
    """Back up and restore the library of `home`, which is left as it is; whether all of it came back."""
    say(machine_line())
    source = Home.resolve(home)
    with tempfile.TemporaryDirectory(prefix="segue-backup-") as folder, open_database(source) as database:
        say(f"{'what':<44}{'seconds':>9}{'MB':>9}{'peak MB':>9}")
        whole = True
        for names, features in (((*PERSONAL,), False), ((*PERSONAL, *ANALYSED), True)):
            what = "with what was heard" if features else "without what was heard"
            target = Path(folder) / f"{features}.zip"
            _line(say, f"copied unverified, {what}", target, lambda to=target, of=names: _copy(database, of, to))
            target.unlink()
            make = lambda to=target, all_of=features: write_backup(database, source, to, features=all_of)  # noqa: E731
            _line(say, f"backup, {what}", target, make)
            _line(say, f"verify, {what}", target, lambda of=target: _verify(of))
            whole &= _restore(say, Path(folder) / f"home-{features}", target, what)
            target.unlink()
    return whole


def _restore(say: Callable[[str], None], folder: Path, backup: Path, what: str) -> bool:
    home = Home.resolve(folder)
    with open_database(home) as empty:
        _line(say, f"restore, {what}", backup, lambda: restore(empty, home, backup))
        _line(say, "the same once more (merge)", backup, lambda: restore(empty, home, backup, RestoreMode.MERGE))
        with BackupFile(backup) as opened:
            whole = all(len(empty.transfer.ids(name)) == count for name, count in opened.manifest.counts.items())
    shutil.rmtree(folder, ignore_errors=True)
    return whole


def _copy(database: Database, names: tuple[str, ...], target: Path) -> None:
    with target.open("wb") as file:
        for name in names:
            for document in database.transfer.documents(name):
                file.write(document)
        os.fsync(file.fileno())


def _verify(backup: Path) -> None:
    with BackupFile(backup) as opened:
        opened.verify()


def _line(say: Callable[[str], None], what: str, file: Path, work: Callable[[], object]) -> None:
    memory, started = Memory(), time.perf_counter()
    with memory.watched():
        work()
    seconds = time.perf_counter() - started
    say(f"{what:<44}{seconds:>9.1f}{file.stat().st_size / _MEGABYTE:>9.1f}{memory.peak:>9.0f}")
