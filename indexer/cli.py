"""The indexer's command line: `indexer build | model | scan | similar | evaluate | status | …`, see `--help`."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Annotated

import typer

from indexer.commands import database, evaluate, query, reference, sound, tune, work
from indexer.commands.common import reported
from indexer.features.embedding.registry import know_all
from indexer.home import HOME_VARIABLE, Home

app = typer.Typer(
    name="indexer",
    help="Listens to folders of music and finds what sounds alike.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
)
app.command("build")(work.build_command)
app.command("model")(work.model_command)
app.command("scan")(work.scan_command)
app.command("sound")(sound.sound_command)
app.command("demo")(work.demo_command)
app.command("similar")(query.similar_command)
app.command("explain")(query.explain_command)
app.command("neighbours")(query.neighbours_command)
app.command("export")(query.export_command)
app.command("tune")(tune.tune_command)
app.command("evaluate")(evaluate.evaluate_command)
app.command("reference")(reference.reference_command)
app.command("status")(query.status_command)
app.command("problems")(query.problems_command)
app.add_typer(database.app, name="database")


@app.callback()
def root(
    context: typer.Context,
    home: Annotated[
        Path | None, typer.Option("--home", envvar=HOME_VARIABLE, help="Keep everything of Segue in this folder.")
    ] = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log what happens to standard error.")] = False,
) -> None:
    """Listens to folders of music and finds what sounds alike."""
    logging.basicConfig(
        level=logging.DEBUG if verbose else logging.WARNING, format="%(levelname)s %(name)s: %(message)s"
    )
    context.obj = Home.resolve(home)
    with reported():
        know_all(context.obj)


def main() -> None:
    """Entry point of `segue-indexer` and `python -m indexer`."""
    app()
