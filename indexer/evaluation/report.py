"""The evaluation as one HTML file that needs nothing else: tables with intervals, drawings, lists to listen to."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from indexer.core.files.atomic import write_atomically
from indexer.engines.benchmark import EngineResult
from indexer.evaluation import report_plots
from indexer.evaluation.report_plots import CostPoint
from indexer.evaluation.result import EvaluationResult, Figure, Found, MethodResult, TaskFigures, TaskInfo

_SHOWN = 5
"""Entries of a list to listen to."""


def write_report(
    result: EvaluationResult,
    path: Path,
    *,
    engines: Sequence[EngineResult] = (),
    tuning: Mapping[str, Sequence[CostPoint]] | None = None,
) -> Path:
    """Write the report of an evaluation to `path`.

    Args:
        result: what was measured.
        path: of the HTML file; clips are linked relative to it.
        engines: index engines, where they were measured too.
        tuning: points of a grid search by series, cost in candidates per track, where there was one.

    Raises:
        OSError: the file cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    page = report(result, path, engines=engines, tuning=tuning)
    write_atomically(path, page.encode(), shared=True)
    return path


def report(
    result: EvaluationResult,
    path: Path,
    *,
    engines: Sequence[EngineResult] = (),
    tuning: Mapping[str, Sequence[CostPoint]] | None = None,
) -> str:
    """The HTML of `write_report`; the same measurements give the same text. What it says is in `report.html.jinja`."""
    ran = [method for method in result.methods if not method.missing]
    sizes = dict.fromkeys(one.tracks for one in engines)
    address = partial(audio_address, clips_folder=result.clips_folder, report=path)
    return page_template("report.html.jinja", address=address).render(
        result=result,
        ran=ran,
        tasks=list(_answers(result, [(method.name, method.tasks) for method in ran])),
        differences=list(_answers(result, [(found.other, found.tasks) for found in result.differences])),
        first=result.differences[0].method if result.differences else "",
        spread=[method for method in ran if len(set(method.other_pairs)) > 1 and method.same_artist],
        changes=list(dict.fromkeys(found.change for method in ran for found in method.robustness)),
        engines={size: [one for one in engines if one.tracks == size] for size in sizes},
        engine_notes=list(dict.fromkeys(one.note for one in engines if one.note)),
        engine_points=_points(engines),
        tuning=tuning or {},
        asked_with=list(_lists(ran)),
        shown=_SHOWN,
        remarks=[*result.absences(), *result.notes],
    )


def audio_address(clip: str, clips_folder: str, report: Path) -> str:
    """Where a page at `report` finds a clip: relative to the page where that can be, so that both can be moved."""
    path = Path(os.path.abspath(Path(clips_folder) / clip))  # noqa: PTH100 - links stay as they are
    try:
        return quote(Path(os.path.relpath(path, report.absolute().parent)).as_posix())
    except ValueError:  # another drive of Windows
        return path.as_uri()


def page_template(name: str, **known: Any) -> Template:
    """A template of this package that makes a page: `page.html.jinja` has what pages are made of.

    Args:
        name: of the file, with the folder where it is in one.
        known: what the template may call.
    """
    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["to"] = format
    made.filters["named"] = partial(_named, numbers=count())
    made.globals.update(known, drawn=report_plots)
    return made.get_template(name)


@dataclass(frozen=True)
class _Answers:
    """What methods, or differences between methods, by name, came to in one task."""

    info: TaskInfo
    told: Sequence[tuple[str, TaskFigures]]

    @property
    def title(self) -> str:
        return self.info.title[:1].upper() + self.info.title[1:]

    def figures(self, measure: str) -> list[tuple[str, Figure]]:
        """The figures of a measure, a field of `TaskFigures`, by name."""
        return [(name, getattr(figures, measure)) for name, figures in self.told]

    def best(self, measure: str) -> float:
        return max(figure.value for _, figure in self.figures(measure))


def _answers(result: EvaluationResult, found: Sequence[tuple[str, Sequence[TaskFigures]]]) -> Iterator[_Answers]:
    """Task by task; a task without figures is left out."""
    for task, info in result.tasks.items():
        told = [(name, figures) for name, tasks in found for figures in tasks if figures.task == task]
        if told:
            yield _Answers(info, told)


def _points(engines: Iterable[EngineResult]) -> dict[str, list[CostPoint]]:
    """By number of vectors; empty where no engine could be measured."""
    points: dict[str, list[CostPoint]] = {}
    for one in engines:
        of_size = points.setdefault(f"{one.tracks:,} vectors", [])
        if not one.note:
            of_size.append(CostPoint(one.engine, one.p50_ms, one.recall))
    return points if any(points.values()) else {}


def _lists(methods: Sequence[MethodResult]) -> Iterator[tuple[Found, list[tuple[str, tuple[Found, ...]]]]]:
    """Every clip that was asked with, and what each method by name found for it."""
    examples = [(method.name, example) for method in methods for example in method.examples]
    for query in dict.fromkeys(example.query for _, example in examples):
        yield query, [(name, example.nearest) for name, example in examples if example.query == query]


def _named(svg: str, label: str, numbers: Iterator[int]) -> Markup:
    """An SVG of matplotlib as a part of the page: with a label for those who cannot see it, and names of its own."""
    prefix = f"d{next(numbers)}-"
    inner = re.sub(r"<\?xml.*?\?>|<!DOCTYPE.*?>|<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    inner = re.sub(r'\bid="', f'id="{prefix}', inner)
    inner = re.sub(r'href="#', f'href="#{prefix}', inner)
    inner = re.sub(r"url\(#", f"url(#{prefix}", inner).strip()
    opening = Markup('<svg role="img" aria-label="{}" ').format(label)
    return Markup(inner.replace("<svg ", opening, 1))  # noqa: S704 - drawn here; matplotlib escapes the names in it
