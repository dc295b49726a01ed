"""`python -m tests.fuzz`: hostile inputs for everything that Segue reads, and how many of them did harm."""

from __future__ import annotations

import random
import subprocess
import tempfile
from pathlib import Path

import typer

from tests.benchmarks.machine import machine_line
from tests.fuzz.command import Totals, child_command, fuzz, table
from tests.fuzz.registry import all_targets

app = typer.Typer(help=__doc__, add_completion=False)

_ONLY = typer.Option([], help="Names of targets; all by default.")
_FAILURES = typer.Option(None, help="Where failing inputs are kept.")
_REPEAT = typer.Option(None, help="A failing input to run again, with its traceback.")


@app.command()
def main(
    seconds: float = typer.Option(60, min=0.1, help="How long each target is tried."),
    examples: int = typer.Option(1_000_000_000, min=1, help="Or how many inputs each is given, if that is less."),
    only: list[str] = _ONLY,
    seed: int | None = typer.Option(None, help="Of the random numbers; the same seed makes the same inputs."),
    failures: Path | None = _FAILURES,
    repeat: Path | None = _REPEAT,
) -> None:
    if repeat is not None:
        raise typer.Exit(_repeat(repeat))
    names = list(all_targets())
    if unknown := sorted(set(only) - set(names)):
        raise typer.BadParameter(f"no target {', '.join(unknown)}; there are {', '.join(names)}")
    kept = failures or Path(tempfile.gettempdir()) / "segue-fuzz-failures"
    kept.mkdir(parents=True, exist_ok=True)
    start = random.SystemRandom().randrange(1_000_000) if seed is None else seed
    typer.echo(machine_line())
    typer.echo(f"seed {start}; failing inputs are kept in {kept}\n")
    totals = Totals()
    for line in table(fuzz(only or names, seconds=seconds, examples=examples, seed=start, failures=kept), totals):
        typer.echo(line)
    for failure in totals.failures:
        typer.echo(f"\nFAILED {failure}\n       python -m tests.fuzz --repeat {failure.partition(':')[0]}")
    if totals.failures:
        raise typer.Exit(1)


def _repeat(path: Path) -> int:
    target, _, _ = path.name.partition(".input")[0].rpartition(".")
    orders = {"failures": str(path.parent), "target": target, "repeat": str(path.absolute())}
    return subprocess.run(child_command(orders), check=False).returncode


if __name__ == "__main__":
    app()
