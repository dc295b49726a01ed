"""`indexer evaluate` from label file to tables and JSON, on sound that is made for the test and on real clips."""

from __future__ import annotations

import csv
import importlib.util
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
from typer.testing import CliRunner

from indexer.cli import app
from indexer.evaluation.labels import EvaluationError
from indexer.evaluation.registry import Chance, methods_for
from indexer.evaluation.result import EvaluationResult, MethodResult
from indexer.evaluation.run import EvaluationOptions, TooFewClips, evaluate
from indexer.evaluation.tables import renderables
from tests.conftest import tone
from tests.unit.evaluation.stand_ins import Dies, NotInstalled, Pitch

ARTISTS, EACH = 5, 3
HIGHEST = 3_000.0


def write_labels(path: Path, rows: list[tuple[str, str, str, str]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("clip", "artist", "album", "genre"), *rows])
    return path


@pytest.fixture(scope="module")
def sine_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five artists who each play three notes within a semitone, two albums each; a silent clip; one above HIGHEST."""
    folder = tmp_path_factory.mktemp("sines")
    rows = []
    for artist in range(ARTISTS):
        for number in range(EACH):
            name = f"{artist}-{number}.wav"
            soundfile.write(folder / name, tone(3.0, 200.0 * 2**artist * 1.01**number), 22_050)
            rows.append((name, f"Artist {artist}", f"Album {number % 2}", "Sine"))
    soundfile.write(folder / "silent.wav", np.zeros(66_150), 22_050)
    write_labels(folder / "labels.csv", [*rows, ("silent.wav", "Artist 0", "Album 0", "Sine")])
    return folder


@pytest.fixture(scope="module")
def sines(sine_folder: Path) -> EvaluationResult:
    methods = (
        Pitch(),
        NotInstalled(),
        Pitch(name="deaf", highest=HIGHEST),
        Pitch(name="stone deaf", highest=0),
        Chance(),
    )
    options = EvaluationOptions(
        sine_folder / "labels.csv", sine_folder, methods, altered=4, resamples=200, workers=1, command="evaluate"
    )
    return evaluate(options)


def method(result: EvaluationResult, name: str) -> MethodResult:
    return next(found for found in result.methods if found.name == name)


def test_a_method_that_is_right_is_perfect(sines: EvaluationResult) -> None:
    figures = method(sines, "pitch").of_task("artist")
    assert figures is not None
    assert (figures.map.value, figures.map.low, figures.map.high) == pytest.approx((100, 100, 100))
    assert figures.p5.value == pytest.approx(100 * (EACH - 1) / 5)
    assert sines.tasks["artist"].queries == ARTISTS * EACH
    assert sines.tasks["artist"].artists == ARTISTS


def test_chance_is_far_below_it_with_a_paired_difference(sines: EvaluationResult) -> None:
    difference = next(found for found in sines.differences if found.other == "random")
    assert difference.method == "pitch"
    assert difference.tasks[0].map.low > 20


def test_a_clip_that_cannot_be_decoded_takes_no_part(sines: EvaluationResult) -> None:
    assert [clip for clip, _ in sines.skipped] == ["silent.wav"]
    assert "silent.wav" not in sines.clips


def test_a_peer_that_is_absent_is_a_row_that_says_so(sines: EvaluationResult) -> None:
    assert "not installed" in method(sines, "absent").missing
    assert method(sines, "absent").tasks == ()


def test_a_clip_one_method_refuses_is_far_from_everything_for_it_alone(sines: EvaluationResult) -> None:
    deaf = method(sines, "deaf")
    assert deaf.failed == ("4-0.wav", "4-1.wav", "4-2.wav")
    figures = deaf.of_task("artist")
    assert figures is not None
    assert 80 < figures.map.value < 100
    assert "none of these clips" in method(sines, "stone deaf").missing


def test_altered_clips_and_parts_are_found(sines: EvaluationResult) -> None:
    found = {one.change: one for one in method(sines, "pitch").robustness}
    assert found["6 dB quieter"].first == 1.0
    assert found["1 % faster"].first < 1.0  # a semitone's sixth is where the artist's next note lies
    windows = method(sines, "pitch").windows
    assert windows is not None
    assert windows.parts == 3 * ARTISTS * EACH
    assert windows.first > 0.5


def test_hubs_count_every_place_of_every_list(sines: EvaluationResult) -> None:
    hubs = method(sines, "pitch").hubs
    assert hubs is not None
    assert sum(hubs.occurrence) == 10 * ARTISTS * EACH
    assert hubs.biggest == max(hubs.occurrence)


def test_the_same_seed_gives_the_same_figures(sines: EvaluationResult, sine_folder: Path) -> None:
    options = EvaluationOptions(
        sine_folder / "labels.csv", sine_folder, (Pitch(), Chance()), altered=0, resamples=200, workers=2
    )
    again = evaluate(options)
    assert method(again, "random").tasks == method(sines, "random").tasks
    other = evaluate(replace(options, seed=1, workers=1))
    assert method(other, "random").tasks != method(sines, "random").tasks


def test_everything_fits_json_and_tables(sines: EvaluationResult) -> None:
    record = json.loads(json.dumps(sines.to_json(), allow_nan=False))
    assert record["methods"][0]["tasks"][0]["task"] == "artist"
    assert len(list(renderables(sines))) > 5


def test_too_few_clips_and_dying_workers_are_said(sine_folder: Path, tmp_path: Path) -> None:
    few = write_labels(tmp_path / "few.csv", [("0-0.wav", "A", "B", "C"), ("1-0.wav", "A", "B", "C")])
    with pytest.raises(TooFewClips, match="Only 2 clips"):
        evaluate(EvaluationOptions(few, sine_folder, (Pitch(),), workers=1))
    with pytest.raises(EvaluationError, match="ended unexpectedly"):
        evaluate(EvaluationOptions(sine_folder / "labels.csv", sine_folder, (Dies(),), altered=0, workers=1))


def test_the_command_names_what_is_wrong_with_a_label_file(tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text("clip,artist\n")
    done = CliRunner().invoke(app, ["evaluate", "--labels", str(tmp_path / "bad.csv")])
    assert done.exit_code == 1
    assert CliRunner().invoke(app, ["evaluate"]).exit_code == 2


@pytest.mark.music
def test_real_clips_with_our_profiles_and_the_peers(music_folder: Path, tmp_path: Path) -> None:
    """Sixteen clips: enough to run everything through, too few to say which method is better."""
    with (music_folder / "labels.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["artist"]][24:40]
    labels = write_labels(
        tmp_path / "labels.csv", [(row["clip"], row["artist"], row["album"], row["genre"]) for row in rows]
    )
    before = {path: path.stat().st_mtime_ns for path in (music_folder / "clips").rglob("*")}
    arguments = ["evaluate", "--labels", str(labels), "--clips", str(music_folder / "clips"), "--altered", "2"]
    outputs = ["--json", str(tmp_path / "found.json"), "--report", str(tmp_path / "found.html")]
    done = CliRunner().invoke(app, [*arguments, "--resamples", "100", *outputs])
    assert done.exit_code == 0, done.output
    assert {path: path.stat().st_mtime_ns for path in (music_folder / "clips").rglob("*")} == before
    record = json.loads((tmp_path / "found.json").read_text())
    assert "sonic" in (tmp_path / "found.html").read_text(encoding="utf-8")
    methods = {found["name"]: found for found in record["methods"]}
    assert list(methods) == [one.name for one in methods_for()]
    assert methods["sonic"]["cost"]["features"] > 0
    assert methods["sonic"]["search"]["recall"] > 0.9
    for name, package in (("bliss", "bliss_audio"), ("musly", "pymusly")):
        if importlib.util.find_spec(package):
            assert methods[name]["tasks"][0]["map"]["value"] > methods["random"]["tasks"][0]["map"]["value"]
        else:
            assert "not installed" in methods[name]["missing"]
