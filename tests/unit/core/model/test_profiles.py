"""Profiles name every number once, and importing them costs nothing."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from indexer.core.model.profiles import CLASSIC, PROFILES, SONIC, Profile, UnknownProfile, get_profile
from indexer.core.model.space.recipe import recipe_of

ROOT = Path(__file__).resolve().parents[4]


@pytest.mark.parametrize("profile", PROFILES.values(), ids=lambda profile: profile.key)
def test_columns_are_unique_and_blocks_cover_them(profile: Profile) -> None:
    assert len(set(profile.columns)) == profile.dims
    joined = [column for block in profile.blocks for column in profile.columns[profile.slice_of(block.name)]]
    assert tuple(joined) == profile.columns
    assert all(column.isidentifier() or "." in column for column in profile.columns)


def test_keys_and_sizes() -> None:
    assert (CLASSIC.key, CLASSIC.windows, CLASSIC.dims) == ("classic:1", 1, 22)
    assert (SONIC.key, SONIC.windows) == ("sonic:2", 3)
    assert SONIC.windows * SONIC.dims * 4 <= 16_000, "bytes a track"
    assert CLASSIC.columns[0] == "mfcc_mean_01"


def test_what_only_explains_is_not_compared() -> None:
    compared = {SONIC.columns[index] for index in SONIC.compared_columns}
    assert "mfcc_mean_01" in compared
    assert compared.isdisjoint({"tempo_bpm", "key", "loudness_db", "chroma_mean_c", "mel_mean_01"})


def test_every_descriptor_that_was_asked_for_has_named_columns() -> None:
    wanted = ("mfcc_mean", "centroid", "zcr", "mel_mean", "tempogram", "chroma_mean", "contrast", "rolloff")
    wanted += ("bandwidth", "flatness", "rms", "onset", "tempo_bpm")
    for stem in wanted:
        assert any(column.startswith(stem) for column in SONIC.columns), stem


def test_every_compared_block_has_a_weight_and_stands_in_the_documents() -> None:
    weights = recipe_of(SONIC).weights or {}
    compared = {block.name: len(block.columns) for block in SONIC.blocks if block.compared}
    assert weights.keys() == compared.keys()
    told = {}
    for line in (ROOT / "docs/model.md").read_text().splitlines():
        names, *cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| `") and len(cells) == 2:
            counts, weight = cells[0].split(", "), float(cells[1])
            blocks = re.findall(r"`(\w+)`", names.partition(":")[0])
            told |= {block: (int(count), weight) for block, count in zip(blocks, counts, strict=True)}
    assert told == {block: (count, weights[block]) for block, count in compared.items()}
    assert f"{sum(compared.values()):,} named numbers" in (ROOT / "README.md").read_text()


def test_unknown_profile_names_the_known_ones() -> None:
    with pytest.raises(UnknownProfile, match=r"polka.*classic, rhythm, sonic"):
        get_profile("polka")
    assert get_profile("sonic") is SONIC


def test_importing_profiles_loads_nothing_heavy() -> None:
    code = (
        "import sys, indexer.core.model.profiles; print([m for m in ('librosa', 'scipy', 'numba') if m in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
