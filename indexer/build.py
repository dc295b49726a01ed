"""The indexer's whole job, in order: scan, analyse what is new, build the model where it pays, hear whole tracks."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from stat import S_ISDIR

from indexer.analysis.control import Control
from indexer.analysis.extract import extract
from indexer.analysis.file_run import FileRunResult
from indexer.analysis.hearing import hear_all
from indexer.analysis.told import tell_of_tracks
from indexer.core.errors import SegueError
from indexer.core.events import EventSink, Finished, Notice
from indexer.core.files import disk
from indexer.core.home import Home
from indexer.core.model import Manifest, ModelError, built_tracks, current_model_folder, read_manifest
from indexer.core.model.manifest import FEATURES_REV, FEWEST_TRACKS
from indexer.core.model.profiles import CLASSIC, SONIC, Profile
from indexer.core.store import Database
from indexer.core.tracks import Hearing, TrackId
from indexer.history.matching import match_awaiting
from indexer.scanning.same_sound import pass_on_by_sound
from indexer.scanning.scan import ScanResult, scan
from indexer.spark.choice import Join
from indexer.spark.masters import extraction_master


class FolderMissing(SegueError):
    """A folder that was asked for is not there, or cannot be opened."""


class ModelPolicy(StrEnum):
    """When a build goes on to Spark."""

    AUTO = "auto"  # when there is none, or the library has outgrown it
    ALWAYS = "always"
    NEVER = "never"


@dataclass(frozen=True)
class BuildOptions:
    """`folders` empty means all that the library knows; `full` analyses every track of them again.

    `join` says how the neighbours in the model are found, `sound` whether tracks are heard from end to end too, for
    loudness, waveforms and what long ones lack, `master` where Spark runs; where it is given, or the setting names a
    cluster, files are analysed there as well. `hearing` chooses, for this library from then on, how much of its long
    tracks is heard; None leaves it as it was chosen last.
    """

    folders: tuple[Path, ...] = ()
    profile: Profile = SONIC
    full: bool = False
    model: ModelPolicy = ModelPolicy.AUTO
    join: Join = Join.AUTO
    workers: int | None = None
    sound: bool = True
    master: str | None = None
    hearing: Hearing | None = None

    @property
    def profiles(self) -> tuple[Profile, ...]:
        """What is extracted: the profile asked for and the classic one, which costs next to nothing beside it."""
        return (CLASSIC,) if self.profile is CLASSIC else (CLASSIC, self.profile)


@dataclass(frozen=True)
class BuildResult:
    """What a build did; `model` is None where none was built."""

    scan: ScanResult
    extraction: FileRunResult
    model: Manifest | None
    heard: FileRunResult
    seconds: float
    cancelled: bool


def build(
    database: Database, home: Home, options: BuildOptions, *, on_event: EventSink, control: Control
) -> BuildResult:
    """Run a build and report its events, `Finished` last.

    Raises:
        FolderMissing: a folder named in `options` does not exist and was never part of the library.
        SegueError: the database or Spark failed; what was analysed until then is kept.
    """
    started = time.monotonic()
    if options.hearing is not None:
        database.choices.choose_hearing(options.hearing)
    folders = register_folders(database, options.folders)
    scanned = scan_and_match(database, folders, on_event=on_event, control=control)
    extracted = _extract(database, home, options, folders, on_event, control)
    if not control.is_cancelled:
        _pass_on(database, home, options, on_event)
    manifest = None if control.is_cancelled else _build_model(database, home, options, on_event, control)
    heard = _hear(database, home, options, on_event, control)
    if not control.is_cancelled:
        tell_of_tracks(database, control)
    if options.sound and not heard.left and not control.is_cancelled:
        manifest = _build_model(database, home, options, on_event, control, all_heard=True) or manifest
    result = BuildResult(scanned, extracted, manifest, heard, time.monotonic() - started, control.is_cancelled)
    on_event(Finished(summary=summary_of(result), cancelled=result.cancelled))
    return result


def scan_and_match(database: Database, folders: Sequence[Path], *, on_event: EventSink, control: Control) -> ScanResult:
    """Look for music, and count for it what was played elsewhere before it came."""
    scanned = scan(database, folders, on_event=on_event, cancelled=lambda: control.is_cancelled)
    matched = 0 if control.is_cancelled else match_awaiting(database)
    if matched:
        on_event(Notice("plays-matched", {"number": matched}))
    return scanned


def register_folders(database: Database, folders: Sequence[Path]) -> list[Path]:
    """Make `folders` part of the library; without any, return all that already are.

    Raises:
        FolderMissing: one of them is not a folder and is not known either.
    """
    known = {folder.path for folder in database.folders.all()}
    if not folders:
        return [Path(path) for path in sorted(known)]
    absolute = [Path(os.path.abspath(folder.expanduser())) for folder in folders]  # noqa: PTH100 - `..` goes, links stay
    for folder in absolute:
        if str(folder) not in known:
            _check_folder(folder)
            database.folders.add(str(folder))
    return absolute


def _check_folder(folder: Path) -> None:
    try:
        is_folder = S_ISDIR(disk.look(folder).st_mode)
    except OSError as error:
        if not disk.is_absent(error):
            raise FolderMissing("folder-closed", folder=folder, reason=disk.said(error)) from error
        is_folder = False
    if not is_folder:
        raise FolderMissing("folder-missing", folder=folder)


def summary_of(result: BuildResult) -> dict[str, float]:
    """Counts and seconds of a build by name, for the last event and for `--json`."""
    summary: dict[str, float] = {
        "new": result.scan.new,
        "changed": result.scan.changed,
        "moved": result.scan.moved,
        "gone": result.scan.gone,
        "away": result.scan.away,
        "unchanged": result.scan.unchanged,
        "tracks": result.scan.tracks,
        "analysed": result.extraction.done,
        "failed": result.extraction.failed,
        "analysis_seconds": round(result.extraction.seconds, 3),
        "analysis_cpu_seconds": round(result.extraction.cpu_seconds, 3),
        "heard": result.heard.done,
        "seconds": round(result.seconds, 3),
    }
    if result.model is not None:
        summary |= {"model_tracks": result.model.tracks, "recall": result.model.recall}
    return summary


def _extract(
    database: Database,
    home: Home,
    options: BuildOptions,
    folders: Sequence[Path],
    on_event: EventSink,
    control: Control,
) -> FileRunResult:
    master = extraction_master(options.master)
    wanted = [str(folder) for folder in folders] if options.folders else []
    if master is None:
        return extract(
            database,
            profiles=options.profiles,
            workers=options.workers,
            on_event=on_event,
            control=control,
            full=options.full,
            folders=wanted,
            cache=home.cache,
        )
    from indexer.spark.extraction import extract_on_spark  # noqa: PLC0415 - as for the model

    return extract_on_spark(
        database,
        home,
        master=master,
        profiles=options.profiles,
        on_event=on_event,
        control=control,
        full=options.full,
        folders=wanted,
    )


def _pass_on(database: Database, home: Home, options: BuildOptions, on_event: EventSink) -> None:
    """Let copies that were told by their sound have what was kept of the tracks before them."""
    heirs = pass_on_by_sound(database, home, options.profile)
    if heirs:
        on_event(Notice("tracks-renewed", {"number": len(heirs)}))


def _build_model(
    database: Database,
    home: Home,
    options: BuildOptions,
    on_event: EventSink,
    control: Control,
    *,
    all_heard: bool = False,
) -> Manifest | None:
    reason = why_model_after_hearing(database, home, options) if all_heard else why_build_model(database, home, options)
    if reason is None:
        return None
    on_event(reason)
    # Imported here: pyspark takes a second to import, and most runs of an up-to-date library do not need it.
    from indexer.spark.build import build_model  # noqa: PLC0415

    manifest = build_model(
        database,
        home,
        options.profile,
        join=options.join,
        master=options.master,
        on_event=on_event,
        control=control,
    )
    if manifest is not None and database.choices.model_is_due:
        database.choices.note_model()
    return manifest


def _hear(
    database: Database, home: Home, options: BuildOptions, on_event: EventSink, control: Control
) -> FileRunResult:
    """Last, since recommendations are what people wait for."""
    if not options.sound:
        return FileRunResult()
    master = extraction_master(options.master)
    if master is not None:
        from indexer.spark.extraction import hear_on_spark  # noqa: PLC0415 - as for the model

        return hear_on_spark(
            database,
            home,
            master=master,
            profiles=options.profiles,
            on_event=on_event,
            control=control,
            full=options.full,
        )
    return hear_all(
        database,
        options.profiles,
        workers=options.workers,
        on_event=on_event,
        control=control,
        full=options.full,
        cache=home.cache,
    )


def why_build_model(database: Database, home: Home, options: BuildOptions) -> Notice | None:
    """What says why a model is built now, or None where the present one will do."""
    if options.model is ModelPolicy.NEVER:
        return None
    tracks = database.analysed(options.profile.key)
    if options.model is ModelPolicy.ALWAYS:
        return Notice("model-asked", {"number": len(tracks)})
    return None if len(tracks) < FEWEST_TRACKS else _why_not_the_present_one(database, home, options, tracks)


def _why_not_the_present_one(
    database: Database, home: Home, options: BuildOptions, tracks: set[TrackId]
) -> Notice | None:
    try:
        folder = current_model_folder(home, options.profile.name)
        manifest, built = read_manifest(folder), built_tracks(folder)
    except ModelError:
        return Notice("model-first", {"number": len(tracks)})
    if manifest.profile_key != options.profile.key or options.full or database.choices.model_is_due:
        return Notice("model-renewed", {"number": len(tracks)})
    changed = len(tracks ^ built) + len(_heard_since(database, options.profile, manifest, tracks & built))
    return Notice("model-outgrown", {"number": changed}) if manifest.is_outgrown(changed) else None


def why_model_after_hearing(database: Database, home: Home, options: BuildOptions) -> Notice | None:
    """What says that a model is built now that all was heard, or None where it would be the same as the present one."""
    if options.model is ModelPolicy.NEVER:
        return None
    try:
        folder = current_model_folder(home, options.profile.name)
        manifest, built = read_manifest(folder), built_tracks(folder)
    except ModelError:
        return None
    heard = _heard_since(database, options.profile, manifest, built)
    return Notice("model-heard", {"number": len(heard)}) if heard else None


def _heard_since(database: Database, profile: Profile, manifest: Manifest, built: set[TrackId]) -> set[TrackId]:
    """Tracks of a model that were analysed anew after it was built.

    Where it does not say when that was, parts of the long tracks were all that was heard until then.
    """
    rev = manifest.extra.get(FEATURES_REV)
    if rev is not None:
        return built & database.features.changed_ids(profile.key, int(rev))
    return {track for track, whole in database.features.coverage(profile.key).items() if whole and track in built}
