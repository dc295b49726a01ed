"""What is played later: dealt out by time and never looked at before, read from files as people have them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from indexer.cli import app
from indexer.core.plays import Named, Play
from indexer.evaluation.taste.by_time import RECENCY, Dated, splits_by_time
from indexer.evaluation.taste.files import read_data
from indexer.evaluation.taste.ours import OURS
from indexer.evaluation.taste.run import evaluate_taste
from indexer.history.reading import HistoryUnreadable
from tests.histories import BEGUN, Heard, listenbrainz
from tests.unit.evaluation.taste.made import make_lastfm2k

LISTENERS, PLAYS, SONGS = 12, 100, 60
HOUR = 3_600


def make_listenbrainz(folder: Path) -> Path:
    """Two crowds with songs of their own; each listener plays ten of them for a while, then goes on to two others."""
    draw = np.random.default_rng(4)
    folder.mkdir()
    for listener in range(LISTENERS):
        liked = draw.permutation(SONGS // 2) + (listener % 2) * SONGS // 2
        heard = []
        for play in range(PLAYS):
            song = liked[play // 10 * 2 + draw.integers(10)]
            heard.append(Heard(f"Artist {song % 7}", f"Song {song}", "", BEGUN + play * HOUR))
        (folder / f"listener-{listener:02}.jsonl").write_bytes(listenbrainz(heard))
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_listenbrainz(tmp_path / "listeners")


def test_every_file_is_a_listener_with_the_times_of_plays(folder: Path) -> None:
    (folder / "notes.txt").write_text("shopping list\n")
    with (folder / "listener-00.jsonl").open("a") as file:
        file.write('{"listened_at": "soon"}\n')
    data = read_data(folder)
    assert len(data.histories) == LISTENERS
    assert data.histories.item_count <= SONGS
    assert [len(plays) for plays in data.plays] == [PLAYS] * LISTENERS
    assert np.all(np.diff(data.plays[0].at) > 0)
    assert sum(data.refused.values()) == 1


def test_what_is_exported_from_segue_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "export.jsonl"
    plays = [Play(f"{number:024x}", BEGUN + number * HOUR, named=Named(artist="A", title=str(number % 8)))
             for number in range(20)]  # fmt: skip
    names = [{"artist": "A", "title": play.named.title, "album": ""} for play in plays if play.named]
    lines = [json.dumps({"kind": "play", "id": play.id, **name, **play.as_record()})
             for play, name in zip(plays, names, strict=True)]  # fmt: skip
    broken = json.dumps({"kind": "play", "id": 3})
    file.write_text("\n".join([*lines, broken, json.dumps({"kind": "shown"})]) + "\n")
    data = read_data(file)
    assert (len(data.plays[0]), data.histories.item_count) == (20, 8)
    assert data.refused == {"export.jsonl: history-record": 1}


def test_the_last_fifth_is_asked_for_and_nothing_of_it_is_learnt(folder: Path) -> None:
    data = read_data(folder)
    for split, again in zip(splits_by_time(data), (False, True), strict=True):
        assert split is not None
        assert isinstance(split.whole, Dated)
        assert split.whole.plays.sum() == LISTENERS * PLAYS * 0.8
        assert split.train.plays.sum() == LISTENERS * PLAYS * 0.64
        for row, listener in enumerate(split.test.listeners):
            plays, known = data.plays[listener], set(split.test.shown.row(row)[0])
            assert known == set(plays.items[: PLAYS * 8 // 10])
            right = set(split.test.right.row(row)[0])
            assert right <= set(plays.items[PLAYS * 8 // 10 :])
            assert right <= known if again else not right & known


def test_what_is_played_again_is_what_was_played_last_and_new_is_what_the_crowd_plays(folder: Path) -> None:
    result = evaluate_taste(read_data(folder), [*OURS, RECENCY], [0], resamples=200, with_curve=False)
    new, again = ({judged.name: judged for judged in table} for table in (result.later_new, result.later_again))
    assert list(new) == list(again) == [method.name for method in [*OURS, RECENCY]]
    recent, popular = again["recency"].ndcg, again["popularity"].ndcg
    assert recent is not None
    assert popular is not None
    assert recent.value > popular.value + 5
    crowd, everybody = new["one solve"].ndcg, new["popularity"].ndcg
    assert crowd is not None
    assert everybody is not None
    assert crowd.value > everybody.value + 5
    assert "recency" not in {judged.name for judged in result.strong}
    assert "half-life" in again["recency"].chosen[0]


def test_one_listener_is_judged_by_what_is_played_again(tmp_path: Path) -> None:
    folder = make_listenbrainz(tmp_path / "listeners")
    one = folder / "listener-00.jsonl"
    result = evaluate_taste(read_data(one), [*OURS, RECENCY], [0], resamples=200)
    assert not result.strong
    assert not result.later_new
    assert result.later_again
    assert "listeners held out wholly: there are too few" in result.notes


def test_a_history_without_times_says_so(tmp_path: Path) -> None:
    result = evaluate_taste(read_data(make_lastfm2k(tmp_path / "lastfm-2k")), OURS[:2], [0], resamples=100)
    assert result.strong
    assert not result.later_again
    assert ["does not say when" in note for note in result.notes] == [True]


def test_what_tells_of_no_plays_is_no_history(tmp_path: Path) -> None:
    folder = tmp_path / "listeners"
    folder.mkdir()
    (folder / "names.json").write_text("[]")
    with pytest.raises(HistoryUnreadable) as caught:
        read_data(folder)
    assert caught.value.code == "history-format"


def test_the_command_tells_new_from_again(folder: Path, tmp_path: Path) -> None:
    options = ["--history", str(folder), "--no-spark", "--no-peers", "--seeds", "1", "--resamples", "100"]
    result = CliRunner().invoke(app, ["evaluate", *options], env={"SEGUE_HOME": str(tmp_path), "COLUMNS": "80"})
    assert result.exit_code == 0, result.output
    assert "New to a listener" in result.output
    assert "Played again" in result.output
