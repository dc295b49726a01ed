"""The evaluation of taste: figures against hand-made ones, no listener on two sides, and the command as it is typed."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from indexer.cli import app
from indexer.core.taste.held_out import first_ranks, ndcg_of
from indexer.core.taste.histories import Histories
from indexer.evaluation.taste.data import content_of
from indexer.evaluation.taste.files import read_data
from indexer.evaluation.taste.measures import measured
from indexer.evaluation.taste.methods import Method, Tried, chosen_of, settings
from indexer.evaluation.taste.ours import OURS, Ease
from indexer.evaluation.taste.peers import peers
from indexer.evaluation.taste.result import Grid
from indexer.evaluation.taste.run import evaluate_taste
from indexer.evaluation.taste.splits import never_judging, strong_split, unheard_split
from indexer.history.lastfm2k import read_lastfm2k
from indexer.history.reading import HistoryUnreadable
from tests.unit.evaluation.taste.made import ITEMS, LISTENERS, make_lastfm2k


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_lastfm2k(tmp_path / "lastfm-2k")


def histories_of(*rows: list[int], items: int = 6) -> Histories:
    return Histories.of_rows([(np.array(row, np.int32), np.ones(len(row), np.float32)) for row in rows], items)


def test_ndcg_is_what_a_hand_finds() -> None:
    hits = np.array([[True, False, True], [False, False, False]])
    found = ndcg_of(hits, np.array([2, 1]))
    assert found == pytest.approx([(1 + 1 / 2) / (1 + 1 / np.log2(3)), 0.0])


def test_what_is_known_is_not_ranked_and_nan_is_last() -> None:
    scores = np.array([[5.0, 4.0, 3.0, np.nan, 1.0, 0.0]], np.float32)
    ranked = first_ranks(scores, [np.array([0])], seed=1, ranks=6)
    assert ranked[0].tolist() == [1, 2, 4, 5, 3, -1]
    figures = measured(ranked, histories_of([2, 3]), np.array([9.0, 1, 1, 1, 1, 1]))
    assert figures.recall20.tolist() == [1.0]
    assert figures.popular == 0.0
    assert figures.coverage == pytest.approx(5 / 6)


def test_files_are_read_and_every_line_is_accounted_for(folder: Path) -> None:
    read = read_lastfm2k(folder)
    assert len(read.histories) == LISTENERS
    assert read.histories.item_count <= ITEMS
    assert set(read.refused.values()) == {1}
    assert set(read.refused) == {
        ("user_artists.dat", "not a number"), ("user_artists.dat", "too few columns"), ("user_artists.dat", "no plays"),
    }  # fmt: skip
    assert read.names[0].startswith("Artist")


def test_nobody_is_learnt_from_and_asked_about(folder: Path) -> None:
    data = read_data(folder)
    split = strong_split(data, seed=3)
    assert not set(split.validation.listeners) & set(split.test.listeners)
    assert len(split.train) + split.validation.listeners.size + split.test.listeners.size <= LISTENERS
    for listener in range(len(split.test.shown)):
        shown, right = split.test.shown.row(listener)[0], split.test.right.row(listener)[0]
        assert not set(shown) & set(right)
        assert right.size
    again = strong_split(data, seed=3)
    assert again.test.shown.items.tolist() == split.test.shown.items.tolist()


def test_whoever_chooses_for_all_splits_judges_in_none(folder: Path) -> None:
    data = read_data(folder)
    judging = {row for seed in (0, 1) for row in strong_split(data, seed).test.listeners}
    spare = never_judging(data, [0, 1])
    others = data.histories.of(sorted(set(range(LISTENERS)) - judging))
    assert [spare.row(row)[1].tolist() for row in range(len(spare))] == [
        others.row(row)[1].tolist() for row in range(len(others))
    ]


def test_a_lower_rmse_that_ranks_worse_is_called_so() -> None:
    worse = Grid.of([Tried("a", 0.1, 1.0, 0), Tried("b", 0.2, 2.0, 0), Tried("c", 0.3, 3.0, 0)])
    assert worse.rank_correlation == pytest.approx(1.0)
    assert "ranks worse" in worse.verdict
    assert "ranks better" in Grid.of([Tried("a", 0.3, 1.0, 0), Tried("b", 0.2, 2.0, 0), Tried("c", 0, 3, 0)]).verdict
    assert not Grid.of(worse.tried[:2]).verdict


def test_items_that_nobody_played_are_nowhere_in_what_is_learnt_from(folder: Path) -> None:
    split = unheard_split(read_data(folder), seed=3)
    unheard = set(split.test.right.items)
    assert unheard
    assert not unheard & set(split.train.items)
    assert not unheard & set(split.test.shown.items)
    assert not unheard & set(split.test.left_out)


def test_tags_of_those_who_are_asked_about_are_not_looked_at(folder: Path) -> None:
    data = read_data(folder)
    everyone = np.arange(LISTENERS)
    assert content_of(data, np.arange(data.histories.item_count), everyone) is None
    content = content_of(data, np.arange(data.histories.item_count), everyone[:10])
    assert content is not None
    lengths = np.linalg.norm(content.vectors, axis=1)
    assert np.all((np.abs(lengths - 1) < 1e-5) | (lengths < 1e-5))
    given = data.taggings[data.taggings[:, 0] >= 10]
    counted = [sorted(text.split()) for text in content.texts]
    assert counted == [sorted(map(str, given[given[:, 1] == item, 2])) for item in range(len(content.texts))]


def test_what_knows_the_crowds_is_far_ahead_of_what_is_popular(folder: Path) -> None:
    result = evaluate_taste(read_data(folder), OURS, [0, 1], resamples=200)
    by_name = {judged.name: judged for judged in result.strong}
    solve, popular = by_name["one solve"].ndcg, by_name["popularity"].ndcg
    assert solve is not None
    assert popular is not None
    assert solve.low > popular.high
    assert by_name["popularity"].ahead is not None
    assert by_name["popularity"].ahead.value == pytest.approx(solve.value - popular.value)
    assert result.curve["popularity"]
    assert {judged.name for judged in result.unheard} == {"one solve", "content alone"}
    assert json.loads(json.dumps(result.to_json()))["items"] == result.items


@pytest.mark.parametrize("package", ["implicit", "lightfm-next"])
def test_programs_of_others_know_the_crowds_or_say_how_to_install_them(
    folder: Path, package: str, recwarn: pytest.WarningsRecorder
) -> None:
    (peer,) = chosen_of(peers(), [package])
    result = evaluate_taste(read_data(folder), [*chosen_of(OURS, ["popularity"]), peer], [0], resamples=100)
    assert not [warned.message for warned in recwarn if "BLAS" in str(warned.message)]
    popular, judged = result.strong
    if peer.missing:
        assert "pip install" in judged.missing
    else:
        assert judged.ndcg is not None
        assert popular.ndcg is not None
        assert judged.ndcg.value > popular.ndcg.value + 5


def test_no_method_changes_what_the_next_one_learns_from(folder: Path) -> None:
    split = strong_split(read_data(folder), 0)
    before = [array.copy() for array in (split.train.offsets, split.train.items, split.train.plays)]
    for method in (method for method in (*OURS, *peers()) if not method.missing):
        next(iter(method.candidates(split.train, split.content, 0)))
        for array, kept in zip((split.train.offsets, split.train.items, split.train.plays), before, strict=True):
            np.testing.assert_array_equal(array, kept, method.name)


def test_what_cannot_run_says_why(folder: Path) -> None:
    absent = Method(
        "another", "another", "", settings({"": lambda train, *_: Ease.fit(train, 1.0)}), missing="not installed"
    )
    (folder / "user_taggedartists.dat").unlink()
    result = evaluate_taste(read_data(folder), [*OURS, absent], [0], resamples=100, with_curve=False)
    missing = {judged.name: judged.missing for judged in result.strong if judged.missing}
    assert missing["another"] == "not installed"
    assert "nothing is known of the items" in missing["content alone"]
    assert not result.unheard


def test_a_dense_way_is_left_out_where_it_does_not_fit(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.evaluation.taste.run.DENSE_ITEMS", 10)
    result = evaluate_taste(read_data(folder), OURS, [0], resamples=100, with_curve=False)
    assert {judged.name for judged in result.strong if judged.missing} == {"EASE", "rank fusion"}


@pytest.mark.parametrize(("content", "code"), [(None, "history-missing"), ("", "history-empty"), ("1\t2\t3\n", "few")])
def test_what_is_no_history_says_so(tmp_path: Path, content: str | None, code: str) -> None:
    where = tmp_path / "x"
    if content is not None:
        where.mkdir()
        (where / "user_artists.dat").write_text(content)
    with pytest.raises(HistoryUnreadable) as caught:
        evaluate_taste(read_data(where), OURS, [0])
    assert code in caught.value.code


def test_the_command_prints_every_method_and_keeps_the_figures(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    page = tmp_path / "pages" / "taste.html"
    options = [
        "--history",
        str(folder),
        "--no-spark",
        "--no-peers",
        "--seeds",
        "1",
        "--json",
        str(file),
        "--html",
        str(page),
    ]
    result = CliRunner().invoke(app, ["evaluate", *options], env={"SEGUE_HOME": str(tmp_path), "COLUMNS": "80"})
    assert result.exit_code == 0, result.output
    for method in OURS:
        assert f"\n{method.name} " in result.output  # whole, in a terminal of the usual width
    assert "…\n" not in result.output
    assert len(json.loads(file.read_text())["strong"]) == len(OURS)
    html = page.read_text()
    assert all(f'<th scope="row">{method.name}</th>' in html for method in OURS)
    assert html.count("<svg") == 5  # figures and differences of two protocols, and the curve
    assert "does not say when" in html
    assert CliRunner().invoke(app, ["evaluate", "--history", str(folder), "--labels", "x.csv"]).exit_code == 2
    unknown = CliRunner().invoke(app, ["evaluate", "--history", str(folder), "--method", "guess"])
    assert unknown.exit_code == 2
    assert "one-solve" in unknown.output
    refused = CliRunner().invoke(app, ["evaluate", "--history", str(tmp_path / "none"), "--no-spark"])
    assert refused.exit_code == 1
    assert "is not there" in refused.output


def test_on_real_listeners_the_one_solve_is_ahead() -> None:
    folder = os.environ.get("SEGUE_TEST_HISTORY")
    if not folder:
        pytest.skip("SEGUE_TEST_HISTORY names no folder with lastfm-2k")
    data = read_data(Path(folder) / "lastfm-2k")
    ours = [method for method in OURS if method.name in {"one solve", "EASE", "content alone"}]
    result = evaluate_taste(data, ours, [0], resamples=500, with_curve=False)
    assert all(judged.ahead is None or judged.ahead.low > 0 for judged in result.strong)
