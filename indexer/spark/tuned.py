"""The setting of hash tables that `indexer tune` chose for a profile, kept beside its models. Light to import."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from indexer.core.files.atomic import write_atomically
from indexer.core.home import Home
from indexer.core.model.profiles import Profile
from indexer.spark.choice import Setting

TUNING_FILE = "tuning.json"

_GROWN = 1.5
"""A setting of compound keys serves libraries up to so many times as large or small as the one it was tuned on."""


@dataclass(frozen=True)
class Tuned:
    """A setting, and what it was tuned on: the version of the profile and the number of tracks."""

    setting: Setting
    profile_key: str
    tracks: int
    recall: float

    def as_record(self) -> dict[str, Any]:
        return asdict(self)

    def serves(self, tracks: int) -> bool:
        """Whether it does for a library of that size; a single projection a table selects alike at any."""
        return self.setting.hashes == 1 or 1 / _GROWN <= tracks / self.tracks <= _GROWN


def tuning_file(home: Home, profile: Profile) -> Path:
    return home.models / profile.name / TUNING_FILE


def read_tuned(home: Home, profile: Profile) -> Tuned | None:
    """What was tuned for this very version of the profile; None if nothing, or nothing readable."""
    try:
        record = json.loads(tuning_file(home, profile).read_text(encoding="utf-8"))["chosen"]
        setting = Setting(**{name: record["setting"][name] for name in Setting.__dataclass_fields__})
        tuned = Tuned(setting, str(record["profile_key"]), int(record["tracks"]), float(record["recall"]))
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None
    return tuned if tuned.profile_key == profile.key and tuned.tracks > 0 else None


def tuned_points(home: Home, profile: Profile) -> list[tuple[str, float, float]]:
    """What the last tuning of the profile measured: label, candidates a track, recall; empty if there was none."""
    try:
        record = json.loads(tuning_file(home, profile).read_text(encoding="utf-8"))
        others = int(record["tracks"]) - 1
        return [
            (_label(point["setting"]), float(point["candidate_share"]) * others, float(point["recall"]))
            for point in record["points"]
        ]
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return []


def _label(setting: dict[str, Any]) -> str:
    if setting["hashes"] == 1:
        return f"length {setting['bucket_length']:g}, {setting['tables']} tables"
    return f"{setting['hashes']} × {setting['tables']}, {setting['probes']} probes"


def store_tuned(home: Home, profile: Profile, record: dict[str, Any]) -> Path:
    """Write a record whose `chosen` is read back by `read_tuned`, in one step.

    Raises:
        OSError: the file cannot be written.
    """
    path = tuning_file(home, profile)
    write_atomically(path, (json.dumps(record, indent=2) + "\n").encode())
    return path
