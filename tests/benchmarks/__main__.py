"""`python -m tests.benchmarks NAME`: figures that the design rests on, measured on this machine."""

from __future__ import annotations

import os

import typer

from indexer.politeness import ONE_THREAD

app = typer.Typer(help=__doc__, no_args_is_help=True)


@app.callback()
def one_thread() -> None:
    """Every benchmark compares what one thread does."""
    os.environ.update(ONE_THREAD)


@app.command()
def extraction(
    clips: int = typer.Option(60, min=1, help="How many clips to measure."),
    repeats: int = typer.Option(1, min=1, help="How often each clip is measured; the least counts."),
) -> None:
    """CPU of decoding and both profiles, against librosa.load and three of its features."""
    from tests.benchmarks.extraction import run  # after the thread counts are set

    if not run(clips, repeats, typer.echo):
        raise typer.Exit(1)


if __name__ == "__main__":
    app()
