"""Tuning: what it tries, what it keeps, and what it shows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from indexer.cli import app
from indexer.core.home import Home
from indexer.core.model.profiles import CLASSIC, SONIC
from indexer.core.store import Database
from indexer.spark.choice import ANSWERED_RECALL, Trial, read_tuned, tuned_points
from indexer.spark.tune import TooFewToTune, TuneOptions, tune
from tests.integration.spark_library import TRACKS, add_library

pytestmark = pytest.mark.database


def test_compound_keys_are_those_a_build_tries_and_the_cheapest_good_one_is_kept(
    home: Home, database: Database
) -> None:
    add_library(home, database)
    told: list[Trial] = []
    tuning = tune(database, home, SONIC, TuneOptions(), told.append)
    assert told == list(tuning.trials)
    good = [trial for trial in told if trial.recall >= ANSWERED_RECALL]
    assert tuning.chosen.candidate_share == min(trial.candidate_share for trial in good)
    kept = read_tuned(home, SONIC)
    assert kept is not None
    assert (kept.setting, kept.tracks, tuning.reached) == (tuning.chosen.setting, TRACKS, True)
    assert len(tuned_points(home, SONIC)) == len(told)


def test_the_command_draws_and_prints_what_it_measured(
    home: Home, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_library(home, database)
    monkeypatch.setenv("SEGUE_MONGODB_URI", database.uri)
    plot = tmp_path / "tuning.svg"
    asked = ["--home", str(tmp_path / "home"), "tune", "--profile", "sonic", "--plot", str(plot)]
    said = CliRunner().invoke(app, asked)
    assert said.exit_code == 0, said.output
    assert f"the cheapest that reaches recall {ANSWERED_RECALL:g}" in said.output
    assert plot.read_text(encoding="utf-8").count("chosen")
    record = json.loads(CliRunner().invoke(app, [*asked, "--json"]).stdout)
    assert record["tracks"] == TRACKS
    assert record["chosen"]["setting"] in [point["setting"] for point in record["points"]]


@pytest.mark.spark
@pytest.mark.usefixtures("builds_share_spark")
def test_profiles_that_are_scaled_are_joined_as_the_systems_before_did(home: Home, database: Database) -> None:
    add_library(home, database)
    tuning = tune(database, home, CLASSIC, TuneOptions(bucket_lengths=(4.0, 0.5), tables=(3,)), lambda _: None)
    assert [trial.setting.bucket_length for trial in tuning.trials] == [0.5, 4.0]
    assert tuning.trials[1].recall == 1.0
    assert tuning.trials[0].candidate_share <= tuning.trials[1].candidate_share
    assert all(trial.seconds for trial in tuning.trials)
    assert -1 <= tuning.silhouettes["8 k-means clusters"] <= 1


def test_a_handful_of_tracks_is_too_few(home: Home, database: Database) -> None:
    with pytest.raises(TooFewToTune, match="tuning needs 20"):
        tune(database, home, SONIC, TuneOptions(), lambda _: None)
