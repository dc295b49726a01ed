"""Writes metadata of the form that the FMA data set has."""

from __future__ import annotations

import csv
from pathlib import Path

from indexer.scanning.fma_tables import COLUMNS

HEADER = [("", ""), ("album", "comments"), *COLUMNS.values(), ("track", "interest")]


def write_metadata(folder: Path, rows: dict[str, dict[str, str]], *, genres: bool = True) -> Path:
    """A table of FMA's form; `rows` by id, their values by our names of the columns."""
    place = folder / "fma_metadata"
    place.mkdir(parents=True)
    names = {pair: name for name, pair in COLUMNS.items()}
    with (place / "tracks.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(group for group, _ in HEADER)
        writer.writerow(name for _, name in HEADER)
        writer.writerow(["track_id"] + [""] * (len(HEADER) - 1))
        for number, values in rows.items():
            writer.writerow([number, *(values.get(names.get(pair, ""), "") for pair in HEADER[1:])])
    if genres:
        (place / "genres.csv").write_text(
            "genre_id,#tracks,parent,title,top_level\n10,1,0,Pop,10\n76,1,10,Experimental Pop,10\n"
            "103,1,17,Singer-Songwriter,17\n17,1,0,Folk,17\n",
            encoding="utf-8",
        )
    return place / "tracks.csv"
