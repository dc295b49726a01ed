"""Reads the streaming history that Spotify gives its listeners, the extended one and the short one of before."""

from __future__ import annotations

from collections.abc import Iterator

from indexer.core.playing.listening import counts_as_play
from indexer.core.plays import Play
from indexer.core.tracks import Seconds
from indexer.history.json_records import Record, records_in
from indexer.history.reading import Found, Refused, Source, Teller, told
from indexer.history.values import Unfit, named_of, number_of, time_of

CLIENT = "spotify"

COUNTS: Seconds = 30.0
"""From here on Spotify itself counts a stream: it does not say how long a track is."""

_LEFT = frozenset({"fwdbtn", "backbtn", "clickrow"})
"""Reasons for which a track ended that a listener gave."""


def read(source: Source, teller: Teller) -> Iterator[Found]:
    """A play for each stream of music; podcasts and audiobooks are left out.

    Source: "Read Me First" of the extended streaming history, 2024: `ts` is when a stream ended, in UTC.
    """
    with source.open() as stream:
        for found in records_in(stream):
            if isinstance(found, Refused):
                yield found
            else:
                line, record = found
                yield told(line, lambda record=record: _play(record, teller))  # type: ignore[misc]


def _play(record: Record, teller: Teller) -> Play:
    is_extended = "ms_played" in record or "ts" in record
    heard = number_of(record.get("ms_played" if is_extended else "msPlayed"))
    if heard is None:
        raise Unfit("history-heard")
    heard /= 1000
    ended = time_of(record.get("ts" if is_extended else "endTime"))
    if _is_talk(record):
        raise Unfit("history-podcast")
    named = named_of(
        record.get("master_metadata_album_artist_name" if is_extended else "artistName"),
        record.get("master_metadata_track_name" if is_extended else "trackName"),
        album=record.get("master_metadata_album_album_name"),
    )
    finished = record.get("reason_end") == "trackdone" or heard >= COUNTS or counts_as_play(heard, 0.0)
    return teller.play(ended - heard, named, heard=heard, finished=finished, skipped=_is_skip(record, heard))


def _is_talk(record: Record) -> bool:
    if record.get("spotify_track_uri") or record.get("master_metadata_track_name") or record.get("trackName"):
        return False
    talk = ("episode_name", "spotify_episode_uri", "audiobook_title", "audiobook_uri", "podcastName", "episodeName")
    return any(record.get(name) for name in talk)


def _is_skip(record: Record, heard: Seconds) -> bool:
    """Whether the listener went on early; `skipped` is true also near the end of a track."""
    left = record.get("skipped") is True or record.get("skipped") == 1 or record.get("reason_end") in _LEFT
    return left and heard < COUNTS
