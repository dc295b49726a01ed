"""The report is one sound HTML file: everything in it, nothing from outside, text escaped, empty parts left out."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import numpy as np
import pytest

from indexer.engines.benchmark import EngineResult
from indexer.evaluation.report import audio_address, report, write_report
from indexer.evaluation.report_plots import CostPoint
from indexer.evaluation.result import (
    Cost,
    Difference,
    EvaluationResult,
    Example,
    Figure,
    Found,
    Hubs,
    MethodResult,
    Robustness,
    Search,
    TaskFigures,
    TaskInfo,
    Windows,
)

NASTY = 'Tom & "Jerry" <script>alert(1)</script>'


def figures(value: float) -> TaskFigures:
    return TaskFigures("artist", *(Figure(value + add, value - 4, value + 5) for add in (0, 1, 2)))


def found(clip: str, *, same: bool = False) -> Found:
    return Found(clip, NASTY, "Album", "Rock", "Title", 0.5, same)


def method(name: str, value: float) -> MethodResult:
    generator = np.random.default_rng(len(name))
    return MethodResult(
        name,
        f"what {name} does",
        tasks=(figures(value),),
        hubs=Hubs(10, 0.4, 23, 0.01, tuple(generator.integers(0, 23, 40).tolist())),
        windows=Windows(0.8, 0.01, 120),
        robustness=(Robustness("64 kb/s mp3", 40, 0.9, 1.0, 1.2, 0.8),),
        cost=Cost(0.02, 0.05, 40),
        search=Search(0.97, 0.2),
        same_artist=tuple(np.sort(generator.random(50)).tolist()),
        other_pairs=tuple(np.sort(generator.random(200) + 0.2).tolist()),
        examples=(Example(found("a/b c#1.mp3"), (found("x.mp3", same=True), found("y.mp3"))),),
    )


@pytest.fixture
def result(tmp_path: Path) -> EvaluationResult:
    methods = (method("sonic", 30.0), method("classic", 15.0))
    return EvaluationResult(
        command=f"indexer evaluate --labels {NASTY}",
        seed=42,
        resamples=2_000,
        versions={"Python": "3.11", "numpy": "2.4"},
        seconds=12.3,
        labels="labels.csv",
        clips_folder=str(tmp_path / "clips"),
        clips=tuple(f"{number}.mp3" for number in range(40)),
        skipped=(("bad.mp3", "it is silent"),),
        tasks={"artist": TaskInfo("same artist", "the same artist", 30, 10, 4.2)},
        methods=(*methods, MethodResult("bliss", "a peer", missing="it is not installed")),
        differences=(Difference("sonic", "classic", (figures(15.0),)),),
        notes=("A caveat.",),
    )


ENGINES = (
    EngineResult("exact", 10_000, 64, 1.0, 900.0, 1.1, 1.2, 2e6, 3e6, 0.0),
    EngineResult("scann", 10_000, 64, note="The engine scann is not installed."),
)


class Checker(HTMLParser):
    """Fails on tags that do not close in order; collects ids, references and text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.references: list[str] = []
        self.tags: list[str] = []
        self.text = ""
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag != "meta":
            self.open.append(tag)
        for name, value in attributes:
            if name == "id":
                self.ids.append(value or "")
            if name in {"src", "href", "xlink:href"}:
                self.references.append(value or "")

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attributes)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, (tag, self.getpos())

    def handle_data(self, data: str) -> None:
        self.text += data


def test_everything_measured_is_in_it(result: EvaluationResult, tmp_path: Path) -> None:
    tuning = {"K 14": [CostPoint("32 tables", 8_000, 0.96)]}
    page = Checker(report(result, tmp_path / "report.html", engines=ENGINES, tuning=tuning))
    for wanted in (
        "30.0",
        "26.0 … 35.0",
        "+15.0",
        "64 kb/s mp3",
        "90%",
        "0.970",
        "Index engines, 10,000 vectors",
        "The engine scann is not installed.",
        "bliss was not run: it is not installed.",
        "bad.mp3 takes no part: it is silent",
        "A caveat.",
        "same artist",
        "numpy 2.4",
    ):
        assert wanted in page.text, wanted
    assert page.tags.count("svg") == 2 + 2 + 2 + 2 + 2  # intervals, differences, distances, hubs, costs
    assert page.tags.count("audio") == 2 * 2 + 1


