"""Listeners with a taste, as files of lastfm-2k: two crowds with nothing in common, and tags that tell them apart."""

from __future__ import annotations

from pathlib import Path

import numpy as np

LISTENERS, ITEMS = 90, 60


def make_lastfm2k(folder: Path, seed: int = 1) -> Path:
    generator = np.random.default_rng(seed)
    plays, tags = ["userID\tartistID\tweight"], ["userID\tartistID\ttagID\tday\tmonth\tyear"]
    for listener in range(LISTENERS):
        crowd = listener % 2
        for item in generator.choice(ITEMS // 2, 15, replace=False):
            artist = 100 + item + crowd * ITEMS // 2
            plays.append(f"{listener + 1}\t{artist}\t{generator.integers(1, 500)}")
            tags.append(f"{listener + 1}\t{artist}\t{1 + crowd + 2 * (item % 3)}\t1\t1\t2010")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "user_artists.dat").write_text("\n".join([*plays, "x\ty\tz", "1\t2", "5\t6\t0"]) + "\n")
    (folder / "user_taggedartists.dat").write_text("\n".join(tags) + "\n")
    names = (f"{100 + item}\tArtist {item}" for item in range(ITEMS))
    (folder / "artists.dat").write_bytes(("id\tname\n" + "\n".join(names) + "\n").encode() + b"200\tBj\xf6rk\n")
    return folder
