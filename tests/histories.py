"""Writes listening histories as services and players write them, for whoever reads some."""

from __future__ import annotations

import csv
import io
import json
import pickle
import sqlite3
import sys
import types
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

BEGUN = 1_600_000_000
"""When the first play of a made history was, seconds since 1970: 2020-09-13 12:26:40 UTC."""

MBID = "11111111-2222-3333-4444-555555555555"


@dataclass(frozen=True)
class Heard:
    """One play, or one song of a library."""

    artist: str = "Björk"
    title: str = "Jóga"
    album: str = "Homogenic"
    at: int = BEGUN
    plays: int = 3
    rating: float = 4.0


HEARD = (
    Heard(),
    Heard("Motörhead", "Ace of Spades", "Ace of Spades", BEGUN + 600, 1, 5.0),
    Heard('The "Quoted", and more', "Comma, Title", "", BEGUN + 1_200, 12, 0.5),
)


def listen(heard: Heard, **info: Any) -> dict[str, Any]:
    """A listen of ListenBrainz."""
    about = {"artist_name": heard.artist, "track_name": heard.title, "release_name": heard.album}
    return {"listened_at": heard.at, "track_metadata": {**about, "additional_info": info}}


def listenbrainz(all_heard: Sequence[Heard] = HEARD) -> bytes:
    return "".join(f"{json.dumps(listen(heard))}\n" for heard in all_heard).encode()


def lastfm_table(all_heard: Sequence[Heard] = HEARD, header: Sequence[str] = (), ends: str = "\n") -> str:
    """As benjaminbenben.com/lastfm-to-csv writes it: to the minute, and without a header unless one is given."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator=ends)
    if header:
        writer.writerow(header)
    for heard in all_heard:
        at = datetime.fromtimestamp(heard.at, UTC)
        month = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][at.month - 1]
        writer.writerow([heard.artist, heard.album, heard.title, at.strftime(f"%d {month} %Y %H:%M")])
    return file.getvalue()


def lastfm_page(all_heard: Sequence[Heard] = HEARD) -> dict[str, Any]:
    """A page of user.getRecentTracks, with what plays just now."""
    tracks: list[dict[str, Any]] = [
        {
            "artist": {"mbid": "", "#text": heard.artist},
            "album": {"mbid": "", "#text": heard.album},
            "name": heard.title,
            "mbid": MBID,
            "date": {"uts": str(heard.at), "#text": "13 Sep 2020, 12:26"},
        }
        for heard in all_heard
    ]
    now = {"artist": {"#text": "Now"}, "name": "Playing", "@attr": {"nowplaying": "true"}}
    return {"recenttracks": {"track": [now, *tracks], "@attr": {"page": "1", "total": str(len(tracks))}}}


def stream(heard: Heard, milliseconds: int = 200_000, **other: Any) -> dict[str, Any]:
    """A stream of Spotify's extended history, which is dated by its end."""
    ended = datetime.fromtimestamp(heard.at + milliseconds / 1000, UTC)
    return {
        "ts": ended.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "ms_played": milliseconds,
        "master_metadata_track_name": heard.title,
        "master_metadata_album_artist_name": heard.artist,
        "master_metadata_album_album_name": heard.album,
        "spotify_track_uri": "spotify:track:0",
        "episode_name": None,
        "reason_end": "trackdone",
        "skipped": False,
        **other,
    }


PODCAST = {
    "ts": "2022-01-01T00:00:00Z",
    "ms_played": 900_000,
    "master_metadata_track_name": None,
    "master_metadata_album_artist_name": None,
    "spotify_track_uri": None,
    "episode_name": "An episode",
    "episode_show_name": "A show",
    "spotify_episode_uri": "spotify:episode:0",
}


def short_stream(heard: Heard) -> dict[str, Any]:
    """A stream of Spotify's history of the last year."""
    ended = datetime.fromtimestamp(heard.at + 200, UTC)
    return {
        "endTime": ended.strftime("%Y-%m-%d %H:%M"),
        "artistName": heard.artist,
        "trackName": heard.title,
        "msPlayed": 200_000,
    }


