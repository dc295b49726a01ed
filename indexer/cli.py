"""The indexer's command line: `indexer build | model | scan | similar | evaluate | status | …`, see `--help`."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Annotated

import typer

from indexer.commands import (
    backup,
    database,
    ears,
    evaluate,
    history,
    query,
    sample,
    stream,
    stream_train,
    tags,
    taste,
    tune,
    work,
)
from indexer.commands.common import reported
from indexer.core.files.logs import catch_all, start_logging
from indexer.core.files.privacy import keep_private
from indexer.core.home import HOME_VARIABLE, Home
from indexer.core.model.embedding.registry import know_all

log = logging.getLogger(__name__)

app = typer.Typer(
    name="indexer",
    help="Analyses folders of music and finds what sounds alike.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("build")(work.build_command)
app.command("model")(work.model_command)
app.command("scan")(work.scan_command)
app.command("sound")(work.sound_command)
app.command("demo")(work.demo_command)
app.command("similar")(query.similar_command)
app.command("explain")(query.explain_command)
app.command("neighbours")(query.neighbours_command)
app.command("export")(query.export_command)
app.command("sample")(sample.sample_command)
app.command("tune")(tune.tune_command)
app.command("evaluate")(evaluate.evaluate_command)
app.command("reference")(query.reference_command)
app.command("status")(query.status_command)
app.command("problems")(query.problems_command)
app.command("tags")(tags.tags_command)
app.command("backup")(backup.backup_command)
app.command("restore")(backup.restore_command)
app.add_typer(database.app, name="database")
app.add_typer(ears.app, name="ears")
app.add_typer(history.app, name="history")
stream.app.command("train")(stream_train.train_command)
app.add_typer(stream.app, name="stream")
app.add_typer(taste.app, name="taste")


@app.callback()
def root(
    context: typer.Context,
    home: Annotated[
        Path | None, typer.Option("--home", envvar=HOME_VARIABLE, help="Keep everything of Segue in this folder.")
    ] = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log what happens to standard error.")] = False,
) -> None:
    """Analyses folders of music and finds what sounds alike."""
    context.obj = Home.resolve(home)
    keep_private(context.obj)
    start_logging(context.obj, "indexer", verbose=verbose)
    catch_all(context.obj, "indexer")
    log.info("%s begins", context.invoked_subcommand)
    context.call_on_close(lambda: log.info("%s ends", context.invoked_subcommand))
    with reported():
        know_all(context.obj)


def main() -> None:
    """Entry point of `segue-indexer` and `python -m indexer`."""
    app()
