"""Makes the tracks of a file that a cue sheet divides, or fills in what the tags of one that it leaves whole lack."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from indexer.core.tags.cue.sheet import FRAMES_A_SECOND, CueFile, CueTrack, Frames, Sheet, SheetRefused
from indexer.core.tags.values import parse_disc, parse_year, tidy_genres
from indexer.core.text import clean, clock
from indexer.core.tracks import Seconds, Track, TrackId

LONGEST_LEAD: Frames = Frames(2 * FRAMES_A_SECOND)
"""More than this before the first track is a hidden one; up to two seconds are the gap that discs begin with."""

_ID_BYTES = 16


@dataclass(frozen=True, slots=True)
class _Part:
    track: CueTrack
    start: Frames
    end: Frames | None


def divided(whole: Track, sheet: Sheet, file: CueFile, length: Seconds | None) -> tuple[Track, ...]:
    """The tracks of the file that `whole` was made of: several, or `whole` itself with what its tags do not say.

    Each part runs to where the next one begins, so that a pregap belongs to the track before it. What a sheet says
    goes before what the file says of all of itself; of a file with one track only what is missing is filled in.

    Args:
        whole: the track that the file is without the sheet.
        sheet: what divides it.
        file: the file of the sheet that this one is.
        length: of the file; None where it is not known for certain.

    Raises:
        SheetRefused: the times are not in order, or lie beyond the end.
    """
    parts = _parts(sheet, file)
    _check(parts, length)
    if len(parts) == 1 and len(file.tracks) == 1:
        return (_filled_in(whole, sheet, parts[0].track),)
    return tuple(_made(whole, sheet, part) for part in parts)


def part_id(whole: TrackId, start: Frames, end: Frames | None) -> TrackId:
    """The id of a part of a file: of the file's own and of where the part lies, so that no name has a say in it."""
    text = f"{whole} {start} {'end' if end is None else end}"
    return TrackId(hashlib.blake2b(text.encode("ascii"), digest_size=_ID_BYTES).hexdigest())


def _parts(sheet: Sheet, file: CueFile) -> list[_Part]:
    tracks = list(file.tracks)
    is_first = sheet.files[0] is file
    if not is_first and tracks[0].pregap is not None and len(tracks) > 1:
        tracks[0] = replace(tracks[0], start=tracks[0].pregap)  # no track of this file is there to have it
    for track, after in pairwise(tracks):
        if after.start <= track.start:
            raise SheetRefused("sheet-out-of-order", track=str(after.number), before=str(track.number))
    if is_first and tracks[0].is_sound and tracks[0].start > LONGEST_LEAD:
        hidden = CueTrack(tracks[0].number - 1, Frames(0), title="Hidden track", artist=tracks[0].artist)
        tracks.insert(0, hidden)
    ends: Sequence[Frames | None] = [*(track.start for track in tracks[1:]), None]
    return [_Part(track, track.start, end) for track, end in zip(tracks, ends, strict=True) if track.is_sound]


def _check(parts: Sequence[_Part], length: Seconds | None) -> None:
    if not parts:
        raise SheetRefused("sheet-soundless")
    last = parts[-1]
    if length is not None and last.start >= length * FRAMES_A_SECOND:
        begins, ends = clock(float(last.start) / FRAMES_A_SECOND), clock(length)
        raise SheetRefused("sheet-beyond-end", track=str(last.track.number), start=begins, end=ends)


def _filled_in(whole: Track, sheet: Sheet, track: CueTrack) -> Track:
    genres = tidy_genres([sheet.genre])
    return replace(
        whole,
        title=track.title if track.title and whole.title == clean(Path(whole.path).stem) else whole.title,
        artist=whole.artist or track.artist or sheet.artist,
        album=whole.album or sheet.title,
        album_artist=whole.album_artist or (sheet.artist if not whole.album else ""),
        genre=whole.genre or next(iter(genres), ""),
        genres=whole.genres or genres,
        year=whole.year or parse_year(sheet.date),
        track_number=whole.track_number or track.number,
        disc_number=whole.disc_number or parse_disc(sheet.disc),
        track_gain=track.gains.track_gain if whole.track_gain is None else whole.track_gain,
        album_gain=track.gains.album_gain if whole.album_gain is None else whole.album_gain,
        track_peak=track.gains.track_peak if whole.track_peak is None else whole.track_peak,
        album_peak=track.gains.album_peak if whole.album_peak is None else whole.album_peak,
    )


def _made(whole: Track, sheet: Sheet, part: _Part) -> Track:
    """A part as a track; the gain of the whole file is that of the album."""
    track, gains = part.track, part.track.gains
    genres = tidy_genres([sheet.genre]) or whole.genres
    album_artist = sheet.artist or whole.album_artist or whole.artist
    artist = track.artist or sheet.artist or whole.artist or whole.album_artist
    start = float(part.start / FRAMES_A_SECOND)
    end = None if part.end is None else float(part.end / FRAMES_A_SECOND)
    until = whole.seconds if end is None else end
    album_gain = whole.track_gain if whole.album_gain is None else whole.album_gain
    album_peak = whole.track_peak if whole.album_peak is None else whole.album_peak
    return replace(
        whole,
        rating=None,
        id=part_id(whole.id, part.start, part.end),
        title=track.title or f"Track {track.number:02}",
        artist=artist,
        artists=whole.artists if artist == whole.artist else (),
        album_artists=whole.album_artists if album_artist == whole.album_artist else (),
        album=sheet.title or whole.album or whole.title,
        album_artist=album_artist,
        genre=next(iter(genres), ""),
        genres=genres,
        year=parse_year(sheet.date) or whole.year,
        track_number=track.number,
        disc_number=parse_disc(sheet.disc) or whole.disc_number,
        seconds=None if until is None else max(0.0, until - start),
        track_gain=gains.track_gain,
        track_peak=gains.track_peak,
        album_gain=album_gain if gains.album_gain is None else gains.album_gain,
        album_peak=album_peak if gains.album_peak is None else gains.album_peak,
        start=start,
        end=end,
    )