def rhythmbox(all_heard: Sequence[Heard] = HEARD) -> str:
    entries = "".join(
        f'  <entry type="song">\n    <title>{escape(heard.title)}</title>\n    <genre>x</genre>\n'
        f"    <artist>{escape(heard.artist)}</artist>\n    <album>{escape(heard.album)}</album>\n"
        f"    <duration>305</duration>\n    <location>file:///music/x.ogg</location>\n"
        f"    <rating>{f'{heard.rating:.6f}'.replace('.', ',')}</rating>\n"
        f"    <play-count>{heard.plays}</play-count>\n    <last-played>{heard.at}</last-played>\n  </entry>\n"
        for heard in all_heard
    )
    radio = '  <entry type="iradio">\n    <title>A station</title>\n    <play-count>2</play-count>\n  </entry>\n'
    return f'<?xml version="1.0" standalone="yes"?>\n<rhythmdb version="2.0">\n{entries}{radio}</rhythmdb>\n'


def clementine(path: Path, all_heard: Sequence[Heard] = HEARD, length: str = "length_nanosec") -> Path:
    """A database as Clementine has it; with another name for the length, as Strawberry has it."""
    with closing(sqlite3.connect(path)) as database:
        database.execute(
            f"CREATE TABLE songs (title TEXT, album TEXT, artist TEXT, {length} INTEGER, playcount INTEGER NOT NULL "
            "DEFAULT 0, skipcount INTEGER NOT NULL DEFAULT 0, lastplayed INTEGER, rating REAL)"
        )
        database.execute("CREATE TABLE directories (path TEXT)")
        rows = [(h.title, h.album, h.artist, 305 * 10**9, h.plays, 2, h.at, h.rating / 5) for h in all_heard]
        database.executemany("INSERT INTO songs VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
        database.execute("INSERT INTO songs VALUES ('Never', '', 'Played', 1, 0, 0, -1, -1)")
        database.commit()
    return path


@contextmanager
def _quod_libet() -> Iterator[type[dict[Any, Any]]]:
    """The class of songs where a pickle looks for it, as long as one is written."""
    name = "quodlibet.formats.mp3"
    made = type("MP3File", (dict,), {"__module__": name})
    modules = {each: types.ModuleType(each) for each in ("quodlibet", "quodlibet.formats", name)}
    modules[name].MP3File = made  # type: ignore[attr-defined]
    sys.modules.update(modules)
    try:
        yield made
    finally:
        for each in modules:
            del sys.modules[each]


def quod_libet(all_heard: Sequence[Heard] = HEARD, *others: Any, protocol: int = 2) -> bytes:
    """A library in the protocol that Quod Libet uses: names of tags are bytes; `others` follow the songs."""
    with _quod_libet() as song:
        songs = [
            song(
                {
                    b"artist": f"{heard.artist}\nA guest",
                    b"title": heard.title,
                    b"album": heard.album,
                    b"~filename": b"/music/\xff.mp3",
                    b"~#playcount": heard.plays,
                    b"~#skipcount": 2,
                    b"~#lastplayed": heard.at,
                    b"~#rating": heard.rating / 5,
                    b"~#length": 305.0,
                }
            )
            for heard in all_heard
        ]
        return pickle.dumps([*songs, *others], protocol)


MXM_TRACKS = tuple(f"TR{letter * 7}128F{letter * 5}" for letter in "ABC")
"""Ids of tracks of the Million Song Dataset."""

MXM_STEMS = ("i", "the", "you", "love", "night", "señor", "light", "water", "ferri", "danc", "heart", "road")


def musixmatch(songs: Mapping[str, Mapping[str, int]], end: str = "\n") -> str:
    """Words of songs, as musiXmatch counted them for the Million Song Dataset."""
    lines = ["# some comments", "#", f"%{','.join(MXM_STEMS)}"]
    for number, (track, counts) in enumerate(songs.items(), 4_623_710):
        pairs = sorted((MXM_STEMS.index(stem) + 1, count) for stem, count in counts.items())
        lines.append(f"{track},{number},{','.join(f'{place}:{count}' for place, count in pairs)}")
    return "".join(f"{line}{end}" for line in lines)
