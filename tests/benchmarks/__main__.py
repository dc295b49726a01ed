"""`python -m tests.benchmarks NAME`: figures that the design rests on, measured on this machine."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click
import typer
from typer.core import TyperGroup

from indexer.core.errors import SegueError
from indexer.core.politeness import ONE_THREAD


class Sentences(TyperGroup):
    """Says what went wrong in a sentence, as the indexer's own commands do."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except SegueError as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(1) from error


app = typer.Typer(help=__doc__, no_args_is_help=True, cls=Sentences)


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


WhereOption = typer.Option(None, "--folder", help="Where the file is made; with all, 75 bytes a line.")


@app.command()
def history(
    lines: int = typer.Option(2_000_000, min=1_000, help="Lines of the file; the published one has 48,373,586."),
    folder: Path | None = WhereOption,
) -> None:
    """Reading Echo Nest triplets: lines a second beside merely reading the file, memory, and whether all is counted."""
    from tests.benchmarks.history import run

    if not run(lines, folder, typer.echo):
        raise typer.Exit(1)


@app.command()
def encodings() -> None:
    """Error rates of tags in encodings that nobody wrote down, both ways."""
    from tests.benchmarks.encodings import run

    if not run(typer.echo):
        raise typer.Exit(1)


@app.command()
def throughput(clips: int = typer.Option(265, min=4, help="How many clips are analysed.")) -> None:
    """Clips a second of the whole extraction, with one worker and with all, beside librosa in as many processes."""
    from tests.benchmarks.throughput import run

    if not run(clips, typer.echo):
        raise typer.Exit(1)


@app.command("long-files")
def long_files(
    minutes: str = typer.Option("3,60", help="Lengths of the files, with commas between."),
    formats: str = typer.Option("mp3,bare.mp3,flac,ogg,m4a", help="Kinds of files, likewise."),
) -> None:
    """CPU and peak memory of hearing songs and long files quickly and thoroughly, beside two passes over them."""
    from tests.benchmarks.long_files import run

    if not run([int(some) for some in minutes.split(",")], formats.split(","), typer.echo):
        raise typer.Exit(1)


@app.command()
def steady(
    tracks: int = typer.Option(5_000, min=100, help="How many tracks are analysed."),
    listed: int = typer.Option(106_574, min=1_000, help="How many tracks are listed as work."),
) -> None:
    """Memory of indexer and workers over a long run, and what the list of a large library's work takes."""
    from tests.benchmarks.steady import run

    if not run(tracks, listed, typer.echo):
        raise typer.Exit(1)


SomeFeaturesOption = typer.Option(
    None, "--features", help="A home with analysed real tracks to grow from; else the features that come with the app."
)
FeaturesOption = typer.Option(..., "--features", help="A home whose database holds analysed real tracks to grow from.")


@app.command()
def build(
    features: Path | None = SomeFeaturesOption,
    tracks: int = typer.Option(106_574, min=1_000, help="How many tracks to grow."),
    master: str = typer.Option("local[2]", help="Where Spark runs."),
) -> None:
    """Seconds per step and peak memory of a whole Spark build, JVM and Python apart, and of the player beside it."""
    from tests.benchmarks.build_large import build as run

    if not run(features, tracks, master, typer.echo):
        raise typer.Exit(1)


@app.command()
def joins(
    features: Path | None = SomeFeaturesOption,
    tracks: int = typer.Option(106_574, min=1_000, help="How many tracks to grow."),
    master: str = typer.Option("local[2]", help="Where Spark runs."),
) -> None:
    """The exact join and the LSH join of one library side by side: seconds, recall, memory."""
    from tests.benchmarks.build_large import joins as run

    if not run(features, tracks, master, typer.echo):
        raise typer.Exit(1)


ModelOption = typer.Option(None, "--model", help="A home with a model of a library grown so, to spare the build.")


@app.command()
def query(
    features: Path = FeaturesOption,
    tracks: int = typer.Option(106_574, min=1_000, help="How many tracks to grow."),
    model: Path | None = ModelOption,
) -> None:
    """A known track, a new file and an insertion, in the player's process; and the same search by Spark."""
    from tests.benchmarks.query import run

    if not run(features, tracks, model, typer.echo):
        raise typer.Exit(1)


@app.command()
def threads() -> None:
    """An answer on a busy machine, when NumPy takes every core and when it takes one, as the window has it."""
    from tests.benchmarks.threads import run

    if not run(typer.echo):
        raise typer.Exit(1)


