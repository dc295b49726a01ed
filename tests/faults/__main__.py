"""`python -m tests.faults [--full]`: every kind of fault against a real library, and a tally of what was lost."""

from __future__ import annotations

import random
import sys
import tempfile
import time
from pathlib import Path
from typing import Annotated

import typer

from tests.benchmarks.machine import machine_line
from tests.faults import away
from tests.faults.streaming import kills as streaming
from tests.faults.suite import FAULTS, prepare, run_all
from tests.faults.tally import print_tally, totals, write_tally

FULL_KILLS, SHORT_KILLS = 50, 5
SHORT_AWAY_SECONDS = 8.0
SHORT_STREAM_KILLS = 8


def main(
    full: Annotated[bool, typer.Option("--full", help="50 kills, and a database that is away for a minute.")] = False,
    kills: Annotated[int | None, typer.Option(help="How many processes are killed.")] = None,
    only: Annotated[str, typer.Option(help="Only faults whose name holds this.")] = "",
    seed: Annotated[int | None, typer.Option(help="Of every random choice; printed, to do the same again.")] = None,
    out: Annotated[Path | None, typer.Option(help="Also write the tally to this file, as JSON.")] = None,
) -> None:
    """Injure Segue in every way there is, and count what it lost."""
    chosen = seed if seed is not None else random.SystemRandom().randrange(10_000)
    away.AWAY_SECONDS = away.AWAY_SECONDS if full else SHORT_AWAY_SECONDS
    streaming.KILLS = kills if kills is not None else streaming.KILLS if full else SHORT_STREAM_KILLS
    faults = [fault for fault in FAULTS if only in fault.name]
    if not faults:
        raise typer.BadParameter(f"none of {', '.join(fault.name for fault in FAULTS)}")
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="segue-faults-") as name:
        folder = Path(name)
        built = prepare(folder / "built")
        verdicts = run_all(
            faults, built, folder, random.Random(chosen), say=_say,
            kills=kills if kills is not None else FULL_KILLS if full else SHORT_KILLS,
        )  # fmt: skip
    print_tally(verdicts, seed=chosen, seconds=time.monotonic() - began, machine=machine_line())
    if out is not None:
        write_tally(out, verdicts, seed=chosen)
    if any(totals(verdicts)[1:]):
        raise typer.Exit(1)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    typer.run(main)
