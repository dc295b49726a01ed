"""What comes back from executors about one file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from indexer.analysis.pool import Job
from indexer.analysis.worker import Analysed, Failure
from indexer.core.tracks import ProblemKind, TrackId
from indexer.spark.extraction_pool import FolderNotShared, outcome_of


def row(problem: ProblemKind | None, **others: Any) -> dict[str, Any]:
    return {
        "place": 0,
        "problem": problem and problem.value,
        "code": problem and "file-not-audio",
        "values": problem and '{"name": "a.wav"}',
        "cpu_seconds": 0.5,
        "truncated": False,
        "earlier": False,
        "machine": "node-7",
        **others,
    }


def job(path: Path) -> Job:
    return Job(TrackId("1" * 32), str(path), ("sonic",))


def test_a_file_that_was_heard_comes_back_without_its_features(tmp_path: Path) -> None:
    assert outcome_of(job(tmp_path / "a.wav"), row(None, truncated=True)) == Analysed({}, 0.5, truncated=True)


def test_a_file_that_failed_comes_back_with_its_sentence(tmp_path: Path) -> None:
    failure = outcome_of(job(tmp_path / "a.wav"), row(ProblemKind.NOT_AUDIO))
    assert failure == Failure(ProblemKind.NOT_AUDIO, "file-not-audio", {"name": "a.wav"})


def test_a_file_that_is_gone_for_everyone_is_a_problem_of_the_file(tmp_path: Path) -> None:
    failure = outcome_of(job(tmp_path / "gone.wav"), row(ProblemKind.VANISHED))
    assert isinstance(failure, Failure)


@pytest.mark.parametrize("kind", [ProblemKind.VANISHED, ProblemKind.UNREADABLE])
def test_a_file_that_only_an_executor_does_not_see_is_a_problem_of_the_cluster(
    tmp_path: Path, kind: ProblemKind
) -> None:
    path = tmp_path / "here.wav"
    path.write_bytes(b"sound")
    with pytest.raises(FolderNotShared, match=r"node-7.*here\.wav") as refused:
        outcome_of(job(path), row(kind))
    assert "same path" in refused.value.advice
