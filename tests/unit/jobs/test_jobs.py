"""Jobs: what is started, what is passed on, and how it ends in every case."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from pytestqt.qtbot import QtBot

from indexer.core.beside import indexer_command
from indexer.core.events import Finished, ModelSwapped, ProblemFound, Progress, Stage, StageStarted
from indexer.core.home import Home
from indexer.core.sentences.told import plain
from indexer.core.settings import Settings
from musicplayer.jobs import jobs
from musicplayer.jobs.job_process import LOG_LIMIT, open_output
from musicplayer.jobs.jobs import Jobs

STAND_IN = Path(__file__).with_name("indexer_stand_in.py")
WAIT_MS = 10_000
Make = Callable[..., Jobs]


@pytest.fixture
def make_jobs(home: Home, qapp: object) -> Iterator[Make]:
    made: list[Jobs] = []

    def make(behaviour: str, **settings: Any) -> Jobs:
        made.append(Jobs(home, Settings(**settings), command=[sys.executable, str(STAND_IN), behaviour]))
        return made[-1]

    yield make
    for one in made:
        one.shutdown()


def arguments_of(started: Jobs, qtbot: QtBot, begin: Callable[[], None]) -> list[str]:
    with qtbot.waitSignal(started.notice, timeout=WAIT_MS) as notice:
        begin()
    assert notice.args is not None
    arguments: list[str] = json.loads(notice.args[0].message)
    return arguments


def test_adding_a_folder_builds_it_in_this_home_and_ends_with_this_process(
    make_jobs: Make, qtbot: QtBot, home: Home
) -> None:
    made = make_jobs("works", workers=3)
    folder = "/music/a folder -- with ünusual #name"
    arguments = arguments_of(made, qtbot, lambda: made.add_folder(folder))
    assert arguments == [
        "--home", str(home.root), "build", "--events", "--parent", str(os.getpid()), "--profile", "sonic",
        "--hear", "thorough", "--workers", "3", "--", folder,
    ]  # fmt: skip


def test_rebuilding_asks_for_the_model_always(make_jobs: Make, qtbot: QtBot) -> None:
    made = make_jobs("works")
    arguments = arguments_of(made, qtbot, made.rebuild)
    assert arguments[-2:] == ["--model", "always"]


def test_a_job_that_begins_when_nothing_runs_begins_for_all_who_listen_after_the_end_of_the_one_before(
    make_jobs: Make, qtbot: QtBot
) -> None:
    made, told = make_jobs("works"), list[str]()
    made.idle.connect(lambda: made.rebuild() if told == ["scan"] else None)
    made.idle.connect(lambda: told.append("idle"))
    made.started.connect(told.append)
    made.scan()
    qtbot.waitUntil(lambda: len(told) > 3, timeout=WAIT_MS)
    assert told == ["scan", "idle", "rebuild", "idle"]


def test_every_event_is_passed_on_and_stray_lines_are_not(make_jobs: Make, qtbot: QtBot) -> None:
    made = make_jobs("works")
    heard: list[Any] = []
    for signal in (made.started, made.stage, made.progress, made.problem, made.model_swapped, made.finished):
        signal.connect(heard.append)
    failures: list[str] = []
    made.failed.connect(lambda event: failures.append(event.message))
    with qtbot.waitSignal(made.idle, timeout=WAIT_MS):
        made.scan()
        assert made.is_running
    assert heard == [
        "scan",
        StageStarted(Stage.SCAN, 2),
        Progress(Stage.SCAN, 1, 2),
        ProblemFound("/x.mp3", "empty", *plain("x.mp3 is empty.", "Delete it.")),
        ModelSwapped("m1", 2),
        Finished({"tracks": 2}),
    ]
    assert failures == []
    assert not made.is_running


def test_jobs_wait_for_their_turn_and_one_that_waits_is_not_doubled(make_jobs: Make, qtbot: QtBot) -> None:
    made = make_jobs("works")
    kinds: list[str] = []
    made.started.connect(kinds.append)
    with qtbot.waitSignal(made.idle, timeout=WAIT_MS):
        made.scan()
        made.rebuild()
        made.rebuild()
        made.scan()
    assert kinds == ["scan", "rebuild", "scan"]


def test_a_failure_is_told_in_the_indexers_own_words(make_jobs: Make, qtbot: QtBot) -> None:
    made = make_jobs("fails")
    failures: list[tuple[str, str]] = []
    made.failed.connect(lambda event: failures.append((event.message, event.advice)))
    with qtbot.waitSignal(made.idle, timeout=WAIT_MS):
        made.scan()
    assert failures == [("There is no Java.", "Install it.")]


def test_a_crash_is_told_with_where_to_look(make_jobs: Make, qtbot: QtBot, home: Home) -> None:
    made = make_jobs("crashes")
    with qtbot.waitSignal(made.failed, timeout=WAIT_MS) as failed:
        made.scan()
    assert failed.args is not None
    assert "stopped unexpectedly (exit code 7)" in failed.args[0].message
    assert str(home.logs / "indexer.log") in failed.args[0].advice
    assert "crashes" in (home.logs / "indexer-output.log").read_text()


def test_after_a_crash_the_next_job_runs(make_jobs: Make, qtbot: QtBot) -> None:
    made = make_jobs("crashes")
    with qtbot.waitSignals([made.failed, made.failed, made.idle], timeout=WAIT_MS):
        made.scan()
        made.rebuild()


def test_an_indexer_that_is_not_there_is_told(home: Home, qtbot: QtBot) -> None:
    made = Jobs(home, command=["/nowhere/python"])
    with qtbot.waitSignals([made.failed, made.idle], timeout=WAIT_MS):
        made.scan()
    assert not made.is_running


def test_one_folder_can_be_heard_again(make_jobs: Make, qtbot: QtBot) -> None:
    made = make_jobs("works")
    arguments = arguments_of(made, qtbot, lambda: made.rebuild(full=True, folder="/music/--odd"))
    assert arguments[-5:] == ["--model", "always", "--full", "--", "/music/--odd"]


def test_how_fast_it_may_be_is_told_now_and_to_later_jobs(make_jobs: Make, qtbot: QtBot) -> None:
    made, heard = make_jobs("repeats"), []
    made.notice.connect(lambda event: heard.append(event.message))
    made.slow_to(2)
    made.scan()
    qtbot.waitUntil(lambda: heard[1:] == ["at-once 2"], timeout=WAIT_MS)
    made.slow_to(None)
    qtbot.waitUntil(lambda: heard[1:] == ["at-once 2", "at-once 0"], timeout=WAIT_MS)


def test_pause_resume_and_cancel_reach_the_indexer(make_jobs: Make, qtbot: QtBot) -> None:
    made = make_jobs("obeys")
    with qtbot.waitSignal(made.paused, timeout=WAIT_MS) as paused:
        made.scan()
        made.pause()
    assert paused.args == [True]
    assert made.is_paused
    with qtbot.waitSignal(made.paused, timeout=WAIT_MS):
        made.resume()
    assert not made.is_paused
    made.rebuild()
    ends: list[Finished] = []
    made.finished.connect(ends.append)
    with qtbot.waitSignal(made.idle, timeout=WAIT_MS):
        made.cancel()
    assert ends == [Finished(cancelled=True)], "what waited was forgotten"
    assert not made.is_running


def test_an_indexer_that_does_not_heed_is_ended_all_the_same(
    make_jobs: Make, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "CANCEL_MS", 100)
    made = make_jobs("deaf")
    arguments_of(made, qtbot, made.scan)
    with qtbot.waitSignal(made.finished, timeout=WAIT_MS) as finished:
        made.cancel()
    assert finished.args == [Finished(cancelled=True)]


def test_shutdown_leaves_no_process(make_jobs: Make, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "SHUTDOWN_MS", 200)
    made = make_jobs("deaf")
    arguments_of(made, qtbot, made.scan)
    assert made.process_id is not None
    process = psutil.Process(made.process_id)
    made.shutdown()
    assert not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    assert made.process_id is None


def test_the_database_address_travels_in_the_environment_only(make_jobs: Make, qtbot: QtBot) -> None:
    made = make_jobs("tells-database", database_uri="mongodb://me:secret@host/segue")
    notices: list[str] = []
    made.notice.connect(lambda event: notices.append(event.message))
    with qtbot.waitSignal(made.idle, timeout=WAIT_MS):
        made.scan()
    assert "secret" not in notices[0]
    assert notices[1] == "mongodb://me:secret@host/segue"


def test_a_folder_whose_name_cannot_be_passed_on_is_refused_in_words(make_jobs: Make, qtbot: QtBot) -> None:
    made = make_jobs("works")
    with qtbot.waitSignal(made.failed, timeout=WAIT_MS) as failed:
        made.add_folder("/music/\udcff")
    assert failed.args is not None
    assert "not valid text" in failed.args[0].message
    assert not made.is_running


def test_a_platform_home_is_not_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, qtbot: QtBot) -> None:
    home = Home(tmp_path / "config", tmp_path / "data", tmp_path / "cache")
    made = Jobs(home, command=[sys.executable, str(STAND_IN), "works"])
    assert arguments_of(made, qtbot, made.scan)[0] == "build"
    made.shutdown()


def test_a_long_output_is_set_aside(home: Home) -> None:
    output = open_output(home)
    output.write_bytes(b"x" * (LOG_LIMIT + 1))
    assert open_output(home).stat().st_size == 0
    assert output.with_name(f"{output.name}.1").stat().st_size == LOG_LIMIT + 1


def test_where_its_output_cannot_be_kept_the_indexer_is_started_all_the_same(
    make_jobs: Make, qtbot: QtBot, home: Home
) -> None:
    home.logs.parent.mkdir(parents=True, exist_ok=True)
    home.logs.write_bytes(b"")
    made = make_jobs("works")
    assert "build" in arguments_of(made, qtbot, made.scan)


def test_the_indexers_own_command_runs_from_anywhere(
    home: Home, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    made = Jobs(home, command=[*indexer_command()[:1], "-c", "import indexer; print(1)"])
    failures: list[str] = []
    made.failed.connect(lambda event: failures.append(event.message))
    with qtbot.waitSignal(made.idle, timeout=WAIT_MS):
        made.scan()
    assert failures == ["The indexer stopped unexpectedly (exit code 0)."]