def test_it_is_well_formed_and_needs_nothing_from_elsewhere(result: EvaluationResult, tmp_path: Path) -> None:
    html = report(result, tmp_path / "report.html", engines=ENGINES)
    page = Checker(html)
    assert len(page.ids) == len(set(page.ids))
    inside = [reference.removeprefix("#") for reference in page.references if reference.startswith("#")]
    assert set(inside) <= set(page.ids)
    outside = [reference for reference in page.references if not reference.startswith("#")]
    assert all(reference.endswith(".mp3") for reference in outside)
    assert "@import" not in html
    assert not re.search(r"url\((?!#)", html)
    assert "script" not in page.tags
    assert "prefers-color-scheme: dark" in html


def test_it_can_be_read_without_eyes(result: EvaluationResult, tmp_path: Path) -> None:
    html = report(result, tmp_path / "report.html", engines=ENGINES)
    page = Checker(html)
    assert page.tags.count("caption") == page.tags.count("table")
    assert len(re.findall(r'<svg role="img" aria-label="[^"]{10,}"', html)) == page.tags.count("svg")
    assert len(re.findall(r"<audio [^>]*aria-label", html)) == page.tags.count("audio")
    assert all("scope=" in tag for tag in re.findall(r"<th\b[^>]*>", html))
    assert '<html lang="en">' in html


def test_the_drawings_follow_the_page_by_day_and_night(result: EvaluationResult, tmp_path: Path) -> None:
    html = report(result, tmp_path / "report.html", engines=ENGINES)
    drawings = re.findall(r"<svg.*?</svg>", html, flags=re.DOTALL)
    assert all("var(--accent)" in drawing and "#ffffff" not in drawing for drawing in drawings)


def test_the_same_measurements_give_the_same_file(result: EvaluationResult, tmp_path: Path) -> None:
    one = write_report(result, tmp_path / "deep" / "one.html", engines=ENGINES)
    other = write_report(result, tmp_path / "deep" / "other.html", engines=ENGINES)
    assert one.read_bytes() == other.read_bytes()


def test_clips_are_found_from_where_the_report_lies(tmp_path: Path) -> None:
    clip = tmp_path / "clips" / "a" / "b c#1.mp3"
    clip.parent.mkdir(parents=True)
    clip.touch()
    page = tmp_path / "reports" / "report.html"
    page.parent.mkdir()
    address = audio_address("a/b c#1.mp3", str(tmp_path / "clips"), page)
    assert address == "../clips/a/b%20c%231.mp3"
    assert (page.parent / unquote(address)).resolve() == clip


def test_parts_that_were_not_measured_are_left_out(result: EvaluationResult, tmp_path: Path) -> None:
    bare = MethodResult("sonic", "what it does", tasks=(figures(30.0),))
    page = Checker(report(replace(result, methods=(bare,), differences=()), tmp_path / "report.html"))
    assert [name for name in page.ids if name in {"hubs", "differences", "distances", "cost", "examples"}] == []
    assert "retrieval" in page.ids


def test_intervals_that_could_not_be_had(result: EvaluationResult, tmp_path: Path) -> None:
    nothing = Figure(12.0, float("nan"), float("nan"))
    lone = replace(method("sonic", 30.0), tasks=(TaskFigures("artist", nothing, nothing, nothing),))
    page = Checker(report(replace(result, methods=(lone,), differences=()), tmp_path / "report.html"))
    assert "12.0" in page.text
    assert "nan" not in page.text