OutOption = typer.Option(..., "--out", help="Home of the library to make; an empty folder.")
MetadataOption = typer.Option(None, "--metadata", help="Folder with FMA's genres.csv, for all its genres.")


WaveformsOption = typer.Option(True, "--waveforms/--no-waveforms", help="Store waveforms, too: 2 kB a track.")


@app.command()
def library(
    features: Path | None = SomeFeaturesOption,
    out: Path = OutOption,
    tracks: int = typer.Option(106_574, min=1_000, help="How many tracks."),
    metadata: Path | None = MetadataOption,
    model: bool = typer.Option(True, help="Build the model, too."),
    waveforms: bool = WaveformsOption,
) -> None:
    """A library of FMA's size without its audio, to try things on; and how like the real distances its own are."""
    from tests.benchmarks.library import Wanted, make

    if not make(features, out, Wanted(tracks, metadata, waveforms, model), typer.echo):
        raise typer.Exit(1)


ResultsOption = typer.Option(..., "--out", help="Folder of growth.json, .md and .svg; what is there is not redone.")
SizesOption = typer.Option("1000,10000,106574,1000000", "--sizes", help="Numbers of tracks, with commas between.")


@app.command()
def growth(
    sizes: str = SizesOption,
    out: Path = ResultsOption,
    features: Path | None = SomeFeaturesOption,
    master: str = typer.Option("local[2]", help="Where Spark runs."),
    again: bool = typer.Option(False, "--again", help="Measure what is in growth.json, too."),
) -> None:
    """Cost against size: build, memory, model, queries, start of the player; sizes may be measured one by one."""
    from tests.benchmarks.growth import run

    run([int(size) for size in sizes.split(",")], out, features, master, again=again, say=typer.echo)


@app.command()
def taste(
    tracks: int = typer.Option(106_574, min=5_000, help="How many tracks."),
    out: Path = typer.Option(..., "--out", help="Where the plot goes, .svg or .png; figures beside it as .json."),  # noqa: B008
    master: str = typer.Option("local[2]", help="Where Spark runs."),
) -> None:
    """Taste of 1, 50 and 5,000 listeners: build, memory, fold-in, ranking, beside popularity and the dense inverse."""
    from tests.benchmarks.taste import run

    if not run(tracks, out, master, typer.echo):
        raise typer.Exit(1)


@app.command()
def stream(
    tracks: int = typer.Option(106_574, min=1_000, help="How many tracks."),
    listeners: int = typer.Option(1_000, min=200, help="How many listeners."),
    seconds: float = typer.Option(300.0, min=10, help="How long 2,000 events a second are told."),
    broker: str = typer.Option("tansu", help="tansu, or noida, which takes half a core for each idle reader."),
) -> None:
    """From a play on a topic to its list on another one, the same at 2,000 a second, and two processes beside one."""
    from tests.benchmarks.stream import run

    if not run(tracks, listeners, seconds, broker, typer.echo):
        raise typer.Exit(1)


ModelsOption = typer.Option(..., "--model", help="A home with a model; may be given several times.")


@app.command()
def journey(models: list[Path] = ModelsOption) -> None:
    """Largest steps of journeys beside a straight line and chance, and the time of a journey and of the radio."""
    from tests.benchmarks.journey import run

    if not run(models, typer.echo):
        raise typer.Exit(1)


HomeOption = typer.Option(..., "--home", help="A home with a library of music files and its model.")


@app.command()
def backup(home: Path = HomeOption) -> None:
    """Seconds, size and memory of a backup and its restore, beside the same bytes copied unverified."""
    from tests.benchmarks.backup import run

    if not run(home, typer.echo):
        raise typer.Exit(1)


MusicOption = typer.Option(None, "--music", help="Files to index while the window is watched.")


LoadedOption = typer.Option(600.0, "--seconds", min=5, help="How long the server is loaded.")
SupysonicOption = typer.Option(None, "--supysonic", help="The Python of an environment that has supysonic 0.7.9.")
StreamedOption = typer.Option(..., "--music", help="Real files, which are streamed.")


@app.command()
def serve(
    home: Path = HomeOption,
    music: Path = StreamedOption,
    seconds: float = LoadedOption,
    supysonic: Path | None = SupysonicOption,
) -> None:
    """The server with a large library: answers beside 100 streams and 30 pages, memory, start; beside supysonic."""
    from tests.benchmarks.serve import run

    if not run(home, music, seconds, supysonic, typer.echo):
        raise typer.Exit(1)


