"""`indexer evaluate --engines`: index engines measured side by side at the sizes asked for."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rich.markup import escape
from rich.table import Table

from indexer.commands.common import print_json
from indexer.commands.console import err, out
from indexer.core.home import Home
from indexer.core.model import ModelError, current_model_folder, read_manifest
from indexer.core.model.folder import open_array
from indexer.core.model.profiles import Profile
from indexer.engines.benchmark import EngineResult, measure_engines
from indexer.engines.grown import made_up_vectors

SIZES = (10_000, 106_574)
"""A large collection, and the whole Free Music Archive."""

_MADE_UP = 2_000


def run_engines(
    home: Home, profile: Profile, sizes: Sequence[int] = SIZES, *, seed: int = 0, as_json: bool = False
) -> list[EngineResult]:
    """Measure every engine on the vectors of the current model, grown to each size, and print a table.

    Without a model the vectors are made up. An engine that is not installed gets a row that says how to install it.

    Raises:
        ModelCorrupt: the model's vectors cannot be read.
    """
    vectors, source = _vectors(home, profile, seed)
    results = []
    with err.status("Measuring engines") as status:
        for result in measure_engines(vectors, sizes, seed):
            results.append(result)
            status.update(f"Measured {escape(result.engine)} at {result.tracks:,} vectors")
    if as_json:
        print_json([result_record(result) for result in results])
    else:
        for size in dict.fromkeys(result.tracks for result in results):
            out.print(_table([result for result in results if result.tracks == size], size, source))
    return results


def result_record(result: EngineResult) -> dict[str, Any]:
    """The result as JSON can hold it: None where nothing was measured."""
    return {
        name: None if isinstance(value, float) and math.isnan(value) else value
        for name, value in asdict(result).items()
    }


def _vectors(home: Home, profile: Profile, seed: int) -> tuple[Any, str]:
    try:
        folder = current_model_folder(home, profile.name)
        manifest = read_manifest(folder)
    except ModelError:
        return made_up_vectors(_MADE_UP, seed), "made up, for want of a model"
    return open_array(folder, "vectors"), f"grown from the {manifest.tracks:,} of your {profile.name} model"


def _table(results: Sequence[EngineResult], size: int, source: str) -> Table:
    table = Table(title=f"{size:,} vectors, {source}; one thread", title_justify="left", box=None)
    table.add_column("Engine")
    for column in ("Recall@10", "Queries/s", "p50 ms", "p99 ms", "Index MB", "Process MB", "Build s"):
        table.add_column(column, justify="right")
    for result in results:
        table.add_row(result.engine, *_cells(result))
        if result.note:
            table.caption = f"{table.caption}\n{result.note}" if table.caption else result.note
    table.caption_justify = "left"
    return table


def _cells(result: EngineResult) -> list[str]:
    if result.note:
        return ["–"] * 7
    megabytes = [f"{size / 1e6:,.1f}" for size in (result.index_bytes, result.process_bytes)]
    speed = [f"{result.queries_per_second:,.0f}", f"{result.p50_ms:.3f}", f"{result.p99_ms:.3f}"]
    return [f"{result.recall:.3f}", *speed, *megabytes, f"{result.build_seconds:.1f}"]
