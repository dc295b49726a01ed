"""Ids of recordings are read from the tags of every format, and only what is one."""

from __future__ import annotations

from pathlib import Path

import mutagen
import pytest
from mutagen.id3 import ID3, TSRC, TXXX, UFID
from mutagen.mp4 import MP4Tags

from indexer.core.recordings.ids import isrc_in, mbid_in
from indexer.core.tags.fields import fields_of
from indexer.core.tags.tags import read_tags
from tests.tagged import write

MBID, OTHER = "11111111-2222-3333-4444-555555555555", "66666666-2222-3333-4444-555555555555"
ISRC = "GBAAA9700001"


@pytest.mark.parametrize("name", ["song.flac", "song.ogg", "song.opus"])
def test_comments_of_vorbis_are_read(tmp_path: Path, name: str) -> None:
    path = write(tmp_path / name)
    media = mutagen.File(path)
    media["MUSICBRAINZ_TRACKID"], media["ISRC"] = MBID.upper(), "gb-aaa-97-00001"
    media.save()
    tags = read_tags(path)
    assert (tags.mbid, tags.isrc) == (MBID, ISRC)


def test_frames_of_id3_are_read(tmp_path: Path) -> None:
    tags = ID3()
    tags.add(UFID(owner="http://musicbrainz.org", data=MBID.encode()))
    tags.add(UFID(owner="http://www.cddb.com/", data=b"another"))
    tags.add(TSRC(encoding=3, text=[ISRC]))
    assert (fields_of(tags)["mbid"], fields_of(tags)["isrc"]) == ([MBID], [ISRC])
    own = ID3()
    own.add(TXXX(encoding=3, desc="MusicBrainz Track Id", text=[MBID]))
    own.add(TXXX(encoding=3, desc="MusicBrainz Release Track Id", text=["x"]))
    assert fields_of(own)["mbid"] == [MBID]


def test_ids_of_album_and_artist_are_read(tmp_path: Path) -> None:
    path = write(tmp_path / "song.flac")
    media = mutagen.File(path)
    media["MUSICBRAINZ_ALBUMID"], media["MUSICBRAINZ_ARTISTID"] = OTHER, [MBID, OTHER]
    media.save()
    tags = read_tags(path)
    assert (tags.mbid, tags.album_mbid, tags.artist_mbid) == ("", OTHER, MBID)


def test_of_several_artists_in_one_text_the_first_is_kept(tmp_path: Path) -> None:
    path = write(tmp_path / "song.flac")
    media = mutagen.File(path)
    media["MUSICBRAINZ_ARTISTID"] = f"{MBID}/{OTHER}"
    media.save()
    assert read_tags(path).artist_mbid == MBID


def test_other_formats_have_other_names_for_them() -> None:
    atoms = MP4Tags()
    atoms["----:com.apple.iTunes:MusicBrainz Album Id"] = [OTHER.encode()]
    atoms["----:com.apple.iTunes:MusicBrainz Artist Id"] = [MBID.encode()]
    assert (fields_of(atoms)["album_mbid"], fields_of(atoms)["artist_mbid"]) == ([OTHER], [MBID])
    frames = ID3()
    frames.add(TXXX(encoding=3, desc="MusicBrainz Album Id", text=[OTHER]))
    frames.add(TXXX(encoding=3, desc="MusicBrainz Artist Id", text=[MBID]))
    assert (fields_of(frames)["album_mbid"], fields_of(frames)["artist_mbid"]) == ([OTHER], [MBID])


def test_what_is_no_id_is_left_out(tmp_path: Path) -> None:
    path = write(tmp_path / "song.flac")
    media = mutagen.File(path)
    media["MUSICBRAINZ_TRACKID"], media["ISRC"] = "none", "unknown"
    media.save()
    tags = read_tags(path)
    assert (tags.mbid, tags.isrc) == ("", "")
    assert mbid_in(f" {MBID} ") == MBID
    assert isrc_in("GBAAA970000") == isrc_in("") == mbid_in("") == ""