@app.command()
def player(home: Path = HomeOption, music: Path | None = MusicOption) -> None:
    """The window with a large library: start, search, sorting, panel, ticks while indexing, memory; needs a display."""
    from tests.benchmarks.player import run

    if not run(home, music, typer.echo):
        raise typer.Exit(1)


@app.command()
def versions(
    home: Path = HomeOption,
    clips: int = typer.Option(20, min=1, help="How many tracks are encoded again."),
) -> None:
    """Distances of encoded copies to their originals, and of recordings to their nearest other one."""
    from tests.benchmarks.versions import run

    if not run(home, clips, typer.echo):
        raise typer.Exit(1)


@app.command()
def seams(
    minutes: float = typer.Option(10.0, min=0, help="Length of the recording beside other work."),
    beside_vlc: bool = typer.Option(False, "--beside-vlc", help="Play the same files by VLC alone, too."),
) -> None:
    """What of each track reaches a sound server: ends, seams, short tracks, jumps, places told, drop-outs."""
    from tests.benchmarks.seams import run

    if not run(minutes, typer.echo, beside_vlc=beside_vlc):
        raise typer.Exit(1)


@app.command()
def studio(tracks: int = typer.Option(300, min=20, help="How many tracks are decoded in one stream.")) -> None:
    """Memory, threads and files of the process that decodes, over many tracks and under fast clicks on next."""
    from tests.benchmarks.studio import run

    if not run(tracks, typer.echo):
        raise typer.Exit(1)


@app.command("map")
def music_map(
    features: Path = FeaturesOption,
    tracks: int = typer.Option(106_574, min=1_000, help="How many tracks to grow."),
    frames: bool = typer.Option(False, "--frames", help="Paint the map, too; needs a display."),
) -> None:
    """The layout of the music map beside its baseline, and its frames while it is panned and zoomed."""
    from tests.benchmarks.map import layout_for_frames, run

    if not frames:
        kept = run(features, tracks, typer.echo)
    else:
        from tests.benchmarks.map_frames import frames as painted

        kept = painted(layout_for_frames(features, tracks, typer.echo)[1], typer.echo)
    if not kept:
        raise typer.Exit(1)


TreeOption = typer.Option(..., "--out", help="Folder to make the files in; it is deleted afterwards.")


@app.command()
def scan(
    out: Path = TreeOption,
    files: int = typer.Option(106_574, min=1_000, help="How many files."),
    cold: bool = typer.Option(True, help="Put the files out of the system's cache before each way of reading them."),
) -> None:
    """Files a second of a scan, first and again, beside `find` and beside `find` with mutagen; and its memory."""
    from tests.benchmarks.scan import run

    if not run(files, out, typer.echo, cold=cold):
        raise typer.Exit(1)


ClipsOption = typer.Option(..., "--music", help="Folder with music, such as the sample clips.")


@app.command()
def cluster(
    music: Path = ClipsOption,
    workers: int = typer.Option(2, min=2, help="Workers of the cluster, with one core each; and local processes."),
) -> None:
    """A library built here and on a cluster on this machine that loses an executor: equal features, nothing twice."""
    from tests.benchmarks.cluster import run

    if not run(music, workers, typer.echo):
        raise typer.Exit(1)


@app.command("without-kafka")
def without_kafka(
    home: Path = HomeOption,
    runs: int = typer.Option(7, min=1, help="Starts of each program and each version; they take turns."),
    before: str = typer.Option("", help="A revision to compare with; else the one before the broker came."),
    after: str = typer.Option("", help="A revision to measure; else the code as it is here."),
) -> None:
    """Where no broker is set: packages, modules, start, memory and journal, beside the version that knew none."""
    from tests.benchmarks.without_kafka import run

    if not run(home, runs, before, after, typer.echo):
        raise typer.Exit(1)


@app.command("stream-train")
def stream_train(
    plays: int = typer.Option(20_000, min=1, help="Plays that are there at the beginning."),
    seconds: float = typer.Option(30.0, min=1, help="How long plays are told one by one."),
) -> None:
    """From a play on the topic to the files that taste is learnt from: seconds, plays a second, memory, each once."""
    from tests.benchmarks.stream_train import run

    if not run(plays, seconds, typer.echo):
        raise typer.Exit(1)


if __name__ == "__main__":
    app()
